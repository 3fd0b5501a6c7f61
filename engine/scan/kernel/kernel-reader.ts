// The kernel as the reader of a file: events of the format by their fields, and groups as rows.
import type { Tuple } from '../../../core/eval/sink.ts'
import type { Event, Reader } from '../../../core/logs/format.ts'
import type { KernelScan } from '../record-scanner.ts'
import { isNameFit, type KernelRow, type KernelSettings, MOST_WANTED, ScanKernel } from './kernel.ts'
import { KernelFields } from './kernel-fields.ts'

/** One for a thread: it reads one file at a time. Null: there is none on this machine. */
let kernel: ScanKernel | null | undefined

export function threadKernel(): ScanKernel | null {
  if (kernel === undefined) kernel = ScanKernel.make() ?? null
  return kernel
}

/** The reader that the kernel holds groups for. Scans of one thread take turns. */
let holder: KernelReader | undefined

/** Groups that the kernel counted for a source: the keys of a row, and its number of events. */
export type TakeGroups = (groups: ReturnType<ScanKernel['takeGroups']>) => void

/** The kernel for all files of a scan in one thread. */
export class KernelReader {
  readonly kernel: ScanKernel
  readonly #takeGroups: TakeGroups
  /** As the file's first settings were, and with the names that its reader asked for since. */
  #base: KernelSettings | undefined
  #settings: KernelSettings | undefined
  readonly #asked = new Set<string>()

  constructor(made: ScanKernel, takeGroups: TakeGroups) {
    this.kernel = made
    this.#takeGroups = takeGroups
  }

  /** Undefined: the kernel cannot hold the settings, or the reader takes no fields. */
  scan(settings: KernelSettings, reader: Reader, grouped: (lines: number) => void): KernelScan | undefined {
    if (!reader.object) return undefined
    if (holder !== this) holder?.takeGroups()
    holder = this
    if (this.#base !== settings || this.kernel.settings !== this.#settings) {
      this.takeGroups()
      this.#asked.clear()
      this.#base = settings
      this.#settings = settings
      if (!this.kernel.prepare(settings)) {
        this.#base = undefined
        return undefined
      }
    }
    return {
      kernel: this.kernel,
      event: (row) => this.#event(row, reader),
      after: (lines) => {
        grouped(lines)
        this.#learn()
        if (!this.kernel.isFull) return
        if (this.#settings?.groupBy) this.takeGroups()
        else this.kernel.forgetTexts()
      },
    }
  }

  #event(row: KernelRow, reader: Reader): Event {
    return reader.object?.(new KernelFields(row, (name) => this.#asked.add(name))) as Event
  }

  /** The next lines have the names that readers asked for, such as those of the time. */
  #learn(): void {
    if (this.#asked.size === 0 || !this.#settings) return
    const names = [...this.#asked].filter(isNameFit)
    this.#asked.clear()
    const wanted = [...this.#settings.wanted, ...names.filter((n) => this.kernel.slotOf(n) === undefined)]
    if (wanted.length === this.#settings.wanted.length || wanted.length > MOST_WANTED / 2) return
    this.takeGroups()
    this.#settings = { ...this.#settings, wanted }
    if (!this.kernel.prepare(this.#settings)) throw new Error('internal: too many names')
  }

  takeGroups(): void {
    if (this.kernel.settings?.groupBy && this.kernel.settings === this.#settings)
      this.#takeGroups(this.kernel.takeGroups())
  }
}

/** Rows of the first step of an aggregation that only counts. Lines without one of the first `needed` keys are dropped. */
export function* rowsOfGroups(
  groups: ReturnType<ScanKernel['takeGroups']>,
  needed: number,
  counts: number,
  dropped: (lines: number) => void,
): Iterable<Tuple> {
  for (const { keys, count } of groups) {
    if (keys.slice(0, needed).includes(null)) dropped(count)
    else yield [...keys, ...Array.from({ length: counts }, () => BigInt(count))]
  }
}
