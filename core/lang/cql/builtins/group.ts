// Grouping, and the aggregates that count, add and compare.
import { call, col, lit, present } from '../../../plan/build.ts'
import { impliedLimit } from '../../../diag/catalogue/cql-lower.ts'
import type { AggCall, Expr } from '../../../plan/plan.ts'
import { type Aggregates, builtin, type CallContext } from '../4-lower/builtin.ts'
import { FIELD, FIELDS, FUNCTION, as, first, limit, page, param } from '../4-lower/params.ts'
import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { agg } from '../4-lower/group/select-event.ts'
import { toNum, toStr } from '../../shared/convert.ts'

const one = (a: AggCall): Aggregates => ({ calls: [a] })
const counting = (c: CallContext): AstExpr => ({
  kind: 'call',
  call: { name: 'count', nameSpan: c.args.call.nameSpan, args: [], span: c.args.call.span },
  span: c.args.call.span,
})
const items = (c: CallContext): readonly AstExpr[] =>
  c.args.has('function') ? c.args.items('function') : [counting(c)]

const GROUPS = 20_000
export const groupBy = builtin({
  name: 'groupBy',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'One row per combination of values of the keys, with aggregates over its events.',
  notes: ['`function=[]` gives the combinations alone.', 'Rows have no order until sort().'],
  params: [FIELDS, FUNCTION, limit('20000', 'The most groups, or `max`.')],
  fidelity: 'exact',
  evidence: page('groupBy'),
  examples: [
    {
      title: 'How often each status occurs',
      given: [{ s: '440' }, { s: '500' }, { s: '440' }, { s: '440' }],
      query: 'groupBy(s)',
      gives: [
        { s: '440', _count: 3 },
        { s: '500', _count: 1 },
      ],
      from: page('groupBy'),
    },
    {
      title: 'Only the combinations',
      given: [
        { a: 'x', b: '1' },
        { a: 'x', b: '1' },
        { a: 'x', b: '2' },
      ],
      query: 'groupBy([a, b], function=[])',
      gives: [
        { a: 'x', b: '1' },
        { a: 'x', b: '2' },
      ],
      from: page('groupBy'),
    },
    {
      title: 'A grouping in a grouping, beside an aggregate of the whole group',
      given: [
        { a: 'x', b: '1' },
        { a: 'x', b: '2' },
        { a: 'y', b: '1' },
      ],
      query:
        'groupBy(a, function=[count(as=all), groupBy(b, function=count(as=n))]) | sort([a, b], type=string, order=asc)',
      gives: [
        { a: 'x', all: 2, b: '1', n: 1 },
        { a: 'x', all: 2, b: '2', n: 1 },
        { a: 'y', all: 1, b: '1', n: 1 },
      ],
      from: { assumed: 'the functions of a grouping are those of stats(), for each group' },
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const keys = args.fields('field').map((name) => ({ name, expr: flow.read(name) }))
      flow.parts.group(flow, keys, items(c), { limit: args.limit('limit', GROUPS, 1_000_000) })
      if (!args.has('limit')) flow.lowering.limits.push({ what: 'groupBy', limit: GROUPS })
    },
  },
})

export const stats = builtin({
  name: 'stats',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates over all events, in one row. `[a(), b()]` is its shorthand.',
  notes: [],
  params: [first('function', 'aggregates', 'Aggregates, in brackets if several.', { default: 'count(as=_count)' })],
  fidelity: { differs: 'Of two columns of one name the later one is shown; LogScale refuses values that differ.' },
  evidence: page('stats'),
  examples: [
    {
      title: 'Least and greatest in one row',
      given: [{ t: '145' }, { t: '892' }, { t: '78' }, { t: '1290' }],
      query: 'stats([min(t, as=lo), max(t, as=hi)])',
      gives: [{ lo: 78, hi: 1290 }],
      from: page('stats'),
    },
    {
      title: 'Shorthand; without a number there is no average',
      given: [
        { x: '1', y: 'N/A' },
        { x: '2', y: 'N/A' },
      ],
      query: '[sumX := sum(x), avgY := avg(y)]',
      gives: [{ sumX: 3 }],
      from: page('stats'),
    },
    {
      title: 'A total on every group',
      given: [{ k: 'a' }, { k: 'b' }, { k: 'a' }],
      query: 'stats([groupBy(k), count(as=all)]) | sort(_count)',
      gives: [
        { all: 3, k: 'a', _count: 2 },
        { all: 3, k: 'b', _count: 1 },
      ],
      from: page('stats'),
    },
    {
      title: 'No group, one row',
      given: [{ x: '1' }],
      query: 'stats([groupBy(k), count(as=all)])',
      gives: [{ all: 1 }],
      from: page('stats'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => c.flow.parts.group(c.flow, [], items(c), { limit: null }),
  },
})

export const count = builtin({
  name: 'count',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'How many events there are; with a field, how many have it; with distinct, how many different values it has.',
  notes: ['LogScale estimates the distinct count above about a hundred values; here it is exact.'],
  params: [
    first('field', 'field', 'Counts only events that have it.'),
    param('distinct', 'bool', 'Counts different values.', { default: 'false' }),
    as('_count'),
  ],
  output: '_count',
  fidelity: 'exact',
  evidence: page('count'),
  examples: [
    {
      title: 'All events',
      given: [{ a: '1' }, { a: '1' }, { b: '2' }],
      query: 'count()',
      gives: [{ _count: 3 }],
      from: page('count'),
    },
    {
      title: 'Different values',
      given: [{ a: '1' }, { a: '1' }, { a: '2' }, { b: '2' }],
      query: 'count(a, distinct=true, as=n)',
      gives: [{ n: 2 }],
      from: page('count'),
    },
    { title: 'No events', given: [{ a: '1' }], query: 'a=2 | count()', gives: [{ _count: 0 }], from: page('count') },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const id = name ?? '_count'
      if (!args.has('field')) return one(agg(id, 'agg.count', 'int', []))
      const value = flow.read(args.field('field'))
      if (args.flag('distinct')) return one(agg(id, 'agg.countDistinct', 'int', [toStr(value)]))
      return one(agg(id, 'agg.count', 'int', [], {}, present(value)))
    },
  },
})

export const sum = builtin({
  name: 'sum',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The sum of the values that are numbers; 0 if there is none.',
  notes: ['Whole numbers are added exactly, however large.'],
  params: [FIELD, as('_sum')],
  output: '_sum',
  fidelity: 'exact',
  evidence: page('sum'),
  examples: [
    {
      title: 'Texts that are no numbers count for nothing',
      given: [{ b: '10' }, { b: '-' }, { b: '2.5' }, { c: '1' }],
      query: 'sum(b)',
      gives: [{ _sum: 12.5 }],
      from: page('sum'),
    },
    {
      title: 'A field that nobody has',
      given: [{ a: '1' }],
      query: 'sum(BytesSent)',
      gives: [{ _sum: 0 }],
      from: page('sum'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) =>
      one(agg(name ?? '_sum', 'agg.sum', 'dec', [toStr(flow.read(args.field('field')))])),
  },
})

export const avg = builtin({
  name: 'avg',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The mean of the values that are numbers; nothing if there is none.',
  notes: [],
  params: [FIELD, as('_avg')],
  output: '_avg',
  fidelity: 'exact',
  evidence: page('avg'),
  examples: [
    {
      title: 'Mean',
      given: [{ x: '1' }, { x: '2' }, { x: '9' }, { x: '10' }, { x: 'n/a' }],
      query: 'avg(x)',
      gives: [{ _avg: 5.5 }],
      from: page('avg'),
    },
    { title: 'No number, no row', given: [{ x: 'n/a' }], query: 'avg(x)', gives: [], from: page('avg') },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => ({
      calls: [agg(name ?? '_avg', 'agg.avg', 'num', [toNum(flow.read(args.field('field')))])],
      noneIsNoRow: true,
    }),
  },
})

export const percentage = builtin({
  name: 'percentage',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'How many of 100 events pass a filter.',
  notes: [],
  params: [first('condition', 'pipeline', 'The filter, in braces.', { required: true }), as('_percentage')],
  output: '_percentage',
  fidelity: 'exact',
  evidence: page('percentage'),
  examples: [
    {
      title: 'One in four',
      given: [{ a: '1' }, { a: '2' }, { a: '2' }, { b: '1' }],
      query: 'percentage({a=1})',
      gives: [{ _percentage: 25 }],
      from: page('percentage'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const branch = flow.branch(args.span('condition'))
      const pipeline = args.pipeline('condition')
      if (pipeline) flow.parts.steps(branch, pipeline)
      const [some, all] = [flow.hidden('some'), flow.hidden('all')]
      const part = call('num.mul', 'num', [toNum(col(some, 'int')), lit(100, 'num')])
      return {
        calls: [agg(some, 'agg.count', 'int', [], {}, branch.cond), agg(all, 'agg.count', 'int', [])],
        outputs: [{ id: name ?? '_percentage', expr: call('num.div', 'num', [part, toNum(col(all, 'int'))]) }],
        noneIsNoRow: true,
      }
    },
  },
})

/** Least or greatest; whole numbers and texts keep their exact digits. */
function extreme(id: string, which: 'max' | 'min', value: Expr): AggCall {
  if (value.ty === 'int') return agg(id, `agg.${which}Int`, 'int', [value])
  if (value.ty === 'num') return agg(id, `agg.${which}Num`, 'num', [value])
  return agg(id, `agg.${which}Dec`, 'dec', [toStr(value)])
}

export const min = builtin({
  name: 'min',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The least value that is a number; nothing if there is none.',
  notes: ['Of `@timestamp` it is the first time, in epoch milliseconds.'],
  params: [FIELD, as('_min')],
  output: '_min',
  fidelity: 'exact',
  evidence: page('min'),
  examples: [
    {
      title: 'Least',
      given: [{ x: '10' }, { x: '9' }, { x: 'abc' }],
      query: 'min(x)',
      gives: [{ _min: 9 }],
      from: page('min'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => ({
      calls: [extreme(name ?? '_min', 'min', flow.read(args.field('field')))],
      noneIsNoRow: true,
    }),
  },
})

export const max = builtin({
  name: 'max',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The greatest value that is a number; nothing if there is none.',
  notes: ['Of `@timestamp` it is the last time, in epoch milliseconds.'],
  params: [FIELD, as('_max')],
  output: '_max',
  fidelity: 'exact',
  evidence: page('max'),
  examples: [
    {
      title: 'Greatest',
      given: [{ x: '10' }, { x: '9' }, { x: 'abc' }],
      query: 'max(x)',
      gives: [{ _max: 10 }],
      from: page('max'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => ({
      calls: [extreme(name ?? '_max', 'max', flow.read(args.field('field')))],
      noneIsNoRow: true,
    }),
  },
})

export const range = builtin({
  name: 'range',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The greatest value that is a number less the least one.',
  notes: [],
  params: [FIELD, as('_range')],
  output: '_range',
  fidelity: 'exact',
  evidence: page('range'),
  examples: [
    {
      title: 'Span of values',
      given: [{ x: '10' }, { x: '3' }],
      query: 'range(x)',
      gives: [{ _range: 7 }],
      from: page('range'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const value = toNum(flow.read(args.field('field')))
      const [hi, lo] = [flow.hidden('max'), flow.hidden('min')]
      return {
        calls: [agg(hi, 'agg.maxNum', 'num', [value]), agg(lo, 'agg.minNum', 'num', [value])],
        outputs: [{ id: name ?? '_range', expr: call('num.sub', 'num', [col(hi, 'num'), col(lo, 'num')]) }],
        noneIsNoRow: true,
      }
    },
  },
})

export const stdDev = builtin({
  name: 'stdDev',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The standard deviation of the values that are numbers.',
  notes: [],
  params: [FIELD, as('_stddev')],
  output: '_stddev',
  fidelity: {
    differs: 'No public text says whether LogScale divides by n or by n-1; see the semantic `stddev-flavour`.',
  },
  evidence: page('stdDev'),
  examples: [
    {
      title: 'Of a sample',
      given: [{ x: '1' }, { x: '2' }, { x: '3' }],
      query: 'stdDev(x)',
      gives: [{ _stddev: 1 }],
      from: { assumed: 'divided by n-1' },
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const prim = flow.lowering.choice('stddev-flavour') === 'population' ? 'agg.stddevPop' : 'agg.stddevSamp'
      return {
        calls: [agg(name ?? '_stddev', prim, 'num', [toNum(flow.read(args.field('field')))])],
        noneIsNoRow: true,
      }
    },
  },
})

export const percentile = builtin({
  name: 'percentile',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Percentiles of the values that are numbers, one output each.',
  notes: ['LogScale estimates them with a relative error; here they are exact.'],
  params: [
    FIELD,
    param('percentiles', 'texts', 'Which ones, 0 to 100.', { default: '[50, 75, 99]' }),
    param('as', 'field', 'Prefix of the output names.', { default: '' }),
    param('accuracy', 'number', 'The relative error LogScale may make; ignored here.', { default: '0.01' }),
  ],
  fidelity: { differs: 'Exact by nearest rank, where LogScale estimates.' },
  evidence: page('percentile'),
  examples: [
    {
      title: 'Median',
      given: [{ x: '12' }, { x: '25' }, { x: '50' }, { x: '99' }],
      query: 'percentile(x, percentiles=[50], as=p)',
      gives: [{ p_50: 25 }],
      from: { assumed: 'nearest rank' },
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const value = toNum(flow.read(args.field('field')))
      const method = flow.lowering.choice('percentile-method') === 'nearest' ? 'nearest' : 'linear'
      const wanted = args.has('percentiles') ? args.texts('percentiles') : ['50', '75', '99']
      return {
        calls: wanted.map((p) => agg(`${name ?? ''}_${p}`, 'agg.percentile', 'num', [value], { p: Number(p), method })),
        noneIsNoRow: true,
      }
    },
  },
})

export const sankey = builtin({
  name: 'sankey',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Pairs of source and target with a weight, as a Sankey widget draws them.',
  notes: ['The same as groupBy([source, target], function=weight).'],
  params: [
    param('source', 'field', 'Where it comes from.', { required: true }),
    param('target', 'field', 'Where it goes.', { required: true }),
    param('weight', 'aggregates', 'How heavy.', { default: 'count(as=_count)' }),
  ],
  fidelity: { differs: 'Columns have the names of the fields, not those of the widget.' },
  evidence: page('sankey'),
  examples: [
    {
      title: 'Pairs',
      given: [
        { a: 'x', b: 'y' },
        { a: 'x', b: 'y' },
      ],
      query: 'sankey(source=a, target=b)',
      gives: [{ a: 'x', b: 'y', _count: 2 }],
      from: page('sankey'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const keys = [args.field('source'), args.field('target')].map((name) => ({ name, expr: flow.read(name) }))
      flow.parts.group(flow, keys, args.has('weight') ? args.items('weight') : [counting(c)], { limit: GROUPS })
      flow.lowering.report(impliedLimit, args.call.nameSpan, { fn: 'sankey', limit: GROUPS })
    },
  },
})
