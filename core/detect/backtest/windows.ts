// Evaluates one plan over many windows of the same rows.
import { col } from '../../plan/build.ts'
import { HIDDEN, type Plan, type Relation, type SourceNode, type Stage, type Ty } from '../../plan/plan.ts'
import { equal } from '../../plan/walk.ts'
import { evaluateTuples, type Tuple } from '../../eval/evaluate.ts'
import { isTimeless, readsClock } from './cut.ts'
import type { Window } from './schedule.ts'

/** Rows of a source. */
export interface Rows {
  readonly source: SourceNode
  /** Values of the source's columns, in their order. If there are `times`, the rows are ordered by them. */
  readonly tuples: readonly Tuple[]
  /** Microseconds, ascending. Undefined: every window reads all rows. */
  readonly times: Float64Array | undefined
  /** When each row arrived, microseconds. NaN: not known. */
  readonly ingested: Float64Array | undefined
}

export interface Setting {
  /** The reader's zone. */
  readonly zone: string
  /** A run reads its window this long after its end, microseconds. */
  readonly delay: number
  /** Called after each evaluation, to report progress. */
  readonly beat?: () => void
}

export interface Found {
  /** Index of the window. */
  readonly window: number
  readonly row: Tuple
}

export interface Answers {
  readonly columns: readonly string[]
  readonly types: readonly Ty[]
  /** Rows carry REST after the columns. */
  readonly rest: boolean
  readonly found: readonly Found[]
}

const RUN = `${HIDDEN}backtest.run`
/** Most rows of one evaluation. */
const CHUNK = 200_000

/** Index of the first time that is not before `at`. */
export function firstFrom(times: Float64Array, at: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < at) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The findings of a plan in each window. A run does not read rows that arrived after it, if their arrival is known. The result equals
 * one evaluation per window. Where the plan allows, many windows share one evaluation, with the window's number as a key.
 */
export function evaluateWindows(
  plan: Plan,
  rows: readonly Rows[],
  windows: readonly Window[],
  setting: Setting,
): Answers {
  const together = batched(plan, rows, windows)
  return together ? evaluateTogether(together, rows, windows, setting) : evaluateEach(plan, rows, windows, setting)
}

/** One evaluation per window. It defines the result of `evaluateWindows`. */
export function evaluateEach(plan: Plan, rows: readonly Rows[], windows: readonly Window[], setting: Setting): Answers {
  const found: Found[] = []
  let shape: Pick<Answers, 'columns' | 'rest' | 'types'> = { columns: [], types: [], rest: false }
  const all = windows.length > 0 ? windows : [{ start: 0, end: 0 }]
  all.forEach((window, i) => {
    const { start, end } = window
    const now = end + setting.delay
    const env = { now: BigInt(now), start: BigInt(start), end: BigInt(end), zone: setting.zone }
    const result = evaluateTuples(plan, (s) => seen(rowsFor(rows, s), window, now), env)
    shape = { columns: result.columns.map((c) => c.id), types: result.columns.map((c) => c.ty), rest: result.rest }
    if (windows.length > 0) for (const row of result.rows) found.push({ window: i, row })
    setting.beat?.()
  })
  return { ...shape, found }
}

function rowsFor(rows: readonly Rows[], source: SourceNode): Rows {
  const found = rows.find((r) => r.source === source) ?? rows.find((r) => isSame(r.source, source))
  if (!found) throw new Error(`internal: no rows for source ${source.name}`)
  return found
}

const isSame = (a: SourceNode, b: SourceNode): boolean =>
  a.name === b.name && a.interval === b.interval && equal(a.columns, b.columns) && equal(a.where, b.where)

function* seen({ tuples, times, ingested }: Rows, { start, end }: Window, now: number): Iterable<Tuple> {
  if (!times) return yield* tuples
  const to = firstFrom(times, end)
  for (let i = firstFrom(times, start); i < to; i++)
    if (!ingested || !((ingested[i] as number) > now)) yield tuples[i] as Tuple
}

function evaluateTogether(plan: Plan, rows: readonly Rows[], windows: readonly Window[], setting: Setting): Answers {
  const main = rowsOfOuter(rows, plan.out.from as SourceNode)
  const jobs = windows.map((window): Job => {
    const rowsOf = () => seen(main, window, window.end + setting.delay)
    return { size: sizeOf(main, window), rows: rowsOf }
  })
  return evaluateJobs(plan, rows, jobs, setting)
}

/** Rows that one evaluation would read alone. */
export interface Job {
  readonly size: number
  readonly rows: () => Iterable<Tuple>
}

/** One evaluation, for many jobs, of a plan that `batched` made. */
export function evaluateJobs(plan: Plan, rows: readonly Rows[], jobs: readonly Job[], setting: Setting): Answers {
  const outer = plan.out.from as SourceNode
  const found: Found[] = []
  let answers: Omit<Answers, 'found'> | undefined
  const env = { now: 0n, start: 0n, end: 0n, zone: setting.zone }
  for (let from = 0; from < jobs.length || answers === undefined; ) {
    let to = from
    for (let size = 0; to < jobs.length && (size === 0 || size < CHUNK); to++) size += 1 + (jobs[to] as Job).size
    const chunk = function* (): Iterable<Tuple> {
      for (let j = from; j < to; j++) {
        const run = BigInt(j)
        for (const row of (jobs[j] as Job).rows()) yield [...row, run]
      }
    }
    const result = evaluateTuples(plan, (s) => (s === outer ? chunk() : rowsFor(rows, s).tuples), env)
    const at = result.columns.findIndex((c) => c.id === RUN)
    const columns = result.columns.filter((_, i) => i !== at)
    answers = { columns: columns.map((c) => c.id), types: columns.map((c) => c.ty), rest: result.rest }
    for (const row of result.rows) found.push({ window: Number(row[at]), row: row.toSpliced(at, 1) })
    setting.beat?.()
    if (to === from) break
    from = to
  }
  return { ...(answers as Omit<Answers, 'found'>), found: found.sort((a, b) => a.window - b.window) }
}

/** Rows of the outer source, without the column for the window's number. */
function rowsOfOuter(rows: readonly Rows[], outer: SourceNode): Rows {
  return rowsFor(rows, { ...outer, columns: outer.columns.slice(0, -1) })
}

const sizeOf = ({ times, tuples }: Rows, { start, end }: Window): number =>
  times ? firstFrom(times, end) - firstFrom(times, start) : tuples.length

/** The plan with the window's number as a key of each stage. Undefined: some stage cannot have the key. */
function batched(plan: Plan, rows: readonly Rows[], windows: readonly Window[]): Plan | undefined {
  const { from } = plan.out
  if (from.kind !== 'source') return undefined
  const main = rowsFor(rows, from)
  if (!main.times) return undefined
  let most = 0
  for (const w of windows) most = Math.max(most, sizeOf(main, w))
  return batchedFor(plan, most)
}

/** The same for jobs of at most `most` rows. */
export function batchedFor(plan: Plan, most: number): Plan | undefined {
  const { from, stages } = plan.out
  if (from.kind !== 'source' || from.rest || readsClock(plan)) return undefined
  const out: Stage[] = []
  for (const s of stages) {
    const stage = keyed(s, most, plan)
    if (stage === undefined) return undefined
    if (stage !== 'gone') out.push(stage)
  }
  const column = { id: RUN, ty: 'int' as const, from: { kind: 'field' as const, name: RUN } }
  const relation: Relation = { from: { ...from, columns: [...from.columns, column] }, stages: out }
  return { lets: plan.lets, out: relation }
}

/** `most`: the most rows of one window. Only stages that unpack a row make more rows than they get. */
function keyed(s: Stage, most: number, plan: Plan): Stage | 'gone' | undefined {
  const run = col(RUN, 'int')
  switch (s.kind) {
    case 'filter':
    case 'set':
      return s
    case 'order':
      // Findings are a set.
      return 'gone'
    case 'project':
      return { ...s, columns: [...s.columns, RUN] }
    case 'aggregate':
      // Without keys, an aggregation of no events has one row.
      if (s.keys.length === 0 || (s.limit !== null && most > s.limit)) return undefined
      // No single window has enough groups for the limit, but all windows together may have.
      return { ...s, keys: [...s.keys, { id: RUN, expr: run }], limit: null }
    case 'take':
      return most > s.count ? undefined : 'gone'
    case 'window':
      return { ...s, partition: [...s.partition, run] }
    case 'join':
      return isTimeless(s.right, plan.lets) && (s.max === 1 || s.how === 'semi' || s.how === 'anti') ? s : undefined
    default:
      return undefined
  }
}
