// Fields that are cut out of the record when first read. Queries read few fields of most records.
import type { Event, EventShape, ValuesByPlace } from '../format.ts'

/**
 * `get` takes the vendor's names and those of `network.ts`. Only the former are enumerated: computed fields are not shown, not found by free
 * text and not part of a whole event.
 */
export abstract class LazyFields implements ReadonlyMap<string, string> {
  abstract get(name: string): string | undefined
  /** Names of the fields in the order of the record. */
  abstract names(): Iterable<string>
  /** Microseconds since 1970 UTC. */
  abstract when(): bigint | undefined

  /** Names that `get` may answer besides the enumerated ones and those of `network.ts`. */
  others(): Iterable<string> {
    return []
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  get size(): number {
    let size = 0
    for (const _ of this.names()) size++
    return size
  }

  *entries(): MapIterator<[string, string]> {
    for (const name of this.names()) {
      const value = this.get(name)
      if (value !== undefined) yield [name, value]
    }
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name
  }

  *values(): MapIterator<string> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries()
  }

  forEach(call: (value: string, name: string, map: ReadonlyMap<string, string>) => void): void {
    for (const [name, value] of this.entries()) call(value, name, this)
  }
}

/** `LazyFields.others`, of any fields. */
export const othersOf = (fields: ReadonlyMap<string, string>): Iterable<string> =>
  fields instanceof LazyFields ? fields.others() : []

interface Shaped {
  readonly shape: EventShape
  readonly record: ValuesByPlace
}

export class LazyEvent implements Event {
  readonly fields: LazyFields
  readonly notes?: readonly string[]
  readonly raw?: string
  readonly shape?: EventShape
  readonly record?: ValuesByPlace
  #time: bigint | null | undefined = null

  constructor(fields: LazyFields, notes?: readonly string[], raw?: string, shaped?: Shaped) {
    this.fields = fields
    if (shaped) {
      this.shape = shaped.shape
      this.record = shaped.record
    }
    if (notes && notes.length > 0) this.notes = notes
    if (raw !== undefined) this.raw = raw
  }

  get time(): bigint | undefined {
    if (this.#time === null) this.#time = this.fields.when()
    return this.#time
  }
}

/** Fields in a map, and computed fields (`network:key`) by a function. */
export class MapFields extends LazyFields {
  readonly #map: ReadonlyMap<string, string>
  readonly #more: (name: string, map: ReadonlyMap<string, string>) => string | undefined
  readonly #when: (map: ReadonlyMap<string, string>) => bigint | undefined

  constructor(
    map: ReadonlyMap<string, string>,
    when: (map: ReadonlyMap<string, string>) => bigint | undefined,
    more: (name: string, map: ReadonlyMap<string, string>) => string | undefined = () => undefined,
  ) {
    super()
    this.#map = map
    this.#more = more
    this.#when = when
  }

  get(name: string): string | undefined {
    return this.#map.get(name) ?? (name.startsWith('network:') ? this.#more(name, this.#map) : undefined)
  }

  names(): Iterable<string> {
    return this.#map.keys()
  }

  when(): bigint | undefined {
    return this.#when(this.#map)
  }
}

/** A regular expression that matches exactly the text. */
export const escapeRegExp = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&')
