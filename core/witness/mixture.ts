// All events that were made one by one, together: groups with several values, groups that differ in one key, rows that tie.
import type { Event } from '../logs/format.ts'
import { jsonLine } from '../logs/readers/json/write.ts'
import type { Stage } from '../plan/plan.ts'
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
