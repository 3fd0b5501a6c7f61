import type { Flow } from '../4-lower/flow.ts'
import type { OrderKey, AggCall } from '../../../plan/plan.ts'
import { FIELDS, limit, param, page } from '../4-lower/params.ts'
import { MAX_ROWS } from '../4-lower/functions/order.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { choose } from '../4-lower/values.ts'
import { col, test, lit, call } from '../../../plan/build.ts'
import { toStr, toNum } from '../../shared/convert.ts'

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
    param('error', 'number', 'The error LogScale may make.', { default: '5', unused: 'counts are exact here' }),
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
  const rank = aggCall(id, prim, ranked ? 'dec' : 'int', ranked ? [toStr(flow.read(args.field(ranked)))] : [])
  const keys = args.fields('field').map((name) => ({ id: name, expr: flow.read(name) }))
  const seq = flow.seq()
  const early = flow.lowering.choice('top-ties') === 'first' && seq.kind !== 'lit' ? flow.hidden('first') : undefined
  const aggs = early ? [rank, aggCall(early, 'agg.minInt', 'int', [seq])] : [rank]
  const nullKeys = flow.lowering.choice('group-key-missing') === 'keep' ? 'keep' : 'drop'
  flow.push({ kind: 'aggregate', keys, nullKeys, aggs, limit: null })
  flow.rel.neverAbsent.clear()
  flow.renew([...keys.map((k) => [k.id, col(k.id, k.expr.ty)] as const), [id, col(id, rank.ty)]])
  const by: OrderKey[] = [
    { expr: rank.ty === 'int' ? col(id, 'int') : toNum(col(id, 'dec')), dir: 'desc', nulls: 'last' },
    ...(early ? [{ expr: col(early, 'int'), dir: 'asc', nulls: 'last' } as const] : []),
  ]
  const most = args.limit('limit', 10, MAX_ROWS)
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

/** Rows after the first `most` become one, whose first key is the label. */
function restRow(
  flow: Flow,
  keys: readonly string[],
  rank: AggCall,
  by: readonly OrderKey[],
  { most, label }: { readonly most: number; readonly label: string },
): void {
  const [place, slot] = [flow.hidden('place'), flow.hidden('slot')]
  const frame = { before: null, after: null }
  const ranked = { ...aggCall(place, 'win.rank', 'int', []), frame }
  flow.push({ kind: 'window', partition: [], order: by, columns: [ranked] })
  const inside = test('int.le', [col(place, 'int'), lit(BigInt(most), 'int')])
  const last = lit(BigInt(most) + 1n, 'int')
  const named = keys.map((name, i) => {
    const value = flow.read(name)
    return { id: name, expr: choose(inside, toStr(value), lit(i === 0 ? label : null, 'str')) }
  })
  const whole = rank.prim === 'agg.maxDec' ? 'agg.maxDec' : 'agg.sum'
  const value = aggCall(rank.id, whole, 'dec', [toStr(col(rank.id, rank.ty))])
  const rows = [...named, { id: slot, expr: choose(inside, col(place, 'int'), last) }]
  flow.push({ kind: 'aggregate', keys: rows, nullKeys: 'keep', aggs: [value], limit: null })
  flow.push({ kind: 'order', by: [{ expr: col(slot, 'int'), dir: 'asc', nulls: 'last' }] })
  flow.renew([...keys.map((n) => [n, col(n, 'str')] as const), [rank.id, col(rank.id, 'dec')]])
}

function share(flow: Flow, rank: AggCall): void {
  const total = flow.hidden('total')
  const value = flow.read(rank.id)
  const sum = { ...aggCall(total, 'agg.sum', 'dec', [toStr(value)]), frame: { before: null, after: null } }
  flow.push({ kind: 'window', partition: [], order: [], columns: [sum] })
  const hundred = call('num.mul', 'num', [toNum(value), lit(100, 'num')])
  flow.assign('percent', call('num.div', 'num', [hundred, toNum(col(total, 'dec'))]), true)
}
