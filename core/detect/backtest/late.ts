// Late events: they arrived after the first run that should have read them.
import { covering, type Schedule, type Window } from './schedule.ts'
import type { Rows } from './windows.ts'

export interface Late {
  /** Events that have a time of ingestion, among those that the query reads. */
  readonly told: number
  readonly of: number
  /** They arrived after the first run whose window holds them. */
  readonly late: number
  /** They arrived after the last such run, so no run reads them. */
  readonly lost: number
  /** Microseconds from an event to its arrival: median, 99th percentile and maximum. Null: no event has a time of ingestion. */
  readonly lag: { readonly half: number; readonly most: number; readonly longest: number } | null
}

/** Indices of the late rows. */
export function lateRows(
  { times, ingested }: Rows,
  windows: readonly Window[],
  schedule: Schedule,
): (row: number) => boolean {
  if (!times || !ingested) return () => false
  return (row) => {
    const [first] = covering(windows, schedule, times[row] as number)
    const window = windows[first]
    return window !== undefined && (ingested[row] as number) > window.end + schedule.delay
  }
}

export function lateOf(rows: Rows, windows: readonly Window[], schedule: Schedule): Late {
  const { times, ingested, tuples } = rows
  if (!times || !ingested) return { told: 0, of: tuples.length, late: 0, lost: 0, lag: null }
  const isLate = lateRows(rows, windows, schedule)
  const lags: number[] = []
  let late = 0
  let lost = 0
  for (let i = 0; i < times.length; i++) {
    const arrived = ingested[i] as number
    if (Number.isNaN(arrived)) continue
    lags.push(arrived - (times[i] as number))
    if (!isLate(i)) continue
    late++
    const [, to] = covering(windows, schedule, times[i] as number)
    // A later run, after the last one that is played, may still read it.
    if (to < windows.length && arrived > (windows[to - 1] as Window).end + schedule.delay) lost++
  }
  const sorted = Float64Array.from(lags).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const lag = sorted.length === 0 ? null : { half: at(0.5), most: at(0.99), longest: at(1) }
  return { told: sorted.length, of: tuples.length, late, lost, lag }
}
