// The scan of all files of a run: parts of files go to workers, rows come back in the order of the input.
import { availableParallelism } from 'node:os'
import { stuck } from '../../core/diag/catalogue/run.ts'
import { type HuntedTask, HuntOrder } from './hunt-order.ts'
import { ResultBuilder, type ResultOptions, type ScanResult } from './scan-result.ts'
import type { FromScan, ScanJob, ScanTask, ToScan } from './scan-protocol.ts'
import { TRIED } from '../workers/shared-memory.ts'
import { formatOf } from '../inputs/format-of.ts'
import { CHUNK as EVTX_CHUNK, FILE_HEADER } from '../../core/logs/readers/evtx/evtx.ts'
import { threadChannel } from '../workers/channel.ts'
import { RunError, SupervisedWorker, type Supervision } from '../workers/supervised-worker.ts'
import { canRunHere, hereChannel } from './here-channel.ts'
import type { Input, Recognised } from '../inputs/input.ts'
import { areSmall } from './small-packed.ts'
import { cutParts } from './spool.ts'

export type ScanWorker = SupervisedWorker<ToScan, FromScan>

const newThread = (): ScanWorker => new SupervisedWorker(threadChannel('worker-scan'))
export const workerHere = (): ScanWorker => new SupervisedWorker(hereChannel())

const sum = (files: readonly Pick<Input, 'size'>[]): number => files.reduce((n, f) => n + f.size, 0)

/** The most threads that read these files, with this one. */
const threadsFor = (files: readonly Pick<Input, 'size'>[]): number =>
  sum(files) < CHUNK ? 1 : Math.min(availableParallelism(), 8)

/** Bytes of all files: more take so long that threads can start before the first task shows it. */
const CERTAINLY_LONG = 400e6

/** Threads that are worth starting before the files are looked at. Large packed files are always read in threads, each by one. */
export function threadsAhead(files: readonly Pick<Input, 'path' | 'size'>[]): number {
  if (!areSmall(files.filter((f) => f.path.endsWith('.gz')))) return Math.min(threadsFor(files), files.length)
  return sum(files) < CERTAINLY_LONG ? 0 : threadsFor(files) - 1
}

export interface ScanOptions extends Supervision, ResultOptions {
  readonly workers?: number
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

/** Milliseconds for one task: this thread takes no longer ones, so that it hears signals in time. */
const LONGEST_HERE = 150
/** Milliseconds: for less, no thread is started. The first tasks are slower than the others, so they do not tell. */
const WORTH_A_THREAD = 700
const FIRST_TASKS = 120
/** Tasks that a thread is given at once: it does not wait until this one has ended its own. */
const TASKS_AHEAD = 3

/** Adds workers to `workers` as needed. They stay running for further scans and for the evaluation. */
export async function scan(
  job: Omit<ScanJob, 'shared'>,
  workers: ScanWorker[],
  options: ScanOptions,
): Promise<ScanResult> {
  const tasks = tasksOf(job.files)
  const most = Math.max(1, Math.min(options.workers ?? threadsFor(job.files), tasks.length))
  // A rule without end is stopped by ending its thread.
  if (workers.length === 0) workers.push(canRunHere(job) ? workerHere() : newThread())
  const isAtOnce = options.workers !== undefined || !workers[0]?.isHere || threadsAhead(job.files) > 0
  const crew = new Crew(job, tasks, workers, options)
  await crew.run(isAtOnce ? most : 1, most)
  return crew.result.build()
}

interface SpoolOfWorker {
  /** Its name in the spool. */
  readonly part: string
  /** By source: what its tasks have written that have ended. */
  bytes: readonly number[]
}

/** The workers of one scan, and the tasks that are left. */
class Crew {
  readonly result: ResultBuilder
  readonly #job: Omit<ScanJob, 'shared'>
  readonly #tasks: readonly ScanTask[]
  readonly #workers: ScanWorker[]
  readonly #options: ScanOptions
  readonly #order: HuntOrder
  readonly #queue: ScanTask[]
  readonly #ends: (ScanTask | undefined)[] = []
  /** By place among the workers. */
  readonly #spools: SpoolOfWorker[] = []
  #lost = 0
  readonly #total: number
  #done = 0
  #busy = 0
  #most = 1
  #isSlowHere = false
  /** Milliseconds that this thread read. */
  #spentHere = 0
  #finish: (e?: unknown) => void = () => {}

  constructor(job: Omit<ScanJob, 'shared'>, tasks: readonly ScanTask[], workers: ScanWorker[], options: ScanOptions) {
    this.#job = job
    this.#tasks = tasks
    this.#workers = workers
    this.#options = options
    this.#total = sum(job.files)
    this.result = new ResultBuilder(job, tasks, options)
    this.#order = new HuntOrder(options.onHunted)
    // Whole files come first, the largest before all: none is left to run alone at the end.
    this.#queue = [...tasks].sort(
      (a, b) => Number(b.whole) - Number(a.whole) || (a.whole ? sizeOf(b) - sizeOf(a) : a.id - b.id),
    )
    // Logs grow at their end. If only the newest events are kept, a scan from the end finds them first and needs no others.
    if (job.reductions?.some((r) => r?.first.kind === 'take' && r.first.by[0]?.dir === 'desc')) this.#queue.reverse()
    this.#order.begin(this.#queue)
  }

  /** With `count` workers, and with `most` if it takes long. */
  run(count: number, most: number): Promise<void> {
    this.#most = most
    return new Promise((resolve, reject) => {
      this.#finish = (e) => {
        if (e === undefined) return resolve()
        this.#queue.length = 0
        reject(e)
      }
      this.#grow(count)
    })
  }

  #grow(count: number): void {
    for (let n = this.#ends.length; n < count; n++) {
      this.#workers[n] ??= newThread()
      this.#busy++
      this.#work(n).then(
        () => --this.#busy === 0 && this.#finish(),
        (e) => this.#finish(e),
      )
    }
  }

  async #work(n: number): Promise<void> {
    this.#begin(n)
    const id = this.#tasks.length + n
    this.#ends[n] = this.#job.reductions?.some((r) => r !== null)
      ? { id, file: 0, start: 0, end: 0, whole: false, last: true }
      : undefined
    for (let tasks = this.#next(n); tasks.length > 0; tasks = this.#next(n)) {
      const isTimed = this.#queue.length > 0 && this.#workers[n]?.isHere === true
      const passed = isTimed ? stopwatch() : undefined
      if (!(await this.#request(n, tasks))) continue
      this.#progress(tasks)
      if (passed) this.#reckon(tasks, passed())
    }
  }

  #begin(n: number): void {
    const worker = this.#workers[n] as ScanWorker
    this.result.addWorker(worker)
    const part = this.#spools[n] ? `${n}-${++this.#lost}` : `${n}`
    this.#spools[n] = { part, bytes: this.#job.sources.map(() => 0) }
    worker.send({ kind: 'job', job: { ...this.#job, shared: worker.shared }, name: part })
  }

  #next(n: number): ScanTask[] {
    const isHere = this.#workers[n]?.isHere === true
    const isAhead = !isHere && !this.#job.hunt && this.#queue.length > TASKS_AHEAD * 2 * this.#most
    const tasks = isHere && this.#leaves ? [] : this.#queue.splice(0, isAhead ? TASKS_AHEAD : 1)
    const end = this.#ends[n]
    if (tasks.length > 0 || !end) return tasks
    this.#ends[n] = undefined
    return [end]
  }

  /** This thread takes no more tasks. */
  get #leaves(): boolean {
    return this.#isSlowHere || (this.result.isSpooling && this.#options.memoryValues > 0)
  }

  /** False: the worker was lost, and the task is in the queue again. */
  async #request(n: number, tasks: readonly ScanTask[]): Promise<boolean> {
    const worker = this.#workers[n] as ScanWorker
    const [task, ...ahead] = tasks as readonly [ScanTask, ...ScanTask[]]
    let left = tasks.length
    const on = (m: FromScan): boolean => {
      if (m.kind === 'rows') this.result.addRows(m.id, m.rows)
      if (m.kind === 'found') this.#order.addFound(m.id, m.found)
      if (m.kind !== 'done') return false
      ;(this.#spools[n] as SpoolOfWorker).bytes = m.spoolBytes
      this.result.addTask(m)
      this.#order.addTask(m)
      return --left === 0
    }
    const place = (): string | null => this.#job.files[(tasks.at(-left) ?? task).file]?.name ?? null
    try {
      const done = worker.request({ kind: 'task', task }, { phase: 'reading logs', place, on }, this.#watchOf(worker))
      for (const more of ahead) worker.send({ kind: 'task', task: more })
      await done
      return true
    } catch (e) {
      const filter = stuckFilter(e, this.#job, worker)
      if (filter === undefined) throw e
      this.#options.onStuck?.(filter, this.#patienceOfFilter)
      await worker.end()
      const { part, bytes } = this.#spools[n] as SpoolOfWorker
      cutParts(this.#job.spool, part, bytes)
      this.result.forget(task.id)
      this.#order.forget(task.id)
      this.#workers[n] = newThread()
      this.#begin(n)
      this.#queue.unshift(task)
      return false
    }
  }

  /** A filter has its budget; everything else, such as to load the program, has all patience. */
  #watchOf({ shared }: ScanWorker): Supervision {
    const { signal, patience } = this.#options
    const slots = new Int32Array(shared)
    const ofFilter = this.#patienceOfFilter
    return {
      signal,
      get patience() {
        return (slots[TRIED] as number) > 0 ? ofFilter : patience
      },
    }
  }

  get #patienceOfFilter(): number {
    return Math.min(this.#options.patience, (this.#job.hunt?.budget ?? Infinity) / 1000)
  }

  #progress(tasks: readonly ScanTask[]): void {
    if (tasks[0]?.last) return
    this.#done += bytesOf(tasks)
    this.#options.onProgress?.(this.#done, this.#total)
  }

  /** Starts threads if the tasks that are left would take this one long. `ms`: for the tasks that it did. */
  #reckon(tasks: readonly ScanTask[], ms: number): void {
    if (ms > LONGEST_HERE) this.#isSlowHere = true
    const left = bytesOf(this.#queue)
    this.#spentHere += ms
    if (this.#spentHere > FIRST_TASKS && (left * ms) / bytesOf(tasks) > WORTH_A_THREAD) this.#grow(this.#most)
    // The others need one to take over.
    if (this.#leaves && left > 0) this.#grow(Math.max(2, this.#most))
  }
}

/** The filter on which a worker spent all patience, now off; undefined: it ended for another reason. */
function stuckFilter(e: unknown, { hunt }: Pick<ScanJob, 'hunt'>, { shared }: ScanWorker): number | undefined {
  if (!hunt || !(e instanceof RunError) || e.diagnostic.code !== stuck.id) return undefined
  const filter = (new Int32Array(shared)[TRIED] as number) - 1
  if (filter < 0) return undefined
  hunt.off[filter] = 1
  return filter
}

/** Milliseconds since now. A busy machine gives this process a part of them only. */
function stopwatch(): () => number {
  const begin = performance.now()
  const cpu = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return Math.min(performance.now() - begin, (user + system) / 1000)
  }
}

const sizeOf = (t: ScanTask): number => t.end - t.start
const bytesOf = (tasks: readonly ScanTask[]): number => tasks.reduce((size, t) => size + sizeOf(t), 0)
