// The rows that windows are cut from: every event read and bound once, whatever the number of runs.
import type { Tuple } from '../../core/eval/sink.ts'
import type { Feed } from '../../core/detect/backtest/cut.ts'
import { ingestedAt } from '../../core/detect/backtest/ingest.ts'
import type { Rows } from '../../core/detect/backtest/windows.ts'
import { REST, type Row } from '../../core/plan/plan.ts'
import type { RunResult } from '../execute/run-plan.ts'

export interface Fed extends Rows {
  /** Values of the feed's kept columns, by row. */
  readonly kept: readonly Tuple[]
  /** Rows without a time, which lie in no window. */
  readonly untimed: number
}

/** Rows of a feed in order of time; those of one time in the order of the input. */
export function fedRows(feed: Feed, run: RunResult, zone: string): Fed {
  const { source, columns, kept } = feed
  const own = columns.slice(0, source.columns.length)
  const beside = columns.slice(own.length, own.length + kept.length)
  const marks = columns.slice(own.length + kept.length)
  const tuple = (row: Row): Tuple => [...own.map((id) => row[id] ?? null), ...(source.rest ? [row[REST] ?? null] : [])]
  if (!feed.timed) {
    const tuples = run.rows.map(tuple)
    return { source, tuples, times: undefined, ingested: undefined, kept: [], untimed: 0 }
  }
  const [time = '', ...ingest] = marks
  const timed = run.rows.filter((row) => typeof row[time] === 'bigint')
  const at = Float64Array.from(timed, (row) => Number(row[time]))
  const order = Array.from(timed, (_, i) => i).sort((a, b) => (at[a] as number) - (at[b] as number) || a - b)
  const inOrder = order.map((i) => timed[i] as Row)
  const arrived = Float64Array.from(inOrder, (row) =>
    ingestedAt(
      ingest.map((id) => row[id] ?? null),
      zone,
    ),
  )
  return {
    source,
    tuples: inOrder.map(tuple),
    times: Float64Array.from(order, (i) => at[i] as number),
    ingested: arrived.some((t) => !Number.isNaN(t)) ? arrived : undefined,
    kept: inOrder.map((row) => beside.map((id) => row[id] ?? null)),
    untimed: run.rows.length - timed.length,
  }
}
