// The way of events through a plan: the first step that lets nothing on, with the values that did it.
import { compilePred, rowScope } from '../eval/compile.ts'
import { evaluate } from '../eval/evaluate.ts'
import { conjuncts } from '../plan/build.ts'
import type { Env, Plan, Pred, Relation, Row, Stage, Value } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { chainsOf } from './chain.ts'
import { outcomeOf } from './outcome.ts'
import { type Reading, rowsOf, type Telemetry } from './telemetry.ts'

/** A predicate that was false, and the values that it read. */
export interface FailedPredicate {
  readonly pred: Pred
  readonly values: Readonly<Record<string, Value>>
}

export type Trace =
  | { readonly kind: 'found'; readonly rows: number }
  | {
      readonly kind: 'out'
      /** As the evaluator's hooks name it. */
      readonly path: string
      readonly stage: Stage | null
      readonly because: readonly FailedPredicate[]
    }

/** Follows telemetry through the plan as lowered, whose stages have their places in the text. */
export function trace(plan: Plan, telemetry: Telemetry, env: Env, reading: Reading = {}): Trace {
  const { result, counts } = outcomeOf(plan, telemetry, env, reading)
  if (result.rows.length > 0) return { kind: 'found', rows: result.rows.length }
  const step = chainsOf(plan)[0]?.steps.find(({ path }) => counts.get(path)?.out === 0)
  if (!step) return { kind: 'out', path: 'out', stage: null, because: [] }
  const { stage, path } = step
  if (stage.kind !== 'filter') return { kind: 'out', path, stage, because: [] }
  const reached = evaluate(planBefore(plan, path), rowsOf(telemetry, env, reading), env).rows
  return { kind: 'out', path, stage, because: failures(stage.where, reached, env) }
}

/** The plan whose rows are those that reach the step of the way at `path`. */
function planBefore(plan: Plan, path: string): Plan {
  const dot = path.lastIndexOf('.')
  const [root, at] = [path.slice(0, dot), Number(path.slice(dot + 1))]
  const relation: Relation = plan.lets.find((l) => root === `let:${l.name}`)?.rel ?? plan.out
  return { lets: plan.lets, out: { from: relation.from, stages: relation.stages.slice(0, at) } }
}

function failures(where: Pred, rows: readonly Row[], env: Env): FailedPredicate[] {
  return conjuncts(where).flatMap((pred) => {
    const holds = compilePred(pred, rowScope, env)
    const row = rows.find((r) => !holds(r))
    if (!row) return []
    return [{ pred, values: Object.fromEntries([...columnsOfPred(pred)].map((id) => [id, row[id] ?? null])) }]
  })
}
