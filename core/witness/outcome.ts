// One run of a plan over generated telemetry, with the rows that each step let through.
import { evaluate, type Result } from '../eval/evaluate.ts'
import type { Env, Plan, Row } from '../plan/plan.ts'
import { rowsOf, type Reading, type Telemetry } from './telemetry.ts'

export interface Outcome {
  readonly result: Result<Row>
  /** By path of the step: rows in and out. */
  readonly counts: ReadonlyMap<string, { readonly in: number; readonly out: number }>
}

export function outcomeOf(plan: Plan, telemetry: Telemetry, env: Env, reading: Reading = {}): Outcome {
  const counts = new Map<string, { in: number; out: number }>()
  const result = evaluate(plan, rowsOf(telemetry, env, reading), env, {
    stage: (path, _, rowsIn, rowsOut) => counts.set(path, { in: rowsIn, out: rowsOut }),
  })
  return { result, counts }
}
