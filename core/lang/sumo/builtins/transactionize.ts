// Messages of one transaction: those with the same key.
import { call, col, lit, present, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr } from '../../../plan/plan.ts'
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import type { Merge, Stage } from '../2-parse/ast.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Field, Flow } from '../3-lower/flow.ts'
import { toNum, toStr } from '../3-lower/values.ts'

function transactionize(f: Flow, s: Extract<Stage, { kind: 'transactionize' }>): void {
  const [key, ...others] = s.keys
  const [option] = s.options
  if (others.length > 0 || option || !key) {
    const name = option ? `transactionize with ${option.name}` : 'transactionize by several keys'
    const reason = option ? 'it is not built yet' : 'groups that share any one of them are not built yet'
    f.low.say(sumoNotRun, option?.span ?? s.head, { name, reason })
    f.open = true
    return
  }
  const by = f.read(key)
  const id = by.field?.id ?? key.name
  f.low.choice('transaction-without-key')
  f.filter(present(by.expr))
  const position = positions(f)
  if (s.merge) {
    merged(f, [{ id, expr: by.expr }], s.merge, position)
    return
  }
  const frame = { before: null, after: null }
  const [size, duration] = measures(f)
  f.push({
    kind: 'window',
    partition: [by.expr],
    order: [],
    columns: [size, ...duration].map((c) => ({ ...c, frame })),
  })
  const columns = [{ id: '_group', ty: 'str' as const, expr: toStr(by.expr) }, ...lengthOf(size, duration)].filter(
    (c) => c.id !== '_messageTime',
  )
  f.set(columns.map((c) => ({ name: c.id, expr: c.expr })))
}

/** Rows are numbered in the order in which their values are taken: as they happened, or as they stand in a table. */
function positions(f: Flow): Expr {
  const order = f.orderKeys()
  const time = f.messages && !f.order && f.low.choice('merge-order') === 'time'
  const by = time ? order.map((k) => ({ ...k, dir: 'asc' as const })) : order
  const id = f.low.fresh('position')
  const count: AggCall = { id, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }
  f.push({ kind: 'window', partition: [], order: by, columns: [{ ...count, frame: { before: null, after: 0 } }] })
  return col(id, 'int')
}

function measures(f: Flow): [AggCall, AggCall[]] {
  const size: AggCall = { id: '$:size', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }
  if (!f.messages) return [size, []]
  const edge = (prim: string, id: string): AggCall => ({
    id,
    prim,
    args: [f.time],
    consts: {},
    where: TRUE,
    ty: 'time',
  })
  return [size, [edge('agg.minTime', '$:first'), edge('agg.maxTime', '$:last')]]
}

function lengthOf(size: AggCall, duration: readonly AggCall[]): { id: string; ty: 'int'; expr: Expr }[] {
  const millis = (id: string): Expr => call('time.toMillis', 'int', [col(id, 'time')])
  return [
    ...(duration.length > 0
      ? [
          // Published searches slice transactions by time, so a merged one has a time: that of its beginning.
          { id: '_messageTime', ty: 'int' as const, expr: millis('$:first') },
          {
            id: '_group_duration',
            ty: 'int' as const,
            expr: call('int.sub', 'int', [millis('$:last'), millis('$:first')]),
          },
        ]
      : []),
    { id: '_group_size', ty: 'int' as const, expr: col(size.id, 'int') },
  ]
}

/** One row for each group. */
function merged(
  f: Flow,
  keys: readonly { readonly id: string; readonly expr: Expr }[],
  merges: readonly Merge[],
  position: Expr,
): void {
  const grouped = keys.length > 0
  const [size, duration] = measures(f)
  const own = merges.filter((m) => m.as || !keys.some((k) => k.id.toLowerCase() === m.field.name.toLowerCase()))
  const aggs = own.map((m) => ({ id: m.as?.name ?? m.field.name, call: mergedValue(f, m, position) }))
  f.push({
    kind: 'aggregate',
    keys,
    nullKeys: 'drop',
    aggs: [...aggs.map((a) => a.call), size, ...(grouped ? duration : [])],
    limit: null,
  })
  const lengths = grouped ? lengthOf(size, duration) : []
  const fields: Field[] = [
    ...keys.map((k) => ({ id: k.id, ty: k.expr.ty })),
    ...aggs.map((a) => ({ id: a.id, ty: 'str' as const })),
  ]
  f.table(fields)
  f.groups = new Set(keys.map((k) => k.id))
  if (!grouped) f.filter({ kind: 'test', prim: 'int.gt', args: [col('$:size', 'int'), lit(0n, 'int')], consts: {} })
  if (lengths.length > 0) f.set(lengths.map((c) => ({ name: c.id, expr: c.expr })))
}

function mergedValue(f: Flow, m: Merge, position: Expr): AggCall {
  const { expr, field } = f.read(m.field)
  const id = m.as?.name ?? field?.id ?? m.field.name
  const value = toStr(expr)
  const common = { id, where: TRUE, ty: 'str' as const }
  switch (m.how) {
    case 'first':
    case 'last': {
      const prim = m.how === 'first' ? 'agg.argMin' : 'agg.argMax'
      return { ...common, prim, args: [value, toNum(position), position], consts: {} }
    }
    case 'distinct':
      f.low.choice('merge-distinct-order')
      return { ...common, prim: 'agg.collect', args: [value], consts: { limit: null, separator: m.separator } }
    case 'join':
      return { ...common, prim: 'agg.joinInOrder', args: [value, position], consts: { separator: m.separator } }
  }
}

const mergeStage = (f: Flow, s: Extract<Stage, { kind: 'merge' }>): void => merged(f, [], s.merge, positions(f))

const given = [
  { _messageTime: 1_500_000_000_000, session: 's1', step: 'login', user: 'al' },
  { _messageTime: 1_500_000_001_000, session: 's2', step: 'login', user: 'bo' },
  { _messageTime: 1_500_000_002_000, session: 's1', step: 'buy' },
]
const HOW = param(
  'merge',
  'fields',
  'field takeFirst, takeLast, takeDistinct, or join with "…" (new lines if left out).',
)

export const transactions = operator(
  'transactionize',
  'Puts rows with the same key into one group; with `(merge …)` each group becomes a row.',
  [param('key', 'field', 'What the rows of a group have in common.'), { ...HOW, name: '(merge …)' }],
  transactionize,
  [
    search('transactionize session (merge step join with ">", user takeFirst) | sort by session asc', given, [
      {
        session: 's1',
        step: 'login>buy',
        user: 'al',
        _messageTime: 1_500_000_000_000,
        _group_duration: 2000,
        _group_size: 2,
      },
      { session: 's2', step: 'login', user: 'bo', _messageTime: 1_500_000_001_000, _group_duration: 0, _group_size: 1 },
    ]),
    search('transactionize session | where _group_size > 1 | fields step, _group | sort by step asc', given, [
      { step: 'buy', _group: 's1' },
      { step: 'login', _group: 's1' },
    ]),
  ],
  { differs: 'one key; maxSpan, maxPause, maxLogs, startsWith, endsWith and keepOrphans are not run' },
)

export const merging = operator('merge', 'Makes one row of all.', [HOW], mergeStage, [
  search('merge step join with ",", user takeDistinct as users', given, [{ step: 'login,login,buy', users: 'al\nbo' }]),
])
