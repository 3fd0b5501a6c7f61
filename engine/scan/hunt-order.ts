// The tasks of a hunt in the order of its queue, whichever worker ends first: a hunt reports the same findings in the same order each time.
import type { FileStats } from '../inputs/file-stats.ts'
import type { Found, HuntPart } from './hunt-consumer.ts'
import type { FromScan, ScanTask } from './scan-protocol.ts'

export interface HuntedTask {
  readonly file: number
  readonly stats: FileStats
  readonly found: readonly Found[]
  readonly part: HuntPart
}

type Done = Extract<FromScan, { kind: 'done' }>

export class HuntOrder {
  readonly #call: ((task: HuntedTask) => void) | undefined
  #queue: readonly ScanTask[] = []
  #next = 0
  readonly #found = new Map<number, Found[]>()
  readonly #done = new Map<number, Done>()

  constructor(call: ((task: HuntedTask) => void) | undefined) {
    this.#call = call
  }

  begin(queue: readonly ScanTask[]): void {
    this.#queue = [...queue]
  }

  addFound(id: number, found: readonly Found[]): void {
    const of = this.#found.get(id) ?? []
    this.#found.set(id, of)
    for (const f of found) of.push(f)
  }

  /** The task begins again. */
  forget(id: number): void {
    this.#found.delete(id)
  }

  addTask(done: Done): void {
    if (!this.#call || !done.hunt) return
    this.#done.set(done.id, done)
    for (let task = this.#queue[this.#next]; task; task = this.#queue[this.#next]) {
      const ended = this.#done.get(task.id)
      if (!ended?.hunt) return
      this.#next++
      this.#done.delete(task.id)
      this.#call({ file: task.file, stats: ended.stats, found: this.#found.get(task.id) ?? [], part: ended.hunt })
      this.#found.delete(task.id)
    }
  }
}
