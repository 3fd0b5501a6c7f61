// Limits that only very many rows reach. A survivor at such a limit is no fault of the tests.
import type { Plan, Relation, Stage } from '../../plan/plan.ts'
import { mapRelations } from '../../plan/walk.ts'

/** A test with more rows is too long to read. */
const MOST_ROWS = 10_000

export interface Unlimited {
  /** The plan without the limits above `MOST_ROWS` rows or groups. */
  readonly plan: Plan
  /** The smallest of the removed limits. Undefined: the plan had none. */
  readonly least: number | undefined
}

/**
 * If two plans are equal without these limits, they return equal rows for telemetry with fewer rows than the smallest limit of both. A
 * step with a limit above its number of rows keeps all of them.
 */
export function withoutLargeLimits(plan: Plan): Unlimited {
  const limits: number[] = []
  const stage = (s: Stage): readonly Stage[] => {
    if (s.kind === 'aggregate' && s.limit !== null && s.limit > MOST_ROWS) {
      limits.push(s.limit)
      return [{ ...s, limit: null }]
    }
    if (s.kind === 'take' && s.count > MOST_ROWS) {
      limits.push(s.count)
      return s.by.length > 0 ? [{ kind: 'order', by: s.by, ...(s.at && { at: s.at }) }] : []
    }
    return [s]
  }
  const without = mapRelations(plan, (r: Relation) => ({ ...r, stages: r.stages.flatMap(stage) }))
  return { plan: without, least: limits.length > 0 ? Math.min(...limits) : undefined }
}
