// Lookup tables: their columns joined to the rows, their keys in a condition, their rows as a search.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, present, text, TRUE } from '../../../plan/build.ts'
import type { Expr, Pred, SourceNode } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name } from '../2-parse/ast.ts'
import { Flow, SEQ } from './flow.ts'

export interface Lookup {
  readonly columns: readonly { readonly from: Name; readonly as: Name }[] | '*'
  readonly path: string
  readonly on: readonly Pair[]
}

/** Adds columns of a table. Of several rows with one key the last of the file counts. */
export function lookup(f: Flow, s: Lookup, at: Span): void {
  const tableColumns = f.lowering.context.lookups?.[s.path]?.columns
  const wanted =
    s.columns === '*'
      ? (tableColumns ?? []).map((c) => ({ from: c, as: c }))
      : s.columns.map((c) => ({ from: c.from.name, as: c.as.name }))
  const pairs = s.on.map((o) => orientPair(f, s.path, tableColumns, o))
  const columns = [...new Set([...wanted.map((w) => w.from), ...pairs.map((o) => o.column.name)])]
  f.lowering.needs.push({ kind: 'lookup', name: s.path, at })
  if (!tableColumns) f.lowering.report(codes.sumoLookupMissing, at, { path: s.path })
  const real = (name: string): string => spellingIn(tableColumns, name)
  const from: SourceNode = {
    kind: 'source',
    name: `lookup:${s.path}`,
    columns: [
      ...[...new Set(columns.map(real))].map((name) => ({
        id: name,
        ty: 'str' as const,
        from: { kind: 'field' as const, name },
      })),
      { id: SEQ, ty: 'int', from: { kind: 'meta', name: 'seq' } },
    ],
    rest: false,
    interval: 'all',
    where: TRUE,
  }
  const on = pairs.map((o) => ({
    left: keyOf(s.path, f.read(o.event).expr),
    right: keyOf(s.path, col(real(o.column.name), 'str')),
  }))
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
    order: [{ expr: col(SEQ, 'int'), dir: 'desc', nulls: 'last' }],
  })
  // A field of the same name is overwritten, with a missing value where the table has no row.
  const replaced = include.filter((i) => i.id !== i.as)
  for (const i of include) if (i.id === i.as) f.fields.set(i.as.toLowerCase(), { id: i.id, ty: 'str' })
  if (replaced.length > 0) f.set(replaced.map((i) => ({ name: i.as, expr: col(i.id, 'str') })))
}

const FOUND = '$:found'

/** True if the table has a row with these keys. */
export function lookupContains(f: Flow, path: string, on: readonly Pair[], at: Span): Pred {
  const tableColumns = f.lowering.context.lookups?.[path]?.columns
  const pairs = on.map((o) => orientPair(f, path, tableColumns, o))
  f.lowering.needs.push({ kind: 'lookup', name: path, at })
  if (!tableColumns) f.lowering.report(codes.sumoLookupMissing, at, { path })
  const real = (name: string): string => spellingIn(tableColumns, name)
  const table = tableFlow(f, at, path, [...new Set(pairs.map((p) => real(p.column.name)))])
  table.push({ kind: 'set', columns: [{ id: FOUND, expr: text('1') }] })
  const id = f.hidden('found')
  f.push({
    kind: 'join',
    how: 'left',
    right: table.relation(false),
    on: pairs.map((p) => ({
      left: keyOf(path, f.read(p.event).expr),
      right: keyOf(path, col(real(p.column.name), 'str')),
    })),
    include: [{ id, from: FOUND }],
    max: 1,
    within: null,
    missing: null,
    order: [],
  })
  return present(col(id, 'str'))
}

/** Names of columns have no case: the table's spelling of one. */
const spellingIn = (columns: readonly string[] | undefined, name: string): string =>
  columns?.find((c) => c.toLowerCase() === name.toLowerCase()) ?? name

/** Keys are compared without case in the tables of the library. The page of the older tables says that theirs have a case. */
const keyOf = (path: string, e: Expr): Expr => (/^path:/i.test(path) ? call('str.lower', 'str', [toStr(e)]) : toStr(e))

export interface Pair {
  readonly event: Name
  readonly column: Name
}

/** `path://` tables take `on field = column`, the vendor's own ones `on column = field`; older files are written both ways. */
function orientPair(f: Flow, path: string, columns: readonly string[] | undefined, on: Pair): Pair {
  const swapped: Pair = { event: on.column, column: on.event }
  if (/^path:/i.test(path)) return on
  const isField = (n: Name): boolean => f.fields.has(n.name.toLowerCase())
  if (/^(geo|asn|sumo):/i.test(path)) return isField(on.event) && !isField(on.column) ? on : swapped
  if (isField(on.event) !== isField(on.column)) return isField(on.event) ? on : swapped
  const isColumn = (n: Name): boolean => columns?.some((c) => c.toLowerCase() === n.name.toLowerCase()) ?? false
  if (isColumn(on.event) !== isColumn(on.column)) return isColumn(on.event) ? swapped : on
  return on
}

/** A flow over the rows of a lookup table. */
export function tableFlow(of: Flow, at: Span, path: string, columns: readonly string[]): Flow {
  const f = new Flow(of.lowering, of.parts, at)
  f.table(columns.map((id) => ({ id, ty: 'str' })))
  f.columns = columns.map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } }))
  f.from({
    kind: 'source',
    name: `lookup:${path}`,
    columns: f.columns,
    rest: false,
    interval: 'all',
    where: TRUE,
  })
  return f
}
