// window() among the functions of bucket() and timeChart(): an aggregate over the events of several buckets. Each event counts in its own
// bucket and in the ones behind it, so the aggregates are those of any grouping.
import { call, col, FALSE, lit, present } from '../../../../plan/build.ts'
import { notRunHere, wrongKind } from '../../../../diag/catalogue/cql-lower.ts'
import type { Expr, Relation } from '../../../../plan/plan.ts'
import { toStr } from '../../../shared/convert.ts'
import type { Call, Expr as AstExpr } from '../../3-parse/ast.ts'
import { bare } from '../args.ts'
import { callOf } from '../call.ts'
import type { Flow } from '../flow.ts'
import type { GroupKey } from '../lower-types.ts'
import { choose } from '../values.ts'

/** Where the buckets are. */
export interface Buckets {
  readonly ms: number
  readonly zone: string
  /** The first key is the bucket. */
  readonly keys: readonly GroupKey[]
}

/** The rows of a window, with the columns of the keys. */
export interface Window {
  readonly rows: Relation
  readonly on: readonly Expr[]
  readonly columns: readonly { readonly name: string; readonly value: Expr }[]
}

const MOST = 1500

/** The calls of window(), and the other functions. */
export function windowCalls(items: readonly AstExpr[]): { windows: readonly Call[]; others: readonly AstExpr[] } {
  const flat = items.flatMap((i) => {
    const item = bare(i)
    return item.kind === 'array' ? item.items : [i]
  })
  const windows = flat.flatMap((i) => {
    const item = bare(i)
    return item.kind === 'call' && item.call.name.toLowerCase() === 'window' ? [item.call] : []
  })
  const others = flat.filter((i) => !windows.some((w) => w.span === i.span))
  return windows.length === 0 ? { windows, others: items } : { windows, others }
}

/** Call it before the rows are grouped. Undefined, with a diagnostic: it cannot be computed. */
export function openWindow(flow: Flow, of: Call, { ms, zone, keys }: Buckets): Window | undefined {
  const args = callOf(flow, of)?.context.args
  if (!args) return undefined
  const span = args.has('span') ? args.duration('span') : args.number('buckets', 0) * ms
  if (span === undefined) return undefined
  if (args.has('span') === args.has('buckets') || span < ms / 2) {
    const takes = 'a duration such as `15m`, and `buckets` a count: one of the two'
    flow.lowering.report(wrongKind, of.span, { fn: 'window', name: 'span', takes })
    return undefined
  }
  const count = Math.max(1, Math.round(span / ms))
  const cannot = zone !== 'UTC' ? 'in a zone other than UTC' : count > MOST ? `over more than ${MOST} buckets` : ''
  if (cannot) {
    flow.lowering.report(notRunHere, of.nameSpan, { name: 'window', what: `\`window()\` ${cannot}` })
    return undefined
  }
  const interval = flow.lowering.interval()
  flow.split()
  const rows = flow.fork()
  // A window that the interval does not fill has no result.
  if (interval && Number(interval.end - interval.start) / 1000 < count * ms) rows.filter(FALSE)
  const offset = rows.hidden('offset')
  const offsets = lit(
    Array.from({ length: count }, (_, i) => `${Math.round(i * ms)}`),
    'list',
  )
  rows.push({ kind: 'unnest', list: offsets, into: offset, index: null, keep: false })
  const moved = ({ name, expr }: GroupKey, i: number): GroupKey =>
    i > 0
      ? { name, expr: rows.read(name) }
      : { name, expr: call('int.add', 'int', [expr, call('int.parse', 'int', [col(offset, 'str')])]) }
  const taken = new Set(keys.map((k) => k.name))
  rows.parts.group(rows, keys.map(moved), args.items('function'), { limit: null })
  const on = keys.map((k) => rows.read(k.name))
  const columns = [...rows.names].flatMap(([name, value]) => (taken.has(name) ? [] : [{ name, value }]))
  const values = columns.map((c) => ({ name: c.name, id: rows.hidden('window'), expr: c.value }))
  const marks = on.map((expr) => ({ id: rows.hidden('key'), expr: seriesKey(expr) }))
  rows.push({ kind: 'set', columns: [...values.map(({ id, expr }) => ({ id, expr })), ...marks] })
  return {
    rows: rows.rel.finish(),
    on: marks.map((m) => col(m.id, 'str')),
    columns: values.map((v) => ({ name: v.name, value: col(v.id, v.expr.ty) })),
  }
}

/** Adds the columns of the window to the rows of its buckets. */
export function joinWindow(flow: Flow, { rows, on, columns }: Window, keys: readonly string[]): void {
  const include = columns.map((c) => ({ ...c, id: flow.hidden('window') }))
  flow.push({
    kind: 'join',
    how: 'left',
    right: rows,
    on: keys.map((name, i) => ({ left: seriesKey(flow.read(name)), right: on[i] as Expr })),
    include: include.map((i) => ({ id: i.id, from: i.value.kind === 'col' ? i.value.id : '' })),
    missing: null,
    max: 1,
    order: [],
    within: null,
  })
  for (const i of include) flow.names.set(i.name, col(i.id, i.value.ty))
}

/** An absent value can be a key, but a join never takes absent for equal to absent. */
export const seriesKey = (e: Expr): Expr =>
  choose(present(e), call('str.concat', 'str', [lit('=', 'str'), toStr(e)]), lit('', 'str'))
