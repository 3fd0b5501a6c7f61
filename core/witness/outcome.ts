// Runs of a plan over generated telemetry, with the rows that each step let through.
import { type Result, runsOf } from '../eval/evaluate.ts'
import type { Tuple } from '../eval/sink.ts'
import { type Env, type Plan, REST, type Row } from '../plan/plan.ts'
import { type Reading, type Telemetry, tuplesOf } from './telemetry.ts'

export interface Outcome {
  readonly result: Result<Row>
  /** By path of the step: rows in and out. */
  readonly counts: ReadonlyMap<string, { readonly in: number; readonly out: number }>
}

export function outcomeOf(plan: Plan, telemetry: Telemetry, env: Env, reading: Reading = NO_NAMES): Outcome {
  const counts = new Map<string, { in: number; out: number }>()
  const { rows, ...rest } = prepared(
    plan,
    env,
    reading,
  )(telemetry, (path, rowsIn, rowsOut) => counts.set(path, { in: rowsIn, out: rowsOut }))
  const ids = [...rest.columns.map((c) => c.id), ...(rest.rest ? [REST] : [])]
  const named = rows.map((t) => Object.fromEntries(ids.map((id, i) => [id, t[i] ?? null])))
  return { result: { ...rest, rows: named }, counts }
}

/** The number of findings. */
export const findingsOf = (plan: Plan, telemetry: Telemetry, env: Env, reading: Reading = NO_NAMES): number =>
  prepared(plan, env, reading)(telemetry).rows.length

type Run = (telemetry: Telemetry, count?: (path: string, rowsIn: number, rowsOut: number) => void) => Result<Tuple>
interface Prepared {
  readonly env: Env
  readonly reading: Reading
  readonly run: Run
}
const NO_NAMES: Reading = {}
/** A cache: a plan is run over hundreds of telemetries. */
const known = new WeakMap<Plan, Prepared>()

function prepared(plan: Plan, env: Env, reading: Reading): Run {
  const found = known.get(plan)
  if (found && found.env === env && found.reading === reading) return found.run
  const runs = runsOf(plan, env)
  const tuples = tuplesOf(env, reading)
  const run: Run = (telemetry, count) =>
    runs(tuples(telemetry), count && { stage: (path, _, rowsIn, rowsOut) => count(path, rowsIn, rowsOut) })
  known.set(plan, { env, reading, run })
  return run
}
