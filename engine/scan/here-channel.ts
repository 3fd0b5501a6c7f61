// A scan worker without a thread, for small inputs: a thread takes longer to start than the work. Work that takes long after all begins
// again in a thread, under the watchdog.
import { EventEmitter } from 'node:events'
import { formatOf } from '../inputs/format-of.ts'
import type { Input, Recognised } from '../inputs/input.ts'
import { type Channel, threadChannel } from '../workers/channel.ts'
import { SPOOL_FLAG } from '../workers/shared-memory.ts'
import { within } from '../workers/within.ts'
import type { FromScan, ScanJob, ToScan } from './scan-protocol.ts'
import type { ScanServer } from './scan-server.ts'

/** Bytes of all files. Larger inputs get threads. */
const MOST_HERE = 256 << 10
/** Milliseconds for one message. V8 ends the work then, also inside a regular expression. */
const PATIENCE = 300

export const fitsHere = (files: readonly Pick<Input, 'size'>[]): boolean =>
  files.reduce((n, f) => n + f.size, 0) <= MOST_HERE

const isReadAtOnce = (f: Recognised): boolean =>
  !f.gzip && !f.evtx && !f.counted && !f.parser && f.charset === 'utf-8' && formatOf(f)?.unit !== 'file'

/** Only plain files of lines are read without waiting, so that V8 can end the work. A task that fails must leave neither groups nor rows nor counts behind. */
const canRunHere = ({ files, reductions, hunt }: ScanJob): boolean =>
  hunt === undefined && files.every(isReadAtOnce) && !reductions?.some((r) => r !== null)

class HereChannel implements Channel {
  readonly #events = new EventEmitter()
  #server: ScanServer | undefined
  readonly isThread = true
  #thread: Channel | undefined
  #job: Extract<ToScan, { kind: 'job' }> | undefined
  #answers: FromScan[] = []
  #queue: Promise<void> = Promise.resolve()
  #isEnded = false

  on(event: string, listener: (...args: never[]) => void): void {
    this.#events.on(event, listener as () => void)
  }

  post(message: ToScan): void {
    this.#queue = this.#queue.then(() => this.#handle(message))
  }

  async #handle(message: ToScan): Promise<void> {
    if (this.#isEnded) return
    if (message.kind === 'job') this.#job = message
    if (this.#thread) this.#thread.post(message)
    else if (!(await this.#ranHere(message))) this.#continueInThread(message)
  }

  /** False: it took too long, or it is no work for this thread. */
  async #ranHere(message: ToScan): Promise<boolean> {
    if (message.kind === 'job' && !canRunHere(message.job)) return false
    // An unfinished part of the spool could not be taken back.
    if (message.kind === 'task' && this.#job && new Int32Array(this.#job.job.shared)[SPOOL_FLAG] === 1) return false
    if (!this.#server) {
      const { ScanServer } = await import('./scan-server.ts')
      this.#server = new ScanServer((answer) => this.#answers.push(answer))
    }
    const server = this.#server
    this.#answers = []
    const work = within(PATIENCE, () => server.handle(message))
    if (!work) return false
    await work
    for (const answer of this.#answers) this.#events.emit('message', answer)
    return true
  }

  #continueInThread(message: ToScan): void {
    const thread = threadChannel('worker-scan')
    this.#thread = thread
    this.#server = undefined
    thread.on('message', (m) => void this.#events.emit('message', m))
    thread.on('error', (e) => void this.#events.emit('error', e))
    thread.on('exit', () => void this.#events.emit('exit'))
    if (this.#job && message.kind !== 'job') thread.post(this.#job)
    thread.post(message)
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.#thread?.end()
  }
}

/** A scan worker of this thread, which becomes a thread of its own when it must. */
export const hereChannel = (): Channel => new HereChannel()
