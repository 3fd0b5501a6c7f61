// Misses: activity that a sliding window would find, but no run does. A border of windows separates its events, or some arrived late.
import { compileExpr, tupleScope } from '../../eval/compile.ts'
import type { Tuple } from '../../eval/evaluate.ts'
import { jsonText } from '../../plan/json-text.ts'
import type { Plan, SourceNode } from '../../plan/plan.ts'
import { type Finding, keyOf, type Naming, type Values, valuesOf, wholeRow } from './findings.ts'
import type { Schedule, Window } from './schedule.ts'
import {
  type Answers,
  batchedFor,
  evaluateJobs,
  evaluateWindows,
  firstFrom,
  type Job,
  type Rows,
  type Setting,
} from './windows.ts'

export interface Miss {
  readonly entity: Values
  /** The finding that a sliding window would have. */
  readonly row: Values
  /** Times of the first and the last event of the windows that find it, microseconds. */
  readonly from: number
  readonly to: number
  /** Some of its events are late. */
  readonly late: boolean
}

export interface Misses {
  /**
   * `sliding`: for each group, one window per event, which ends at that event and is as long as the lookback. `whole`: one window with
   * all events, for plans whose rows do not fall into groups.
   */
  readonly method: 'sliding' | 'whole'
  /** Windows that were tried, of those whose events no run read together. Very large groups get fewer windows. */
  readonly tried: number
  readonly of: number
  readonly missed: readonly Miss[]
}

/** Most rows that sliding windows read: in all, and for one group. */
const BUDGET = 8_000_000
const GROUP_BUDGET = 2_000_000

interface Slide {
  readonly end: number
  readonly rows: readonly number[]
  readonly from: number
  readonly to: number
}

export interface Ran {
  readonly plan: Plan
  readonly rows: readonly Rows[]
  /** Of the outer source. */
  readonly main: Rows
  readonly windows: readonly Window[]
  readonly schedule: Schedule
  readonly naming: Naming
  readonly findings: readonly Finding[]
  readonly isLate: (row: number) => boolean
}

export function missesOf(ran: Ran, setting: Setting): Misses {
  const { plan, main } = ran
  const groups = groupsOf(plan, main, setting)
  const most = groups?.reduce((n, g) => Math.max(n, g.length), 0) ?? 0
  const together = groups && batchedFor(plan, most)
  if (!groups || !together) return wholeMisses(ran, setting)
  const { slides, of } = slidesOf(groups, ran)
  const jobs = slides.map((s): Job => {
    const rowsOf = function* (): Iterable<Tuple> {
      for (let i = s.from; i < s.to; i++) yield main.tuples[s.rows[i] as number] as Tuple
    }
    return { size: s.to - s.from, rows: rowsOf }
  })
  const answers = evaluateJobs(together, ran.rows, jobs, setting)
  const found = answers.found.map(({ window, row }) => {
    const slide = slides[window] as Slide
    const rows = slide.rows.slice(slide.from, slide.to)
    return { row, from: main.times?.[rows[0] as number] ?? 0, to: slide.end - 1, late: rows.some(ran.isLate) }
  })
  return { method: 'sliding', tried: slides.length, of, missed: unseen(found, answers, ran) }
}

function wholeMisses(ran: Ran, setting: Setting): Misses {
  const { plan } = ran
  const ends = ran.rows.flatMap(({ times }) =>
    times?.length ? [times[0] as number, times[times.length - 1] as number] : [],
  )
  if (ends.length === 0) return { method: 'whole', tried: 0, of: 0, missed: [] }
  const whole = { start: Math.min(...ends), end: Math.max(...ends) + 1 }
  const rows = ran.rows.map((r) => ({ ...r, ingested: undefined }))
  const answers = evaluateWindows(plan, rows, [whole], setting)
  const found = answers.found.map(({ row }) => ({ row, from: whole.start, to: whole.end - 1, late: false }))
  return { method: 'whole', tried: 1, of: 1, missed: unseen(found, answers, { ...ran, schedule: ANY }) }
}
const ANY: Schedule = { lookback: Number.POSITIVE_INFINITY, frequency: 1, delay: 0 }

/** Rows by the keys of the first aggregation, whose groups do not affect each other. Undefined: the plan has no such aggregation. */
function groupsOf(plan: Plan, main: Rows, { zone }: Setting): number[][] | undefined {
  const [first] = plan.out.stages
  if (first?.kind !== 'aggregate' || first.keys.length === 0 || !main.times) return undefined
  const layout = new Map((plan.out.from as SourceNode).columns.map((c, i) => [c.id, i]))
  const env = { now: 0n, start: 0n, end: 0n, zone }
  const keys = first.keys.map((k) => compileExpr(k.expr, tupleScope(layout), env))
  const groups = new Map<string, number[]>()
  main.tuples.forEach((row, i) => {
    const key = jsonText(keys.map((k) => k(row)))
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  })
  return [...groups.values()]
}

/** One window per event, which ends there. Windows with exactly the events of a run are left out. */
function slidesOf(groups: readonly number[][], ran: Ran): { slides: Slide[]; of: number } {
  const times = ran.main.times as Float64Array
  const { lookback } = ran.schedule
  const slides: Slide[] = []
  let of = 0
  let budget = BUDGET
  for (const rows of groups) {
    const own = Float64Array.from(rows, (r) => times[r] as number)
    const found: Slide[] = []
    let size = 0
    for (let from = 0, to = 1; to <= own.length; to++) {
      const last = own[to - 1] as number
      if (own[to] === last) continue
      while ((own[from] as number) <= last - lookback) from++
      if (isSeen(own, from, to, ran) && !rows.slice(from, to).some(ran.isLate)) continue
      found.push({ end: last + 1, rows, from, to })
      size += to - from
    }
    of += found.length
    const step = Math.max(1, Math.ceil(size / Math.min(GROUP_BUDGET, Math.max(1, budget))))
    budget -= Math.ceil(size / step)
    slides.push(...found.filter((_, i) => i % step === 0))
  }
  return { slides, of }
}

/** Does a run read exactly the events `[from, to)` of the group? Then it ends after the last, and starts after the event before the first. */
function isSeen(own: Float64Array, from: number, to: number, { windows, schedule }: Ran): boolean {
  const [first] = windows
  if (!first) return false
  const { lookback, frequency } = schedule
  const before = from > 0 ? (own[from - 1] as number) + lookback : Number.NEGATIVE_INFINITY
  const after = to < own.length ? (own[to] as number) : Number.POSITIVE_INFINITY
  const low = Math.max(own[to - 1] as number, before)
  const high = Math.min(after, (own[from] as number) + lookback)
  const index = Math.max(0, Math.floor((low - first.end) / frequency) + 1)
  const window = windows[index]
  return window !== undefined && window.end <= high
}

interface Candidate {
  readonly row: Tuple
  readonly from: number
  readonly to: number
  readonly late: boolean
}

/** Candidates that no run reports: none read some of their events and has a finding of their key. One per stretch of time. */
function unseen(found: readonly Candidate[], answers: Answers, ran: Ran): Miss[] {
  const { entity, suppression } = ran.naming
  const by = suppression?.by ?? entity
  const keyedBy = valuesOf(answers, by)
  const entityOf = valuesOf(answers, entity)
  const runs = new Map<string, Float64Array>()
  const ends = new Map<string, number[]>()
  for (const f of ran.findings) {
    const list = ends.get(f.key) ?? []
    list.push((ran.windows[f.run] as Window).end)
    ends.set(f.key, list)
  }
  for (const [key, list] of ends) runs.set(key, Float64Array.from(list))
  const { lookback } = ran.schedule
  const missed = new Map<string, Miss[]>()
  for (const c of found.toSorted((a, b) => a.to - b.to)) {
    const key = keyOf(by, keyedBy(c.row))
    const seen = runs.get(key)
    // A run reads some of the events when it ends after the first and starts before the last.
    const at = seen ? firstFrom(seen, c.from + 1) : 0
    if (seen && at < seen.length && (seen[at] as number) - lookback <= c.to) continue
    const list = missed.get(key) ?? []
    const last = list.at(-1)
    if (last && c.from <= last.to) list[list.length - 1] = { ...last, to: c.to, late: last.late || c.late }
    else list.push({ entity: entityOf(c.row), row: wholeRow(answers, c.row), from: c.from, to: c.to, late: c.late })
    missed.set(key, list)
  }
  return [...missed.values()].flat().sort((a, b) => a.from - b.from || a.to - b.to)
}
