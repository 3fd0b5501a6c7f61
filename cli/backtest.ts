// assay backtest
import { offsetAt } from '../core/text/zone.ts'
import type { Backtest } from '../core/detect/backtest/backtest.ts'
import { type BacktestOptions, type Ready, runBacktest } from '../engine/backtest/backtest.ts'
import { backtestRecord, daysOf, perDay, timeText } from '../engine/backtest/backtest-record.ts'
import type { Cell, Table } from '../core/workbench/present.ts'
import type { BacktestFlags } from './commands/backtest.ts'
import { interruptible } from './interrupt.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { engineOptions } from './telemetry-flags.ts'
import { version } from './version.ts'
import { count, plural } from './words.ts'
import { render } from './output.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { durationText } from '../core/detect/folder/duration.ts'
import { tableWidth, type Io } from './io.ts'

export async function backtest(
  io: Io,
  detection: string,
  logs: readonly string[],
  flags: BacktestFlags,
): Promise<number> {
  const meter = progress(io)
  const { done, signalled } = await interruptible(async (signal) => {
    try {
      return await runBacktest({ ...optionsOf(detection, logs, flags), signal, onProgress: meter.show })
    } finally {
      meter.clear()
    }
  })
  const { ready, backtest: b, diagnostics } = done
  const isJson = flags.format === 'json'
  say(io, diagnostics)
  if (signalled !== undefined) return signalled
  if (!ready || !b) {
    if (isJson) printJson(io, { diagnostics: diagnosticsToJson(diagnostics) })
    return 2
  }
  if (isJson) printJson(io, { ...backtestRecord(version, ready, b), diagnostics: diagnosticsToJson(diagnostics) })
  else print(io.stdout, text(ready, b, tableWidth(io)))
  return diagnostics.some((d) => d.severity === 'error') ? 2 : 0
}

export const optionsOf = (detection: string, logs: readonly string[], flags: BacktestFlags): BacktestOptions => ({
  ...flags,
  detection,
  logs,
  ...engineOptions(flags),
})

const MOST = 20
const number = (n: number): Cell => ({ number: String(n) })
/** To the minute, on the reader's clock. */
const minute = (micros: number, { zone }: Ready): string => {
  const ms = micros / 1000
  return timeText((ms + offsetAt(zone, ms) * 60_000) * 1000)
    .replace('T', ' ')
    .replace(/:\d\d(?:\.\d+)?Z$/, '')
}
export const span = (micros: number): string => durationText(BigInt(Math.max(0, Math.round(micros))))

/** Text on the command line has no name. */
const queryName = ({ query }: Ready): string =>
  query.path === undefined ? 'the query of the command line' : query.source.name

export function title(ready: Ready): string {
  const { schedule } = ready.job
  const name = ready.scheduled.folder?.detection?.id
  const what = [name, ready.platform, queryName(ready)].filter(Boolean).join(' · ')
  const delay = schedule.delay > 0 ? `, delay ${span(schedule.delay)}` : ''
  const when = `every ${span(schedule.frequency)}, lookback ${span(schedule.lookback)}${delay}`
  const view = ready.view ? ` · view ${ready.view.name}` : ''
  return `${what}${view}\n${when} · events ${minute(ready.span.first, ready)} to ${minute(ready.span.last, ready)} ${ready.zone}\n`
}

function text(ready: Ready, b: Backtest, width: number): string {
  const days = daysOf(ready)
  const short = b.short > 0 ? `, ${count(b.short)} of them with less than a full lookback of events` : ''
  const parts = [
    `${title(ready)}${count(b.runs)} runs${short} · ${count(b.events)} events read\n`,
    `findings  ${count(b.findings)} in ${count(b.firing)} runs, ${perDay(b.findings, days)} a day\n${alertsText(ready, b, days)}`,
    table(dayTable(b), width),
    ...(b.findings > 0 ? [entityText(ready, b, width)] : []),
    missText(ready, b, width),
    lateText(ready, b),
  ]
  return parts.join('\n')
}

function alertsText({ job }: Ready, b: Backtest, days: number): string {
  const repeats = `repeats   ${count(b.repeats)} findings whose entity was also in the previous run\n`
  const { suppression } = job.naming
  if (!suppression) return `${repeats}          the detection declares no suppression, so every finding is an alert\n`
  const by = b.suppressionColumns.join(', ') || 'no column of the findings'
  return `${repeats}alerts    ${count(b.alerts)}, ${perDay(b.alerts, days)} a day, after a suppression of ${span(suppression.for)} by ${by}, which removes ${count(b.findings - b.alerts)}\n`
}

const table = (t: Table, width: number): string => render(t, 'table', { width })

const dayTable = (b: Backtest): Table => ({
  columns: ['day', 'runs', 'findings', 'alerts', 'entities'],
  rows: b.days.map((d) => [d.day, number(d.runs), number(d.findings), number(d.alerts), number(d.entities)]),
})

function entityText(ready: Ready, b: Backtest, width: number): string {
  const { delay } = ready.job.schedule
  const rows = b.entities
    .slice(0, MOST)
    .map((e): Cell[] => [
      ...b.entityColumns.map((c) => e.entity[c] ?? null),
      number(e.findings),
      number(e.alerts),
      minute(e.first + delay, ready),
      minute(e.last + delay, ready),
    ])
  const more = b.entities.length - rows.length
  const columns = [...b.entityColumns, 'findings', 'alerts', 'first run', 'last run']
  return `${table({ columns, rows }, width)}${more > 0 ? `… and ${plural(more, 'entity', 'entities')} more (--format json has all)\n` : ''}`
}

function missText(ready: Ready, { misses }: Backtest, width: number): string {
  const how =
    misses.method === 'sliding' ? 'a continuously sliding interval finds' : 'one interval over all events finds'
  const why =
    misses.method === 'sliding'
      ? ''
      : '          no sliding interval was tried: the query does not split into independent groups\n'
  const part = misses.tried < misses.of ? ` (${count(misses.tried)} of ${count(misses.of)} intervals were tried)` : ''
  if (misses.missed.length === 0) return `misses    none: the runs found everything that ${how}${part}\n${why}`
  const rows = misses.missed.slice(0, MOST).map((m): Cell[] => [
    ...Object.keys(m.entity)
      .map((k) => `${k}=${m.entity[k]}`)
      .slice(0, 4)
      .join(' ')
      .split('\n'),
    minute(m.from, ready),
    minute(m.to, ready),
    m.late ? 'arrived late' : 'split by the border of two runs',
  ])
  const more = misses.missed.length - rows.length
  return (
    `misses    ${count(misses.missed.length)} that ${how} but no run finds${part}\n${why}` +
    table(
      {
        columns: ['entity', 'first event', 'last event', 'why'],
        rows: rows.map((r) => [r.slice(0, -3).join(' '), ...r.slice(-3)]),
      },
      width,
    ) +
    (more > 0 ? `… and ${more} more (--format json has all)\n` : '')
  )
}

function lateText({ job }: Ready, { late, events }: Backtest): string {
  if (!late.lag) {
    const why = events === 0 ? 'the query read no event' : 'the log has no time of ingestion'
    return `late      unknown: ${why}\n`
  }
  const lag = `half of them arrive within ${span(late.lag.half)}, 99 % within ${span(late.lag.most)}, all within ${span(late.lag.longest)}`
  const told = `late      ${count(late.late)} of ${count(late.told)} events arrived after the first run that should have read them, ${count(late.lost)} after the last; ${lag}\n`
  return late.late > 0 && job.schedule.delay < late.lag.longest
    ? `${told}          a delay of ${span(Math.ceil(late.lag.most / 6e7) * 6e7)} would be enough for 99 %\n`
    : told
}
