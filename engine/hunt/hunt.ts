// Many rules over logs in one read: the index proposes, workers decide, and rules that need several events run at the end.
import { ruleFailed, ruleSlow, ruleStuck } from '../../core/diag/catalogue/hunt.ts'
import { aborted } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { type Filter, indexFilters, type RuleIndex } from '../../core/hunt/rule-index.ts'
import { CIRCUMSTANCES, TIMES } from '../../core/lang/shared/circumstances.ts'
import { TRUE } from '../../core/plan/build.ts'
import { isHidden, type Env, type SourceNode, type Ty } from '../../core/plan/plan.ts'
import { prune } from '../../core/passes/3-prune.ts'
import { schemaOf } from '../../core/plan/schema.ts'
import { isLookup, planSources, sourceKey } from '../../core/plan/sources.ts'
import { type Cell, present, type Table, toCell } from '../../core/workbench/present.ts'
import { PlanExecutor } from '../execute/execute-plan.ts'
import { fileDiagnostics } from '../execute/file-diagnostics.ts'
import { needsSpan, resolveEnv } from '../execute/interval.ts'
import type { RunOptions } from '../execute/run-options.ts'
import { RunSession } from '../execute/run-session.ts'
import { tableWarnings } from '../execute/table-warnings.ts'
import { addFileStats, type FileStats, newFileStats, spanOf } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import type { Bounds } from '../scan/bounds.ts'
import type { HuntJob } from '../scan/hunt-consumer.ts'
import type { HuntedTask } from '../scan/hunt-order.ts'
import { type HuntFilter, namesIn, packFilters } from '../scan/packed-filters.ts'
import type { ScanResult } from '../scan/scan-result.ts'
import { RunError } from '../workers/supervised-worker.ts'
import type { HuntRule } from './hunt-rules.ts'
import { lookupsOf } from './rule-lookups.ts'
import { sampled } from './sample.ts'

export interface Finding {
  /** The place of its rule. */
  readonly rule: number
  /** Microseconds UTC. Null: the event has no time, or the finding is of several events and its row has no time field. */
  readonly time: bigint | null
  /** The log and the line of the event. Null: the finding is of several events. */
  readonly log: { readonly file: string; readonly line: number } | null
  readonly host: string | null
  readonly user: string | null
  readonly columns: readonly string[]
  readonly cells: readonly Cell[]
  /** Names and texts of the event in turn, where they were asked for. */
  readonly event: readonly string[] | null
}

/** Why a rule found nothing, or not all. */
export type RuleState = 'failed' | 'fired' | 'no field' | 'no source' | 'off' | 'quiet'

export interface RuleOutcome {
  readonly state: RuleState
  readonly findings: number
  /** Findings that were reported. */
  readonly reported: number
  /** Events of its kind. Null: it reads several kinds. */
  readonly events: number
  /** Milliseconds, estimated, over all threads. */
  readonly ms: number
}

export interface HuntOptions extends RunOptions {
  readonly most: number
  /** Seconds that a rule may take in one thread. */
  readonly budget: number
  readonly withEvent: boolean
  /** Microseconds UTC: events that the platform received before are left out. */
  readonly sinceIngest?: bigint | undefined
  readonly onFinding: (finding: Finding) => void
}

export interface HuntResult {
  /** False: it was stopped or failed. The rest of the result is of the part that was read. */
  readonly ok: boolean
  readonly outcomes: readonly RuleOutcome[]
  readonly files: readonly { readonly file: Recognised; readonly stats: FileStats }[]
  readonly diagnostics: readonly Diagnostic[]
  readonly env: Env | null
  readonly bounds: Bounds
  /** Milliseconds. */
  readonly timings: { readonly index: number; readonly scan: number; readonly rest: number }
}

/** A filter of the index: a source of a rule. */
interface Watched {
  readonly rule: number
  readonly source: SourceNode
}

/** Never throws on data or rules. */
export async function hunt(rules: readonly HuntRule[], options: HuntOptions): Promise<HuntResult> {
  return new HuntRun(rules, options).run()
}

class HuntRun {
  readonly #rules: readonly HuntRule[]
  readonly #options: HuntOptions
  readonly #session: RunSession
  readonly #watched: readonly Watched[]
  /** Sources of rules that need several events; their places are those of the job. */
  readonly #kept: SourceNode[] = []
  readonly #places: readonly number[]
  readonly #filtersOf: readonly number[][]
  readonly #counts: number[]
  readonly #reported: number[]
  readonly #events: number[]
  readonly #ms: number[]
  readonly #failed = new Set<number>()
  readonly #off = new Set<number>()
  readonly #stats: FileStats[]
  readonly #diagnostics: Diagnostic[] = []
  readonly #types: (ReadonlyMap<string, Ty> | undefined)[] = []
  #filled = new Uint8Array(0)
  #had: Int32Array
  #index: RuleIndex | undefined

  constructor(rules: readonly HuntRule[], options: HuntOptions) {
    this.#rules = rules
    this.#options = options
    const { signal, patience = 30 } = options
    this.#session = new RunSession({ signal, patience })
    const zero = (): number[] => rules.map(() => 0)
    this.#counts = zero()
    this.#reported = zero()
    this.#events = zero()
    this.#ms = zero()
    this.#stats = options.files.map(() => newFileStats())
    this.#watched = rules.flatMap(({ plan }, rule) =>
      planSources(plan)
        .filter((s) => !isLookup(s))
        .map((source) => ({ rule, source })),
    )
    this.#filtersOf = rules.map(() => [])
    for (const [filter, { rule }] of this.#watched.entries()) this.#filtersOf[rule]?.push(filter)
    const kept = new Map<string, number>()
    this.#places = this.#watched.map(({ rule, source }) => {
      if (rules[rule]?.isOfOneEvent) return -1
      const key = sourceKey(source)
      const place = kept.get(key) ?? this.#kept.push(source) - 1
      kept.set(key, place)
      return place
    })
    this.#had = new Int32Array(new SharedArrayBuffer(4 * this.#watched.length))
  }

  async run(): Promise<HuntResult> {
    const began = performance.now()
    let env: Env | null = null
    let bounds: Bounds = null
    let [indexed, scanned] = [began, began]
    const result = (ok: boolean): HuntResult => ({
      ok,
      outcomes: this.#rules.map((_, i) => this.#outcome(i)),
      files: this.#options.files.map((file, i) => ({ file, stats: this.#stats[i] as FileStats })),
      diagnostics: [...fileDiagnostics(this.#options.files, this.#stats), ...this.#diagnostics],
      env,
      bounds,
      timings: { index: indexed - began, scan: scanned - indexed, rest: performance.now() - scanned },
    })
    try {
      const resolved = await this.#environment()
      env = resolved.env
      bounds = resolved.bounds
      const sources = this.#watched.map((w) => w.source)
      this.#diagnostics.push(...(await tableWarnings(this.#options.files, sources)))
      const job = this.#job()
      indexed = performance.now()
      scanned = indexed
      const scan = await this.#scan(job, env, bounds)
      scanned = performance.now()
      for (const filter of this.#watched.keys()) if (job.off[filter] === 1) this.#switchedOff(filter)
      await this.#relations(scan, env)
      return result(true)
    } catch (e) {
      if (!(e instanceof RunError)) throw e
      this.#diagnostics.push(e.diagnostic)
      return result(false)
    } finally {
      await this.#session.close()
    }
  }

  async #environment(): Promise<{ env: Env; bounds: Bounds }> {
    const { interval = {}, zone = 'UTC' } = this.#options
    if (!this.#rules.some((r) => needsSpan(r.plan, interval))) return resolveEnv(interval, zone, null)
    const job = { sources: [], profiles: [], full: true, env: resolveEnv({}, zone, null).env, bounds: null }
    const { stats } = await this.#session.scan(
      { ...job, files: this.#options.files, survey: false, context: this.#context() },
      { memoryValues: 0, onProgress: (done, total) => this.#options.onProgress?.('span', done, total) },
    )
    return resolveEnv(interval, zone, spanOf(stats) ?? null)
  }

  #context() {
    const { sourceZone = 'UTC', year = 1970, maxLine = 16 << 20 } = this.#options
    return { zone: sourceZone, year, maxLine }
  }

  #job(): HuntJob {
    const sources = this.#watched.map((w) => w.source)
    const { counts, events } = sampled(this.#options.files)
    const kinds = new Set(this.#rules.flatMap((r) => r.kinds))
    const { index, filters: rests } = indexFilters(sources, kinds, counts, events)
    this.#index = index
    this.#filled = new Uint8Array(index.slots.length)
    const filters = this.#watched.map(({ rule, source }, i): HuntFilter => {
      const place = this.#places[i] as number
      const bare: SourceNode = { ...source, where: TRUE }
      const own = rests[i] as Filter
      if (place >= 0) return { ...own, source: bare, stages: null, place }
      const stages = (this.#rules[rule] as HuntRule).plan.out.stages.map(({ at: _, ...s }) => s)
      const { out } = prune({ lets: [], out: { from: bare, stages } })
      return { ...own, source: out.from as SourceNode, stages: out.stages, place }
    })
    const { most, budget, withEvent, sinceIngest, sourceZone = 'UTC' } = this.#options
    const off = new Int32Array(new SharedArrayBuffer(4 * filters.length))
    return {
      filters: packFilters(filters),
      names: namesIn(sources),
      index,
      most,
      had: this.#had,
      off,
      budget: budget * 1000,
      withEvent,
      since: sinceIngest === undefined ? null : { at: sinceIngest, zone: sourceZone },
    }
  }

  #scan(hunt: HuntJob, env: Env, bounds: Bounds): Promise<ScanResult> {
    const { files, workers, memoryValues = 2_000_000, onProgress } = this.#options
    return this.#session.scan(
      {
        files,
        sources: this.#kept,
        profiles: [],
        hunt,
        survey: false,
        full: true,
        env,
        bounds,
        context: this.#context(),
      },
      {
        ...(workers === undefined ? {} : { workers }),
        memoryValues,
        onProgress: (done, total) => onProgress?.('scan', done, total),
        onHunted: (task) => this.#hunted(task),
        onStuck: (filter, seconds) => {
          const rule = this.#ruleOf(filter)
          this.#off.add(rule)
          const { title, file } = this.#rules[rule] as HuntRule
          this.#diagnostics.push(diagnostic(ruleStuck, inLog(file), { rule: title, seconds }))
        },
      },
    )
  }

  #ruleOf(filter: number): number {
    return (this.#watched[filter] as Watched).rule
  }

  #hunted({ file, stats, found, part }: HuntedTask): void {
    const into = this.#stats[file] as FileStats
    const { lines } = into
    addFileStats(into, stats)
    const name = (this.#options.files[file] as Recognised).name
    for (const f of found) {
      const had = this.#had[f.filter] as number
      if (had >= this.#options.most) continue
      this.#had[f.filter] = had + 1
      const rule = this.#ruleOf(f.filter)
      this.#reported[rule] = (this.#reported[rule] as number) + 1
      const { fields } = this.#rules[rule] as HuntRule
      this.#options.onFinding({
        rule,
        time: f.time,
        log: { file: f.isCarved ? `${name} (carved)` : name, line: lines + f.line },
        host: f.host,
        user: f.user,
        columns: fields,
        cells: this.#cells(rule, f.values),
        event: f.event,
      })
    }
    for (let filter = 0; filter < part.counts.length; filter++) {
      const rule = this.#ruleOf(filter)
      if (this.#places[filter] === -1)
        this.#counts[rule] = (this.#counts[rule] as number) + (part.counts[filter] as number)
      this.#events[rule] = (this.#events[rule] as number) + (part.events[filter] as number)
      this.#ms[rule] = (this.#ms[rule] as number) + (part.cost[filter] as number)
    }
    for (let slot = 0; slot < part.filled.length; slot++) if (part.filled[slot] === 1) this.#filled[slot] = 1
  }

  #cells(rule: number, values: Tuple): Cell[] {
    const { plan, fields } = this.#rules[rule] as HuntRule
    this.#types[rule] ??= schemaOf(plan.out, plan.lets).columns
    return fields.map((f, i) => toCell(values[i] ?? null, this.#types[rule]?.get(f) ?? 'str'))
  }

  #switchedOff(filter: number): void {
    const rule = this.#ruleOf(filter)
    if (this.#off.has(rule)) return
    this.#off.add(rule)
    const { title, file } = this.#rules[rule] as HuntRule
    this.#diagnostics.push(diagnostic(ruleSlow, inLog(file), { rule: title, seconds: this.#options.budget }))
  }

  /** Rules that need several events, over the rows of the scan. One that fails does not end the others. */
  async #relations(scan: ScanResult, env: Env): Promise<void> {
    const several = [...this.#rules.entries()].filter(([, r]) => !r.isOfOneEvent)
    const { sources, tables, problems } = lookupsOf(several, this.#options.lookups ?? [], env)
    // One for all rules: it adds the rows in memory to the spool, which all rules read, once.
    const rows = {
      sources: [...this.#kept, ...sources],
      rows: [...scan.rows, ...tables],
      spooled: [...scan.spooled, ...tables.map(() => 0)],
      longest: scan.longest,
    }
    const executor = new PlanExecutor(this.#session, rows, env, this.#options)
    for (const [i, [rule, { plan, compiled, title, file }]] of several.entries()) {
      this.#options.onProgress?.('query', i, several.length)
      try {
        const problem = problems.get(rule)
        if (problem) throw new RunError(problem)
        const done = await executor.execute(plan)
        const columns = done.columns.filter((c) => !isHidden(c.id))
        const table = present(columns, done.rows, compiled.presentation)
        this.#counts[rule] = table.rows.length
        for (const cells of table.rows.slice(0, this.#options.most)) this.#several(rule, table, cells)
      } catch (e) {
        if (!(e instanceof RunError)) throw e
        if (e.diagnostic.code === aborted.id) throw e
        this.#failed.add(rule)
        this.#diagnostics.push(diagnostic(ruleFailed, inLog(file), { rule: title, reason: e.diagnostic.message }))
      }
    }
  }

  /** A finding of several events: its columns without those that repeat the facts of the rule. */
  #several(rule: number, table: Table, cells: readonly Cell[]): void {
    this.#reported[rule] = (this.#reported[rule] as number) + 1
    const { fields, compiled } = this.#rules[rule] as HuntRule
    const columns = table.columns.filter((c) => compiled.rules === undefined || fields.includes(c))
    const cellOf = (name: string | undefined): Cell => cells[table.columns.indexOf(name ?? '')] ?? null
    const circumstance = (id: string): string | null => {
      const names = CIRCUMSTANCES.find((c) => c.id === id)?.shown ?? []
      const value = cellOf(columns.find((c) => names.includes(c)))
      return typeof value === 'string' ? value : null
    }
    const [host, user] = [circumstance('host'), circumstance('user')]
    const own = columns.map(cellOf)
    const time = timeIn(cellOf(columns.find((c) => TIMES.includes(c))))
    this.#options.onFinding({ rule, time, log: null, host, user, columns, cells: own, event: null })
  }

  #outcome(rule: number): RuleOutcome {
    const findings = this.#counts[rule] as number
    const reported = this.#reported[rule] as number
    return {
      state: this.#state(rule),
      findings,
      reported,
      events: this.#events[rule] as number,
      ms: this.#ms[rule] as number,
    }
  }

  #state(rule: number): RuleState {
    if (this.#failed.has(rule)) return 'failed'
    if (this.#off.has(rule)) return 'off'
    if ((this.#counts[rule] as number) > 0) return 'fired'
    const own = this.#filtersOf[rule] as readonly number[]
    if (own.length > 0 && (this.#events[rule] as number) === 0) return 'no source'
    return own.length > 0 && own.every((f) => this.#isUnfilled(f)) ? 'no field' : 'quiet'
  }

  /** No event had a text where the filter needs one. */
  #isUnfilled(filter: number): boolean {
    const index = this.#index
    if (!index?.filters[filter]?.isIndexed) return false
    const [from, to] = [index.slotStarts[filter] as number, index.slotStarts[filter + 1] as number]
    return to > from && index.slotsOf.subarray(from, to).every((slot) => this.#filled[slot] === 0)
  }
}

/** Microseconds UTC of a time field. A query can write any text into it. */
function timeIn(cell: Cell): bigint | null {
  const digits = cell !== null && typeof cell === 'object' && 'number' in cell ? cell.number : cell
  return typeof digits === 'string' && /^\d{1,15}$/.test(digits) ? BigInt(digits) * 1000n : null
}
