// The findings that a schedule would have reported: by entity and day, with repeats, and with suppression applied.
import { offsetAt } from '../../text/zone.ts'
import { isHidden, REST } from '../../plan/plan.ts'
import { toCell } from '../../workbench/present.ts'
import type { Tuple } from '../../eval/evaluate.ts'
import type { Answers } from './windows.ts'
import type { Window } from './schedule.ts'

/** Column → printed value. Absent columns are left out. */
export type Values = Readonly<Record<string, string>>

export interface Naming {
  /** Columns that identify the entity of a finding. */
  readonly entity: readonly string[]
  /** Findings with equal values in `by` raise one alert within `for` microseconds. Null: each finding raises an alert. */
  readonly suppression: { readonly by: readonly string[]; readonly for: number } | null
}

/** A row that a run returned. */
export interface Finding {
  /** Index of the run. */
  readonly run: number
  readonly row: Tuple
  readonly entity: Values
  /** The entity as one text, for comparison. */
  readonly entityKey: string
  /** The values that suppression compares, as one text. Without suppression, the entity. */
  readonly key: string
  /** The previous run found the entity too. */
  repeats: boolean
  /** The finding raises an alert: no earlier finding suppresses it, in this run or before. */
  alert: boolean
}

export interface EntityCount {
  readonly entity: Values
  readonly findings: number
  readonly alerts: number
  readonly repeats: number
  /** Ends of the windows of the first and the last run that found it, microseconds. */
  readonly first: number
  readonly last: number
}

export interface DayCount {
  /** YYYY-MM-DD in the reader's zone, of the runs. */
  readonly day: string
  readonly runs: number
  readonly findings: number
  readonly alerts: number
  readonly entities: number
}

/** A reader of the named columns of a row. Fields without a column are in REST. */
export function valuesOf(answers: Answers, names: readonly string[]): (row: Tuple) => Values {
  const slots = names.map((n) => answers.columns.indexOf(n))
  return (row) => {
    const values: Record<string, string> = {}
    let rest: Record<string, string> | undefined
    names.forEach((name, i) => {
      const slot = slots[i] as number
      if (slot < 0 && !answers.rest) return
      if (slot < 0) rest ??= restOf(row[answers.columns.length])
      const value = slot < 0 ? rest?.[name] : shown(row[slot] ?? null, answers.types[slot] ?? 'str')
      if (value !== undefined && value !== null) values[name] = value
    })
    return values
  }
}

const restOf = (text: Tuple[number] | undefined): Record<string, string> =>
  typeof text === 'string' ? (JSON.parse(text) as Record<string, string>) : {}

function shown(value: Tuple[number], ty: Parameters<typeof toCell>[1]): string | null {
  const cell = toCell(value, ty)
  if (cell === null || typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return String(cell)
  return 'number' in cell ? cell.number : cell.join('\n')
}

/** All visible columns of a row. */
export function wholeRow(answers: Answers, row: Tuple): Values {
  const names = answers.columns.filter((c) => !isHidden(c) && c !== REST)
  const rest = answers.rest ? restOf(row[answers.columns.length]) : {}
  return { ...valuesOf(answers, names)(row), ...rest }
}

export const keyOf = (names: readonly string[], values: Values): string =>
  JSON.stringify(names.map((n) => values[n] ?? null))

/** Findings in order of run, with `repeats` and `alert` decided. */
export function findingsOf(
  answers: Answers,
  windows: readonly Window[],
  { entity, suppression }: Naming,
  delay: number,
): Finding[] {
  const entityOf = valuesOf(answers, entity)
  const by = suppression?.by ?? entity
  const keyedBy = valuesOf(answers, by)
  const findings = answers.found.map(({ window, row }): Finding => {
    const values = entityOf(row)
    const key = keyOf(by, keyedBy(row))
    return { run: window, row, entity: values, entityKey: keyOf(entity, values), key, repeats: false, alert: true }
  })
  const lastRun = new Map<string, number>()
  const silentUntil = new Map<string, number>()
  for (let i = 0; i < findings.length; ) {
    const { run } = findings[i] as Finding
    let end = i
    while (end < findings.length && (findings[end] as Finding).run === run) end++
    const ofRun = findings.slice(i, end)
    const now = (windows[run] as Window).end + delay
    for (const f of ofRun) {
      f.repeats = lastRun.get(f.entityKey) === run - 1
      if (!suppression) continue
      f.alert = now >= (silentUntil.get(f.key) ?? Number.NEGATIVE_INFINITY)
      if (f.alert) silentUntil.set(f.key, now + suppression.for)
    }
    for (const f of ofRun) lastRun.set(f.entityKey, run)
    i = end
  }
  return findings
}

/** Most findings first, then in order of their values. */
export function byEntity(findings: readonly Finding[], windows: readonly Window[]): EntityCount[] {
  const found = new Map<string, { -readonly [K in keyof EntityCount]: EntityCount[K] }>()
  for (const f of findings) {
    const { end } = windows[f.run] as Window
    const count = found.get(f.entityKey) ?? {
      entity: f.entity,
      findings: 0,
      alerts: 0,
      repeats: 0,
      first: end,
      last: end,
    }
    count.findings++
    count.alerts += Number(f.alert)
    count.repeats += Number(f.repeats)
    count.last = end
    found.set(f.entityKey, count)
  }
  return [...found]
    .sort(([a, x], [b, y]) => y.alerts - x.alerts || y.findings - x.findings || (a < b ? -1 : 1))
    .map(([, count]) => count)
}

export function byDay(
  findings: readonly Finding[],
  windows: readonly Window[],
  { delay, zone }: { readonly delay: number; readonly zone: string },
): DayCount[] {
  const days = windows.map((w) => dayOf(w.end + delay, zone))
  const found = new Map<string, { runs: number; findings: number; alerts: number; entities: Set<string> }>()
  for (const day of days) {
    const count = found.get(day) ?? { runs: 0, findings: 0, alerts: 0, entities: new Set() }
    count.runs++
    found.set(day, count)
  }
  for (const f of findings) {
    const count = found.get(days[f.run] as string)
    if (!count) continue
    count.findings++
    count.alerts += Number(f.alert)
    count.entities.add(f.entityKey)
  }
  return [...found].map(([day, c]) => ({ ...c, day, entities: c.entities.size }))
}

export function dayOf(micros: number, zone: string): string {
  const ms = Math.floor(micros / 1000)
  const date = new Date(ms + offsetAt(zone, ms) * 60_000)
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10)
}
