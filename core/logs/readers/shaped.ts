// Records of a known shape: the places of their values are known, and the values are cut out when they are read.
import type { ValuesByPlace } from '../format.ts'

/** The common part of the records of a shape. */
export interface TreeShape {
  /** Name of a value → its place among the values. Null is no value. */
  readonly index: ReadonlyMap<string, number>
}

export interface ShapedRecord extends ValuesByPlace {
  readonly shape: TreeShape
}

/** Values of a record under some names. */
export class ShapedFields implements ReadonlyMap<string, string> {
  readonly #record: ValuesByPlace
  readonly #index: ReadonlyMap<string, number>

  constructor(record: ValuesByPlace, index: ReadonlyMap<string, number>) {
    this.#record = record
    this.#index = index
  }

  get(name: string): string | undefined {
    const place = this.#index.get(name)
    return place === undefined ? undefined : this.#record.value(place)
  }

  has(name: string): boolean {
    return this.#index.has(name)
  }

  get size(): number {
    return this.#index.size
  }

  keys(): MapIterator<string> {
    return this.#index.keys()
  }

  *entries(): MapIterator<[string, string]> {
    for (const [name, place] of this.#index) yield [name, this.#record.value(place)]
  }

  *values(): MapIterator<string> {
    for (const place of this.#index.values()) yield this.#record.value(place)
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries()
  }

  forEach(call: (value: string, name: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [name, value] of this.entries()) call(value, name, this)
  }
}
