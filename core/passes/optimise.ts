// The passes that every plan goes through, in their order.
import type { Plan } from '../plan/plan.ts'
import { totalOrder } from './1-total-order.ts'
import { simplify } from './2-simplify.ts'
import { prune } from './3-prune.ts'
import { pushFilters } from './4-push-filters.ts'

/** In order, by name: tests check each one alone. */
export const PASSES: readonly (readonly [name: string, pass: (plan: Plan) => Plan])[] = [
  ['total-order', totalOrder],
  ['simplify', simplify],
  ['prune', prune],
  ['push-filters', pushFilters],
]

/** The plan that executors run: the same visible output for the same events. */
export const optimise = (plan: Plan): Plan => PASSES.reduce((p, [, pass]) => pass(p), plan)

/** For counts of each step: every filter stays where the text has it. */
export const optimiseInPlace = (plan: Plan): Plan =>
  PASSES.reduce((p, [name, pass]) => (name === 'push-filters' ? p : pass(p)), plan)
