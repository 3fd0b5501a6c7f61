// Plays a schedule over telemetry: the logs are read once, then every run of the query is evaluated over the rows of its window.
import type { Backtest, Job } from '../../core/detect/backtest/backtest.ts'
import { type Cut, cut, EVENTS, type Feed, feedOf, marked } from '../../core/detect/backtest/cut.ts'
import type { Naming } from '../../core/detect/backtest/findings.ts'
import { INGEST_FIELDS } from '../../core/detect/backtest/ingest.ts'
import { countWindows, type Schedule, type Window, windowsOver } from '../../core/detect/backtest/schedule.ts'
import {
  emptyBacktest,
  entityAbsent,
  noTimes,
  outsideWindows,
  platformChosen,
  tooManyRuns,
} from '../../core/diag/catalogue/backtest.ts'
import { platformNeeded } from '../../core/diag/catalogue/detection-folders.ts'
import { type Diagnostic, inLog, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { isHidden, type Plan } from '../../core/plan/plan.ts'
import { schemaOf } from '../../core/plan/schema.ts'
import { type Compiled, languageNamed, languageOf } from '../../core/workbench/compile.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import { type AppliedView, applyView } from '../../core/workbench/view.ts'
import type { TimeOptions } from '../query/time-options.ts'
import { type FeedRows, feedRows } from './backtest-rows.ts'
import { spanOf } from '../inputs/file-stats.ts'
import { hasErrors, openTelemetry, prepareQuery, runOptionsOf, type Telemetry } from '../query/prepare-query.ts'
import type { CompileInputs } from '../query/resolve-references.ts'
import { planSources } from '../../core/plan/sources.ts'
import { threadChannel } from '../workers/channel.ts'
import { SupervisedWorker, RunError } from '../workers/supervised-worker.ts'
import type { QueryText } from '../project/query-files.ts'
import type { RunOptions, RunResult } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import { type Candidate, readScheduled, type Scheduled, type ScheduledChoice } from './scheduled.ts'
import type { Recognised } from '../inputs/input.ts'
import type { BacktestAnswer, BacktestWork, FromBacktest, ToBacktest } from './backtest-protocol.ts'
import { join } from 'node:path'

export interface BacktestOptions extends Omit<TimeOptions, 'last' | 'now'>, CompileInputs, ScheduledChoice {
  readonly logs: readonly string[]
  readonly memoryLimit?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'play' | 'query' | 'scan' | 'span', done: number, total: number) => void
}

/** A query with its rows, ready to be played. */
export interface Ready {
  readonly scheduled: Scheduled
  readonly platform: string | undefined
  readonly query: QueryText
  readonly compiled: Compiled
  readonly view: AppliedView | undefined
  readonly cut: Cut
  readonly job: Job
  /** The rows of the plan's outer source, with the columns that were kept. */
  readonly main: FeedRows
  readonly files: readonly Recognised[]
  readonly run: RunResult
  readonly context: CompileContext
  /** Fields that hold the time at which the SIEM received an event. */
  readonly ingest: readonly string[]
  /** First and last event of the telemetry within the interval, microseconds. */
  readonly span: { readonly first: number; readonly last: number }
  readonly zone: string
}

export interface Prepared {
  /** Undefined: the diagnostics report an error of the options, the query or the telemetry. */
  readonly ready: Ready | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export interface BacktestResult {
  readonly ready: Ready | undefined
  readonly backtest: Backtest | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const MOST_RUNS = 200_000

/** Never throws on queries, files or data. */
export async function runBacktest(o: BacktestOptions): Promise<BacktestResult> {
  const { ready, diagnostics } = await prepareBacktest(o)
  if (!ready) return { ready, backtest: undefined, diagnostics }
  o.onProgress?.('play', 0, ready.job.windows.length)
  const played = await inWorker({ kind: 'backtest', job: ready.job }, o.signal)
  if (!played.ok) return { ready, backtest: undefined, diagnostics: [...diagnostics, ...played.diagnostics] }
  if (played.value.kind !== 'backtest') return { ready, backtest: undefined, diagnostics }
  const { result } = played.value
  const columns = visibleColumns(ready.cut.rest)
  const { entity } = ready.job.naming
  const isNameless = result.findings > 0 && result.entityColumns.length === 0
  const absent = isNameless ? [diagnostic(entityAbsent, noPlace, { entity, columns })] : []
  return { ready, backtest: result, diagnostics: [...diagnostics, ...absent] }
}

/** Computes a backtest or a tuning in a worker of its own. */
export async function inWorker(work: BacktestWork, signal: AbortSignal | undefined): Promise<Result<BacktestAnswer>> {
  const worker = new SupervisedWorker<ToBacktest, FromBacktest>(threadChannel('worker-backtest'))
  let answer: BacktestAnswer | undefined
  try {
    await worker.request(
      { ...work, shared: worker.shared },
      {
        phase: 'playing the runs',
        on: (m) => {
          if (m.kind !== 'failed') answer = m
          return answer !== undefined
        },
      },
      { signal, patience: 120 },
    )
    return ok(answer as unknown as BacktestAnswer)
  } catch (e) {
    if (e instanceof RunError) return failure(e.diagnostic)
    throw e
  } finally {
    await worker.end()
  }
}

const visibleColumns = (plan: Plan): string[] =>
  [...schemaOf(plan.out, plan.lets).columns.keys()].filter((c) => !isHidden(c))

/** `keep`: the rows keep every text that the query reads before it groups, for `assay tune`. */
export async function prepareBacktest(o: BacktestOptions, { keep = false } = {}): Promise<Prepared> {
  const read = readScheduled(o)
  const candidates = read.ok ? read.value.candidates : []
  const asMessages = candidates.some((c) => languageNamed(c.query.language)?.read.readsMessages === true)
  const telemetry = await openTelemetry(o, { asMessages })
  const { time } = telemetry
  const before = [...time.diagnostics, ...telemetry.diagnostics]
  if (!read.ok) return { ready: undefined, diagnostics: [...read.diagnostics, ...before] }
  if (hasErrors(before)) return { ready: undefined, diagnostics: before }
  const scheduled = read.value
  const tried: TriedQuery[] = []
  for (const candidate of candidates) tried.push(await tryQuery(o, { scheduled, candidate, telemetry, keep }))
  const chosen = choose(tried, scheduled)
  if (!chosen.ok) return { ready: undefined, diagnostics: [...before, ...chosen.diagnostics] }
  const { candidate, query } = chosen.value
  const diagnostics = [...before, ...chosen.value.diagnostics]
  if (!query) return { ready: undefined, diagnostics }
  const played = windowsFor(query.run, scheduled.schedule, time.interval, o)
  if (!played.ok) return { ready: undefined, diagnostics: [...diagnostics, ...played.diagnostics] }
  const { windows, begins, span } = played.value
  const { main } = query
  const rows = query.rows.map(({ source, tuples, times, ingested }) => ({ source, tuples, times, ingested }))
  const naming = scheduled.naming ?? ownNaming(query.cut.rest)
  const job: Job = {
    plan: query.cut.rest,
    rows,
    main,
    windows,
    begins,
    schedule: scheduled.schedule,
    naming,
    zone: time.zone,
  }
  const mainRows = query.rows[main] as FeedRows
  const untimed = mainRows.untimed > 0 ? [diagnostic(outsideWindows, noPlace, { events: mainRows.untimed })] : []
  const ready: Ready = {
    scheduled,
    platform: candidate.platform,
    query: candidate.query,
    compiled: query.compiled,
    view: query.view,
    cut: query.cut,
    job,
    main: mainRows,
    files: telemetry.files,
    run: query.run,
    context: query.context,
    ingest: query.ingest,
    span,
    zone: time.zone,
  }
  return { ready, diagnostics: [...diagnostics, ...untimed] }
}

/** A query with the rows of its feeds. */
interface ReadQuery {
  readonly compiled: Compiled
  readonly view: AppliedView | undefined
  readonly cut: Cut
  readonly rows: readonly FeedRows[]
  /** Which of them the windows are cut from. */
  readonly main: number
  readonly run: RunResult
  readonly context: CompileContext
  readonly ingest: readonly string[]
}

interface TriedQuery {
  readonly candidate: Candidate
  /** Undefined: it could not be read; the diagnostics say why. */
  readonly query: ReadQuery | undefined
  /** Events that match the filter of the query's source. */
  readonly matched: number
  readonly diagnostics: readonly Diagnostic[]
}

interface Trial {
  readonly scheduled: Scheduled
  readonly candidate: Candidate
  readonly telemetry: Telemetry
  readonly keep: boolean
}

async function tryQuery(o: BacktestOptions, { scheduled, candidate, telemetry, keep }: Trial): Promise<TriedQuery> {
  const { source, language } = candidate.query
  const { files } = telemetry
  const lookups = [...(o.lookups ?? []), ...(scheduled.folder ? [join(scheduled.folder.name, 'tuning')] : [])]
  const { compiled, context, diagnostics } = prepareQuery(
    { ...o, source, language: languageOf(language), lookups },
    telemetry,
  )
  const failed = { candidate, query: undefined, matched: 0 }
  if (!compiled.plan || hasErrors(diagnostics)) return { ...failed, diagnostics }
  const names = telemetry.availableFields.filter((n) => INGEST_FIELDS.includes(n))
  const plan = marked(compiled.plan, names)
  const view = applyView(
    plan,
    o.view ?? 'auto',
    files.map((f) => f.format),
  )
  const parts = cut(view?.plan ?? plan, names, { viewed: view !== undefined, keep })
  // The runs cover the telemetry from its first event to its last, so every event has to be parsed.
  const options = { ...runOptionsOf({ ...o, lookups }, telemetry), fullCheck: Number.POSITIVE_INFINITY }
  const read = await readFeeds(parts, options)
  if (!read.ok) return { ...failed, diagnostics: [...diagnostics, ...read.diagnostics] }
  const { run } = read.value
  return {
    candidate,
    query: { compiled, view, cut: parts, context, ingest: names, ...read.value },
    matched: run.sources[0]?.rows ?? 0,
    diagnostics: [...diagnostics, ...run.diagnostics],
  }
}

/** The rows of every source that the plan reads per window. One scan reads its events; each other source needs a scan of its own. */
async function readFeeds(
  { rest, feed }: Cut,
  options: RunOptions,
): Promise<Result<Pick<ReadQuery, 'main' | 'rows' | 'run'>>> {
  const others = planSources(rest).filter((s) => s.name !== EVENTS)
  const feeds: Feed[] = [...(feed ? [feed] : []), ...others.map(feedOf)]
  const rows: FeedRows[] = []
  let first: RunResult | undefined
  for (const f of feeds) {
    const run = await runPlan(f.plan, options)
    if (!run.ok) return failure(...run.diagnostics)
    first ??= run
    rows.push(feedRows(f, run, options.zone ?? 'UTC'))
  }
  // If windows are cut from several sources, the largest one counts for lags and misses.
  const size = (r: FeedRows | undefined): number => (r?.times ? r.tuples.length : -1)
  const main = feed ? 0 : rows.reduce((best, r, i) => (size(r) > size(rows[best]) ? i : best), 0)
  return first ? ok({ rows, main, run: first }) : failure()
}

/** If the options name no platform, the one whose query matches the most events. */
function choose(tried: readonly TriedQuery[], { folder }: Scheduled): Result<TriedQuery> {
  const [one, ...more] = tried.toSorted((a, b) => b.matched - a.matched)
  if (!one || (more.length > 0 && one.matched === 0)) {
    const name = folder?.name ?? ''
    const known = tried.map((t) => t.candidate.platform ?? '')
    return failure(diagnostic(platformNeeded, inLog(name), { name, platform: undefined, known }))
  }
  if (more.length === 0) return ok(one)
  const { platform = '', query } = one.candidate
  const others = more.map((t) => t.candidate.platform ?? '')
  const params = { platform, file: query.source.name, events: one.matched, others }
  return ok({ ...one, diagnostics: [diagnostic(platformChosen, noPlace, params), ...one.diagnostics] })
}

function windowsFor(
  run: RunResult,
  schedule: Schedule,
  interval: { readonly from?: bigint; readonly to?: bigint },
  { from, to }: BacktestOptions,
): Result<{ windows: Window[]; span: Ready['span']; begins: number }> {
  const whole = spanOf(run.files.map((f) => f.stats))
  if (!whole)
    return failure(diagnostic(noTimes, noPlace, { events: run.files.reduce((n, f) => n + f.stats.events, 0) }))
  const first = Number(interval.from !== undefined && interval.from > whole.first ? interval.from : whole.first)
  const last = Number(interval.to !== undefined && interval.to <= whole.last ? interval.to - 1n : whole.last)
  const iso = { first: isoTime(whole.first), last: isoTime(whole.last) }
  if (first > last) return failure(diagnostic(emptyBacktest, noPlace, { ...iso, from, to }))
  const runs = countWindows(schedule, first, last)
  if (runs > MOST_RUNS) return failure(diagnostic(tooManyRuns, noPlace, { ...iso, runs, limit: MOST_RUNS }))
  return ok({ windows: windowsOver(schedule, first, last), span: { first, last }, begins: Number(whole.first) })
}

/** The group-by keys of a query name its findings. */
function ownNaming(plan: Plan): Naming {
  const columns = visibleColumns(plan)
  const keys = plan.out.stages.flatMap((s) => (s.kind === 'aggregate' ? s.keys.map((k) => k.id) : []))
  return { entity: columns.filter((c) => keys.includes(c)), suppression: null }
}
