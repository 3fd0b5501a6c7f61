// Helpers that the tests of this room share: queries over a few events, played in memory.
import { binder } from '../../eval/bind.ts'
import type { Tuple } from '../../eval/evaluate.ts'
import { evaluateTuples } from '../../eval/evaluate.ts'
import { compile } from '../../workbench/compile.ts'
import type { Job } from './backtest.ts'
import { type Cut, cut, marked } from './cut.ts'
import type { Naming } from './findings.ts'
import { ingestedAt } from './ingest.ts'
import { type Schedule, type Window, windowsOver } from './schedule.ts'
import type { Rows } from './windows.ts'

export const MINUTE = 60_000_000
export const HOUR = 60 * MINUTE
/** 2026-03-02T00:00:00Z, a Monday. */
export const MONDAY = 1_772_409_600_000_000

/** `at`: when it happened, in microseconds after Monday. `ingested`: when the platform received it, in the same unit. */
export interface TestEvent {
  readonly at: number
  readonly fields: Readonly<Record<string, string>>
  readonly ingested?: number
}

const INGEST = ['@ingesttimestamp']

export function cutQuery(text: string, language = 'cql', keep = false): Cut {
  const { plan, diagnostics } = compile({ name: 'query', text }, language)
  if (!plan) throw new Error(JSON.stringify(diagnostics.map((d) => d.message)))
  return cut(marked(plan, INGEST), INGEST, { keep })
}

/** The rows that the engine would read for a cut query. */
export function rowsOf({ feed }: Cut, events: readonly TestEvent[]): Rows & { readonly kept: readonly Tuple[] } {
  if (!feed) throw new Error('the query reads no telemetry')
  const from = feed.plan.out.from
  if (from.kind !== 'source') throw new Error('not a source')
  const { tuple } = binder(from, {})
  const bound = events.map((e, i): Tuple => {
    const told: [string, string][] =
      e.ingested === undefined ? [] : [['@ingesttimestamp', String((MONDAY + e.ingested) / 1000)]]
    const fields = new Map([...Object.entries(e.fields), ...told])
    const event = { fields, time: BigInt(MONDAY + e.at) }
    return tuple(event, { file: 'f', raw: JSON.stringify(e.fields), seq: BigInt(i) })
  })
  const env = { now: 0n, start: 0n, end: 0n, zone: 'UTC' }
  const result = evaluateTuples(feed.plan, () => bound, env)
  const place = (id: string): number => result.columns.findIndex((c) => c.id === id)
  const own = feed.source.columns.length
  const slots = feed.columns.map(place)
  const [time = 0, ingest = 0] = slots.slice(own + feed.kept.length)
  const rows = result.rows.toSorted((a, b) => Number(a[time]) - Number(b[time]))
  const rest = feed.source.rest ? [result.columns.length] : []
  const ingested = Float64Array.from(rows, (r) => ingestedAt([r[ingest] ?? null], 'UTC'))
  return {
    source: feed.source,
    tuples: rows.map((r) => [...slots.slice(0, own), ...rest].map((s) => r[s] ?? null)),
    times: Float64Array.from(rows, (r) => Number(r[time])),
    ingested: ingested.some((t) => !Number.isNaN(t)) ? ingested : undefined,
    kept: rows.map((r) => slots.slice(own, own + feed.kept.length).map((s) => r[s] ?? null)),
  }
}

export function jobOf(
  query: Cut,
  events: readonly TestEvent[],
  schedule: Schedule,
  naming: Naming,
  windows?: readonly Window[],
): Job {
  const rows = rowsOf(query, events)
  const times = events.map((e) => MONDAY + e.at)
  const [first, last] = [Math.min(...times), Math.max(...times)]
  return {
    plan: query.rest,
    rows: [rows],
    main: 0,
    schedule,
    windows: windows ?? windowsOver(schedule, first, last),
    naming,
    begins: first,
    zone: 'UTC',
  }
}
