// More rows, or more groups, than a limit: one event again and again, with another number in its key.
import { compileExpr, rowScope } from '../eval/compile.ts'
import type { Event } from '../logs/format.ts'
import type { Expr, Plan, Stage } from '../plan/plan.ts'
import { visitPlan } from '../plan/walk.ts'
import { type Assignment, eventOf, textOf } from './assignment.ts'
import { chainsOf } from './chain.ts'
import type { Telemetry } from './telemetry.ts'
import type { Passing } from './witness.ts'

/** Limits of rows that telemetry of reasonable size exceeds. */
const USUAL = 1200
/** Limits that only one of two queries has are worth more. */
const MOST = 21_000

/** Limits of rows and groups. */
function limitsOf(stages: readonly Stage[]): Set<number> {
  const limits = stages.map((s) => (s.kind === 'take' ? s.count : s.kind === 'aggregate' ? s.limit : null))
  return new Set(limits.filter((n) => n !== null && n > 2) as number[])
}

export const usualLimits = (plan: Plan): number[] =>
  [...limitsOf(chainsOf(plan).flatMap(({ steps }) => steps.map(({ stage }) => stage)))].filter((n) => n <= USUAL)

/** Limits that the other plan does not have, also within joins: a chart has one of its series. */
export function ownLimits(plan: Plan, other: Plan): number[] {
  const theirs = limitsOf(stagesOf(other))
  return [...limitsOf(stagesOf(plan))].filter((n) => n <= MOST && !theirs.has(n))
}

function stagesOf(plan: Plan): Stage[] {
  const out: Stage[] = []
  visitPlan(plan, { stage: (s) => void out.push(s) })
  return out
}

/** So many rows of so many groups; undefined: nothing was found in which the groups could differ. */
export function many({ template, conditions, assigned, telemetry }: Passing, count: number): Telemetry | undefined {
  const place = template.chain.steps.findIndex(({ stage }) => stage.kind === 'aggregate')
  const stage = template.chain.steps[place]?.stage
  const time = telemetry.events[0]?.time ?? 0n
  const withTime = (e: Event, i: number): Event => ({ ...e, time: time + BigInt(i) })
  if (stage?.kind !== 'aggregate') {
    const [first] = telemetry.events
    if (!first || telemetry.events.length > 1) return undefined
    return { ...telemetry, events: Array.from({ length: count }, (_, i) => withTime(first, i)) }
  }
  const holds = (a: Assignment): boolean => {
    const rows = template.rows(a)
    return conditions.every((c) => template.holds(c, rows))
  }
  const keyIn = (e: Expr, a: Assignment): string | null =>
    textOf(compileExpr(e, rowScope, template.env)(template.rows(a)[place] ?? {}))
  for (const { expr } of stage.keys) {
    const now = keyIn(expr, assigned)
    for (const [variable, text] of assigned)
      for (const other of typeof text === 'string' && variable !== 'time' ? othersOf(text, now) : []) {
        const turned = (i: number): Assignment => new Map(assigned).set(variable, other(i))
        const values = [1, 2, count].map((i) => (holds(turned(i)) ? keyIn(expr, turned(i)) : null))
        if (values.includes(null) || new Set([...values, now]).size < values.length + 1) continue
        return { ...telemetry, events: Array.from({ length: count }, (_, i) => withTime(eventOf(turned(i)), i)) }
      }
  }
  return undefined
}

/** Texts with a number: of the whole, or where the key is a part of it. */
function othersOf(text: string, key: string | null): ((i: number) => string)[] {
  const inside =
    key !== null && key.length > 1 && key !== text && text.includes(key)
      ? [(i: number) => text.replace(key, `${key}${i}`), (i: number) => text.replace(key, `${i}${key}`)]
      : []
  const address = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  return [...inside, (i) => `${text}${i}`, (i) => `${i}${text}`, (i) => String(i), address]
}
