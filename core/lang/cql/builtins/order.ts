// Order, limits, tables, top.
import { call, col, lit, test } from '../../../plan/build.ts'
import { impliedLimit } from '../../../diag/catalogue/cql-lower.ts'
import type { AggCall, Expr, OrderKey } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { FIELDS, first, limit, page, param } from '../4-lower/params.ts'
import { byTime, orderKeys, takeNewest } from '../4-lower/ordering.ts'
import { agg } from '../4-lower/group/select-event.ts'
import type { Flow } from '../4-lower/flow.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { choose, orElse } from '../4-lower/values.ts'

const ROWS = 200
const MOST = 200_000
const TYPES = {
  number: 'As numbers.',
  string: 'As texts, by code point.',
  any: 'Numbers, then texts.',
  hex: 'As hexadecimal numbers.',
}
const ORDER = param('order', 'texts', '`asc` or `desc`, one or one per field.', { default: 'desc' })
const TYPE = param('type', 'texts', 'How values are compared, one or one per field.', {
  default: 'number',
  oneOf: TYPES,
})
const REVERSE = param('reverse', 'bool', 'Turns the order round; deprecated.', { default: 'false' })

function rowLimit(c: CallContext, fn: string): number {
  if (!c.args.has('limit')) {
    c.flow.lowering.limits.push({ what: fn, limit: ROWS })
    c.flow.lowering.report(impliedLimit, c.args.call.nameSpan, { fn, limit: ROWS })
  }
  return c.args.limit('limit', ROWS, MOST)
}
const orders = (c: CallContext): string[] => {
  const words = c.args.has('order') ? c.args.texts('order') : ['desc']
  return c.args.flag('reverse') ? words.map((w) => (w.startsWith('asc') ? 'desc' : 'asc')) : words
}

export const sort = builtin({
  name: 'sort',
  category: 'order',
  kind: 'aggregate',
  doc: 'Orders the rows by fields and keeps the first.',
  notes: ['Without a limit only 200 rows are kept.', 'Values that are no numbers come last, unless `type=string`.'],
  params: [
    first('field', 'fields', 'The fields to sort by.', { default: '_count' }),
    ORDER,
    TYPE,
    limit('200'),
    REVERSE,
  ],
  fidelity: 'exact',
  evidence: page('sort'),
  examples: [
    {
      title: 'By number, greatest first; what is no number comes last',
      given: [{ x: '9' }, { x: '10' }, { x: 'n/a' }],
      query: 'sort(x) | select(x)',
      gives: [{ x: '10' }, { x: '9' }, { x: 'n/a' }],
      from: page('sort'),
    },
    {
      title: 'By text',
      given: [{ x: '9' }, { x: '10' }],
      query: 'sort(x, type=string, order=asc, limit=1) | select(x)',
      gives: [{ x: '10' }],
      from: page('sort'),
    },
    {
      title: 'By hexadecimal number',
      given: [{ x: '0x9' }, { x: '1F' }, { x: 'a' }],
      query: 'sort(x, type=hex) | select(x)',
      gives: [{ x: '1F' }, { x: 'a' }, { x: '0x9' }],
      from: page('sort'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const names = args.has('field') ? args.fields('field') : ['_count']
      const by = orderKeys(flow, names, args.texts('type'), orders(c))
      flow.push({ kind: 'take', count: rowLimit(c, 'sort'), by })
      flow.ordered = true
      flow.orderKeys = by
      flow.newestFirst = false
    },
  },
})

export const head = builtin({
  name: 'head',
  category: 'order',
  kind: 'aggregate',
  doc: 'The oldest rows, oldest first.',
  notes: ['Behind a step that gives rows without time, the first rows of their order.'],
  params: [first('limit', 'number', 'How many, or `max`.', { default: '200' })],
  fidelity: 'exact',
  evidence: page('head'),
  examples: [
    {
      title: 'The oldest event',
      given: [
        { '@timestamp': 2000, x: 'b' },
        { '@timestamp': 1000, x: 'a' },
      ],
      query: 'head(1) | select(x)',
      gives: [{ x: 'a' }],
      from: page('head'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow } = c
      const by = byTime(flow, 'asc')
      flow.push({ kind: 'take', count: rowLimit(c, 'head'), by })
      flow.ordered = true
      flow.orderKeys = by
      flow.newestFirst = false
    },
  },
})

export const tail = builtin({
  name: 'tail',
  category: 'order',
  kind: 'aggregate',
  doc: 'The newest rows, newest first.',
  notes: ['A query without an aggregate ends with tail(200), written or not.'],
  params: [first('limit', 'number', 'How many, or `max`.', { default: '200' })],
  fidelity: 'exact',
  evidence: page('tail'),
  examples: [
    {
      title: 'The newest event',
      given: [
        { '@timestamp': 2000, x: 'b' },
        { '@timestamp': 1000, x: 'a' },
      ],
      query: 'tail(1) | select(x)',
      gives: [{ x: 'b' }],
      from: page('tail'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => takeNewest(c.flow, rowLimit(c, 'tail')),
  },
})

export const table = builtin({
  name: 'table',
  category: 'order',
  kind: 'aggregate',
  doc: 'Exactly these fields, sorted, and only the first rows.',
  notes: ['Without `sortby` rows that have no order yet come newest first.'],
  params: [
    first('fields', 'fields', 'The columns, in order.', { required: true }),
    limit('200'),
    param('sortby', 'fields', 'The fields to sort by.', { default: '@timestamp' }),
    ORDER,
    TYPE,
    REVERSE,
  ],
  fidelity: {
    differs:
      'No public text says what becomes of an order that sort() or head() has made; see the semantic `table-order`.',
  },
  evidence: page('table'),
  examples: [
    {
      title: 'Two columns, newest first',
      given: [
        { '@timestamp': 1000, a: '1', b: 'x', c: 'no' },
        { '@timestamp': 2000, a: '2', c: 'no' },
      ],
      query: 'table([a, b])',
      gives: [{ a: '2' }, { a: '1', b: 'x' }],
      from: page('table'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const names = args.fields('fields')
      const blank = flow.lowering.choice('table-missing') === 'empty'
      const shown = (e: Expr): Expr => (blank ? orElse(toStr(e), lit('', 'str')) : e)
      const columns = names.map((name) => [name, shown(flow.read(name))] as const)
      let by: OrderKey[] = []
      if (args.has('sortby')) by = orderKeys(flow, args.fields('sortby'), args.texts('type'), orders(c))
      else if (!flow.ordered || (flow.lowering.choice('table-order') === 'time' && flow.orderTime()))
        by = byTime(flow, orders(c)[0]?.startsWith('asc') ? 'asc' : 'desc')
      const ordered = flow.ordered || by.length > 0
      flow.push({ kind: 'take', count: rowLimit(c, 'table'), by })
      const keys = by.length > 0 ? by : flow.orderKeys
      flow.renew(columns)
      flow.ordered = ordered
      flow.orderKeys = keys
    },
  },
})

export const top = builtin({
  name: 'top',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The most frequent values, or those with the greatest sum or maximum of another field.',
  notes: [],
  params: [
    FIELDS,
    limit('10'),
    param('sum', 'field', 'Ranks by the sum of this field.'),
    param('max', 'field', 'Ranks by the greatest value of this field.'),
    param('percent', 'bool', 'Adds the share of each row in percent.', { default: 'false' }),
    param('rest', 'text', 'Adds a row for everything else, with this text as its key.'),
    param('as', 'field', 'Name of the count, sum or maximum.', { default: '_count' }),
    param('error', 'number', 'The error LogScale may make; ignored here.', { default: '5' }),
  ],
  fidelity: { differs: 'Counts are exact, where LogScale may estimate.' },
  evidence: page('top'),
  examples: [
    {
      title: 'Two most frequent',
      given: [{ p: '22' }, { p: '80' }, { p: '80' }, { p: '443' }, { p: '443' }, { p: '443' }],
      query: 'top(p, limit=2)',
      gives: [
        { p: '443', _count: 3 },
        { p: '80', _count: 2 },
      ],
      from: page('top'),
    },
    {
      title: 'By sum',
      given: [
        { p: 'a', b: '1' },
        { p: 'b', b: '5' },
        { p: 'a', b: '2' },
      ],
      query: 'top(p, sum=b, as=bytes)',
      gives: [
        { p: 'b', bytes: 5 },
        { p: 'a', bytes: 3 },
      ],
      from: page('top'),
    },
    {
      title: 'Everything else in one row, and shares',
      given: [
        { p: '22' },
        { p: '80' },
        { p: '80' },
        { p: '443' },
        { p: '443' },
        { p: '443' },
        { p: '25' },
        { p: '53' },
      ],
      query: 'top(p, limit=2, rest="others", percent=true)',
      gives: [
        { p: '443', _count: 3, percent: 37.5 },
        { p: '80', _count: 2, percent: 25 },
        { p: 'others', _count: 3, percent: 37.5 },
      ],
      from: page('top'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: topRows,
  },
})

function topRows({ flow, args }: CallContext): void {
  const ranked = args.has('sum') ? 'sum' : args.has('max') ? 'max' : undefined
  const id = args.text('as', ranked ? `_${ranked}` : '_count')
  const prim = ranked === 'sum' ? 'agg.sum' : ranked === 'max' ? 'agg.maxDec' : 'agg.count'
  const rank = agg(id, prim, ranked ? 'dec' : 'int', ranked ? [toStr(flow.read(args.field(ranked)))] : [])
  const keys = args.fields('field').map((name) => ({ id: name, expr: flow.read(name) }))
  const seq = flow.seq()
  const early = flow.lowering.choice('top-ties') === 'first' && seq.kind !== 'lit' ? flow.hidden('first') : undefined
  const aggs = early ? [rank, agg(early, 'agg.minInt', 'int', [seq])] : [rank]
  const nullKeys = flow.lowering.choice('group-key-missing') === 'keep' ? 'keep' : 'drop'
  flow.push({ kind: 'aggregate', keys, nullKeys, aggs, limit: null })
  flow.rel.sure.clear()
  flow.renew([...keys.map((k) => [k.id, col(k.id, k.expr.ty)] as const), [id, col(id, rank.ty)]])
  const by: OrderKey[] = [
    { expr: rank.ty === 'int' ? col(id, 'int') : toNum(col(id, 'dec')), dir: 'desc', nulls: 'last' },
    ...(early ? [{ expr: col(early, 'int'), dir: 'asc', nulls: 'last' } as const] : []),
  ]
  const most = args.limit('limit', 10, MOST)
  if (args.has('rest')) {
    restRow(
      flow,
      keys.map((k) => k.id),
      rank,
      by,
      { most, label: args.text('rest') },
    )
    if (args.flag('percent')) share(flow, rank)
  } else {
    if (args.flag('percent')) share(flow, rank)
    flow.push({ kind: 'take', count: most, by })
    flow.orderKeys = by
  }
  flow.ordered = true
}

/** Rows behind the first `most` become one, whose first key is the label. */
function restRow(
  flow: Flow,
  keys: readonly string[],
  rank: AggCall,
  by: readonly OrderKey[],
  { most, label }: { readonly most: number; readonly label: string },
): void {
  const [place, slot] = [flow.hidden('place'), flow.hidden('slot')]
  const frame = { before: null, after: null }
  const ranked = { ...agg(place, 'win.rank', 'int', []), frame }
  flow.push({ kind: 'window', partition: [], order: by, columns: [ranked] })
  const inside = test('int.le', [col(place, 'int'), lit(BigInt(most), 'int')])
  const last = lit(BigInt(most) + 1n, 'int')
  const named = keys.map((name, i) => {
    const value = flow.read(name)
    return { id: name, expr: choose(inside, toStr(value), lit(i === 0 ? label : null, 'str')) }
  })
  const whole = rank.prim === 'agg.maxDec' ? 'agg.maxDec' : 'agg.sum'
  const value = agg(rank.id, whole, 'dec', [toStr(col(rank.id, rank.ty))])
  const rows = [...named, { id: slot, expr: choose(inside, col(place, 'int'), last) }]
  flow.push({ kind: 'aggregate', keys: rows, nullKeys: 'keep', aggs: [value], limit: null })
  flow.push({ kind: 'order', by: [{ expr: col(slot, 'int'), dir: 'asc', nulls: 'last' }] })
  flow.renew([...keys.map((n) => [n, col(n, 'str')] as const), [rank.id, col(rank.id, 'dec')]])
}

function share(flow: Flow, rank: AggCall): void {
  const total = flow.hidden('total')
  const value = flow.read(rank.id)
  const sum = { ...agg(total, 'agg.sum', 'dec', [toStr(value)]), frame: { before: null, after: null } }
  flow.push({ kind: 'window', partition: [], order: [], columns: [sum] })
  const hundred = call('num.mul', 'num', [toNum(value), lit(100, 'num')])
  flow.assign('percent', call('num.div', 'num', [hundred, toNum(col(total, 'dec'))]), true)
}
