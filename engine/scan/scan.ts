// The scan of all files of a run: parts of files go to workers, rows come back in the order of the input.
import { availableParallelism } from 'node:os'
import { stuck } from '../../core/diag/catalogue/run.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { StorePart } from './store-consumer.ts'
import { type HuntedTask, HuntOrder } from './hunt-order.ts'
import type { FromScan, Profile, ScanJob, ScanTask, ToScan } from './scan-protocol.ts'
import { SPOOL_FLAG, TRIED } from '../workers/shared-memory.ts'
import { formatOf } from '../inputs/format-of.ts'
import { CHUNK as EVTX_CHUNK, FILE_HEADER } from '../../core/logs/readers/evtx/evtx.ts'
import { threadChannel } from '../workers/channel.ts'
import { RunError, SupervisedWorker, type Supervision } from '../workers/supervised-worker.ts'
import { MOST_COUNTED } from './event-consumers.ts'
import { fitsHere, hereChannel } from './here-channel.ts'
import { addFileStats, type FileStats, newFileStats } from '../inputs/file-stats.ts'
import type { Input, Recognised } from '../inputs/input.ts'

export type ScanWorker = SupervisedWorker<ToScan, FromScan>

const newThread = (): ScanWorker => new SupervisedWorker(threadChannel('worker-scan'))

/** The most threads that a scan of these files uses. A thread takes longer to start than a chunk to read. */
export const threadsFor = (files: readonly Pick<Input, 'size'>[]): number =>
  files.reduce((n, f) => n + f.size, 0) < CHUNK ? 1 : Math.min(availableParallelism(), 8)

export const newScanWorker = (files: readonly Recognised[]): ScanWorker =>
  new SupervisedWorker(fitsHere(files) ? hereChannel() : threadChannel('worker-scan'))

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

export interface ScanOptions extends Supervision {
  readonly workers?: number
  /** Values in memory beyond which rows go to the spool. 0: all rows do; Infinity: no row does. */
  readonly memoryValues: number
  /** Called with the values in memory whenever rows arrive. May throw to end the run. */
  readonly overflow?: (values: number) => void
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** Hears of the tasks of a hunt, each once, in the order in which they are begun. */
  readonly onHunted?: ((task: HuntedTask) => void) | undefined
  /** A hunt goes on without the filter that a worker did not finish on one event. */
  readonly onStuck?: ((filter: number, seconds: number) => void) | undefined
}

/** Parts of a file have between so many and so many bytes, and a large file about so many parts: each costs some preparation. */
const CHUNK = 4 << 20
/** Chunks of an event log that are a task. Their records are several times as long as XML. */
const EVENT_CHUNKS = 16
const LARGEST_CHUNK = 16 << 20
const PARTS = 64
/** So many characters count as one value against the limit. */
const CHARS_PER_VALUE = 24

interface Parts {
  /** Bytes. */
  readonly size: number
  /** Bytes that are in the first part beside those. */
  readonly header: number
}

/** The parts of a file that can be read alone. Null: it is read as a whole. */
function partsOf(f: Recognised): Parts | null {
  const format = formatOf(f)
  // A record of an event log is one line, however its format cuts files of XML.
  if (f.evtx) return f.gzip ? null : { size: EVENT_CHUNKS * EVTX_CHUNK, header: FILE_HEADER }
  if (format?.unit === 'file' || format?.sequential || f.gzip || f.counted || f.charset !== 'utf-8') return null
  return { size: Math.min(LARGEST_CHUNK, Math.max(CHUNK, Math.ceil(f.size / PARTS))), header: 0 }
}

export function tasksOf(files: readonly Recognised[]): ScanTask[] {
  const tasks: ScanTask[] = []
  files.forEach((f, file) => {
    const parts = partsOf(f)
    const { size, header } = parts ?? { size: f.size, header: 0 }
    for (let start = 0; start === 0 || start < f.size; ) {
      const end = Math.min(f.size, start + size + (start === 0 ? header : 0))
      tasks.push({ id: tasks.length, file, start, end, whole: parts === null })
      if (end >= f.size) break
      start = end
    }
  })
  return tasks
}

/** Adds workers to `workers` as needed. They stay running for further scans and for the evaluation. */
export async function scan(
  job: Omit<ScanJob, 'shared'>,
  workers: ScanWorker[],
  options: ScanOptions,
): Promise<ScanResult> {
  const tasks = tasksOf(job.files)
  const total = job.files.reduce((n, f) => n + f.size, 0)
  const most = threadsFor(job.files)
  const wanted = most === 1 ? 1 : (options.workers ?? most)
  const count = Math.max(1, Math.min(wanted, tasks.length))
  // A rule without end is stopped by ending its thread.
  while (workers.length < count) workers.push(job.hunt ? newThread() : newScanWorker(job.files))
  const result = new ResultBuilder(job, tasks, options, workers)
  const order = new HuntOrder(options.onHunted)
  // Whole files come first, the largest before all: none is left to run alone at the end.
  const queue = [...tasks].sort(
    (a, b) => Number(b.whole) - Number(a.whole) || (a.whole ? sizeOf(b) - sizeOf(a) : a.id - b.id),
  )
  // Logs grow at their end. If only the newest events are kept, a scan from the end finds them first and needs no others.
  if (job.reductions?.some((r) => r?.first.kind === 'take' && r.first.by[0]?.dir === 'desc')) queue.reverse()
  order.begin(queue)
  let done = 0
  const ends: (ScanTask | undefined)[] = []
  const work = async (worker: ScanWorker, n: number): Promise<void> => {
    let current = worker
    const begin = (name: string): void => current.send({ kind: 'job', job: { ...job, shared: current.shared }, name })
    begin(`${n}`)
    const last: ScanTask = { id: tasks.length + n, file: 0, start: 0, end: 0, whole: false, last: true }
    const next = (): ScanTask | undefined => queue.shift() ?? ends[n]
    ends[n] = job.reductions?.some((r) => r !== null) ? last : undefined
    for (let task = next(); task; task = next()) {
      if (task.last) ends[n] = undefined
      const { id, file } = task
      try {
        await current.request(
          { kind: 'task', task },
          {
            phase: 'reading logs',
            place: () => job.files[file]?.name ?? null,
            on: (m) => {
              if (m.kind === 'rows') result.addRows(m.id, m.rows)
              if (m.kind === 'found') order.addFound(m.id, m.found)
              if (m.kind !== 'done' || m.id !== id) return false
              result.addTask(m)
              order.addTask(m)
              return true
            },
          },
          options,
        )
      } catch (e) {
        const filter = stuckFilter(e, job, current)
        if (filter === undefined) throw e
        options.onStuck?.(filter, options.patience)
        result.forget(id)
        order.forget(id)
        current = newThread()
        workers[n] = current
        begin(`${n}`)
        queue.unshift(task)
        continue
      }
      done += sizeOf(task)
      options.onProgress?.(done, total)
    }
  }
  try {
    await Promise.all(workers.slice(0, count).map(work))
  } catch (e) {
    queue.length = 0
    throw e
  }
  return result.build()
}

/** The filter on which a worker spent all patience, now off; undefined: it ended for another reason, or its rows are in the spool. */
function stuckFilter(e: unknown, { hunt }: Pick<ScanJob, 'hunt'>, { shared }: ScanWorker): number | undefined {
  if (!hunt || !(e instanceof RunError) || e.diagnostic.code !== stuck.id) return undefined
  const slots = new Int32Array(shared)
  const filter = (slots[TRIED] as number) - 1
  if (filter < 0 || slots[SPOOL_FLAG] === 1) return undefined
  hunt.off[filter] = 1
  return filter
}

const sizeOf = (t: ScanTask): number => t.end - t.start

type Done = Extract<FromScan, { kind: 'done' }>

class ResultBuilder {
  #values = 0
  readonly #job: Omit<ScanJob, 'shared'>
  readonly #tasks: readonly ScanTask[]
  readonly #options: ScanOptions
  readonly #flags: Int32Array[]
  readonly #rows = new Map<number, Tuple[][]>()
  readonly #done: (Done | undefined)[] = []

  constructor(
    job: Omit<ScanJob, 'shared'>,
    tasks: readonly ScanTask[],
    options: ScanOptions,
    workers: readonly ScanWorker[],
  ) {
    this.#job = job
    this.#tasks = tasks
    this.#options = options
    this.#flags = workers.map((h) => new Int32Array(h.shared, 0, 2))
    for (const f of this.#flags) f[SPOOL_FLAG] = options.memoryValues <= 0 ? 1 : 0
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
    if (this.#values > this.#options.memoryValues) for (const f of this.#flags) f[SPOOL_FLAG] = 1
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
