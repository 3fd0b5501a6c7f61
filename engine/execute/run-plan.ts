// A plan over telemetry: scan, then the evaluator or DuckDB, then the evaluator for what DuckDB leaves.
import { noInput, tooManyRows } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Tally, Tuple } from '../../core/eval/sink.ts'
import { split } from '../../core/passes/6-split.ts'
import { GROUPS, partial, type TwoSteps } from '../../core/passes/7-partial.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import { type Column, type Env, type Plan, REST, type Row, type SourceNode } from '../../core/plan/plan.ts'
import { tailReason } from '../../core/sql/compile.ts'
import { runInDuckdb } from '../duckdb/duckdb.ts'
import { fileDiagnostics } from './file-diagnostics.ts'
import { type IntervalSpec, needsSpan, resolveEnv } from './interval.ts'
import { readLookup } from '../inputs/lookups.ts'
import type { EvaluateJob, Evaluated, Profile, ProfileSpec, ScanJob, StepCount } from '../scan/scan-protocol.ts'
import { isLookup, planSources, sourceKey, widthOf } from '../../core/plan/sources.ts'
import { SupervisedWorker, RunError, runError, throwIfAborted, type Supervision } from '../workers/supervised-worker.ts'
import type { Reduction } from '../scan/partial-aggregation.ts'
import { scan, type ScanHelper, type ScanResult } from '../scan/scan.ts'
import { SpoolPart } from '../scan/spool.ts'
import { makeTemp, removeTemp } from '../files/temp.ts'
import type { FileStats, Recognised, RunContext } from '../inputs/types.ts'
import type { Bounds } from '../scan/bounds.ts'

export interface RunOptions {
  /** From recogniseInputs. */
  readonly files: readonly Recognised[]
  readonly interval?: IntervalSpec
  readonly engine?: 'auto' | 'duckdb' | 'evaluator'
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'query' | 'scan' | 'span', done: number, total: number) => void
  /** The reader's zone. Default UTC. */
  readonly zone?: string
  /** Zone of stamps without one. Default UTC. */
  readonly sourceZone?: string
  /** Year of stamps without one. */
  readonly year?: number
  /** As DuckDB writes it. Default 1GB. */
  readonly memoryLimit?: string
  /** Folders with lookup files. */
  readonly lookups?: readonly string[]
  readonly profiles?: readonly ProfileSpec[]
  /** A further optimised plan over the same scan, to be run if what the profiles show is reason to. */
  readonly also?: { readonly plan: Plan; readonly when: (profiles: readonly Profile[]) => boolean } | undefined
  /** Count rows before and after every stage; the evaluator runs. */
  readonly steps?: boolean
  /** Threads of the scan. Default: cores. */
  readonly workers?: number
  /** Seconds without a sign of life after which a worker is ended. Default 30. */
  readonly patience?: number
  /** Values of rows that may be in memory before DuckDB takes over. */
  readonly memoryValues?: number
  /** Longest line in bytes. Default 16 MiB. */
  readonly maxLine?: number
  /** Bytes of input up to which every line is parsed, so that all counts are exact. Default 64 MB. */
  readonly fullCheck?: number
}

export interface RunResult {
  readonly ok: boolean
  readonly columns: readonly Column[]
  readonly rest: boolean
  readonly rows: readonly Row[]
  readonly diagnostics: readonly Diagnostic[]
  readonly env: Env
  /** What was asked for; null: all events. */
  readonly bounds: Bounds
  readonly files: readonly { readonly file: Recognised; readonly tally: FileStats }[]
  /** Were all lines parsed, or those that could match? */
  readonly fullCheck: boolean
  /** In the order of planSources(plan): rows after the source's filter and interval. */
  readonly sources: readonly { readonly source: SourceNode; readonly rows: number }[]
  readonly profiles: readonly Profile[]
  /** Rows of the further plan; null: it was not run, or did not finish. */
  readonly also: readonly Row[] | null
  readonly steps: readonly StepCount[]
  readonly tallies: readonly Tally[]
  readonly engine: {
    readonly used: 'duckdb' | 'evaluator'
    readonly why: string
    readonly sql: string | null
    readonly tail: readonly string[]
  }
  /** Milliseconds. */
  readonly timings: { readonly span: number; readonly scan: number; readonly query: number }
}

const MEMORY_VALUES = 2_000_000
const MOST_VALUES = 40_000_000
const FULL_CHECK = 64_000_000

/** Runs an optimised plan. Never throws on data, files or engine: what went wrong is in `diagnostics`, and then `ok` is false. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  const run = new Run(plan, options)
  try {
    return await run.all()
  } catch (e) {
    if (e instanceof RunError) return run.result({ ok: false, diagnostics: [...run.said, e.diagnostic] })
    throw e
  } finally {
    await run.close()
  }
}

class Run {
  readonly #plan: Plan
  readonly #o: RunOptions
  readonly #watch: Supervision
  readonly #helpers: ScanHelper[] = []
  readonly #spool = makeTemp()
  /** Aggregates while it reads; undefined: rows are gathered. */
  readonly #partial: TwoSteps | undefined
  /** Of all plans, each once: telemetry, then lookups. */
  readonly #sources: readonly SourceNode[]
  readonly said: Diagnostic[] = []
  #made: Partial<RunResult> = {}
  #isSpooled = false
  /** At least the bytes of the longest row in the spool. */
  #longest = 0

  constructor(plan: Plan, options: RunOptions) {
    this.#o = options
    this.#partial =
      this.#isLarge() && (options.engine ?? 'auto') === 'auto' && !options.steps ? partial(plan) : undefined
    this.#plan = this.#partial?.plan ?? plan
    this.#watch = { signal: options.signal, patience: options.patience ?? 30 }
    const all = [this.#plan, ...(options.also ? [options.also.plan] : [])].flatMap(planSources)
    const known = new Map(all.map((s) => [sourceKey(s), s]))
    this.#sources = [...known.values()].sort((a, b) => Number(isLookup(a)) - Number(isLookup(b)))
  }

  /** Too large for every line to be parsed, be it only to check it. */
  #isLarge(): boolean {
    return this.#o.files.reduce((n, f) => n + f.size, 0) > (this.#o.fullCheck ?? FULL_CHECK)
  }

  /** What the scan reads for a source of the plans. */
  #scanned(source: SourceNode): SourceNode {
    return source.name === GROUPS && this.#partial ? this.#partial.source : source
  }

  result(more: Partial<RunResult>): RunResult {
    return {
      ok: true,
      columns: [],
      rest: false,
      rows: [],
      diagnostics: this.said,
      env: { ...NO_ENV, zone: this.#o.zone ?? 'UTC' },
      bounds: null,
      files: [],
      fullCheck: true,
      sources: [],
      profiles: [],
      also: null,
      steps: [],
      tallies: [],
      engine: { used: 'evaluator', why: 'the query was not run', sql: null, tail: [] },
      timings: { span: 0, scan: 0, query: 0 },
      ...this.#made,
      ...more,
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#helpers.map((h) => h.end()))
    removeTemp(this.#spool)
  }

  async all(): Promise<RunResult> {
    const o = this.#o
    if (o.files.length === 0 && this.#sources.some((s) => !isLookup(s)))
      return this.result({ ok: false, diagnostics: [diagnostic(noInput, noPlace, {})] })
    throwIfAborted(this.#watch, 'starting')
    const t0 = performance.now()
    const { env, bounds } = await this.#environment()
    this.#made = { env, bounds }
    const lookups = this.#lookups(env)
    if (lookups === undefined) return this.result({ ok: false })
    const t1 = performance.now()
    const scanned = await this.#scan(env, bounds)
    this.#longest = scanned.longest
    const t2 = performance.now()
    const events = this.#sources.filter((s) => !isLookup(s))
    const rowsOf = new Map(events.map((s, i) => [s, scanned.rows[i] ?? []]))
    const spooledOf = new Map(events.map((s, i) => [s, scanned.spooled[i] ?? 0]))
    for (const [s, rows] of lookups) rowsOf.set(s, rows)
    this.said.push(...fileDiagnostics(o.files, scanned.tallies))
    this.#made = {
      ...this.#made,
      files: o.files.map((file, i) => ({ file, tally: scanned.tallies[i] as FileStats })),
      fullCheck: scanned.tallies.every((t) => t.unread === 0),
      sources: this.#sources.map((s) => {
        const i = events.indexOf(s)
        return { source: this.#scanned(s), rows: i < 0 ? (rowsOf.get(s)?.length ?? 0) : (scanned.taken[i] ?? 0) }
      }),
      profiles: scanned.profiles,
    }
    o.onProgress?.('query', 0, 1)
    const inMemory = this.#sources.map((s) => rowsOf.get(s) ?? [])
    const spooled = this.#sources.map((s) => spooledOf.get(s) ?? 0)
    const done = await this.#execute(this.#plan, env, inMemory, spooled)
    const also = await this.#also(env, inMemory, spooled, scanned.profiles)
    const { at } = this.#partial ?? {}
    const tallies = [
      ...(done.tallies ?? []),
      ...(scanned.dropped > 0
        ? [{ path: `out.${at}`, what: 'dropped-null-keys' as const, count: scanned.dropped }]
        : []),
    ]
    const timings = { span: t1 - t0, scan: t2 - t1, query: performance.now() - t2 }
    return this.result({ ...done, also, tallies, timings })
  }

  async #environment(): Promise<{ env: Env; bounds: Bounds }> {
    const { interval = {}, zone = 'UTC' } = this.#o
    if (!this.#needsSpan(interval)) return resolveEnv(interval, zone, null)
    const found = await this.#scanFor({ sources: [], profiles: [], full: true }, NO_ENV, null, 'span')
    let span: { first: bigint; last: bigint } | null = null
    for (const { first, last } of found.tallies) {
      if (first === null || last === null) continue
      span =
        span === null
          ? { first, last }
          : { first: first < span.first ? first : span.first, last: last > span.last ? last : span.last }
    }
    return resolveEnv(interval, zone, span)
  }

  #needsSpan(interval: IntervalSpec): boolean {
    const { plan, source: from, before = [], first } = this.#partial ?? {}
    if (plan === undefined || from === undefined || first === undefined) return needsSpan(this.#plan, interval)
    return needsSpan({ lets: [], out: { from, stages: [...before, first] } }, interval) || needsSpan(plan, interval)
  }

  #lookups(env: Env): Map<SourceNode, readonly Tuple[]> | undefined {
    const found = new Map<SourceNode, readonly Tuple[]>()
    let ok = true
    for (const source of this.#sources.filter(isLookup)) {
      const rows = readLookup(source, this.#o.lookups ?? [], env)
      if ('code' in rows) {
        this.said.push(rows)
        ok = false
      } else found.set(source, rows)
    }
    return ok ? found : undefined
  }

  #scan(env: Env, bounds: Bounds): Promise<ScanResult> {
    const events = this.#sources.filter((s) => !isLookup(s))
    const sources = events.map((s) => this.#scanned(s))
    const reductions = events.map((s) => (s.name === GROUPS && this.#partial ? reductionOf(this.#partial) : null))
    const full = !this.#isLarge()
    return this.#scanFor({ sources, reductions, profiles: this.#o.profiles ?? [], full }, env, bounds, 'scan')
  }

  #scanFor(
    what: Pick<ScanJob, 'reductions'> & {
      sources: readonly SourceNode[]
      profiles: readonly ProfileSpec[]
      full: boolean
    },
    env: Env,
    bounds: Bounds,
    phase: 'scan' | 'span',
  ): Promise<ScanResult> {
    const { files, sourceZone = 'UTC', year = 1970, maxLine = 16 << 20, onProgress } = this.#o
    const context: RunContext = { zone: sourceZone, year, maxLine }
    const evaluator = this.#o.engine === 'evaluator' || this.#o.steps === true
    return scan({ ...what, files, survey: false, env, bounds, context, spool: this.#spool }, this.#helpers, {
      ...this.#watch,
      ...(this.#o.workers === undefined ? {} : { workers: this.#o.workers }),
      memoryValues: evaluator
        ? Number.POSITIVE_INFINITY
        : this.#o.engine === 'duckdb'
          ? 0
          : (this.#o.memoryValues ?? MEMORY_VALUES),
      overflow: (values) => {
        if (evaluator && values > MOST_VALUES)
          throw runError(tooManyRows, { rows: Math.round(values), limit: MOST_VALUES })
      },
      onProgress: onProgress && ((done, total) => onProgress(phase, done, total)),
    })
  }

  async #also(
    env: Env,
    rows: readonly (readonly Tuple[])[],
    spooled: readonly number[],
    profiles: readonly Profile[],
  ): Promise<readonly Row[] | null> {
    const { also } = this.#o
    if (!also?.when(profiles)) return null
    try {
      return (await this.#execute(also.plan, env, rows, spooled)).rows ?? null
    } catch (e) {
      if (e instanceof RunError && !this.#o.signal?.aborted) return null
      throw e
    }
  }

  /** `rows` and `spooled` by source of the run. */
  async #execute(
    plan: Plan,
    env: Env,
    rows: readonly (readonly Tuple[])[],
    spooled: readonly number[],
  ): Promise<Partial<RunResult>> {
    const values = rows.reduce((n, list, i) => n + list.length * (widthOf(this.#sources[i] as SourceNode) + 1), 0)
    const many = spooled.some((n) => n > 0)
    if (this.#o.engine !== 'duckdb' && !many) {
      const why = this.#o.engine === 'evaluator' ? 'asked for' : `${values} values fit into memory`
      return this.#evaluated(await this.#evaluate(plan, this.#rowsFor(plan, rows), env), {
        used: 'evaluator',
        why,
        sql: null,
        tail: [],
      })
    }
    this.#spoolAll(rows)
    const { core, tail, reasons } = split(plan, (prim, consts) => tailReason(prim, consts, 'duckdb'))
    const why = this.#o.engine === 'duckdb' ? 'asked for' : 'the rows do not fit into memory'
    const options = {
      ...this.#watch,
      spool: this.#spool,
      memoryLimit: this.#o.memoryLimit ?? '1GB',
      longest: this.#longest,
    }
    const duck = async (of: Plan) => runInDuckdb(of, this.#sources, env, options)
    if (core && !tail) {
      const answer = await duck(core)
      const { columns, rest, sql } = answer
      return { columns, rest, rows: asRows(columns, rest, answer.rows), engine: { used: 'duckdb', why, sql, tail: [] } }
    }
    // What the tail reads beside the core's rows comes out of the spool by a plan that is nothing but that source.
    const rest = tail ?? plan
    const tailRows: (readonly Tuple[])[] = []
    let sql: string | null = null
    for (const source of planSources(rest)) {
      const isCore = core !== null && source.name === 'core'
      const answer = await duck(isCore ? core : { lets: [], out: { from: source, stages: [] } })
      if (isCore) sql = answer.sql
      tailRows.push(answer.rows)
    }
    const done = await this.#evaluate(rest, tailRows, env)
    return this.#evaluated(done, { used: core ? 'duckdb' : 'evaluator', why, sql, tail: reasons })
  }

  #rowsFor(plan: Plan, rows: readonly (readonly Tuple[])[]): (readonly Tuple[])[] {
    const places = new Map(this.#sources.map((s, i) => [sourceKey(s), i]))
    return planSources(plan).map((s) => rows[places.get(sourceKey(s)) ?? -1] ?? [])
  }

  #evaluated(done: Evaluated, engine: RunResult['engine']): Partial<RunResult> {
    const { columns, rest, tallies, steps } = done
    return { columns, rest, rows: asRows(columns, rest, done.rows), tallies, steps, engine }
  }

  #spoolAll(rows: readonly (readonly Tuple[])[]): void {
    if (this.#isSpooled) return
    this.#isSpooled = true
    // Telemetry comes first among the plan's sources, so the scan's numbers and these are the same.
    rows.forEach((list, i) => {
      if (list.length === 0) return
      const part = new SpoolPart(this.#spool, i, 'memory')
      for (const row of list) part.add(row)
      part.close()
      this.#longest = Math.max(this.#longest, part.longest)
    })
  }

  async #evaluate(plan: Plan, rows: readonly (readonly Tuple[])[], env: Env): Promise<Evaluated> {
    const [first] = this.#helpers
    const helper = first ?? this.#newHelper()
    const job: EvaluateJob = { plan, rows, env, steps: this.#o.steps === true }
    let result: Evaluated | undefined
    await helper.request(
      { kind: 'evaluate', job, shared: helper.shared },
      {
        phase: 'computing the result',
        on: (m) => {
          if (m.kind !== 'evaluated') return false
          result = m.result
          return true
        },
      },
      // Sorting and grouping give no sign of life.
      { ...this.#watch, patience: this.#watch.patience * 4 },
    )
    return result as unknown as Evaluated
  }

  #newHelper(): ScanHelper {
    const helper: ScanHelper = new SupervisedWorker('worker-scan')
    this.#helpers.push(helper)
    return helper
  }
}

const reductionOf = ({ before, first, needed }: TwoSteps): Reduction => ({ before, first, needed })

function asRows(columns: readonly Column[], rest: boolean, rows: readonly Tuple[]): Row[] {
  const ids = [...columns.map((c) => c.id), ...(rest ? [REST] : [])]
  return rows.map((t) => Object.fromEntries(ids.map((id, i) => [id, t[i] ?? null])))
}
