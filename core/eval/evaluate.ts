// The meaning of a plan: every stage over rows in memory, simple and total. SQL must equal it.
import { type Column, type Env, type Plan, REST, type Row, type SourceNode, type Value } from '../plan/plan.ts'
import { schemaOf } from '../plan/schema.ts'
import { totalOrder } from '../plan/total-order.ts'
import { newContext, pipe } from './relation.ts'
import type { Hooks, Tally, Tuple } from './sink.ts'

export type { Hooks, Tally, Tuple } from './sink.ts'

export interface Result<R> {
  readonly rows: R[]
  readonly columns: Column[]
  /** Rows carry REST after the columns. */
  readonly rest: boolean
  readonly tallies: Tally[]
}

/**
 * Evaluates a plan over tables with the rows of each source as records (column id → value; missing: absent). It applies the source's
 * `where`, also if a table has applied it already. It throws only if the plan names a primitive or let that does not exist. Rows of the
 * result have every column of the schema, with null for absent.
 */
export function evaluate(
  plan: Plan,
  tables: (source: SourceNode) => Iterable<Row>,
  env: Env,
  hooks?: Hooks,
): Result<Row> {
  const result = evaluateTuples(plan, (source) => tuplesOf(source, tables(source)), env, hooks)
  const ids = [...result.columns.map((c) => c.id), ...(result.rest ? [REST] : [])]
  return { ...result, rows: result.rows.map((t) => Object.fromEntries(ids.map((id, i) => [id, t[i] ?? null]))) }
}

/** The same over rows that are arrays: a source's columns in order, then REST if it has one. The rows of the result are arrays too. */
export function evaluateTuples(
  plan: Plan,
  tables: (source: SourceNode) => Iterable<Tuple>,
  env: Env,
  hooks?: Hooks,
): Result<Tuple> {
  const whole = totalOrder(plan)
  const context = newContext({ env, lets: whole.lets, tables, hooks })
  const schema = schemaOf(whole.out, whole.lets)
  const columns = [...schema.columns].map(([id, ty]): Column => ({ id, ty }))
  const ids = [...columns.map((c) => c.id), ...(schema.rest ? [REST] : [])]
  const rows: Tuple[] = []
  const { layout, run } = pipe(whole.out, context, 'out', { push: (t) => rows.push(t), end: () => {} })
  run()
  const slots = ids.map((id) => layout.get(id))
  const straight = slots.every((slot, i) => slot === i) && layout.size === ids.length
  return {
    rows: straight ? rows : rows.map((t) => slots.map((slot) => (slot === undefined ? null : (t[slot] ?? null)))),
    columns,
    rest: schema.rest,
    tallies: context.tallies,
  }
}

export function* tuplesOf(source: SourceNode, rows: Iterable<Row>): Iterable<Tuple> {
  const ids = [...source.columns.map((c) => c.id), ...(source.rest ? [REST] : [])]
  for (const row of rows) {
    const tuple: Value[] = []
    for (const id of ids) tuple.push(Object.hasOwn(row, id) ? (row[id] ?? null) : null)
    yield tuple
  }
}
