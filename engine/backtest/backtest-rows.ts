// The rows that windows are cut from. Every event is read once, whatever the number of runs.
import type { Tuple } from '../../core/eval/sink.ts'
import type { Feed } from '../../core/detect/backtest/cut.ts'
import { ingestedAt } from '../../core/detect/backtest/ingest.ts'
import type { Rows } from '../../core/detect/backtest/windows.ts'
import { REST, type Row } from '../../core/plan/plan.ts'
import type { RunResult } from '../execute/run-options.ts'

export interface FeedRows extends Rows {
  /** Values of the feed's kept columns, by row. */
  readonly kept: readonly Tuple[]
  /** Number of rows without a time, which are in no window. */
  readonly untimed: number
}

/** Rows of a feed in order of time. Rows with equal times stay in the order of the input. */
export function feedRows(feed: Feed, run: RunResult, zone: string): FeedRows {
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
