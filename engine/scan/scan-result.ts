// The result of a scan: rows and counts of its tasks, put together in the order of the input.
import type { Tuple } from '../../core/eval/sink.ts'
import { addFileStats, type FileStats, newFileStats } from '../inputs/file-stats.ts'
import { SPOOL_FLAG } from '../workers/shared-memory.ts'
import { MOST_COUNTED } from './event-consumers.ts'
import type { FromScan, Profile, ScanJob, ScanTask } from './scan-protocol.ts'
import type { StorePart } from './store-consumer.ts'

export interface ScanResult {
  /** By file, in the order of the job. */
  readonly stats: readonly FileStats[]
  /** By source: rows that stayed in memory, in the order of the input. */
  readonly rows: readonly (readonly Tuple[])[]
  /** By source: rows that went to the spool. */
  readonly spooled: readonly number[]
  /** At least the bytes of the longest row in the spool. */
  readonly longest: number
  /** By source: events that matched its filter and interval. */
  readonly matched: readonly number[]
  /** Events that a reduction dropped because they lack a key. */
  readonly dropped: number
  readonly profiles: readonly Profile[]
  /** By file. */
  readonly surveys: readonly (Profile | null)[]
  /** Files of events for a store. */
  readonly store: readonly StorePart[]
}

/** So many characters count as one value against the limit. */
const CHARS_PER_VALUE = 24

type Done = Extract<FromScan, { kind: 'done' }>

export interface ResultOptions {
  /** Values in memory beyond which rows go to the spool. 0: all rows do; Infinity: no row does. */
  readonly memoryValues: number
  /** Called with the values in memory whenever rows arrive. May throw to end the run. */
  readonly overflow?: (values: number) => void
}

export class ResultBuilder {
  #values = 0
  readonly #job: Omit<ScanJob, 'shared'>
  readonly #tasks: readonly ScanTask[]
  readonly #options: ResultOptions
  readonly #flags: Int32Array[] = []
  readonly #rows = new Map<number, Tuple[][]>()
  readonly #done: (Done | undefined)[] = []

  constructor(job: Omit<ScanJob, 'shared'>, tasks: readonly ScanTask[], options: ResultOptions) {
    this.#job = job
    this.#tasks = tasks
    this.#options = options
  }

  /** The rows in memory are too many: workers write theirs into the spool. */
  get isSpooling(): boolean {
    return this.#options.memoryValues <= 0 || this.#values > this.#options.memoryValues
  }

  /** The worker hears where its rows go. */
  addWorker({ shared }: { readonly shared: SharedArrayBuffer }): void {
    const flags = new Int32Array(shared, 0, 2)
    this.#flags.push(flags)
    flags[SPOOL_FLAG] = this.isSpooling ? 1 : 0
  }

  addRows(id: number, rows: readonly (readonly Tuple[])[]): void {
    const of = this.#rows.get(id) ?? this.#job.sources.map(() => [])
    this.#rows.set(id, of)
    rows.forEach((list, i) => {
      for (const row of list) {
        of[i]?.push(row)
        let chars = 0
        for (const v of row) if (typeof v === 'string') chars += v.length
        this.#values += row.length + chars / CHARS_PER_VALUE
      }
    })
    this.#options.overflow?.(this.#values)
    if (this.isSpooling) for (const f of this.#flags) f[SPOOL_FLAG] = 1
  }

  /** The task begins again. */
  forget(id: number): void {
    this.#rows.delete(id)
  }

  addTask(message: Done): void {
    this.#done[message.id] = message
  }

  build(): ScanResult {
    const { files, sources, profiles } = this.#job
    const stats = files.map(() => newFileStats())
    const surveys: (ProfileSum | null)[] = files.map(() => null)
    const rows: Tuple[][] = sources.map(() => [])
    const spooled = sources.map(() => 0)
    const matched = sources.map(() => 0)
    let dropped = 0
    let longest = 0
    const sums = profiles.map((p) => newProfileSum(p.values))
    const store = new Map<string, StorePart>()
    // After the tasks come the groups that the workers held to the end.
    for (let id = 0; id < Math.max(this.#tasks.length, this.#done.length); id++) {
      const of = this.#rows.get(id)
      of?.forEach((list, i) => {
        for (const row of list) rows[i]?.push(row)
      })
      const done = this.#done[id]
      if (!done) continue
      dropped += done.dropped
      // A worker reports all of its parts with each task; tasks of a worker end in no order that the numbers tell.
      for (const p of done.store) if (p.rows > (store.get(p.path)?.rows ?? 0)) store.set(p.path, p)
      longest = Math.max(longest, done.longest)
      done.spooled.forEach((n, i) => {
        spooled[i] = (spooled[i] ?? 0) + n
      })
      done.matched.forEach((n, i) => {
        matched[i] = (matched[i] ?? 0) + n
      })
      const task = this.#tasks[id]
      if (!task) continue
      addFileStats(stats[task.file] as FileStats, done.stats)
      for (const [i, p] of done.profiles.entries()) addProfile(sums[i], p)
      if (!done.survey) continue
      surveys[task.file] ??= newProfileSum()
      addProfile(surveys[task.file] ?? undefined, done.survey)
    }
    return { stats, rows, spooled, longest, matched, dropped, profiles: sums, surveys, store: [...store.values()] }
  }
}

interface ProfileSum {
  events: number
  spared?: true
  readonly fields: Map<string, number>
  readonly values: Map<string, Map<string, number>>
}
const newProfileSum = (valued: readonly string[] = []): ProfileSum => ({
  events: 0,
  fields: new Map(),
  values: new Map(valued.map((n) => [n, new Map()])),
})

function addProfile(into: ProfileSum | undefined, part: Profile): void {
  if (!into) return
  into.events += part.events
  if (part.spared) into.spared = true
  addCounts(into.fields, part.fields)
  for (const [name, counts] of into.values) {
    const more = part.values.get(name)
    if (more) addCounts(counts, more)
    // Too many values in one part are too many in all.
    if (!more || counts.size > MOST_COUNTED) into.values.delete(name)
  }
}

function addCounts(into: Map<string, number>, part: ReadonlyMap<string, number>): void {
  for (const [name, n] of part) into.set(name, (into.get(name) ?? 0) + n)
}
