// A scan worker without a thread of its own: a thread takes longer to start than a few hundred megabytes to read. Work that takes long after
// all begins again in a thread, under the watchdog.
import { EventEmitter } from 'node:events'
import { formatOf } from '../inputs/format-of.ts'
import type { Recognised } from '../inputs/input.ts'
import { type Channel, threadChannel } from '../workers/channel.ts'
import { SPOOL_FLAG } from '../workers/shared-memory.ts'
import { within } from '../workers/within.ts'
import type { EvaluateJob, FromScan, ScanJob, ToScan } from './scan-protocol.ts'
import type { ScanServer } from './scan-server.ts'
import { unpackSmall } from './small-packed.ts'

/** Milliseconds for one message, and for a megabyte. V8 ends the work then, also inside a regular expression. */
const PATIENCE = 1000
const PATIENCE_PER_MB = 100
/** More rows are evaluated in a thread at once. */
const MOST_ROWS = 50_000

export const isEvaluatedHere = ({ rows }: EvaluateJob): boolean => rows.reduce((n, of) => n + of.length, 0) <= MOST_ROWS

const isLines = (f: Recognised): boolean =>
  !f.evtx && !f.counted && !f.parser && f.charset === 'utf-8' && formatOf(f)?.unit !== 'file'

/** Only plain files of lines, and small packed ones, are read without waiting, so that V8 can end the work. A task that is ended must leave no files behind. */
export const canRunHere = ({ files, hunt, store }: Pick<ScanJob, 'files' | 'hunt' | 'store'>): boolean =>
  hunt === undefined && store === undefined && files.every(isLines) && unpackSmall(files.filter((f) => f.gzip))

function patienceFor(message: ToScan): number {
  if (message.kind !== 'task') return PATIENCE
  const { start, end } = message.task
  return PATIENCE + Math.ceil((PATIENCE_PER_MB * (end - start)) / 1e6)
}

type TaskMessage = Extract<ToScan, { kind: 'task' }>

class HereChannel implements Channel {
  readonly #events = new EventEmitter()
  readonly #patience: (message: ToScan) => number
  #server: ScanServer | undefined
  readonly isThread = true
  #thread: Channel | undefined
  #job: Extract<ToScan, { kind: 'job' }> | undefined
  #answers: FromScan[] = []
  /** Tasks done here whose groups have not been asked for. */
  #held: TaskMessage[] = []
  #queue: Promise<void> = Promise.resolve()
  #isEnded = false

  constructor(patience: (message: ToScan) => number) {
    this.#patience = patience
  }

  on(event: string, listener: (...args: never[]) => void): void {
    this.#events.on(event, listener as () => void)
  }

  post(message: ToScan): void {
    this.#queue = this.#queue.then(() => this.#handle(message))
  }

  get isHere(): boolean {
    return this.#thread === undefined
  }

  async #handle(message: ToScan): Promise<void> {
    // Threads, signals and timers are heard between two messages.
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#isEnded) return
    if (message.kind === 'job') {
      this.#job = message
      this.#held = []
    }
    if (this.#thread) this.#thread.post(message)
    else if (!(await this.#ranHere(message))) this.#continueInThread(message)
  }

  /** False: it took too long, or it is no work for this thread. */
  async #ranHere(message: ToScan): Promise<boolean> {
    if (!this.#isForHere(message)) return false
    if (!this.#server) {
      const { ScanServer } = await import('./scan-server.ts')
      this.#server = new ScanServer((answer) => this.#answers.push(answer))
    }
    const server = this.#server
    this.#answers = []
    const isLast = message.kind === 'task' && message.task.last === true
    // The last task only hands over groups.
    const work = isLast ? server.handle(message) : within(this.#patience(message), () => server.handle(message))
    if (!work) return false
    await work
    if (isLast) this.#held = []
    else if (message.kind === 'task' && this.#job?.job.reductions?.some((r) => r !== null)) this.#held.push(message)
    for (const answer of this.#answers) this.#events.emit('message', answer)
    return true
  }

  #isForHere(message: ToScan): boolean {
    if (message.kind === 'job') return canRunHere(message.job)
    if (message.kind === 'evaluate') return isEvaluatedHere(message.job)
    // An unfinished part of the spool could not be taken back.
    return message.task.last === true || !this.#job || new Int32Array(this.#job.job.shared)[SPOOL_FLAG] === 0
  }

  /** The thread makes the groups again that were made here. Their rows and counts are known. */
  #continueInThread(message: ToScan): void {
    const thread = threadChannel('worker-scan')
    this.#thread = thread
    this.#server = undefined
    const again = new Set(this.#held.map((m) => m.task.id))
    thread.on('message', (m: FromScan) => {
      if (!('id' in m) || !again.has(m.id)) this.#events.emit('message', m)
    })
    thread.on('error', (e) => void this.#events.emit('error', e))
    thread.on('exit', () => void this.#events.emit('exit'))
    if (this.#job && message.kind !== 'job') thread.post(this.#job)
    for (const held of this.#held) thread.post(held)
    thread.post(message)
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.#thread?.end()
  }
}

/** A scan worker of this thread, which becomes a thread of its own when it must. `patience`: milliseconds for a message. */
export const hereChannel = (patience = patienceFor): Channel => new HereChannel(patience)
