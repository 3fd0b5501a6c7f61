// Events at the borders of windows.
import type { Env, Plan } from '../plan/plan.ts'
import { chainsOf } from './chain.ts'
import { atBorders, durationsOf, eventBefore, tellsDuration, withDuration } from './durations.ts'
import type { Work } from './solve.ts'
import { type Reading, type Telemetry, WITNESS_ENV } from './telemetry.ts'
import type { Passing } from './witness.ts'

/** Groups that just fit inside each window of the two, and groups that just do not. `lengths`: windows whose length the events tell. */
export function* inWindows(
  plan: Plan,
  other: Plan,
  all: readonly Passing[],
  { env = WITNESS_ENV, seed = 1, reading = {} }: { env?: Env; seed?: number; reading?: Reading },
  lengths: Set<bigint>,
): Generator<Telemetry> {
  const own = new Map(durationsOf(plan).map((d) => [d, withDuration(plan, d, 2n * d)]))
  const durations = new Set([...own.keys(), ...durationsOf(other)])
  if (durations.size === 0) return
  const work: Work = { left: WINDOWS }
  const singles = chainsOf(plan)
    .slice(0, MOST_GROUPS)
    .flatMap((c) => eventBefore(c, env, reading, seed, work) ?? [])
  const groups = [
    ...all.slice(0, MOST_GROUPS).map((p) => p.telemetry),
    ...singles.map((e): Telemetry => ({ events: [e], lookups: {} })),
  ]
  for (const group of groups)
    for (const duration of durations)
      for (const telemetry of atBorders(plan, group, duration)) {
        for (const [d, longer] of own)
          if (!lengths.has(d) && tellsDuration(plan, longer, telemetry, env, reading)) lengths.add(d)
        yield telemetry
      }
}
/** Trials for events that are counted. */
const WINDOWS = 1200
/** Groups of events that are moved to the borders of windows. */
const MOST_GROUPS = 2
