// Workers, and a watchdog over them: a worker without a sign of life is ended, and the run with it.
import { aborted, crashed, stuck } from '../../core/diag/catalogue/run.ts'
import { type Code, type Diagnostic, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Channel } from './channel.ts'
import { BEATS, newShared } from './shared-memory.ts'

/** Ends a run with a diagnostic. */
export class RunError extends Error {
  readonly diagnostic: Diagnostic
  constructor(diagnostic: Diagnostic) {
    super(`${diagnostic.code}: ${diagnostic.message}`)
    this.diagnostic = diagnostic
  }
}
export const runError = <P>(code: Code<P>, params: P): RunError => new RunError(diagnostic(code, noPlace, params))

export interface Supervision {
  readonly signal: AbortSignal | undefined
  /** Seconds without a sign of life, of a machine that has time for the worker. */
  readonly patience: number
}

/**
 * A busy machine gives a worker a part of each second only, and a case that takes one second must not fail there. A waiting worker uses no time
 * at all, so each second counts for something.
 */
const LEAST_SHARE = 1 / 6

/** The part of the time since the last call in which this process computed: at most 1. */
function computedShare(): () => number {
  let cpu = process.cpuUsage()
  let clock = process.hrtime.bigint()
  return () => {
    const used = process.cpuUsage(cpu)
    const passed = Number(process.hrtime.bigint() - clock) / 1000
    cpu = process.cpuUsage()
    clock = process.hrtime.bigint()
    return Math.min(1, (used.user + used.system) / passed)
  }
}

export function throwIfAborted(watch: Supervision, phase: string): void {
  if (watch.signal?.aborted) throw runError(aborted, { phase })
}

interface Request<From> {
  readonly phase: string
  /** The file that the worker reads, for the watchdog's message. */
  readonly place?: () => string | null
  /** Called for each answer. True: it is the last one. */
  readonly on: (message: From) => boolean
}

/** One worker. A request is a message and all answers to it. A sign of life is a beat in shared memory, or any message. */
export class SupervisedWorker<To, From extends { readonly kind: string }> {
  readonly shared = newShared()
  readonly #channel: Channel
  readonly #beats = new Int32Array(this.shared, 0, 2)
  readonly #place = new Float64Array(this.shared, 8, 1)
  #dead: Error | undefined
  #onDead: ((e: Error) => void) | undefined
  #onMessage: ((m: From) => void) | undefined

  constructor(channel: Channel) {
    this.#channel = channel
    channel.on('message', (m: From) => this.#onMessage?.(m))
    channel.on('error', (e) => this.#die(e))
    channel.on('exit', () => this.#die(new Error('the worker ended')))
  }

  #die(e: Error): void {
    this.#dead ??= e
    this.#onDead?.(this.#dead)
  }

  /** It has no thread of its own. */
  get isHere(): boolean {
    return this.#channel.isHere === true
  }

  send(message: To): void {
    this.#channel.post(message)
  }

  /** Resolves after the last answer. Rejects with a RunError on abort, crash, failure or without a sign of life. */
  request(message: To, { phase, place, on }: Request<From>, watch: Supervision): Promise<void> {
    return new Promise((resolve, reject) => {
      let beats = -1
      let quiet = 0
      const finish = (e?: Error): void => {
        clearInterval(timer)
        watch.signal?.removeEventListener('abort', abort)
        this.#onMessage = undefined
        this.#onDead = undefined
        if (e) reject(e)
        else resolve()
      }
      const abort = (): void => {
        void this.end()
        finish(runError(aborted, { phase }))
      }
      const share = this.#channel.isThread ? computedShare() : () => 1
      const timer = setInterval(() => {
        const now = this.#beats[BEATS] as number
        const passed = Math.max(LEAST_SHARE, share())
        quiet = now === beats ? quiet + passed : 0
        beats = now
        if (quiet < watch.patience) return
        void this.end()
        const file = place?.() ?? null
        finish(
          runError(stuck, {
            phase,
            seconds: watch.patience,
            file,
            offset: file === null ? null : (this.#place[0] ?? null),
          }),
        )
      }, 1000)
      timer.unref()
      this.#onDead = (e) => finish(runError(crashed, { phase, reason: e.message }))
      this.#onMessage = (m) => {
        quiet = 0
        try {
          if (m.kind === 'failed')
            finish(runError(crashed, { phase, reason: (m as unknown as { reason: string }).reason }))
          else if (on(m)) finish()
        } catch (e) {
          void this.end()
          finish(e instanceof Error ? e : new Error(String(e)))
        }
      }
      if (this.#dead) return this.#onDead(this.#dead)
      if (watch.signal?.aborted) return abort()
      watch.signal?.addEventListener('abort', abort, { once: true })
      this.send(message)
    })
  }

  end(): Promise<void> {
    return this.#channel.end()
  }

  /** An idle worker does not keep the process alive. */
  idle(isIdle: boolean): void {
    this.#channel.idle?.(isIdle)
  }
}

/** Seconds in which a worker must have loaded, however short the budget of its work is. */
const LOADING = 60

/** Resolves when the worker answers its first message, `open`: the time that it takes to load is on no budget. Throws RunError. */
export function loaded<To, From extends { readonly kind: string }>(
  worker: SupervisedWorker<To, From>,
  open: To,
): Promise<void> {
  const on = (m: From): boolean => m.kind === 'ready'
  const opened = worker.request(open, { phase: 'starting a worker', on }, { signal: undefined, patience: LOADING })
  // It may be asked for before the one who waits for it.
  opened.catch(() => {})
  return opened
}
