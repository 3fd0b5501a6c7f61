// join: the rows so far read in several ways, each a table of its own, and the tables joined by equal fields.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { col, lit, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Field, Flow } from './flow.ts'
import { lowerStages } from './stages.ts'
import { toStr } from './values.ts'
import type { Name, Stage } from '../2-parse/ast.ts'

type JoinStage = Extract<Stage, { kind: 'join' }>

interface Table {
  readonly name: string
  readonly flow: Flow
  /** Field as later stages name it, without the table's name, folded → column of the joined rows. */
  readonly fields: Map<string, Field>
}

export function joinTables(f: Flow, s: JoinStage): void {
  if (s.timeWindow) f.low.choice('join-timewindow')
  f.split()
  const later = namesIn(f.ahead)
  const { at } = f
  const tables = s.tables.map((t): Table => {
    const flow = f.fork()
    flow.slice = f.slice
    lowerStages(flow, t.stages)
    return { name: t.name.name, flow, fields: new Map() }
  })
  f.at = at
  const pairs = s.on.flatMap((o) => {
    const left = located(f, tables, o.left)
    const right = located(f, tables, o.right)
    return left && right ? [left.table <= right.table ? { left, right } : { left: right, right: left }] : []
  })
  tables.forEach((t, i) => {
    const keys = pairs.flatMap((p) => [p.left, p.right]).filter((p) => p.table === i)
    columnsOf(t, later, keys)
  })
  const [first, ...others] = tables
  if (!first) return
  others.forEach((t, i) => {
    const on = pairs.filter((p) => p.right.table === i + 1 && p.left.table <= i)
    joined(first, tables, t, on)
  })
  for (const p of pairs.filter((x) => x.left.table === x.right.table)) {
    const [a, b] = [p.left, p.right].map((x) => keyColumn(tables, x))
    first.flow.filter(test('str.eq', [a as Expr, b as Expr]))
  }
  f.become(first.flow)
  const ahead = f.ahead
  f.table(tables.flatMap((t) => [...t.fields.values()]))
  f.ahead = ahead
}

interface Located {
  readonly table: number
  readonly field: string
  readonly span: Name['span']
}

/** `t1.a` */
function located(f: Flow, tables: readonly Table[], n: Name): Located | undefined {
  const table = tables.findIndex((t) => n.name.toLowerCase().startsWith(`${t.name.toLowerCase()}.`))
  const known = tables[table]
  if (known) return { table, field: n.name.slice(known.name.length + 1), span: n.span }
  f.low.say(codes.sumoNotRun, n.span, {
    name: `join on ${n.name}`,
    reason: `a field of a table is written ${tables[0]?.name ?? 't'}.field`,
  })
  return undefined
}

/** Gives the columns of a table their joined names: those it made, those of the condition, and those that are read later. */
function columnsOf(t: Table, later: ReadonlySet<string>, keys: readonly Located[]): void {
  const { flow } = t
  const prefix = `${t.name.toLowerCase()}_`
  const wanted = new Map<string, string>()
  for (const field of [...flow.fields.values()]) wanted.set(field.id.toLowerCase(), field.id)
  if (flow.messages)
    for (const n of later)
      if (n.startsWith(prefix) && n.length > prefix.length && !wanted.has(n.slice(prefix.length)))
        wanted.set(n.slice(prefix.length), n.slice(prefix.length))
  for (const k of keys) if (!wanted.has(k.field.toLowerCase())) wanted.set(k.field.toLowerCase(), k.field)
  const made = [...wanted].map(([folded, name]) => {
    const { expr } = flow.read({ name, quoted: false, span: keys[0]?.span ?? flow.at })
    return { folded, id: `${t.name}_${name}`, expr }
  })
  flow.push({ kind: 'set', columns: made.map(({ id, expr }) => ({ id, expr })) })
  flow.push({ kind: 'project', columns: made.map((m) => m.id), rest: false })
  for (const m of made) t.fields.set(m.folded, { id: m.id, ty: m.expr.ty })
}

function keyColumn(tables: readonly Table[], at: Located): Expr {
  const field = tables[at.table]?.fields.get(at.field.toLowerCase())
  return field ? toStr(col(field.id, field.ty)) : lit(null, 'str')
}

function joined(
  first: Table,
  tables: readonly Table[],
  t: Table,
  on: readonly { readonly left: Located; readonly right: Located }[],
): void {
  const one = lit('1', 'str')
  first.flow.push({
    kind: 'join',
    how: 'inner',
    right: t.flow.relation(false),
    on:
      on.length > 0
        ? on.map((p) => ({ left: keyColumn(tables, p.left), right: keyColumn(tables, p.right) }))
        : [{ left: one, right: one }],
    within: null,
    include: [...t.fields.values()].map((x) => ({ id: x.id, from: x.id })),
    missing: null,
    max: null,
    order: [],
  })
}

/** Every name that stages mention, folded. */
function namesIn(stages: readonly Stage[]): ReadonlySet<string> {
  const out = new Set<string>()
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const n of node) walk(n)
    else if (typeof node === 'object' && node !== null) {
      const { name, quoted } = node as { name?: unknown; quoted?: unknown }
      if (typeof name === 'string' && typeof quoted === 'boolean') out.add(name.toLowerCase())
      for (const v of Object.values(node)) walk(v)
    }
  }
  walk(stages)
  return out
}
