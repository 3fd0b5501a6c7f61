// The rows read in several ways, each a table, and the tables joined by equal fields.
import { sumoNotRun, sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { col, lit, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name, Place, Stage } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import type { Field, Flow } from '../3-lower/flow.ts'

interface Join {
  readonly tables: readonly { readonly stages: readonly Stage[]; readonly name: Name }[]
  readonly on: readonly { readonly left: Name; readonly right: Name }[]
  readonly timeWindow: boolean
}

function parseJoin(c: Cursor): Join | undefined {
  const tables: { stages: readonly Stage[]; name: Name }[] = []
  while (c.eat('(')) {
    c.depth++
    // A scope before the first bar: the vendor does not read it.
    if (c.isPunct('*') || c.peek().kind === 'string') {
      while (!c.stageOver) c.next()
      c.eat('|')
    }
    const stages = c.nested(() => c.grammar.stages(c, true)) ?? []
    c.depth--
    if (!c.expect(')')) return undefined
    c.expectWord('as')
    const n = name(c)
    if (!n) return undefined
    tables.push({ stages, name: n })
    if (!c.eat(',')) break
  }
  c.expectWord('on')
  const on: { left: Name; right: Name }[] = []
  while (!c.stageOver) {
    const left = name(c)
    if (!left || !(c.eat('=') || c.eat('=='))) break
    const right = name(c)
    if (!right) break
    on.push({ left, right })
    if (!c.eatWord('and') && !c.eat(',')) break
  }
  const timeWindow = c.eatWord('timewindow') !== undefined
  if (timeWindow) c.next()
  return { tables, on, timeWindow }
}

interface Table {
  readonly name: string
  readonly flow: Flow
  /** Name of a field without the table's name, in lower case → column of the joined rows. */
  readonly fields: Map<string, Field>
  /** Hidden columns with the order of its rows; none for a table without an order. */
  readonly order: Expr[]
}

function lowerJoin(f: Flow, s: Join, { head }: Place): void {
  if (s.tables.length < 2)
    f.lowering.report(sumoRuledOut, head, {
      what: 'join needs two tables or more',
      remedy: 'add the steps of the other table in brackets, with a name: `join (…) as t1, (…) as t2 on t1.a = t2.b`',
    })
  if (s.timeWindow) f.lowering.choice('join-timewindow')
  f.split()
  const later = namesIn(f.ahead)
  const { at } = f
  const tables = s.tables.map((t): Table => {
    const flow = f.fork()
    flow.slice = f.slice
    f.parts.stages(flow, t.stages)
    return { name: t.name.name, flow, fields: new Map(), order: [] }
  })
  f.at = at
  const pairs = s.on.flatMap((o) => {
    const left = locate(f, tables, o.left)
    const right = locate(f, tables, o.right)
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
    joinTable(first, tables, t, on)
  })
  for (const p of pairs.filter((x) => x.left.table === x.right.table)) {
    const [a, b] = [p.left, p.right].map((x) => keyColumn(tables, x))
    first.flow.filter(test('str.eq', [a as Expr, b as Expr]))
  }
  f.become(first.flow)
  const ahead = f.ahead
  f.table(tables.flatMap((t) => [...t.fields.values()]))
  f.ahead = ahead
  if (tables.every((t) => t.order.length > 0)) {
    f.order = tables.flatMap((t) => t.order.map((expr) => ({ expr, dir: 'asc' as const, nulls: 'last' as const })))
    f.push({ kind: 'order', by: f.order })
    f.ordered = true
  }
}

interface Located {
  readonly table: number
  readonly field: string
  readonly span: Name['span']
}

/** `t1.a` */
function locate(f: Flow, tables: readonly Table[], n: Name): Located | undefined {
  const table = tables.findIndex((t) => n.name.toLowerCase().startsWith(`${t.name.toLowerCase()}.`))
  const owner = tables[table]
  if (owner) return { table, field: n.name.slice(owner.name.length + 1), span: n.span }
  f.lowering.report(sumoNotRun, n.span, {
    name: `join on ${n.name}`,
    reason: `a field of a table is written ${tables[0]?.name ?? 't'}.field`,
  })
  return undefined
}

/** Gives columns their joined names: the fields of the table, of the condition, and those that later stages read. */
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
  const columns = [...wanted].map(([folded, name]) => {
    const { expr } = flow.read({ name, quoted: false, span: keys[0]?.span ?? flow.at })
    return { folded, id: `${t.name}_${name}`, expr }
  })
  // Rows of a join are in the order of the messages of the first table, then of the second, oldest first, as on the page.
  if (flow.messages && !flow.order)
    t.order.push(flow.setHidden('joined', flow.time), flow.setHidden('joined', flow.seq))
  flow.push({ kind: 'set', columns: columns.map(({ id, expr }) => ({ id, expr })) })
  const kept = [...columns.map((m) => m.id), ...t.order.flatMap((e) => (e.kind === 'col' ? [e.id] : []))]
  flow.push({ kind: 'project', columns: kept, rest: false })
  for (const m of columns) t.fields.set(m.folded, { id: m.id, ty: m.expr.ty })
}

function keyColumn(tables: readonly Table[], at: Located): Expr {
  const field = tables[at.table]?.fields.get(at.field.toLowerCase())
  return field ? toStr(col(field.id, field.ty)) : lit(null, 'str')
}

function joinTable(
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
    include: [
      ...[...t.fields.values()].map((x) => ({ id: x.id, from: x.id })),
      ...t.order.flatMap((e) => (e.kind === 'col' ? [{ id: e.id, from: e.id }] : [])),
    ],
    missing: null,
    max: null,
    order: [],
  })
}

/** All names in the stages, in lower case. */
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

export const join = operator<Join>({
  name: 'join',
  kind: 'join',
  doc: 'Reads the rows in several ways, each a table, and joins the tables by equal fields. Fields are then named table_field.',
  params: [
    param('tables', 'pipeline', 'Steps in parentheses `as` a name, with commas.'),
    param('on', 'fields', 'table.field = table.field, several with `and`.'),
  ],
  examples: [
    search(
      'join (parse "starting stream from *" as a) as t1, (parse "starting search * from parent stream *" as b, c) as t2 on t1.a = t2.c | fields t1_a, t2_b | sort by t2_b asc',
      raw(
        'starting stream from stream-2454',
        'starting search search-733434 from parent stream stream-2454',
        'starting stream from stream-7343',
        'starting search search-854343 from parent stream stream-7343',
        'starting search search-32342 from parent stream stream-1',
      ),
      [
        { t1_a: 'stream-2454', t2_b: 'search-733434' },
        { t1_a: 'stream-7343', t2_b: 'search-854343' },
      ],
    ),
  ],
  notes: ['A scope inside the parentheses is not read, as the vendor says. The vendor takes 25,000 rows a table.'],
  parse: parseJoin,
  lower: lowerJoin,
})
