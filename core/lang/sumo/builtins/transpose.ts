// Spreads one value over columns named by the values of other fields.
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, lit, test, TRUE } from '../../../plan/build.ts'
import { type AggCall, type Expr, REST } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { pick } from '../3-lower/aggregate.ts'
import { operator, param, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { groupKey } from '../3-lower/keys.ts'
import { sortable } from '../3-lower/values.ts'

interface Transpose {
  readonly rows: readonly Name[]
  readonly columns: readonly Name[]
  readonly as: readonly (Name | '*')[]
}

function parseTranspose(c: Cursor): Transpose {
  const rows: Name[] = []
  const columns: Name[] = []
  for (let w = c.eatWord('row', 'column', 'col'); w; w = c.eatWord('row', 'column', 'col')) {
    const list = w.text.toLowerCase() === 'row' ? rows : columns
    list.push(...namesOf(c, ['row', 'column', 'col', 'as']))
  }
  const as: (Name | '*')[] = []
  if (c.eatWord('as')) {
    while (!c.stageOver) {
      if (c.eat('*')) as.push('*')
      else {
        const n = name(c)
        if (!n) break
        as.push(n)
      }
      if (!c.eat(',')) break
    }
  }
  return { rows, columns, as }
}

/** Names up to one of the words; a comma before that word is taken too. */
function namesOf(c: Cursor, stop: readonly string[]): Name[] {
  const out: Name[] = []
  while (!c.stageOver && !stop.some((w) => c.isWord(w))) {
    const n = name(c)
    if (!n) break
    out.push(n)
    if (!c.eat(',')) break
  }
  return out
}

/** Spreads the one remaining column over columns named by the values of others. Later steps can read only names after `as`. */
function lowerTranspose(f: Flow, s: Transpose, { head }: Place): void {
  const rows = s.rows.map((n) => groupKey(f, n))
  const columns = s.columns.map((n) => f.read(n).expr)
  const used = new Set([...s.rows, ...s.columns].map((n) => n.name.toLowerCase()))
  const values = [...f.fields].filter(([name]) => !used.has(name)).map(([, field]) => field)
  const [value] = values
  if (!value || f.messages) {
    f.lowering.report(sumoNotRun, head, {
      name: 'transpose of messages',
      reason: 'it needs the result of an aggregate with one value',
    })
    return
  }
  const separated = columns.flatMap((c, i) => (i === 0 ? [toStr(c)] : [lit('_', 'str'), toStr(c)]))
  const name = separated.length === 1 ? (separated[0] as Expr) : call('str.concat', 'str', separated)
  const of = col(value.id, value.ty)
  const named = s.as.flatMap((n) =>
    n === '*' || rows.some((r) => r.id.toLowerCase() === n.name.toLowerCase()) ? [] : [n],
  )
  const aggs: AggCall[] = named.map((n) => pick(n.name, of, test('str.eq', [name, lit(n.name, 'str')])))
  const open = s.as.length === 0 || s.as.includes('*')
  const others =
    named.length > 0 ? test('str.in', [name], { values: named.map((n) => n.name), ignoreCase: false }) : undefined
  if (open)
    aggs.push({
      id: REST,
      prim: 'agg.pivot',
      args: [name, toStr(of)],
      consts: {},
      where: others ? { kind: 'not', of: others } : TRUE,
      ty: 'str',
    })
  f.push({ kind: 'aggregate', keys: rows, nullKeys: 'keep', aggs, limit: null })
  f.table([
    ...rows.map((r) => ({ id: r.id, ty: r.expr.ty })),
    ...aggs.filter((a) => a.id !== REST).map((a) => ({ id: a.id, ty: a.ty })),
  ])
  f.groups = new Set(rows.map((r) => r.id))
  f.pivoted = open
  f.cells = new Set(named.map((n) => n.name))
  f.order = rows.map((r) => ({ expr: sortable(col(r.id, r.expr.ty)), dir: 'asc', nulls: 'last' }))
  if (f.order.length > 0) f.push({ kind: 'order', by: f.order })
  f.ordered = true
}

export const transpose = operator<Transpose>({
  name: 'transpose',
  doc: 'Spreads one value over columns named by the values of other fields.',
  params: [
    param('row', 'fields', 'Fields that stay rows.'),
    param('column', 'fields', 'Fields whose values become columns.'),
  ],
  examples: [
    search('count by user, n | transpose row user column n as user, %"5", %"7" | where user = "al"', users, [
      { user: 'al', '5': 1 },
    ]),
  ],
  differs: 'columns that `as` does not name hold texts',
  parse: parseTranspose,
  lower: lowerTranspose,
})
