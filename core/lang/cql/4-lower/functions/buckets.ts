// Aggregates per span of time: bucket() and timeChart().
import type { CallContext } from '../builtin.ts'
import type { Expr as AstExpr } from '../../3-parse/ast.ts'
import type { Flow } from '../flow.ts'
import type { OrderKey, Expr, Relation } from '../../../../plan/plan.ts'
import { aggCall } from '../group/select-event.ts'
import { call, lit, col, present, test } from '../../../../plan/build.ts'
import { isNull, orElse, choose } from '../values.ts'
import { param } from '../params.ts'
import { joinWindow, openWindow, seriesKey, windowCalls } from './windows.ts'
import { toStr, toNum } from '../../../shared/convert.ts'
import { impliedSpan, notRunHere, bucketsNotFilled } from '../../../../diag/catalogue/cql-lower.ts'

const DEFAULT_BUCKETS = 100

const SPANS_MS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800,
].map((s) => s * 1000)

function bucketSpan(c: CallContext, fn: string): number | undefined {
  const { flow, args } = c
  if (args.has('span') && args.text('span') !== 'auto') return args.duration('span')
  const interval = flow.lowering.interval()
  const count = args.number('buckets', DEFAULT_BUCKETS)
  const whole = interval ? Number(interval.end - interval.start) / 1000 : undefined
  const least = args.has('minSpan') ? (args.duration('minSpan') ?? 0) : 0
  const ms =
    whole === undefined
      ? Math.max(3_600_000, least)
      : (SPANS_MS.find((s) => s >= whole / count && s >= least) ?? 604_800_000)
  flow.lowering.report(impliedSpan, args.call.nameSpan, { fn, span: `${ms / 1000} s` })
  return ms
}

export function lowerBuckets(c: CallContext, fn: string, series: readonly string[]): void {
  const { flow, args } = c
  const ms = bucketSpan(c, fn)
  const time = flow.time()
  if (ms === undefined) return
  if (!time || isNull(time)) {
    flow.lowering.report(notRunHere, args.call.nameSpan, {
      name: fn,
      what: `\`${fn}()\` after a step that has no @timestamp`,
    })
    return
  }
  const zone = args.text('timezone', 'UTC')
  const bucket = call('time.toMillis', 'int', [call('time.bucket', 'time', [time], { span: ms * 1000, zone })])
  const keys = [{ name: '_bucket', expr: bucket }, ...series.map((name) => ({ name, expr: flow.read(name) }))]
  const count: AstExpr = {
    kind: 'call',
    call: { name: 'count', nameSpan: args.call.nameSpan, args: [], span: args.call.span },
    span: args.call.span,
  }
  const { windows, others } = windowCalls(args.has('function') ? args.items('function') : [count])
  const opened = windows.map((w) => openWindow(flow, w, { ms, zone, keys }))
  const names = keys.map((k) => k.name)
  const joinWindows = (): void => {
    for (const w of opened) if (w) joinWindow(flow, w, names)
  }
  flow.parts.group(flow, keys, others, { limit: null })
  // The empty buckets are rows with columns of these ids.
  const moved = keys.flatMap(({ name }) => {
    const expr = flow.read(name)
    return expr.kind === 'col' && expr.id === name ? [] : [{ id: name, expr }]
  })
  if (moved.length > 0) flow.push({ kind: 'set', columns: moved })
  for (const m of moved) flow.names.set(m.id, col(m.id, m.expr.ty))
  const zeros = zeroColumns(flow)
  if (series.length > 0) {
    joinWindows()
    keepTopSeries(c, fn, series)
  }
  fillBuckets(c, fn, ms, series, zeros)
  // The empty buckets have windows too.
  joinWindows()
  const by = keys.map((k): OrderKey => ({ expr: flow.read(k.name), dir: 'asc', nulls: 'last' }))
  flow.push({ kind: 'order', by })
  flow.ordered = true
  flow.orderKeys = by
}

/** Columns that are 0 in an empty bucket: counts and sums. The grouping is the last stage with aggregates. */
function zeroColumns(flow: Flow): ReadonlyMap<string, Expr> {
  const stage = flow.rel.stages.findLast((s) => s.kind === 'aggregate')
  const out = new Map<string, Expr>()
  if (stage?.kind !== 'aggregate') return out
  for (const a of stage.aggs) {
    if (a.prim === 'agg.count' || a.prim === 'agg.countDistinct') out.set(a.id, lit(0n, 'int'))
    if (a.prim === 'agg.sum') out.set(a.id, lit('0', 'dec'))
  }
  return out
}

const DEFAULT_SERIES = 10

const MAX_SERIES = 500

const valueNames = (flow: Flow, keys: readonly string[]): string[] =>
  [...flow.names].filter(([n, e]) => n !== '_bucket' && !keys.includes(n) && !isNull(e)).map(([n]) => n)

/** Only the series with the greatest values stay. */
function keepTopSeries(c: CallContext, fn: string, series: readonly string[]): void {
  const { flow, args } = c
  const most = args.limit('limit', DEFAULT_SERIES, MAX_SERIES)
  if (!args.has('limit')) flow.lowering.limits.push({ what: `${fn} series`, limit: most })
  const values = valueNames(flow, series)
  const bySum = flow.lowering.choice('series-rank') === 'sum'
  flow.split()
  const ranks = flow.fork()
  const keys = series.map((n) => ({ id: ranks.hidden('series'), expr: seriesKey(ranks.read(n)) }))
  const totals = values.map((n) => {
    const value = ranks.read(n)
    const id = ranks.hidden('rank')
    return bySum ? aggCall(id, 'agg.sum', 'dec', [toStr(value)]) : aggCall(id, 'agg.maxNum', 'num', [toNum(value)])
  })
  ranks.push({ kind: 'aggregate', keys, nullKeys: 'keep', aggs: totals, limit: null })
  const zero = lit(0, 'num')
  const rank = totals
    .map((t) => toNum(col(t.id, t.ty)))
    .reduce<Expr>(
      (a, b) => {
        if (isNull(a)) return b
        if (bySum) return call('num.add', 'num', [orElse(a, zero), orElse(b, zero)])
        return choose(present(b), choose(test('num.ge', [a, b]), a, b), a)
      },
      lit(null, 'num'),
    )
  ranks.push({ kind: 'take', count: most, by: [{ expr: rank, dir: 'desc', nulls: 'last' }] })
  flow.push({
    kind: 'join',
    how: 'semi',
    right: ranks.rel.finish(),
    on: series.map((n, i) => ({ left: seriesKey(flow.read(n)), right: col(keys[i]?.id as string, 'str') })),
    include: [],
    missing: null,
    max: 1,
    order: [],
    within: null,
  })
}

/** LogScale makes no more buckets than this. */
const MAX_BUCKETS = 1500

/** Adds the empty buckets of the interval for each series. */
function fillBuckets(
  c: CallContext,
  fn: string,
  ms: number,
  series: readonly string[],
  zeros: ReadonlyMap<string, Expr>,
): void {
  const { flow, args } = c
  const interval = flow.lowering.interval()
  const many = interval !== undefined && Number(interval.end - interval.start) / 1000 / ms > MAX_BUCKETS
  if (many || args.text('timezone', 'UTC') !== 'UTC') {
    const why = many ? `there would be more than ${MAX_BUCKETS}` : 'they are only known in UTC'
    flow.lowering.report(bucketsNotFilled, args.call.nameSpan, { fn, why })
    return
  }
  flow.split()
  const grid = flow.fork()
  const keys = series.map((n) => ({ id: n, expr: grid.read(n) }))
  const one = aggCall(grid.hidden('one'), 'agg.count', 'int', [])
  grid.push({ kind: 'aggregate', keys, nullKeys: 'keep', aggs: keys.length === 0 ? [one] : [], limit: null })
  const slot = grid.hidden('slot')
  const env = (name: 'end' | 'start'): Expr => ({ kind: 'env', name, ty: 'time' })
  const list = call('time.slots', 'list', [env('start'), env('end')], { span: ms * 1000, most: MAX_BUCKETS })
  grid.push({ kind: 'unnest', list, into: slot, index: null, keep: false })
  const same = (n: string): { left: Expr; right: Expr } => ({
    left: seriesKey(flow.read(n)),
    right: seriesKey(flow.read(n)),
  })
  const filledBuckets: Relation = flow.fork().rel.finish()
  grid.push({
    kind: 'join',
    how: 'anti',
    right: filledBuckets,
    on: [{ left: col(slot, 'str'), right: toStr(flow.read('_bucket')) }, ...series.map(same)],
    include: [],
    missing: null,
    max: 1,
    order: [],
    within: null,
  })
  const values = valueNames(flow, series)
  const zeroValues = values.flatMap((n) => {
    const zero = zeros.get(n)
    const value = flow.read(n)
    return zero && value.kind === 'col' && value.ty === zero.ty ? [{ id: value.id, expr: zero }] : []
  })
  const start = { id: '_bucket', expr: call('int.parse', 'int', [col(slot, 'str')]) }
  grid.push({ kind: 'set', columns: [start, ...zeroValues] })
  grid.push({ kind: 'project', columns: ['_bucket', ...series, ...zeroValues.map((m) => m.id)], rest: false })
  flow.push({ kind: 'union', others: [grid.rel.finish()] })
  flow.rel.neverAbsent.clear()
}

export const BUCKETS_PARAM = param('buckets', 'number', 'About how many buckets, if there is no span.')

export const SPAN_NOTE =
  'Without a span it is chosen by the interval or is an hour. Buckets without events are added only up to 1500, and only in UTC.'

export const SERIES_LIMIT = param('limit', 'number', 'The most series: those with the greatest values; at most 500.', {
  default: '10',
})

export const MIN_SPAN = param('minSpan', 'text', 'The least span that may be chosen.')

export const ZONE = param('timezone', 'text', 'The zone whose midnight starts the buckets.', { default: 'UTC' })

export const UNIT = param('unit', 'texts', 'The unit that a widget shows.', {
  unused: 'units are for widgets',
})
