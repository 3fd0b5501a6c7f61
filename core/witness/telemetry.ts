// Generated events as rows of a plan's sources, and as lines of telemetry.
import { binder, type Tags } from '../eval/bind.ts'
import type { Event } from '../logs/format.ts'
import { jsonLine } from '../logs/readers/json/write.ts'
import type { Env, Row, SourceNode } from '../plan/plan.ts'
import { isLookup, lookupName, sourceKey } from '../plan/sources.ts'
import { BASE_TIME } from './assignment.ts'

/** Telemetry that fits a query: events in order, and rows of the lookup files that it names. */
export interface Telemetry {
  readonly events: readonly Event[]
  readonly lookups: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
}

const HOUR = 3_600_000_000n
/** The interval in which generated events lie. */
export const WITNESS_ENV: Env = {
  now: BASE_TIME + 24n * HOUR,
  start: BASE_TIME - 24n * 31n * HOUR,
  end: BASE_TIME + 24n * HOUR,
  zone: 'UTC',
}

export interface Reading {
  readonly aliases?: Readonly<Record<string, readonly string[]>>
  readonly tags?: Tags
}

/** The rows of a source, as the evaluator asks for them. */
export function rowsOf(
  { events, lookups }: Telemetry,
  env: Env,
  { aliases = {}, tags = {} }: Reading = {},
): (source: SourceNode) => readonly Row[] {
  const known = new Map<string, readonly Row[]>()
  const make = (source: SourceNode): readonly Row[] => {
    const { row } = binder(source, aliases, tags)
    if (isLookup(source))
      return (lookups[lookupName(source)] ?? []).map((r, i) =>
        row({ fields: new Map(Object.entries(r)), time: undefined }, { file: 'lookup', raw: '', seq: BigInt(i) }),
      )
    return events.flatMap((event, i) => {
      const { time } = event
      const inside = source.interval === 'all' || time === undefined || (time >= env.start && time < env.end)
      return inside ? [row(event, { file: 'witness', raw: event.raw ?? jsonLine(event), seq: BigInt(i) })] : []
    })
  }
  return (source) => {
    const key = sourceKey(source)
    const rows = known.get(key) ?? make(source)
    known.set(key, rows)
    return rows
  }
}
