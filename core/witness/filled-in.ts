// An event with a value for everything that the query computes.
import type { Assignment } from './assignment.ts'
import { computedValues, type Goal } from './chain.ts'
import { solve, type Work } from './solve.ts'
import type { Template } from './template.ts'

const MOST_FILLED = 24

/** The event with these values, where its goals allow them. */
export function filledIn(
  template: Template,
  start: Assignment,
  goals: readonly Goal[],
  seed: number,
  isFrozen: ((variable: string) => boolean) | undefined,
): Assignment {
  let assigned = start
  const work: Work = { left: 600 }
  for (const goal of computedValues(template.chain).slice(0, MOST_FILLED)) {
    if (work.left <= 0 || template.holds(goal, template.rows(assigned))) continue
    const how = { start: assigned, seed, attempts: 1, trials: 80, work, ...(isFrozen && { isFrozen }) }
    const solved = solve(template, [...goals, goal], how)
    if (solved.ok) assigned = solved.assigned
  }
  return assigned
}
