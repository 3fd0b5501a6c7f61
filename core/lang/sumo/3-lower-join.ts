// What brings a second relation in: subqueries as conditions, lookup tables.
import * as codes from '../../diag/catalogue/sumo-lower.ts'
import { call, col, TRUE } from '../../plan/build.ts'
import type { Expr, SourceNode } from '../../plan/plan.ts'
import { lowerQuery } from './3-lower-stages.ts'
import { toStr } from './3-lower-values.ts'
import { Flow } from './3-lower-flow.ts'
import type { Name, Stage, Subquery } from './ast.ts'

/** Keeps the rows whose composed fields equal those of a row of the subquery; `negated`: the others. */
export function semiJoin(f: Flow, sub: Subquery, negated: boolean): void {
  if (sub.keywords || sub.compose.length === 0) {
    const reason = sub.keywords ? 'keywords of a subquery are not known before it has run' : 'it composes no field'
    f.low.say(codes.sumoNotRun, sub.span, { name: 'subquery', reason })
    return
  }
  const inner = new Flow(f.low, sub.query.span)
  lowerQuery(inner, sub.query)
  const right = sub.compose.map((n) => toStr(inner.read(n).expr))
  const ids = right.map((expr, i) => {
    const id = `$:sub${i}`
    inner.push({ kind: 'set', columns: [{ id, expr }] })
    return id
  })
  inner.push({ kind: 'take', count: sub.maxResults ?? 2500, by: inner.orderKeys() })
  inner.push({ kind: 'project', columns: ids, rest: false })
  f.low.limits.push({ what: 'subquery', limit: sub.maxResults ?? 2500 })
  f.push({
    kind: 'join',
    how: negated ? 'anti' : 'semi',
    right: inner.relation(false),
    on: sub.compose.map((n, i) => ({ left: toStr(f.read(n).expr), right: col(ids[i] as string, 'str') })),
    within: null,
    include: [],
    missing: null,
    max: null,
    order: [],
  })
}

/** A table's keys are compared without case; of several rows with one key the last by its columns counts. */
export function lookup(f: Flow, s: Extract<Stage, { kind: 'lookup' }>): void {
  const known = f.low.known.lookups?.[s.path]
  const wanted =
    s.columns === '*'
      ? (known?.columns ?? []).map((c) => ({ from: c, as: c }))
      : s.columns.map((c) => ({ from: c.from.name, as: c.as.name }))
  const pairs = s.on.map((o) => oriented(f, s.path, known?.columns, o))
  const columns = [...new Set([...wanted.map((w) => w.from), ...pairs.map((o) => o.column.name)])]
  f.low.needs.push({ kind: 'lookup', file: s.path, columns, at: s.span })
  if (!known) f.low.say(codes.sumoLookupMissing, s.span, { path: s.path })
  const real = (name: string): string => known?.columns.find((c) => c.toLowerCase() === name.toLowerCase()) ?? name
  const from: SourceNode = {
    kind: 'source',
    name: `lookup:${s.path}`,
    columns: [...new Set(columns.map(real))].map((name) => ({
      id: name,
      ty: 'str' as const,
      from: { kind: 'field', name },
    })),
    rest: false,
    interval: 'all',
    where: TRUE,
  }
  const folded = (e: Expr): Expr => call('str.lower', 'str', [toStr(e)])
  const on = pairs.map((o) => ({ left: folded(f.read(o.event).expr), right: folded(col(real(o.column.name), 'str')) }))
  const include = wanted.map((w) => ({ id: f.fields.get(w.as.toLowerCase())?.id ?? w.as, from: real(w.from) }))
  f.push({
    kind: 'join',
    how: 'left',
    right: { from, stages: [] },
    on,
    within: null,
    include,
    missing: null,
    max: 1,
    order: [],
  })
  for (const i of include) f.fields.set(i.id.toLowerCase(), { id: i.id, ty: 'str' })
}

interface Pair {
  readonly event: Name
  readonly column: Name
}

/** `path://` tables take `on field = column`, the vendor's own ones `on column = field`; older files are written both ways. */
function oriented(f: Flow, path: string, columns: readonly string[] | undefined, on: Pair): Pair {
  const swapped: Pair = { event: on.column, column: on.event }
  if (/^path:/i.test(path)) return on
  if (/^(geo|asn|sumo):/i.test(path)) return swapped
  const isField = (n: Name): boolean => f.fields.has(n.name.toLowerCase())
  if (isField(on.event) !== isField(on.column)) return isField(on.event) ? on : swapped
  const isColumn = (n: Name): boolean => columns?.some((c) => c.toLowerCase() === n.name.toLowerCase()) ?? false
  if (isColumn(on.event) !== isColumn(on.column)) return isColumn(on.event) ? swapped : on
  return on
}
