// A backtest as one JSON object, times in ISO 8601, durations in seconds.
import type { Backtest } from '../../core/detect/backtest/backtest.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import type { Ready } from './backtest.ts'

export const timeText = (micros: number): string => isoTime(BigInt(Math.round(micros)))
const seconds = (micros: number): number => micros / 1e6
export const SECONDS_A_DAY = 86_400

/** Days that the runs cover: from the first event to the last, and at least one run's frequency. */
export function daysOf({ span, job }: Pick<Ready, 'job' | 'span'>): number {
  return Math.max(span.last - span.first, job.schedule.frequency) / 1e6 / SECONDS_A_DAY
}

/** Two decimals: more would suggest a precision that the numbers do not have. */
export const perDay = (count: number, days: number): number => Math.round((count / days) * 100) / 100

export function backtestRecord(version: string, ready: Ready, b: Backtest): Record<string, unknown> {
  const { schedule, naming, windows } = ready.job
  const days = daysOf(ready)
  return {
    assay: version,
    detection: ready.scheduled.folder?.detection?.id ?? null,
    platform: ready.platform ?? null,
    query: ready.query.source.name,
    view: ready.view?.name ?? 'vendor',
    schedule: {
      every: seconds(schedule.frequency),
      lookback: seconds(schedule.lookback),
      delay: seconds(schedule.delay),
    },
    trigger: ready.scheduled.declared?.trigger.when ?? null,
    tz: ready.zone,
    from: timeText(ready.span.first),
    to: timeText(ready.span.last),
    days: Math.round(days * 1000) / 1000,
    runs: b.runs,
    runs_before_window_is_full: b.short,
    runs_with_findings: b.firing,
    events: b.events,
    findings: b.findings,
    findings_per_day: perDay(b.findings, days),
    alerts: b.alerts,
    alerts_per_day: perDay(b.alerts, days),
    repeats: b.repeats,
    suppression: naming.suppression && {
      by: b.suppressionColumns,
      for: seconds(naming.suppression.for),
      swallowed: b.findings - b.alerts,
    },
    by_day: b.days,
    entity: b.entityColumns,
    by_entity: b.entities.map((e) => ({ ...e, first: runAt(e.first, ready), last: runAt(e.last, ready) })),
    misses: {
      method: b.misses.method,
      windows_tried: b.misses.tried,
      windows_to_try: b.misses.of,
      missed: b.misses.missed.map((m) => ({ ...m, from: timeText(m.from), to: timeText(m.to) })),
    },
    late: b.late.lag && {
      told: b.late.told,
      late: b.late.late,
      never_seen: b.late.lost,
      lag: {
        half: seconds(b.late.lag.half),
        of_99_percent: seconds(b.late.lag.most),
        longest: seconds(b.late.lag.longest),
      },
    },
    first_run: runAt(windows[0]?.end ?? 0, ready),
    last_run: runAt(windows.at(-1)?.end ?? 0, ready),
  }
}

/** Time of the run whose window ends at `end`. */
export const runAt = (end: number, { job }: Pick<Ready, 'job'>): string => timeText(end + job.schedule.delay)
