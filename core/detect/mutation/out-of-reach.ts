// Limits that only very many rows reach. That no test notices one says nothing of the tests.
import type { Plan, Relation, Stage } from '../../plan/plan.ts'
import { mapRelations } from '../../plan/walk.ts'

/** A test of more rows than these is none that anybody reads. */
const MOST_ROWS = 10_000

export interface Unlimited {
  /** The plan without its limits of so many rows and groups. */
  readonly plan: Plan
  /** The least of the limits that are gone; undefined: there was none. */
  readonly least: number | undefined
}

/**
 * Two plans that are one without these limits give the same rows for any telemetry with fewer rows than the least limit of both: a step
 * that may keep more rows than come to it keeps them all.
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
