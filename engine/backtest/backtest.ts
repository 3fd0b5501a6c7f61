// A detection over telemetry as if it had been scheduled: the logs are read once, then every run is played over their rows.
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
import { isHidden, type Plan } from '../../core/plan/plan.ts'
import { schemaOf } from '../../core/plan/schema.ts'
import { type Compiled, compile, type CompileContext, languageNamed } from '../../core/workbench/compile.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import { type AppliedView, applyView } from '../../core/workbench/view.ts'
import { type TimeOptions, parseTimeOptions, unknownChoices } from '../query/time-options.ts'
import { type Fed, fedRows } from './backtest-rows.ts'
import { listInputs } from '../inputs/files.ts'
import { headFields } from '../inputs/head-fields.ts'
import { type CompileInputs, resolveReferences, needDiagnostics } from '../query/resolve-references.ts'
import { planSources } from '../../core/plan/sources.ts'
import { SupervisedWorker, RunError } from '../workers/supervised-worker.ts'
import type { QueryText } from '../project/query-files.ts'
import { recogniseInputs } from '../inputs/recognise.ts'
import { type RunOptions, type RunResult, runPlan } from '../execute/run-plan.ts'
import { type Candidate, readScheduled, type Scheduled, type ScheduledChoice } from './scheduled.ts'
import type { Recognised } from '../inputs/types.ts'
import { spanOf } from '../query/explain-empty.ts'
import type { FromBacktest, ToBacktest } from './worker-backtest.ts'
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
  readonly main: Fed
  readonly files: readonly Recognised[]
  readonly run: RunResult
  /** What the query was compiled with, and the fields that tell when an event was taken in. */
  readonly known: CompileContext
  readonly ingest: readonly string[]
  /** First and last event of the telemetry within the interval, microseconds. */
  readonly span: { readonly first: number; readonly last: number }
  readonly zone: string
}

export interface Prepared {
  /** Undefined: something is wrong with call, query or telemetry; the diagnostics say what. */
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
  const worked = await inWorker({ kind: 'backtest', job: ready.job }, o.signal)
  if (!('kind' in worked) || worked.kind !== 'backtest')
    return { ready, backtest: undefined, diagnostics: 'code' in worked ? [...diagnostics, worked] : diagnostics }
  const played = worked.result
  const { entityColumns } = played
  const columns = visibleColumns(ready.cut.rest)
  const { entity } = ready.job.naming
  const nameless = played.findings > 0 && entityColumns.length === 0
  const said = nameless ? [diagnostic(entityAbsent, noPlace, { entity, columns })] : []
  return { ready, backtest: played, diagnostics: [...diagnostics, ...said] }
}

type Work = ToBacktest extends infer M ? (M extends ToBacktest ? Omit<M, 'shared'> : never) : never
type Worked = Extract<FromBacktest, { readonly result: unknown }>

/** What a worker makes of it, or why it did not. */
export async function inWorker(work: Work, signal: AbortSignal | undefined): Promise<Diagnostic | Worked> {
  const helper = new SupervisedWorker<ToBacktest, FromBacktest>('worker-backtest')
  let worked: Worked | undefined
  try {
    await helper.request(
      { ...work, shared: helper.shared },
      {
        phase: 'playing the runs',
        on: (m) => {
          if (m.kind !== 'failed') worked = m
          return worked !== undefined
        },
      },
      { signal, patience: 120 },
    )
    return worked as unknown as Worked
  } catch (e) {
    if (e instanceof RunError) return e.diagnostic
    throw e
  } finally {
    await helper.end()
  }
}

const visibleColumns = (plan: Plan): string[] =>
  [...schemaOf(plan.out, plan.lets).columns.keys()].filter((c) => !isHidden(c))

/** `keep`: rows keep all texts that the query has of them where they are cut. */
export async function prepareBacktest(o: BacktestOptions, keep = false): Promise<Prepared> {
  const asked = parseTimeOptions(o)
  const scheduled = readScheduled(o)
  const listed = await listInputs(o.logs)
  const languages = 'candidates' in scheduled ? scheduled.candidates.map((c) => languageNamed(c.query.language)) : []
  const readsMessages = languages.some((l) => l?.read.readsMessages === true)
  const { files, diagnostics: unread } = recogniseInputs(listed.inputs, readsMessages)
  const before = [...asked.diagnostics, ...listed.diagnostics, ...unread]
  if (!('candidates' in scheduled)) return { ready: undefined, diagnostics: [...scheduled, ...before] }
  if (isWrong(before)) return { ready: undefined, diagnostics: before }
  const tried: Tried[] = []
  for (const candidate of scheduled.candidates) tried.push(await tryQuery(o, scheduled, candidate, files, keep))
  const chosen = choose(tried, scheduled)
  if ('code' in chosen) return { ready: undefined, diagnostics: [...before, chosen] }
  const said = [...before, ...chosen.said, ...chosen.diagnostics]
  if (!chosen.read) return { ready: undefined, diagnostics: said }
  const played = windowsFor(chosen.read.run, scheduled.schedule, asked.interval, o)
  if ('code' in played) return { ready: undefined, diagnostics: [...said, played] }
  const { read, candidate } = chosen
  const { main } = read
  const rows = read.rows.map(({ source, tuples, times, ingested }) => ({ source, tuples, times, ingested }))
  const naming = scheduled.naming ?? ownNaming(read.cut.rest)
  const job: Job = {
    plan: read.cut.rest,
    rows,
    main,
    windows: played.windows,
    begins: played.begins,
    schedule: scheduled.schedule,
    naming,
    zone: asked.zone,
  }
  const fed = read.rows[main] as Fed
  const untimed = fed.untimed > 0 ? [diagnostic(outsideWindows, noPlace, { events: fed.untimed })] : []
  const ready: Ready = {
    scheduled,
    platform: candidate.platform,
    query: candidate.query,
    compiled: read.compiled,
    view: read.view,
    cut: read.cut,
    job,
    main: fed,
    files,
    run: read.run,
    known: read.known,
    ingest: read.ingest,
    span: played.span,
    zone: asked.zone,
  }
  return { ready, diagnostics: [...said, ...untimed] }
}

const isWrong = (all: readonly Diagnostic[]): boolean => all.some((d) => d.severity === 'error')

interface Read {
  readonly compiled: Compiled
  readonly view: AppliedView | undefined
  readonly cut: Cut
  readonly rows: readonly Fed[]
  readonly main: number
  readonly run: RunResult
  readonly known: CompileContext
  readonly ingest: readonly string[]
}

interface Tried {
  readonly candidate: Candidate
  readonly read: Read | undefined
  /** Events that pass the filter of the query's source. */
  readonly taken: number
  readonly diagnostics: readonly Diagnostic[]
}

async function tryQuery(
  o: BacktestOptions,
  scheduled: Scheduled,
  candidate: Candidate,
  files: readonly Recognised[],
  keep: boolean,
): Promise<Tried> {
  const { source, language } = candidate.query
  const asked = parseTimeOptions(o)
  const lookups = [...(o.lookups ?? []), ...(scheduled.folder ? [join(scheduled.folder.name, 'tuning')] : [])]
  const g: CompileInputs = { ...o, lookups }
  const there = headFields(files)
  const known = resolveReferences(source, language, g, { zone: asked.zone, fields: there })
  const compiled = compile(source, language, { context: known })
  const said = [
    ...unknownChoices(compiled.language, o.semantics),
    ...compiled.diagnostics,
    ...needDiagnostics(compiled, g),
  ]
  const nothing = { candidate, read: undefined, taken: 0 }
  if (!compiled.plan || isWrong(said)) return { ...nothing, diagnostics: said }
  const names = there.filter((n) => INGEST_FIELDS.includes(n))
  const plan = marked(compiled.plan, names)
  const view = applyView(
    plan,
    o.view ?? 'auto',
    files.map((f) => f.format),
  )
  const parts = cut(view?.plan ?? plan, names, { viewed: view !== undefined, keep })
  const options: RunOptions = {
    files,
    zone: asked.zone,
    sourceZone: asked.sourceZone,
    memoryLimit: o.memoryLimit ?? '1GB',
    lookups,
    // Runs reach from the first event to the last, so all of them have to be read.
    fullCheck: Number.POSITIVE_INFINITY,
    ...(o.year === undefined ? {} : { year: Number(o.year) }),
    ...(o.signal ? { signal: o.signal } : {}),
    ...(o.onProgress ? { onProgress: o.onProgress } : {}),
  }
  const read = await readFeeds(parts, options)
  if ('diagnostics' in read) return { ...nothing, diagnostics: [...said, ...read.diagnostics] }
  const taken = read.run.sources[0]?.rows ?? 0
  return {
    candidate,
    read: { compiled, view, cut: parts, known, ingest: names, ...read },
    taken,
    diagnostics: [...said, ...read.run.diagnostics],
  }
}

/** Rows of all that the plan reads per window. One scan for its events; further ones only where it reads other telemetry beside. */
async function readFeeds(
  { rest, feed }: Cut,
  options: RunOptions,
): Promise<{ rows: Fed[]; main: number; run: RunResult } | { diagnostics: readonly Diagnostic[] }> {
  const others = planSources(rest).filter((s) => s.name !== EVENTS)
  const feeds: Feed[] = [...(feed ? [feed] : []), ...others.map(feedOf)]
  const rows: Fed[] = []
  let first: RunResult | undefined
  for (const f of feeds) {
    const run = await runPlan(f.plan, options)
    if (!run.ok) return { diagnostics: run.diagnostics }
    first ??= run
    rows.push(fedRows(f, run, options.zone ?? 'UTC'))
  }
  // Of several sources that windows are cut from, that with the most rows: lags and misses are told of it.
  const size = (r: Fed | undefined): number => (r?.times ? r.tuples.length : -1)
  const main = feed ? 0 : rows.reduce((best, r, i) => (size(r) > size(rows[best]) ? i : best), 0)
  return first ? { rows, main, run: first } : { diagnostics: [] }
}

/** Where nobody named a platform, that whose query takes most of the events. */
function choose(tried: readonly Tried[], { folder }: Scheduled): Diagnostic | (Tried & { said: Diagnostic[] }) {
  const [one, ...more] = tried.toSorted((a, b) => b.taken - a.taken)
  if (!one || (more.length > 0 && one.taken === 0)) {
    const known = tried.map((t) => t.candidate.platform ?? '')
    return diagnostic(platformNeeded, inLog(folder?.name ?? ''), {
      name: folder?.name ?? '',
      platform: undefined,
      known,
    })
  }
  if (more.length === 0) return { ...one, said: [] }
  const { platform = '', query } = one.candidate
  const others = more.map((t) => t.candidate.platform ?? '')
  return {
    ...one,
    said: [diagnostic(platformChosen, noPlace, { platform, file: query.source.name, events: one.taken, others })],
  }
}

function windowsFor(
  run: RunResult,
  schedule: Schedule,
  interval: { readonly from?: bigint; readonly to?: bigint },
  { from, to }: BacktestOptions,
): Diagnostic | { windows: Window[]; span: Ready['span']; begins: number } {
  const whole = spanOf(run)
  if (!whole) return diagnostic(noTimes, noPlace, { events: run.files.reduce((n, f) => n + f.tally.events, 0) })
  const first = Number(interval.from !== undefined && interval.from > whole.first ? interval.from : whole.first)
  const last = Number(interval.to !== undefined && interval.to <= whole.last ? interval.to - 1n : whole.last)
  const iso = { first: isoTime(whole.first), last: isoTime(whole.last) }
  if (first > last) return diagnostic(emptyBacktest, noPlace, { ...iso, from, to })
  const runs = countWindows(schedule, first, last)
  if (runs > MOST_RUNS) return diagnostic(tooManyRuns, noPlace, { ...iso, runs, limit: MOST_RUNS })
  return { windows: windowsOver(schedule, first, last), span: { first, last }, begins: Number(whole.first) }
}

/** The groups of a query are what its findings are about. */
function ownNaming(plan: Plan): Naming {
  const columns = visibleColumns(plan)
  const keys = plan.out.stages.flatMap((s) => (s.kind === 'aggregate' ? s.keys.map((k) => k.id) : []))
  return { entity: columns.filter((c) => keys.includes(c)), suppression: null }
}
