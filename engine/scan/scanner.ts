// The scans of one worker: bytes of a part of a file → counts, and rows in memory or in the spool.
import { isDeepStrictEqual } from 'node:util'
import { elementName } from '../../core/eval/bind.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Event, FormatContext, LogFormat } from '../../core/logs/format.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import { yearChooser } from '../../core/logs/readers/years.ts'
import { formatOf } from '../inputs/format-of.ts'
import { type FileStats, newFileStats } from '../inputs/file-stats.ts'
import type { Recognised, Tags } from '../inputs/input.ts'
import { BEATS, SPOOL_FLAG } from '../workers/shared-memory.ts'
import { type EventConsumer, FieldProfiler, type FileScope, FilterCascade, RowCollector } from './event-consumers.ts'
import { StoreWriter, type StorePart } from './store-consumer.ts'
import { Hunt, HuntConsumer, type Found, type HuntPart } from './hunt-consumer.ts'
import type { ScanKernel } from './kernel/kernel.ts'
import { KernelReader, rowsOfGroups, threadKernel } from './kernel/kernel-reader.ts'
import { fieldsOf } from './kernel/kernel-settings.ts'
import { type DecidedProfile, LineSelection } from './line-selection.ts'
import { type Reducer, reducerOf } from './partial-aggregation.ts'
import { linesBefore, readTask } from './read-bytes.ts'
import { RecordScanner } from './record-scanner.ts'
import type { Profile, ScanJob, ScanTask } from './scan-protocol.ts'
import { SpoolPart } from './spool.ts'
import { textScan } from './text-kernel/text-scan.ts'

export interface TaskResult {
  readonly stats: FileStats
  /** By source: rows that went to the spool. */
  readonly spooled: readonly number[]
  /** At least the bytes of the longest row in the spool. */
  readonly longest: number
  /** By source: bytes of the part of the spool so far. */
  readonly spoolBytes: readonly number[]
  /** By source: events that matched its filter and interval. */
  readonly matched: readonly number[]
  /** Part of them: events that an aggregation dropped because they lack a key. */
  readonly dropped: number
  readonly profiles: readonly Profile[]
  readonly survey: Profile | null
  readonly hunt: HuntPart | null
  readonly store: readonly StorePart[]
}

/** Values and characters that a task keeps before it posts them. */
const MOST_VALUES = 100_000
const MOST_CHARS = 16 << 20
/** Findings that a task keeps before it posts them: each message wakes the other thread. */
const MOST_FOUND = 1000

/** Events answer to names of another vocabulary only where the job reads one: that costs a little for each value. */
function contextFor({ sources, profiles, hunt, store, context }: ScanJob, format: LogFormat): FormatContext {
  if (store) return context
  const columns = [...sources, ...profiles.map((p) => p.source)].flatMap((s) => s.columns)
  // A list is read by its elements.
  const isAnswered = (name: string): boolean => format.answers(name) || format.answers(elementName(name, 0))
  const isRead =
    columns.some(({ from }) => 'name' in from && from.kind !== 'meta' && isAnswered(from.name)) ||
    hunt?.names.some(isAnswered) === true
  const isCounted = profiles.some((p) => [...p.fields, ...(p.values ?? [])].some(format.answers))
  return isRead || isCounted ? context : { ...context, names: 'own' }
}

interface Grouped {
  readonly matched: number[]
  readonly profilers: readonly FieldProfiler[]
  readonly inputs: Pick<FileScope, 'format' | 'tags'>
}

/** Profiles over the same columns: their sources, and their places in the job. */
interface ProfilesAlike {
  readonly sources: readonly SourceNode[]
  readonly places: readonly number[]
}

function profilesAlike({ profiles }: ScanJob): ProfilesAlike[] {
  const byColumns = new Map<string, number[]>()
  profiles.forEach(({ source }, i) => {
    const key = JSON.stringify([source.columns, source.rest, source.interval])
    byColumns.set(key, [...(byColumns.get(key) ?? []), i])
  })
  return [...byColumns.values()].map((places) => ({
    sources: places.flatMap((i) => profiles[i] ?? []).map((p) => ({ ...p.source, where: p.where })),
    places,
  }))
}

type PostRows = (id: number, rows: readonly (readonly Tuple[])[]) => void
type PostFound = (id: number, found: readonly Found[]) => void

export class Scanner {
  readonly #job: ScanJob
  readonly #parts: SpoolPart[]
  readonly #post: PostRows
  readonly #postFindings: PostFound
  readonly #beats: Int32Array
  readonly #place: Float64Array
  readonly #reducers: readonly (Reducer | null)[]
  readonly #selection: LineSelection
  readonly #hunt: Hunt | undefined
  readonly #store: StoreWriter | undefined
  readonly #contexts = new Map<LogFormat, FormatContext>()
  readonly #scopes = new Map<LogFormat, FileScope[]>()
  readonly #alike: readonly ProfilesAlike[]
  readonly #kernel: KernelReader | undefined
  /** Rows of groups that the kernel counted, of the only source. */
  #counted: Tuple[] = []
  #dropped = 0

  /** `name`: of the worker, for its parts of the spool. */
  constructor(job: ScanJob, name: string, post: PostRows, postFindings: PostFound = () => {}) {
    this.#job = job
    this.#parts = job.sources.map((_, i) => new SpoolPart(job.spool, i, name))
    this.#reducers = job.sources.map((s, i) => {
      const reduction = job.reductions?.[i]
      return reduction ? reducerOf(s, reduction, job.env) : null
    })
    this.#selection = new LineSelection(job)
    this.#alike = profilesAlike(job)
    this.#hunt = job.hunt && new Hunt(job.hunt, job.env, job.shared)
    const kernel = threadKernel()
    this.#kernel = kernel ? new KernelReader(kernel, (groups) => this.#keepGroups(groups)) : undefined
    this.#store = job.store && new StoreWriter(job.store, name)
    this.#post = post
    this.#postFindings = postFindings
    this.#beats = new Int32Array(job.shared, 0, 2)
    this.#place = new Float64Array(job.shared, 8, 1)
  }

  async run(task: ScanTask): Promise<TaskResult> {
    return task.last ? this.#drainAll(task) : this.#readFile(task)
  }

  async #readFile(task: ScanTask): Promise<TaskResult> {
    const job = this.#job
    const file = job.files[task.file] as Recognised
    if (file.parser) await import('../inputs/compile-parser.ts')
    const format = formatOf(file)
    if (!format) throw new Error(`internal: no format ${file.format}`)
    const tags: Tags = { ...format.tags, ...file.tags }
    const scope = this.#scopeOf(format, tags)
    const spooledBefore = this.#parts.map((p) => p.rows)
    const buffer = new RowBuffer(job.sources.length)
    const matched = job.sources.map(() => 0)
    const profilers = job.profiles.map((p) => new FieldProfiler(p, format, tags))
    const survey = job.survey ? new FieldProfiler({ fields: null }, format, {}) : null
    const own = this.#contexts.get(format) ?? contextFor(job, format)
    this.#contexts.set(format, own)
    const context: FormatContext = {
      ...own,
      ...(file.years && { withoutYear: yearChooser(file.years, () => this.#place[0] as number) }),
      unknownZone: (word) =>
        scanner.remark(`the zone ${JSON.stringify(word)} is unknown: no time; --source-tz names it`),
    }
    const hunter =
      this.#hunt &&
      new HuntConsumer(
        this.#hunt,
        scope,
        (place, row) => {
          matched[place] = (matched[place] as number) + 1
          this.#rowSink(buffer, place)(row)
        },
        () => scanner.stats.lines,
      )
    const reader = format.reader(context, file.head)
    let grouped = 0
    const settings = this.#selection.kernel(file, format, tags)
    const kernel =
      settings &&
      this.#kernel?.scan(settings, reader, (lines) => {
        grouped += lines
      })
    const prefilter = kernel ? undefined : this.#selection.prefilter(file, format, tags)
    const scanner: RecordScanner = new RecordScanner({
      reader,
      kernel,
      consumers: [
        ...(hunter ? [hunter] : this.#collectors(scope, buffer, matched)),
        ...this.#cascades(profilers, scope),
        ...(survey ? [surveyor(survey)] : []),
        ...(this.#store ? [this.#store.consumer(task.file, format)] : []),
      ],
      search: prefilter ? (text) => prefilter.search(text) : undefined,
      text: prefilter?.expressions && !job.full ? textScan(prefilter.expressions, file.head) : undefined,
      readAll: job.full,
      seqBase: BigInt(task.file) << 44n,
      name: file.name,
      maxLine: job.context.maxLine,
      beat: (offset) => {
        this.#beats[BEATS] = ((this.#beats[BEATS] as number) + 1) | 0
        this.#place[0] = offset
      },
      flush: () => {
        this.#addCounted(buffer)
        this.#flush(task.id, buffer, hunter)
      },
      before: () => linesBefore(task, file),
    })
    scanner.stats.slow = !this.#kernel && settings !== undefined && reader.object !== undefined
    await readTask(task, file, format, scanner)
    if (task.whole) scanner.end()
    if (grouped > 0) this.#countGrouped(grouped, { matched, profilers, inputs: { format, tags } })
    this.#postRest(task.id, buffer)
    if (hunter) this.#postFound(task.id, hunter)
    const decided = this.#selection.decidedProfiles(file, format, tags)
    return {
      stats: scanner.stats,
      spooled: this.#parts.map((p, i) => p.rows - (spooledBefore[i] as number)),
      longest: this.#longest(),
      spoolBytes: this.#parts.map((p) => p.bytes),
      matched,
      dropped: 0,
      profiles: profilers.map((p, i) => withDecided(p, decided[i], scanner.skippedEvents)),
      survey: survey && { events: survey.events, fields: survey.fields, values: survey.values },
      hunt: hunter?.part() ?? null,
      store: this.#store?.parts() ?? [],
    }
  }

  /** The same for the same tags. */
  #scopeOf(format: LogFormat, tags: Tags): FileScope {
    const { env, bounds } = this.#job
    const before = this.#scopes.get(format) ?? []
    const known = before.find((s) => isDeepStrictEqual(s.tags, tags))
    const scope = known ?? { format, tags, env, bounds }
    if (!known) this.#scopes.set(format, [...before, scope])
    return scope
  }

  #collectors(scope: FileScope, buffer: RowBuffer, matched: number[]): EventConsumer[] {
    return this.#job.sources.map((source, i) => {
      const reducer = this.#reducers[i]
      const isNeeded = reducer?.isNeeded?.bind(reducer)
      const collector = new RowCollector(source, scope, this.#rowSink(buffer, i), isNeeded)
      return {
        unparsed: source.unparsed === true,
        accept: (event, meta) => {
          const answer = collector.accept(event, meta)
          if (answer === 'yes') matched[i] = (matched[i] as number) + 1
          return answer
        },
      }
    })
  }

  #keepGroups(groups: ReturnType<ScanKernel['takeGroups']>): void {
    const { first, needed } = this.#job.reductions?.[0] ?? {}
    if (first?.kind !== 'aggregate') throw new Error('internal: groups without an aggregation')
    const dropped = (lines: number): void => {
      this.#dropped += lines
    }
    for (const row of rowsOfGroups(groups, needed ?? 0, first.aggs.length, dropped)) this.#counted.push(row)
  }

  #addCounted(buffer: RowBuffer): void {
    for (const row of this.#counted) this.#add(buffer, 0, row)
    this.#counted = []
  }

  /** Adds lines that the kernel counted in groups to the counts of the consumers, which did not get them. */
  #countGrouped(lines: number, { matched, profilers, inputs }: Grouped): void {
    matched[0] = (matched[0] as number) + lines
    const present = this.#kernel?.kernel.takeNonNull() ?? []
    const keys = this.#kernel?.kernel.settings?.groupBy?.map((of) => of.join('\n')) ?? []
    const countOf = (name: string): number => present[keys.indexOf(fieldsOf(name, inputs)?.join('\n') ?? '')] ?? 0
    for (const p of profilers) p.addCounted(lines, countOf)
  }

  /** Profiles over the same columns are counted together. */
  #cascades(profilers: readonly FieldProfiler[], scope: FileScope): EventConsumer[] {
    return this.#alike.map(({ sources, places }) => {
      const adds = places.map((i) => (e: Event) => profilers[i]?.add(e))
      return new FilterCascade(sources, adds, scope)
    })
  }

  /** The groups that the reducers of this worker hold after its last task. */
  #drainAll(task: ScanTask): TaskResult {
    const { sources } = this.#job
    const before = this.#parts.map((p) => p.rows)
    const buffer = new RowBuffer(sources.length)
    this.#kernel?.takeGroups()
    this.#addCounted(buffer)
    let dropped = this.#dropped
    this.#reducers.forEach((reducer, i) => {
      if (!reducer) return
      this.#drain(reducer, buffer, i)
      dropped += reducer.dropped
    })
    this.#postRest(task.id, buffer)
    const spooled = this.#parts.map((p, i) => p.rows - (before[i] as number))
    const matched = sources.map(() => 0)
    return {
      stats: newFileStats(),
      spooled,
      longest: this.#longest(),
      spoolBytes: this.#parts.map((p) => p.bytes),
      matched,
      dropped,
      profiles: [],
      survey: null,
      hunt: null,
      store: [],
    }
  }

  #longest(): number {
    return Math.max(0, ...this.#parts.map((p) => p.longest))
  }

  #drain(reducer: Reducer, buffer: RowBuffer, source: number): void {
    for (const row of reducer.drain()) this.#add(buffer, source, row)
  }

  #rowSink(buffer: RowBuffer, source: number): (row: Tuple) => void {
    const reducer = this.#reducers[source]
    if (!reducer) return (row) => this.#add(buffer, source, row)
    return (row) => {
      reducer.push(row)
      if (reducer.isFull) this.#drain(reducer, buffer, source)
    }
  }

  #add(buffer: RowBuffer, source: number, row: Tuple): void {
    if (this.#beats[SPOOL_FLAG] === 1) this.#parts[source]?.add(row)
    else buffer.add(source, row)
  }

  #postFound(id: number, hunter: HuntConsumer): void {
    const found = hunter.drain()
    if (found.length > 0) this.#postFindings(id, found)
  }

  #flush(id: number, buffer: RowBuffer, hunter: HuntConsumer | undefined): void {
    if (hunter && hunter.found >= MOST_FOUND) this.#postFound(id, hunter)
    if (buffer.values > MOST_VALUES || buffer.chars > MOST_CHARS) this.#post(id, buffer.drain())
  }

  #postRest(id: number, buffer: RowBuffer): void {
    if (buffer.values > 0) this.#post(id, buffer.drain())
    for (const p of this.#parts) p.close()
  }
}

const surveyor = (survey: FieldProfiler): EventConsumer => ({
  accept: (e) => {
    survey.add(e)
    return 'yes'
  },
})

/** Adds what the file's tags decide of the events that were not parsed. */
function withDecided(
  { events, fields, values }: FieldProfiler,
  decided: DecidedProfile | undefined,
  skippedEvents: number,
): Profile {
  if (!decided?.matches) return { events, fields, values }
  const found = (decided.found ?? []).map((f) => [f, 1] as const)
  return {
    events: events + skippedEvents,
    fields: new Map([...found, ...fields]),
    values,
    ...(decided.spared && { spared: true }),
  }
}

/** Rows of one task, by source, since they were last posted. */
class RowBuffer {
  values = 0
  chars = 0
  #rows: Tuple[][]
  readonly #sources: number

  constructor(sources: number) {
    this.#sources = sources
    this.#rows = this.#noRows()
  }

  add(source: number, row: Tuple): void {
    this.#rows[source]?.push(row)
    this.values += row.length + 1
    for (const v of row) if (typeof v === 'string') this.chars += v.length
  }

  /** The rows so far, which the buffer forgets. */
  drain(): Tuple[][] {
    const rows = this.#rows
    this.#rows = this.#noRows()
    this.values = 0
    this.chars = 0
    return rows
  }

  #noRows(): Tuple[][] {
    return Array.from({ length: this.#sources }, () => [])
  }
}
