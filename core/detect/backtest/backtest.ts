// Runs a query over telemetry as if it had been scheduled. Pure: rows in, figures out. The caller reads the logs.
import type { Plan } from '../../plan/plan.ts'
import { byDay, byEntity, type DayCount, type EntityCount, type Finding, findingsOf, type Naming } from './findings.ts'
import { type Late, lateOf, lateRows } from './late.ts'
import { type Misses, missesOf } from './misses.ts'
import type { Schedule, Window } from './schedule.ts'
import { type Answers, evaluateWindows, type Rows, type Setting } from './windows.ts'

export interface Job {
  /** The part of the query that runs once per window. */
  readonly plan: Plan
  readonly rows: readonly Rows[]
  /** Index, in `rows`, of the plan's outer source. */
  readonly main: number
  readonly schedule: Schedule
  readonly windows: readonly Window[]
  readonly naming: Naming
  /** Time of the first event of all telemetry, also of events that the query ignores. Microseconds. */
  readonly begins: number
  /** The reader's zone. */
  readonly zone: string
}

export interface Counts {
  /** Rows that all runs returned. */
  readonly findings: number
  /** Findings that suppression lets through. */
  readonly alerts: number
}

export interface Backtest extends Counts {
  /** Findings whose entity was in the previous run too. */
  readonly repeats: number
  readonly runs: number
  /** Runs whose window begins before the first event. They read less than a whole lookback of telemetry. */
  readonly short: number
  /** Runs with findings. */
  readonly firing: number
  readonly days: readonly DayCount[]
  readonly entities: readonly EntityCount[]
  /** The columns of the naming that findings have. */
  readonly entityColumns: readonly string[]
  readonly suppressionColumns: readonly string[]
  readonly misses: Misses
  readonly late: Late
  /** Events that are left after the leading stages, which read one event at a time. */
  readonly events: number
}

export interface Played {
  readonly answers: Answers
  readonly findings: readonly Finding[]
}

/** All runs and their findings. A column that no finding has names no entity, so it is left out. */
export function play(job: Job, setting: Setting): Played {
  const answers = evaluateWindows(job.plan, job.rows, job.windows, setting)
  return { answers, findings: findingsOf(answers, job.windows, namesIn(job.naming, answers), setting.delay) }
}

function namesIn(naming: Naming, answers: Answers): Naming {
  const known = (names: readonly string[]) => (answers.rest ? names : names.filter((n) => answers.columns.includes(n)))
  const { entity, suppression } = naming
  return { entity: known(entity), suppression: suppression && { ...suppression, by: known(suppression.by) } }
}

export const countsOf = (findings: readonly Finding[]): Counts => ({
  findings: findings.length,
  alerts: findings.filter((f) => f.alert).length,
})

export function backtest(job: Job, beat?: () => void): Backtest {
  const { schedule, windows, zone } = job
  const setting: Setting = { zone, delay: schedule.delay, ...(beat && { beat }) }
  const { answers, findings } = play(job, setting)
  const naming = namesIn(job.naming, answers)
  const main = job.rows[job.main] as Rows
  const isLate = lateRows(main, windows, schedule)
  return {
    ...countsOf(findings),
    repeats: findings.filter((f) => f.repeats).length,
    runs: windows.length,
    short: windows.filter((w) => w.start < job.begins).length,
    firing: new Set(findings.map((f) => f.run)).size,
    days: byDay(findings, windows, { delay: schedule.delay, zone }),
    entities: byEntity(findings, windows),
    entityColumns: naming.entity,
    suppressionColumns: naming.suppression?.by ?? [],
    misses: missesOf({ plan: job.plan, rows: job.rows, main, windows, schedule, naming, findings, isLate }, setting),
    late: lateOf(main, windows, schedule),
    events: job.rows.reduce((n, r) => n + (r.times ? r.tuples.length : 0), 0),
  }
}
