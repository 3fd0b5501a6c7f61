// Order, limits, tables, top.
import { call, col, lit, TRUE } from '../../../plan/build.ts'
import { impliedLimit, notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import type { AggCall, OrderKey } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../builtin.ts'
import { FIELDS, first, limit, page, param } from '../params.ts'
import { byTime, orderKeys, takeNewest } from '../3-lower-text.ts'
import { toNum, toStr } from '../3-lower-values.ts'

const ROWS = 200
const MOST = 200_000
const TYPES = {
  number: 'As numbers.',
  string: 'As texts, by code point.',
  any: 'Numbers, then texts.',
  hex: 'Not run here.',
}
const ORDER = param('order', 'texts', '`asc` or `desc`, one or one per field.', { default: 'desc' })
const TYPE = param('type', 'texts', 'How values are compared.', { default: 'number', oneOf: TYPES })
const REVERSE = param('reverse', 'bool', 'Turns the order round; deprecated.', { default: 'false' })

function rowLimit(c: CallContext, fn: string): number {
  if (!c.args.has('limit')) {
    c.flow.low.limits.push({ what: fn, limit: ROWS })
    c.flow.low.say(impliedLimit, c.args.call.nameSpan, { fn, limit: ROWS })
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
  fidelity: { differs: '`type=hex` is not run.' },
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
  ],
  lower: {
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const names = args.has('field') ? args.fields('field') : ['_count']
      const by = orderKeys(flow, names, args.has('type') ? (args.texts('type')[0] ?? 'number') : 'number', orders(c))
      flow.push({ kind: 'take', count: rowLimit(c, 'sort'), by })
      flow.ordered = true
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
    whole: true,
    step: (c) => {
      const { flow } = c
      flow.push({ kind: 'take', count: rowLimit(c, 'head'), by: byTime(flow, 'asc') })
      flow.ordered = true
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
  lower: { whole: true, step: (c) => takeNewest(c.flow, rowLimit(c, 'tail')) },
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
  fidelity: { differs: 'Rows that sort() or head() has put in order keep it; no public text says what LogScale does.' },
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
    whole: true,
    step: (c) => {
      const { flow, args } = c
      flow.low.choice('table-missing')
      const names = args.fields('fields')
      const columns = names.map((name) => [name, flow.read(name)] as const)
      const type = args.has('type') ? (args.texts('type')[0] ?? 'number') : 'number'
      let by: OrderKey[] = []
      if (args.has('sortby')) by = orderKeys(flow, args.fields('sortby'), type, orders(c))
      else if (!flow.ordered) by = byTime(flow, orders(c)[0]?.startsWith('asc') ? 'asc' : 'desc')
      const ordered = flow.ordered || by.length > 0
      flow.push({ kind: 'take', count: rowLimit(c, 'table'), by })
      flow.renew(columns)
      flow.ordered = ordered
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
    param('rest', 'text', 'A row for everything else; not run here.'),
    param('as', 'field', 'Name of the count, sum or maximum.', { default: '_count' }),
    param('error', 'number', 'The error LogScale may make; ignored here.', { default: '5' }),
  ],
  fidelity: { differs: '`rest` is not run. Counts are exact, where LogScale may estimate.' },
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
  ],
  lower: {
    whole: true,
    step: ({ flow, args }) => {
      flow.low.choice('top-ties')
      if (args.has('rest'))
        return flow.low.say(notRunHere, args.span('rest'), { name: 'top', what: '`rest` of `top()`' })
      const ranked = args.has('sum') ? 'sum' : args.has('max') ? 'max' : undefined
      const id = args.text('as', ranked ? `_${ranked}` : '_count')
      const value = ranked ? toStr(flow.read(args.field(ranked))) : undefined
      const rank: AggCall = {
        id,
        prim: ranked === 'sum' ? 'agg.sum' : ranked === 'max' ? 'agg.maxDec' : 'agg.count',
        args: value ? [value] : [],
        consts: {},
        where: TRUE,
        ty: value ? 'dec' : 'int',
      }
      const keys = args.fields('field').map((name) => ({ id: name, expr: flow.read(name) }))
      flow.push({
        kind: 'aggregate',
        keys,
        nullKeys: flow.low.choice('group-key-missing') === 'keep' ? 'keep' : 'drop',
        aggs: [rank],
        limit: null,
      })
      const number = rank.ty === 'int' ? col(id, 'int') : toNum(col(id, 'dec'))
      flow.rel.sure.clear()
      flow.renew([...keys.map((k) => [k.id, col(k.id, k.expr.ty)] as const), [id, col(id, rank.ty)]])
      if (args.flag('percent')) {
        const total = flow.hidden('total')
        const num = toNum(col(id, rank.ty))
        flow.push({
          kind: 'window',
          partition: [],
          order: [],
          columns: [
            {
              id: total,
              prim: 'agg.sum',
              args: [toStr(col(id, rank.ty))],
              consts: {},
              where: TRUE,
              ty: 'dec',
              frame: { before: null, after: null },
            },
          ],
        })
        const share = call('num.div', 'num', [call('num.mul', 'num', [num, lit(100, 'num')]), toNum(col(total, 'dec'))])
        flow.assign('percent', share, true)
      }
      flow.push({
        kind: 'take',
        count: args.limit('limit', 10, MOST),
        by: [{ expr: number, dir: 'desc', nulls: 'last' }],
      })
      flow.ordered = true
    },
  },
})
