// The runs of a schedule and their windows. Times and durations are whole microseconds in UTC, as numbers: exact until 2255.

export interface Schedule {
  /** Length of the window of a run. */
  readonly lookback: number
  /** Time between two runs. */
  readonly frequency: number
  /** Time between the end of a window and its run. */
  readonly delay: number
}

/** The time that one run reads: `[start, end)`. It runs at `end` plus the schedule's delay. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** Runs start at multiples of the frequency since 1970, as schedulers do: every hour on the hour. */
function endsFrom({ frequency, delay }: Schedule, after: number): number {
  const run = (Math.floor((after + delay) / frequency) + 1) * frequency
  return run - delay
}

/** How many windows `windowsOver` gives. */
export function countWindows(schedule: Schedule, first: number, last: number): number {
  const from = endsFrom(schedule, first)
  return Math.max(1, Math.ceil((last + 1 - from) / schedule.frequency) + 1)
}

/**
 * The windows of all runs, from the first that reads the event at `first` to the first that reads the event at `last`. The telemetry ends
 * there, so later runs are left out.
 */
export function windowsOver(schedule: Schedule, first: number, last: number): Window[] {
  const out: Window[] = []
  for (let end = endsFrom(schedule, first); ; end += schedule.frequency) {
    out.push({ start: end - schedule.lookback, end })
    if (end > last) return out
  }
}

/** Indices `[from, to)` of the windows that hold a time. The windows are in order and end one frequency apart. */
export function covering(
  windows: readonly Window[],
  { lookback, frequency }: Schedule,
  time: number,
): [from: number, to: number] {
  const [first] = windows
  if (!first) return [0, 0]
  const limit = (i: number): number => Math.min(Math.max(i, 0), windows.length)
  // The first window that ends after the time, and the first that starts after it.
  const from = Math.floor((time - first.end) / frequency) + 1
  const to = Math.floor((time + lookback - first.end) / frequency) + 1
  return [limit(from), limit(to)]
}
