// Joins of events with a sub-query, an ad-hoc table or a lookup file.
import { call, col, lit, present } from '../../../../plan/build.ts'
import { missingParameter, notRunHere, wrongKind } from '../../../../diag/catalogue/cql-lower.ts'
import type { Expr, Join, OrderKey, Pred, Relation, Ty } from '../../../../plan/plan.ts'
import type { Span } from '../../../../text/source.ts'
import type { CallContext } from '../builtin.ts'
import { type Flow, SEQ } from '../flow.ts'
import { RelationBuilder, SourceColumns } from '../relation-builder.ts'
import { byTime, lowerText } from '../ordering.ts'
import { toStr } from '../../../shared/convert.ts'
import { orElse } from '../values.ts'

export interface RightSide {
  readonly rel: Relation
  /** Column of the right relation that holds a field. */
  readonly column: (name: string) => { readonly id: string; readonly ty: Ty }
  readonly order: readonly OrderKey[]
}

interface JoinOptions {
  readonly how: 'anti' | 'inner' | 'left' | 'semi'
  readonly on: readonly { readonly left: Expr; readonly right: string }[]
  readonly include: readonly string[]
  readonly missing: '' | null
  readonly max: number | null
  readonly ignoreCase?: boolean
  /** A test of a left value and a right column, in place of equality. */
  readonly within?: Within
  readonly order?: readonly OrderKey[]
}
interface Within {
  readonly prim: string
  readonly left: Expr
  readonly right: string
}

interface LookupResult {
  /** True if the table has a row for the event. */
  readonly found: Pred
  readonly value: (name: string) => Expr
}

/** The first row of a table for each event. No event is dropped, so it works in branches and under `or`. */
export function lookUp(
  flow: Flow,
  right: RightSide,
  j: Pick<JoinOptions, 'ignoreCase' | 'include' | 'on' | 'order' | 'within'>,
): LookupResult {
  const cased = (e: Expr): Expr => (j.ignoreCase ? lowerText(e) : toStr(e))
  const key = right.column(j.within?.right ?? (j.on[0]?.right as string))
  const flag = flow.hidden('matched')
  const include = j.include.map((name) => ({ name, id: flow.hidden('join'), from: right.column(name) }))
  flow.push({
    kind: 'join',
    how: 'left',
    right: right.rel,
    on: onOf(right, j.on, cased),
    include: [{ id: flag, from: key.id }, ...include.map((i) => ({ id: i.id, from: i.from.id }))],
    missing: null,
    max: 1,
    order: j.order ?? right.order,
    within: withinOf(right, j.within, cased),
  })
  return {
    found: present(col(flag, key.ty)),
    value: (name) => {
      const i = include.find((x) => x.name === name)
      return i ? col(i.id, i.from.ty) : lit(null, 'str')
    },
  }
}

const onOf = (right: RightSide, on: JoinOptions['on'], cased: (e: Expr) => Expr): Join['on'] =>
  on.map((o) => {
    const c = right.column(o.right)
    return { left: cased(o.left), right: cased(col(c.id, c.ty)) }
  })
function withinOf(right: RightSide, within: Within | undefined, cased: (e: Expr) => Expr): Join['within'] {
  if (!within) return null
  const c = right.column(within.right)
  return { prim: within.prim, left: cased(within.left), right: cased(col(c.id, c.ty)) }
}

/** Columns of the right side get hidden names first, because the event may have fields of the same names. */
export function joinTable(flow: Flow, right: () => RightSide, j: JoinOptions): void {
  const r = right()
  const cased = (e: Expr): Expr => (j.ignoreCase ? lowerText(e) : toStr(e))
  const on = onOf(r, j.on, cased)
  const include = j.include.map((name) => ({ name, id: flow.hidden('join'), from: r.column(name) }))
  const how: Join['how'] = include.length === 0 && j.how === 'inner' && j.max === 1 ? 'semi' : j.how
  flow.push({
    kind: 'join',
    how,
    right: r.rel,
    on,
    include: how === 'semi' || how === 'anti' ? [] : include.map((i) => ({ id: i.id, from: i.from.id })),
    missing: j.missing,
    max: j.max,
    order: j.order ?? r.order,
    within: withinOf(r, j.within, cased),
  })
  if (how === 'semi' || how === 'anti') return
  for (const i of include) if (i.from.ty === 'str' && j.missing === '') flow.rel.neverAbsent.add(i.id)
  const keepLeft = flow.lowering.choice('join-collision') === 'left'
  flow.assignAll(
    include.map((i) => {
      const value = col(i.id, i.from.ty)
      return {
        name: i.name,
        expr: keepLeft
          ? orElse(
              flow.lowering.asFallback(i.name, () => flow.read(i.name)),
              value,
            )
          : value,
      }
    }),
    keepLeft,
  )
}

/** A flow as the right side. Its relation is finished after all columns have been read. */
export function rightOf(sub: Flow, names: readonly string[]): RightSide {
  const columns = new Map(names.map((name) => [name, realColumn(sub, name)]))
  const order = sub.aggregated ? [] : byTime(sub, sub.lowering.choice('join-which') === 'newest' ? 'desc' : 'asc')
  return { rel: sub.rel.finish(), column: (name) => columns.get(name) as { id: string; ty: Ty }, order }
}
function realColumn(sub: Flow, name: string): { id: string; ty: Ty } {
  const e = sub.read(name)
  if (e.kind === 'col') return { id: e.id, ty: e.ty }
  const id = sub.hidden('right')
  sub.push({ kind: 'set', columns: [{ id, expr: e }] })
  return { id, ty: e.ty }
}

interface Table {
  /** False: the columns are those that the text names. */
  readonly known: boolean
  readonly columns: readonly string[]
  readonly right: () => RightSide
}

/** A lookup file or ad-hoc table as right side, with the names of its columns. */
export function tableOf(c: CallContext, fn: string, wanted: readonly string[]): Table | undefined {
  const { flow, args } = c
  if (!args.has('table') && !args.has('file')) {
    flow.lowering.report(missingParameter, args.call.nameSpan, { fn, name: 'file' })
    return undefined
  }
  const name = args.has('table') ? args.text('table') : (args.texts('file')[0] ?? '')
  if (args.texts('file').length > 1) {
    flow.lowering.report(notRunHere, args.span('file'), { name: fn, what: 'several files at once' })
    return undefined
  }
  if (args.has('table') && !flow.lowering.tables.has(name)) {
    flow.lowering.report(wrongKind, args.span('table'), {
      fn,
      name: 'table',
      takes: 'the name of a table from an earlier defineTable()',
    })
    return undefined
  }
  return namedTable(flow, name, wanted, args.has('file') ? args.span('file') : args.call.nameSpan)
}

/** A table by its name: an ad-hoc one, else a lookup file, which is a need until its columns are known. */
export function namedTable(flow: Flow, name: string, wanted: readonly string[], at: Span): Table {
  const table = flow.lowering.tables.get(name)
  if (table) {
    const rel: Relation = { from: { kind: 'let', name: table.letName }, stages: [] }
    const column = (n: string): { id: string; ty: Ty } => ({ id: n, ty: table.types.get(n) ?? 'str' })
    return { known: true, columns: table.columns, right: () => ({ rel, column, order: [] }) }
  }
  const lookup = flow.lowering.context.lookups?.[name]
  if (!lookup) flow.lowering.need({ kind: 'lookup', name, at })
  const columns = lookup?.columns ?? wanted
  const right = (): RightSide => {
    const source = new SourceColumns(`lookup:${name}`, false, () => {}, 'all')
    const rel = new RelationBuilder(source)
    for (const n of columns) source.column(n, 'str', { kind: 'field', name: n })
    const seq = source.column(SEQ, 'int', { kind: 'meta', name: 'seq' })
    // In exact mode the last row of the file that matches wins.
    return {
      rel: rel.finish(),
      column: (n) => ({ id: n, ty: 'str' }),
      order: [{ expr: seq, dir: 'desc', nulls: 'last' }],
    }
  }
  return { known: lookup !== undefined, columns, right }
}

/** The longest prefix first. For a file, the semantic `cidr-tie` decides between equal prefixes. */
export function mostSpecific(flow: Flow, right: RightSide, column: string): OrderKey[] {
  const c = right.column(column)
  const prefix = call('ip.prefixOf', 'int', [toStr(col(c.id, c.ty))])
  const dir = flow.lowering.choice('cidr-tie') === 'last' ? 'desc' : 'asc'
  return [{ expr: prefix, dir: 'desc', nulls: 'last' }, ...right.order.map((k) => ({ ...k, dir }) as const)]
}
