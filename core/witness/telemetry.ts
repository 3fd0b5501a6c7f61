// Generated events as rows of a plan's sources, and as lines of telemetry.
import { type Binder, binder, type Tags } from '../eval/bind.ts'
import type { Tuple } from '../eval/sink.ts'
import type { Event } from '../logs/format.ts'
import { jsonLine } from '../logs/readers/json/write.ts'
import { type Env, REST, type Row, type SourceColumn, type SourceNode, type Value } from '../plan/plan.ts'
import { isLookup, lookupName, sourceKey } from '../plan/sources.ts'
import { BASE_TIME } from './assignment.ts'

/** Telemetry that fits a query: events in order, and rows of the lookup files that it names. */
export interface Telemetry {
  readonly events: readonly Event[]
  readonly lookups: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
}

/** Events, or, for a query that reads none, the rows of the tables that it reads. */
export const sizeOf = ({ events, lookups }: Telemetry): number => events.length || Object.values(lookups).flat().length

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
export function rowsOf(telemetry: Telemetry, env: Env, reading: Reading = {}): (source: SourceNode) => readonly Row[] {
  const tuples = tuplesOf(env, reading)(telemetry)
  return (source) => {
    const ids = [...source.columns.map((c) => c.id), ...(source.rest ? [REST] : [])]
    return tuples(source).map((t) => Object.fromEntries(ids.map((id, i) => [id, t[i] as Value])))
  }
}

/** The same as arrays, for many runs of a plan: each source is bound once. */
export function tuplesOf(
  env: Env,
  { aliases = {}, tags = {} }: Reading,
): (telemetry: Telemetry) => (source: SourceNode) => readonly Tuple[] {
  const sources = new Map<SourceNode, BoundSource>()
  const bound = (source: SourceNode): BoundSource => {
    const known = sources.get(source) ?? {
      key: sourceKey(source),
      binder: binder(source, aliases, tags),
      readsText: source.columns.some(isText),
    }
    sources.set(source, known)
    return known
  }
  return ({ events, lookups }) => {
    const known = new Map<string, readonly Tuple[]>()
    const make = (source: SourceNode, { binder: { tuple }, readsText }: BoundSource): readonly Tuple[] => {
      if (isLookup(source))
        return (lookups[lookupName(source)] ?? []).map((r, i) =>
          tuple({ fields: new Map(Object.entries(r)), time: undefined }, { file: 'lookup', raw: '', seq: BigInt(i) }),
        )
      return events.flatMap((event, i) => {
        const { time } = event
        const inside = source.interval === 'all' || time === undefined || (time >= env.start && time < env.end)
        const raw = event.raw ?? (readsText ? jsonLine(event) : '')
        return inside ? [tuple(event, { file: 'witness', raw, seq: BigInt(i) })] : []
      })
    }
    return (source) => {
      const of = bound(source)
      const rows = known.get(of.key) ?? make(source, of)
      known.set(of.key, rows)
      return rows
    }
  }
}

interface BoundSource {
  readonly key: string
  readonly binder: Binder
  readonly readsText: boolean
}

/** The column reads the text of a record. */
export const isText = ({ from }: SourceColumn): boolean =>
  from.kind === 'search' || (from.kind === 'meta' && from.name === 'raw')
