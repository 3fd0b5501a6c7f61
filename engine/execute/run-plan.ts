// A plan over telemetry: the interval, the scan, then the evaluator or DuckDB.
import { noInput, stuck, tooManyRows } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { GROUPS, planTwoSteps, type TwoSteps } from '../../core/passes/7-partial.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import type { Env, Plan, Row, SourceNode } from '../../core/plan/plan.ts'
import { isLookup, planSources, sourceKey } from '../../core/plan/sources.ts'
import { type FileStats, spanOf } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import { readLookup } from '../inputs/lookups.ts'
import type { Bounds } from '../scan/bounds.ts'
import type { Reduction } from '../scan/partial-aggregation.ts'
import type { ScanResult } from '../scan/scan-result.ts'
import type { Profile, ProfileSpec, ScanJob } from '../scan/scan-protocol.ts'
import { RunError, runError, throwIfAborted } from '../workers/supervised-worker.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { PlanExecutor } from './execute-plan.ts'
import { fileDiagnostics } from './file-diagnostics.ts'
import { type IntervalSpec, needsSpan, resolveEnv } from './interval.ts'
import { notRun, type RunOptions, type RunResult } from './run-options.ts'
import type { TableRun } from './run-tables.ts'
import { RunSession } from './run-session.ts'
import { isTable, tableStats } from './table-input.ts'

/** Rows in memory beyond which DuckDB runs, and beyond which a run without DuckDB ends; in values. */
const MEMORY_VALUES = 2_000_000
const MOST_VALUES = 40_000_000
/** Bytes. */
const FULL_CHECK = 64_000_000
/** A packed log has several times as many bytes as its file. */
const UNPACKED = 6

/** Runs an optimised plan. Never throws on data, files or engine: if `ok` is false, `diagnostics` say what went wrong. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  const session = new RunSession(options)
  let result = notRun(options.zone)
  const failed = (...diagnostics: readonly Diagnostic[]): RunResult => ({
    ...result,
    diagnostics: [...result.diagnostics, ...diagnostics],
  })
  try {
    const task = taskOf(plan, options)
    if (options.files.length === 0 && task.events.length > 0) return failed(diagnostic(noInput, noPlace, {}))
    throwIfAborted(session.supervision, 'starting')
    const start = performance.now()
    const { env, bounds } = await environment(task, session, options)
    result = { ...result, env, bounds }
    const lookups = readLookups(task, options, env)
    if (!lookups.ok) return failed(...lookups.diagnostics)
    const scanStart = performance.now()
    const inTables = await runInTables(task, lookups.value, session, options, { env, bounds })
    if ('ran' in inTables)
      return { ...result, ...inTables.ran, timings: { ...inTables.ran.timings, span: scanStart - start } }
    if ('reasons' in inTables) return result
    const { files } = inTables
    const scanned = await scanEvents(task, session, { ...options, files }, { env, bounds })
    const queryStart = performance.now()
    result = { ...result, ...scanResult(task, scanned, lookups.value, options) }
    result = { ...result, diagnostics: [...inTables.diagnostics, ...result.diagnostics] }
    options.onProgress?.('query', 0, 1)
    const executor = new PlanExecutor(
      session,
      {
        sources: task.sources,
        rows: [...scanned.rows, ...lookups.value],
        spooled: [...scanned.spooled, ...lookups.value.map(() => 0)],
        longest: scanned.longest,
      },
      env,
      options,
    )
    const execution = await executor.execute(task.plan)
    const also = await runAlso(executor, scanned.profiles, options)
    const tallies = [...execution.tallies, ...droppedTally(task, scanned)]
    const timings = { span: scanStart - start, scan: queryStart - scanStart, query: performance.now() - queryStart }
    return { ...result, ...execution, ok: true, also, tallies, timings }
  } catch (e) {
    if (e instanceof RunError) return failed(e.diagnostic)
    throw e
  } finally {
    await session.close()
  }
}

/** The plan and the sources of a run. */
interface RunTask {
  /** Over groups, if the scan aggregates. */
  readonly plan: Plan
  /** Set: the scan does the first step of an aggregation or top-k. */
  readonly twoSteps: TwoSteps | undefined
  /** Sources of all plans, each once: `events`, then `lookups`. */
  readonly sources: readonly SourceNode[]
  readonly events: readonly SourceNode[]
  readonly lookups: readonly SourceNode[]
  /** Parse every line, also those that cannot match: the input is small. */
  readonly full: boolean
}

function taskOf(plan: Plan, options: RunOptions): RunTask {
  const { files, engine = 'auto', steps, also } = options
  const full = files.reduce((n, f) => n + f.size * (f.gzip ? UNPACKED : 1), 0) <= (options.fullCheck ?? FULL_CHECK)
  const isScanned = engine === 'auto' && !steps && !files.some(isTable)
  const twoSteps = !full && isScanned ? planTwoSteps(plan) : undefined
  const ran = twoSteps?.plan ?? plan
  const bySourceKey = new Map([ran, ...(also ? [also.plan] : [])].flatMap(planSources).map((s) => [sourceKey(s), s]))
  const all = [...bySourceKey.values()]
  const events = all.filter((s) => !isLookup(s))
  const lookups = all.filter(isLookup)
  return { plan: ran, twoSteps, sources: [...events, ...lookups], events, lookups, full }
}

/** The source that the scan reads for a source of the plan. */
const scannedSource = (source: SourceNode, { twoSteps }: RunTask): SourceNode =>
  twoSteps && source.name === GROUPS ? twoSteps.source : source

const reductionOf = (source: SourceNode, { twoSteps }: RunTask): Reduction | null =>
  twoSteps && source.name === GROUPS
    ? { before: twoSteps.before, first: twoSteps.first, needed: twoSteps.needed }
    : null

/** Interval and clock. If they depend on the telemetry, a scan finds its first and last time. */
async function environment(
  task: RunTask,
  session: RunSession,
  options: RunOptions,
): Promise<{ env: Env; bounds: Bounds }> {
  const { interval = {}, zone = 'UTC' } = options
  if (!taskNeedsSpan(task, interval)) return resolveEnv(interval, zone, null)
  const job = { sources: [], profiles: [], full: true, env: NO_ENV, bounds: null }
  const { memoryLimit = '1GB' } = options
  const inTables = { env: NO_ENV, bounds: null, memoryLimit, supervision: session.supervision }
  const inputs = options.files.filter(isTable)
  const { tableSpan } = inputs.length > 0 ? await import('./run-tables.ts') : {}
  const tables = await Promise.all(inputs.flatMap((f) => tableSpan?.({ ...inTables, inputs: [f] }) ?? []))
  const files = options.files.filter((f) => !isTable(f))
  const stats = files.length > 0 ? (await runScan(job, 'span', session, { ...options, files })).stats : []
  return resolveEnv(interval, zone, spanOf([...stats, ...tables]) ?? null)
}

function taskNeedsSpan({ plan, twoSteps }: RunTask, interval: IntervalSpec): boolean {
  if (needsSpan(plan, interval)) return true
  if (!twoSteps) return false
  const { source, before, first } = twoSteps
  return needsSpan({ lets: [], out: { from: source, stages: [...before, first] } }, interval)
}

/** Rows by lookup source. */
function readLookups(task: RunTask, options: RunOptions, env: Env): Result<readonly (readonly Tuple[])[]> {
  if (task.lookups.length === 0) return ok([])
  const tables = within(1000 * MOST_SECONDS, () =>
    task.lookups.map((source) => readLookup(source, options.lookups ?? [], env)),
  )
  if (!tables) {
    const params = { phase: 'reading lookups', seconds: MOST_SECONDS, file: null, offset: null }
    return failure(diagnostic(stuck, noPlace, params))
  }
  const problems = tables.flatMap((t) => (t.ok ? [] : t.diagnostics))
  return problems.length > 0 ? failure(...problems) : ok(tables.flatMap((t) => (t.ok ? [t.value] : [])))
}

/** The run, if it is done; else the files to scan: those of tables hold the rows that the plan needs. Throws RunError. */
async function runInTables(
  task: RunTask,
  lookups: readonly (readonly Tuple[])[],
  session: RunSession,
  options: RunOptions,
  { env, bounds }: { readonly env: Env; readonly bounds: Bounds },
): Promise<
  | { readonly ran: Omit<RunResult, 'bounds' | 'env'> }
  | { readonly files: RunOptions['files']; readonly diagnostics: readonly Diagnostic[] }
  | { readonly reasons: readonly string[] }
> {
  const { files } = options
  const inputs = files.filter(isTable)
  if (inputs.length === 0) return { files, diagnostics: [] }
  const { memoryLimit = '1GB', onProgress } = options
  const run: TableRun = {
    inputs,
    env,
    bounds,
    memoryLimit,
    supervision: session.supervision,
    ...(onProgress && { onProgress: (done, total) => onProgress('query', done, total) }),
  }
  let reasons: readonly string[] = ['other logs are read beside it']
  if (options.engine === 'evaluator') reasons = ['the evaluator was asked for']
  else if (options.steps) reasons = ['the events of every step are counted']
  else if (inputs.length === files.length) {
    const { runPushedDown } = await import('./run-pushed-down.ts')
    const pushed = await runPushedDown(task, lookups, session, options, run)
    if (!('reasons' in pushed)) return { ran: pushed }
    reasons = pushed.reasons
  }
  if (options.inPlace) return { reasons }
  const sources = [...task.events, ...(options.profiles ?? []).map((p) => ({ ...p.source, where: p.where }))]
  const { pull } = await import('./run-tables.ts')
  const diagnostics: Diagnostic[] = []
  const scanned: Recognised[] = []
  for (const [i, file] of files.entries()) {
    if (!isTable(file)) {
      scanned.push(file)
      continue
    }
    const found = await pull(file, i, sources, { folder: session.spool, reasons, run })
    scanned.push(found.file)
    diagnostics.push(...found.diagnostics)
  }
  return { files: scanned, diagnostics }
}

function scanEvents(
  task: RunTask,
  session: RunSession,
  options: RunOptions,
  { env, bounds }: { readonly env: Env; readonly bounds: Bounds },
): Promise<ScanResult> {
  const sources = task.events.map((s) => scannedSource(s, task))
  const reductions = task.events.map((s) => reductionOf(s, task))
  const job = { sources, reductions, profiles: options.profiles ?? [], full: task.full, env, bounds }
  return runScan(job, 'scan', session, options)
}

type ScanParts = Pick<ScanJob, 'bounds' | 'env' | 'full' | 'reductions' | 'sources'> & {
  readonly profiles: readonly ProfileSpec[]
}

function runScan(
  job: ScanParts,
  phase: 'scan' | 'span',
  session: RunSession,
  options: RunOptions,
): Promise<ScanResult> {
  const { files, engine, sourceZone = 'UTC', year = 1970, maxLine = 16 << 20, onProgress, workers } = options
  const evaluatorOnly = engine === 'evaluator' || options.steps === true
  const memoryValues = engine === 'duckdb' ? 0 : (options.memoryValues ?? MEMORY_VALUES)
  return session.scan(
    { ...job, files, survey: false, context: { zone: sourceZone, year, maxLine } },
    {
      ...(workers === undefined ? {} : { workers }),
      memoryValues: evaluatorOnly ? Number.POSITIVE_INFINITY : memoryValues,
      overflow: (values) => {
        if (evaluatorOnly && values > MOST_VALUES)
          throw runError(tooManyRows, { rows: Math.round(values), limit: MOST_VALUES })
      },
      onProgress: onProgress && ((done, total) => onProgress(phase, done, total)),
    },
  )
}

/** The part of the result that comes from the scan. */
function scanResult(
  task: RunTask,
  scanned: ScanResult,
  lookups: readonly (readonly Tuple[])[],
  { files }: RunOptions,
): Pick<RunResult, 'diagnostics' | 'files' | 'fullCheck' | 'profiles' | 'sources'> {
  return {
    diagnostics: fileDiagnostics(files, scanned.stats),
    files: files.map((file, i) => ({ file, stats: inputStats(file, scanned.stats[i] as FileStats) })),
    fullCheck: scanned.stats.every((t) => t.unread === 0),
    sources: [
      ...task.events.map((s, i) => ({ source: scannedSource(s, task), rows: scanned.matched[i] ?? 0 })),
      ...task.lookups.map((source, i) => ({ source, rows: lookups[i]?.length ?? 0 })),
    ],
    profiles: scanned.profiles,
  }
}

/** Of a table, the rows that were not pulled count as events that were not read. */
const inputStats = ({ table }: Recognised, stats: FileStats): FileStats =>
  table === undefined
    ? stats
    : { ...tableStats(table), unread: table.rows - stats.events, untimed: stats.untimed, bytes: stats.bytes }

const droppedTally = ({ twoSteps }: RunTask, { dropped }: ScanResult): RunResult['tallies'] =>
  dropped > 0 ? [{ path: `out.${twoSteps?.at}`, what: 'dropped-null-keys', count: dropped }] : []

/** A second plan that fails does not fail the run. */
async function runAlso(
  executor: PlanExecutor,
  profiles: readonly Profile[],
  { also, signal }: RunOptions,
): Promise<readonly Row[] | null> {
  if (!also?.when(profiles)) return null
  try {
    return (await executor.execute(also.plan)).rows
  } catch (e) {
    if (e instanceof RunError && !signal?.aborted) return null
    throw e
  }
}
