// All events that were made one by one, together: groups with several values, groups that differ in one key, rows that tie.
import type { Event } from '../logs/format.ts'
import { jsonLine } from '../logs/readers/json/write.ts'
import type { Plan, Stage } from '../plan/plan.ts'
import { visitPlan } from '../plan/walk.ts'
import type { Chain } from './chain.ts'
import type { Telemetry } from './telemetry.ts'

const MOST = 240

export class Mixture {
  readonly #events = new Map<string, Event>()
  readonly #lookups = new Map<string, Map<string, Record<string, string>>>()

  /** The telemetry itself, so that it can be passed on. */
  with(t: Telemetry): Telemetry {
    for (const e of t.events.slice(0, 4)) if (this.#events.size < MOST) this.#events.set(jsonLine(e) + (e.raw ?? ''), e)
    for (const [name, rows] of Object.entries(t.lookups)) {
      const known = this.#lookups.get(name) ?? new Map<string, Record<string, string>>()
      this.#lookups.set(name, known)
      for (const row of rows) if (known.size < MOST) known.set(JSON.stringify(row), row)
    }
    return t
  }

  /** Undefined: there are not several events. */
  get telemetry(): Telemetry | undefined {
    if (this.#events.size < 2) return undefined
    const lookups = Object.fromEntries([...this.#lookups].map(([name, rows]) => [name, [...rows.values()]]))
    return { events: inOrder([...this.#events.values()]), lookups }
  }
}

const inOrder = (events: readonly Event[]): Event[] =>
  [...events].sort((a, b) => ((a.time ?? 0n) < (b.time ?? 0n) ? -1 : (a.time ?? 0n) > (b.time ?? 0n) ? 1 : 0))

/** Does the plan take a part of the calendar from a time, such as the day of the week? */
export function readsCalendar(plan: Plan): boolean {
  let reads = false
  visitPlan(plan, {
    expr: (e) => {
      if (e.kind === 'call' && (e.prim === 'time.part' || e.prim === 'time.format')) reads = true
    },
  })
  return reads
}

/** Hours before the first event: other hours of the same day, and days whose order by hour is not that by date. */
const HOURS = [0, 1, 4, 9, 22, 25, 47, 75, 100, 131, 160, 170, 333, 500, 730]
const HOUR = 3_600_000_000n

/** The event at other hours and on other days, at some of them more often than at others. */
export function calendar({ events, lookups }: Telemetry): Telemetry {
  const [first] = events
  const time = first?.time
  if (!first || time === undefined) return { events, lookups }
  const all = HOURS.flatMap((hours, i) =>
    Array.from({ length: 1 + (i % 3) }, (_, k): Event => ({ ...first, time: time - BigInt(hours) * HOUR + BigInt(k) })),
  )
  return { events: inOrder(all), lookups }
}

/** So many events in each slice of time: a quiet beginning, and then every slice is an outlier. */
const SERIES = [1, 2, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 1, 1]

/** Does the way look at rows beside those that it counts? */
export const isSeries = ({ steps }: Chain): boolean => {
  const at = (kind: Stage['kind']): number => steps.findIndex(({ stage }) => stage.kind === kind)
  return at('aggregate') >= 0 && steps.slice(at('aggregate')).some(({ stage }) => stage.kind === 'window')
}

/** The events again and again through slices of time of this length. */
export function series({ events, lookups }: Telemetry, slice: bigint): Telemetry {
  const [first] = events
  if (!first || first.time === undefined) return { events, lookups }
  const start = first.time
  return {
    events: SERIES.flatMap((count, i) =>
      Array.from({ length: count }, (_, k): Event => ({ ...first, time: start + BigInt(i) * slice + BigInt(k) })),
    ),
    lookups,
  }
}
