// What brings a second relation in: subqueries as conditions, lookup tables.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, FALSE, lit, present, text, TRUE } from '../../../plan/build.ts'
import type { Expr, Join, Pred, SourceNode } from '../../../plan/plan.ts'
import { lowerQuery } from './stages.ts'
import { toStr } from './values.ts'
import { Flow, tableFlow } from './flow.ts'
import type { Name, Stage, Subquery } from '../2-parse/ast.ts'

/** Keeps the rows whose composed fields equal those of a row of the subquery; `negated`: the others. */
export function semiJoin(f: Flow, sub: Subquery, negated: boolean): void {
  const found = composed(f, sub)
  if (found) f.push({ ...found, how: negated ? 'anti' : 'semi', include: [], max: null })
}

/** As a condition among others: which rows have a match is a column. */
export function subqueryCond(f: Flow, sub: Subquery): Pred {
  const found = composed(f, sub)
  if (!found) return FALSE
  const id = f.hidden('found')
  f.push({ ...found, how: 'left', include: [{ id, from: FOUND }], max: 1 })
  return present(col(id, 'str'))
}

const FOUND = '$:found'
const EDGE = { within: null, missing: null, order: [] } as const

/** The rows of a subquery and what a row of the search must have in common with them. */
function composed(
  f: Flow,
  sub: Subquery,
): (Omit<Join, 'how' | 'include' | 'max'> & { readonly kind: 'join' }) | undefined {
  if (sub.compose.length === 0) {
    f.low.say(codes.sumoNotRun, sub.span, { name: 'subquery', reason: 'it has no `compose` with a field' })
    return undefined
  }
  const inner = new Flow(f.low, sub.query.span)
  if (sub.from !== undefined || sub.to !== undefined) {
    inner.interval = intervalOf(sub)
    if (!inner.interval) {
      const reason = 'its interval is not a time before the end of the search, such as from=(-15m)'
      f.low.say(codes.sumoNotRun, sub.span, { name: 'subquery', reason })
      return undefined
    }
  }
  const { at } = f
  lowerQuery(inner, sub.query)
  f.at = at
  const values = sub.compose.map((n) => toStr(inner.read(n).expr))
  const ids = values.map((_, i) => `$:sub${i}`)
  inner.push({ kind: 'set', columns: values.map((expr, i) => ({ id: ids[i] as string, expr })) })
  inner.push({ kind: 'take', count: sub.maxResults ?? 2500, by: inner.orderKeys() })
  f.low.limits.push({ what: 'subquery', limit: sub.maxResults ?? 2500 })
  const keyword = sub.keywords ? f.hidden('keywords') : undefined
  const joinedValues = call(
    'str.concat',
    'str',
    ids.flatMap((id, i) => [...(i > 0 ? [text(BETWEEN)] : []), col(id, 'str')]),
  )
  inner.push({
    kind: 'set',
    columns: [{ id: FOUND, expr: text('1') }, ...(keyword === undefined ? [] : [{ id: keyword, expr: joinedValues }])],
  })
  const kept = [FOUND, ...(keyword === undefined ? ids : [keyword])]
  inner.push({ kind: 'project', columns: kept, rest: false })
  const right = inner.relation(false)
  if (keyword !== undefined)
    return {
      kind: 'join',
      right,
      on: [],
      ...EDGE,
      within: { prim: 'str.hasPhrase', left: f.raw, right: col(keyword, 'str') },
    }
  const on = sub.compose.map((n, i) => ({ left: toStr(f.read(n).expr), right: col(ids[i] as string, 'str') }))
  return { kind: 'join', right, on, ...EDGE }
}

/** Stands between keywords that must all be there. */
const BETWEEN = '\u0001'
const UNIT: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `-1d -12h`, `-15m`: times before the end of the search; `now` and nothing: its end. */
function intervalOf(sub: Subquery): { from: Expr; to: Expr } | undefined {
  const end: Expr = { kind: 'env', name: 'end', ty: 'time' }
  const before = (written: string | undefined): Expr | undefined => {
    const given = (written ?? 'now').replace(/^[\s("]+|[\s)"]+$/g, '')
    if (given === '' || given === 'now') return end
    const m = /^-(\d+)([smhdw])$/.exec(given)
    if (!m) return undefined
    const micros = BigInt(Number(m[1]) * (UNIT[m[2] as string] ?? 1)) * 1_000_000n
    return call('time.fromInt', 'time', [
      call('int.sub', 'int', [call('time.toInt', 'int', [end]), lit(micros, 'int')]),
    ])
  }
  const [first, second] = (sub.from ?? '').trim().split(/\s+(?=-|now)/)
  const from = sub.from === undefined ? ({ kind: 'env', name: 'start', ty: 'time' } as const) : before(first)
  const to = before(sub.to ?? second)
  return from && to ? { from, to } : undefined
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
  const taken = (name: string): boolean => f.fields.has(name.toLowerCase()) || f.columns.some((c) => c.id === name)
  const twice = (name: string): boolean => wanted.filter((w) => w.as.toLowerCase() === name.toLowerCase()).length > 1
  const include = wanted.map((w) => ({
    id: taken(w.as) || twice(w.as) ? f.hidden('lookup') : w.as,
    from: real(w.from),
    as: w.as,
  }))
  f.push({
    kind: 'join',
    how: 'left',
    right: { from, stages: [] },
    on,
    within: null,
    include: include.map(({ id, from }) => ({ id, from })),
    missing: null,
    max: 1,
    order: [],
  })
  // What is there under the same name is replaced, by nothing where the table has no row.
  const replaced = include.filter((i) => i.id !== i.as)
  for (const i of include) if (i.id === i.as) f.fields.set(i.as.toLowerCase(), { id: i.id, ty: 'str' })
  if (replaced.length > 0) f.set(replaced.map((i) => ({ name: i.as, expr: col(i.id, 'str') })))
}

/** Has the table a row with these keys? */
export function lookupContains(f: Flow, path: string, on: readonly Pair[], at: Name['span']): Pred {
  const known = f.low.known.lookups?.[path]
  const pairs = on.map((o) => oriented(f, path, known?.columns, o))
  f.low.needs.push({ kind: 'lookup', file: path, columns: pairs.map((p) => p.column.name), at })
  if (!known) f.low.say(codes.sumoLookupMissing, at, { path })
  const real = (name: string): string => known?.columns.find((c) => c.toLowerCase() === name.toLowerCase()) ?? name
  const table = tableFlow(f.low, at, path, [...new Set(pairs.map((p) => real(p.column.name)))])
  table.push({ kind: 'set', columns: [{ id: FOUND, expr: text('1') }] })
  const folded = (e: Expr): Expr => call('str.lower', 'str', [toStr(e)])
  const id = f.hidden('found')
  f.push({
    kind: 'join',
    how: 'left',
    right: table.relation(false),
    on: pairs.map((p) => ({ left: folded(f.read(p.event).expr), right: folded(col(real(p.column.name), 'str')) })),
    include: [{ id, from: FOUND }],
    max: 1,
    ...EDGE,
  })
  return present(col(id, 'str'))
}

interface Pair {
  readonly event: Name
  readonly column: Name
}

/** `path://` tables take `on field = column`, the vendor's own ones `on column = field`; older files are written both ways. */
function oriented(f: Flow, path: string, columns: readonly string[] | undefined, on: Pair): Pair {
  const swapped: Pair = { event: on.column, column: on.event }
  if (/^path:/i.test(path)) return on
  const isField = (n: Name): boolean => f.fields.has(n.name.toLowerCase())
  if (/^(geo|asn|sumo):/i.test(path)) return isField(on.event) && !isField(on.column) ? on : swapped
  if (isField(on.event) !== isField(on.column)) return isField(on.event) ? on : swapped
  const isColumn = (n: Name): boolean => columns?.some((c) => c.toLowerCase() === n.name.toLowerCase()) ?? false
  if (isColumn(on.event) !== isColumn(on.column)) return isColumn(on.event) ? swapped : on
  return on
}
