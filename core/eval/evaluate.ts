// The meaning of a plan: every stage over rows in memory, simple and total. SQL must equal it.
import { type Column, type Env, type Plan, REST, type Row, type SourceNode, type Value } from '../plan/plan.ts'
import { schemaOf } from '../plan/schema.ts'
import { totalOrder } from '../plan/total-order.ts'
import { newContext, pipe } from './relation.ts'
import type { Context, Hooks, Tally, Tuple } from './sink.ts'

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
  return runsOf(plan, env)(tables, hooks)
}

type Run = (tables: (source: SourceNode) => Iterable<Tuple>, hooks?: Hooks) => Result<Tuple>

/** Compiles a plan for many runs. Relations that a stage reads as a whole are compiled again for each run. */
export function runsOf(plan: Plan, env: Env): Run {
  const whole = totalOrder(plan)
  const schema = schemaOf(whole.out, whole.lets)
  const columns = [...schema.columns].map(([id, ty]): Column => ({ id, ty }))
  const ids = [...columns.map((c) => c.id), ...(schema.rest ? [REST] : [])]
  const compiled = (context: Context): ((rows: Tuple[]) => Tuple[]) => {
    const { layout, to } = pipe(whole.out, context, 'out')
    const slots = ids.map((id) => layout.get(id))
    const straight = slots.every((slot, i) => slot === i) && layout.size === ids.length
    return (rows) => {
      to({ push: (t) => rows.push(t), end: () => {} })()
      return straight ? rows : rows.map((t) => slots.map((slot) => (slot === undefined ? null : (t[slot] ?? null))))
    }
  }
  const resultOf = (context: Context, run: (rows: Tuple[]) => Tuple[]): Result<Tuple> => ({
    rows: run([]),
    columns,
    rest: schema.rest,
    tallies: context.tallies,
  })
  if (!readsOneSource(whole))
    return (tables, hooks) => {
      const context = newContext({ env, lets: whole.lets, tables, hooks })
      return resultOf(context, compiled(context))
    }
  let given: Parameters<Run> = [() => []]
  const shared: Context = {
    ...newContext({ env, lets: [], tables: (source) => given[0](source), hooks: undefined }),
    get hooks() {
      return given[1]
    },
    tallies: [],
  }
  const run = compiled(shared)
  return (...inputs) => {
    given = inputs
    shared.tallies.length = 0
    const { tallies, ...result } = resultOf(shared, run)
    return { ...result, tallies: [...tallies] }
  }
}

const readsOneSource = ({ out }: Plan): boolean =>
  out.from.kind === 'source' && out.stages.every((s) => s.kind !== 'join' && s.kind !== 'union')

export function* tuplesOf(source: SourceNode, rows: Iterable<Row>): Iterable<Tuple> {
  const ids = [...source.columns.map((c) => c.id), ...(source.rest ? [REST] : [])]
  for (const row of rows) {
    const tuple: Value[] = []
    for (const id of ids) tuple.push(Object.hasOwn(row, id) ? (row[id] ?? null) : null)
    yield tuple
  }
}
