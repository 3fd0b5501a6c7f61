// The fields of a line that the kernel accepted. They answer like those of the reader in TypeScript, which reads the line if they cannot.
import { readJson } from '../../../core/logs/readers/json/read.ts'
import type { KernelRow } from './kernel.ts'

export class KernelFields implements ReadonlyMap<string, string> {
  readonly #row: KernelRow
  readonly #learn: (name: string) => void
  #all: ReadonlyMap<string, string> | undefined

  /** `learn` hears of names that the kernel was not asked for. */
  constructor(row: KernelRow, learn: (name: string) => void) {
    this.#row = row
    this.#learn = learn
  }

  get(name: string): string | undefined {
    if (this.#all) return this.#all.get(name)
    const value = this.#row.value(name)
    if (value !== undefined) return value ?? undefined
    this.#learn(name)
    return this.#whole().get(name)
  }

  has(name: string): boolean {
    return (this.#all ? undefined : this.#row.has(name)) ?? this.get(name) !== undefined
  }

  #whole(): ReadonlyMap<string, string> {
    if (!this.#all) {
      const json = readJson(this.#row.text)
      if ('bad' in json) throw new Error(`internal: the kernel accepted a line that is ${json.bad}`)
      this.#all = json.fields
    }
    return this.#all
  }

  get size(): number {
    return this.#whole().size
  }
  entries(): MapIterator<[string, string]> {
    return this.#whole().entries() as MapIterator<[string, string]>
  }
  keys(): MapIterator<string> {
    return this.#whole().keys() as MapIterator<string>
  }
  values(): MapIterator<string> {
    return this.#whole().values() as MapIterator<string>
  }
  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries()
  }
  forEach(call: (value: string, name: string, map: ReadonlyMap<string, string>) => void): void {
    this.#whole().forEach(call)
  }
}
