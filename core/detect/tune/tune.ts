// Finds changes that make a detection quieter on given telemetry, with the cost of each. Pure: rows in, candidates out.
import { compileExpr, tupleScope } from '../../eval/compile.ts'
import type { Plan, SourceNode } from '../../plan/plan.ts'
import { printPlan } from '../../plan/print.ts'
import type { Compiled } from '../../workbench/compile.ts'
import { countsOf, type Counts, type Job, play } from '../backtest/backtest.ts'
import type { Cut } from '../backtest/cut.ts'
import { type Finding, findingsOf, valuesOf } from '../backtest/findings.ts'
import type { Tuple } from '../../eval/evaluate.ts'
import type { Rows, Setting } from '../backtest/windows.ts'
import { type Change, type Columns, type Exclusion, exclusionsOf, fileNameOf, raised, wordsOf } from './candidates.ts'
import { exclusionStep, type Threshold, thresholdsIn, withStep } from './clause.ts'
import type { FixtureEffect, Fixtures } from './fixtures.ts'

export interface AttackLoss {
  /** `tests/PAGE.case.md#title` */
  readonly name: string
  readonly before: number
  readonly after: number
}

export interface TuneCandidate {
  readonly name: string
  /** The change, in words. */
  readonly what: string
  readonly change: Change
  /** The new step or number, as text. */
  readonly step: string
  /** The query with the change. */
  readonly text: string
  /** Counts of the changed query. */
  readonly left: Counts & { readonly entities: number }
  readonly removed: Counts & { readonly entities: number }
  /** Attack tests that would lose findings. */
  readonly lost: readonly AttackLoss[]
  /** Benign tests in which the query fires and the changed query does not. */
  readonly silenced: readonly string[]
}

export interface Tune extends Counts {
  readonly entities: number
  /** Attack tests in which the query finds something. */
  readonly attackTests: number
  readonly benignTests: number
  /** Ordered by removed alerts, most first. Candidates that cost an attack test come last. */
  readonly candidates: readonly TuneCandidate[]
  /** Number of candidates that were not measured. Measuring one takes as long as a backtest. */
  readonly unmeasured: number
}

export interface TuneJob {
  readonly job: Job
  /** All text columns of the plan's outer source, at the cut. */
  readonly columns: Columns
  readonly text: string
  readonly compiled: Pick<Compiled, 'language' | 'plan'>
  readonly cut: Cut
  /** Compiles and cuts a changed text like the query. Undefined: it does not compile. */
  readonly recompile: (text: string) => Cut | undefined
  readonly fixtures: Fixtures
  readonly taken: ReadonlySet<string>
}

/** Most rows times windows for all exclusions together; and the number of exclusions that are measured in any case. */
const BUDGET = 15_000_000
const LEAST = 6

export function tune(t: TuneJob, beat?: () => void): Tune {
  const { job, columns, text } = t
  const { schedule, zone } = job
  const setting: Setting = { zone, delay: schedule.delay, ...(beat && { beat }) }
  const { answers, findings } = play(job, setting)
  const before = summary(findings)
  const keys = groupColumns(job.plan)
  const groups = groupsIn(t, findings, answers, keys)
  const place = placeIn(t)
  const names = new Set(t.taken)
  const candidates: TuneCandidate[] = []
  const add = (change: Change, step: string, tuned: string, left: readonly Finding[]): void => {
    const after = summary(left)
    if (after.findings >= before.findings) return
    const effects = t.fixtures.effects(tuned)
    if (!effects) return
    const name = fileNameOf(change, names)
    names.add(name)
    const what = wordsOf(change)
    candidates.push({
      name,
      what,
      change,
      step,
      text: tuned,
      left: after,
      removed: minus(before, after),
      ...costs(effects),
    })
    beat?.()
  }
  const windows = Math.ceil(schedule.lookback / schedule.frequency)
  let spent = 0
  let measured = 0
  let unmeasured = 0
  for (const exclusion of exclusionsOf(columns, groups.behind, [...keys, ...job.naming.entity], keys)) {
    const step = exclusionStep(t.compiled.language, exclusion.conditions)
    if (step === undefined) continue
    const rows = groups.touchedBy(exclusion)
    const cost = rows.length * windows
    if (spent + cost > BUDGET && measured >= LEAST) {
      unmeasured++
      continue
    }
    spent += cost
    measured++
    const left = leftBy(t, groups, exclusion, rows, setting)
    add({ kind: 'exclusion', conditions: exclusion.conditions }, step, withStep(text, step, place), left)
  }
  for (const threshold of thresholdsIn(t.compiled.language, text, place ?? text.length)) {
    const seen = numbersOf(findings, answers, threshold)
    for (const value of raised(threshold, seen)) {
      const tuned = `${text.slice(0, threshold.start)}${value}${text.slice(threshold.end)}`
      const cut = t.recompile(tuned)
      // A number before the cut changes the rows, and the rows were read for the unchanged query.
      if (!cut || !hasSameRows(cut, t.cut)) continue
      // A higher number lets no new row through, so the rows behind findings are enough.
      const { findings: left } = play({ ...job, plan: cut.rest, rows: rowsAt(job, groups.behind) }, setting)
      add({ kind: 'threshold', threshold, value }, `${threshold.column} ${threshold.operator} ${value}`, tuned, left)
    }
  }
  return {
    ...before,
    attackTests: t.fixtures.all.filter((f) => f.kind === 'attack').length,
    benignTests: t.fixtures.all.filter((f) => f.kind === 'benign').length,
    candidates: candidates.sort(byWorth),
    unmeasured,
  }
}

const costs = (effects: readonly FixtureEffect[]): Pick<TuneCandidate, 'lost' | 'silenced'> => ({
  lost: effects
    .filter((e) => e.fixture.kind === 'attack' && e.findings < e.fixture.findings)
    .map((e) => ({ name: e.fixture.name, before: e.fixture.findings, after: e.findings })),
  silenced: effects.filter((e) => e.fixture.kind === 'benign' && e.findings === 0).map((e) => e.fixture.name),
})

const byWorth = (a: TuneCandidate, b: TuneCandidate): number =>
  Number(a.lost.length > 0) - Number(b.lost.length > 0) ||
  b.removed.alerts - a.removed.alerts ||
  b.removed.findings - a.removed.findings ||
  (a.name < b.name ? -1 : 1)

const summary = (findings: readonly Finding[]): Counts & { entities: number } => ({
  ...countsOf(findings),
  entities: new Set(findings.map((f) => f.entityKey)).size,
})

const minus = (a: ReturnType<typeof summary>, b: ReturnType<typeof summary>): ReturnType<typeof summary> => ({
  findings: a.findings - b.findings,
  alerts: a.alerts - b.alerts,
  entities: a.entities - b.entities,
})

/** The place in the text for a new step: before the first stage that combines events. */
function placeIn({ cut, compiled }: TuneJob): number | undefined {
  const stages = compiled.plan?.out.stages ?? []
  // A view inserts stages that are not in the text, so the stage is found by its place in the text.
  const alone = new Set(['filter', 'project', 'set', 'unnest', 'join'])
  return cut.feed === undefined ? undefined : stages.find((s) => !alone.has(s.kind))?.at?.start
}

/** Columns before the first aggregation by which it groups. */
function groupColumns(plan: Plan): string[] {
  const [first] = plan.out.stages
  if (first?.kind !== 'aggregate') return []
  return first.keys.flatMap((k) => (k.expr.kind === 'col' && k.expr.id === k.id ? [k.id] : []))
}

/** Is each finding one group of the aggregation, independent of the other groups? */
function findingsAreGroups(plan: Plan): boolean {
  const [first, ...rest] = plan.out.stages
  if (first?.kind !== 'aggregate' || (first.limit !== null && first.limit < 10_000)) return false
  const keys = first.keys.map((k) => k.id)
  return rest.every((s) =>
    s.kind === 'set'
      ? s.columns.every((c) => !keys.includes(c.id))
      : s.kind === 'filter' || s.kind === 'order' || s.kind === 'project',
  )
}

type Answers = ReturnType<typeof play>['answers']

interface Groups {
  /** Rows of the groups with a finding in any run. All rows, if the findings are not groups. */
  readonly behind: readonly number[]
  /** Remaining rows of the groups from which an exclusion removes rows. */
  touchedBy(exclusion: Exclusion): readonly number[]
  /** Findings of the other groups. */
  untouchedBy(exclusion: Exclusion): Answers['found']
}

/** Groups do not affect each other, so an exclusion keeps the findings of every group whose rows it does not remove. */
function groupsIn(t: TuneJob, findings: readonly Finding[], answers: Answers, keys: readonly string[]): Groups {
  const { job } = t
  const main = job.rows[job.main] as Rows
  const all = main.tuples.map((_, i) => i)
  const without = ({ rows }: Exclusion) => all.filter((i) => !rows.has(i))
  const [first] = job.plan.out.stages
  const isTold =
    findingsAreGroups(job.plan) &&
    first?.kind === 'aggregate' &&
    keys.length === first.keys.length &&
    keys.every((k) => answers.columns.includes(k))
  if (!isTold) return { behind: all, touchedBy: without, untouchedBy: () => [] }
  const layout = new Map((job.plan.out.from as SourceNode).columns.map((c, i) => [c.id, i]))
  const env = { now: 0n, start: 0n, end: 0n, zone: job.zone }
  const reads = first.keys.map((k) => compileExpr(k.expr, tupleScope(layout), env))
  const groupOf = main.tuples.map((row) => JSON.stringify(reads.map((r) => r(row))))
  const slots = first.keys.map((k) => answers.columns.indexOf(k.id))
  const groupFound = (row: Tuple): string => JSON.stringify(slots.map((s) => row[s] ?? null))
  const found = new Set(findings.map((f) => groupFound(f.row)))
  const touched = ({ rows }: Exclusion) => new Set([...rows].map((i) => groupOf[i] as string))
  return {
    behind: all.filter((i) => found.has(groupOf[i] as string)),
    touchedBy: (exclusion) => {
      const groups = touched(exclusion)
      return all.filter((i) => !exclusion.rows.has(i) && groups.has(groupOf[i] as string))
    },
    untouchedBy: (exclusion) => {
      const groups = touched(exclusion)
      return findings.flatMap(({ row, run: window }) => (groups.has(groupFound(row)) ? [] : [{ window, row }]))
    },
  }
}

/** The job's rows, with only the `kept` ones of its outer source. */
function rowsAt(job: Job, kept: readonly number[]): Rows[] {
  return job.rows.map((r, i): Rows => {
    if (i !== job.main) return r
    const { source, tuples, times, ingested } = r
    return {
      source,
      tuples: kept.map((k) => tuples[k] as Tuple),
      times: times && Float64Array.from(kept, (k) => times[k] as number),
      ingested: ingested && Float64Array.from(kept, (k) => ingested[k] as number),
    }
  })
}

/** The findings without the excluded rows. Suppression is applied anew. */
function leftBy(
  { job }: TuneJob,
  groups: Groups,
  exclusion: Exclusion,
  rows: readonly number[],
  setting: Setting,
): readonly Finding[] {
  const { answers } = play({ ...job, rows: rowsAt(job, rows) }, setting)
  const found = [...groups.untouchedBy(exclusion), ...answers.found].sort((a, b) => a.window - b.window)
  return findingsOf({ ...answers, found }, job.windows, job.naming, setting.delay)
}

/** The findings' values in the column of a threshold. */
function numbersOf(findings: readonly Finding[], answers: Answers, { column }: Threshold): number[] {
  const valuesIn = valuesOf(answers, [column])
  return findings.flatMap((f) => {
    const value = Number(valuesIn(f.row)[column] ?? 'none')
    return Number.isFinite(value) ? [value] : []
  })
}

const hasSameRows = (a: Cut, b: Cut): boolean =>
  a.feed !== undefined && b.feed !== undefined && printPlan(a.feed.plan) === printPlan(b.feed.plan)
