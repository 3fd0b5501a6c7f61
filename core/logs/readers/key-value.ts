// `key=value key="quoted value"`, as in FortiGate, SonicWall and many others. One pass records the places of names and values.
import { LazyFields } from './fields.ts'

let places = new Int32Array(4096)
const QUOTE = 34
const EQUALS = 61
const BACKSLASH = 92

export interface Pairs {
  /** Four a pair: name from, name to, value from, value to. */
  readonly places: Int32Array
  /** The text ended inside a quoted value, or in a word without `=`. */
  readonly cut: 'inside quotes' | 'inside a name' | undefined
  /** The last value has no quotes and ends the text, so it may have been cut. */
  readonly open: boolean
}

/** `separator`: 32 for a blank, 44 for a comma. Words without `=` between pairs are skipped. */
export function scanPairs(text: string, from: number, separator: 32 | 44): Pairs {
  const { length } = text
  let at = from
  let count = 0
  let open = false
  let cut: Pairs['cut']
  while (at < length) {
    if (count === places.length) places = doubled(places)
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === separator) at++
    if (at >= length) break
    // Words before a name belong to no pair.
    let name = at
    let equals = at
    for (let c = text.charCodeAt(equals); c !== EQUALS && equals < length; c = text.charCodeAt(++equals))
      if (c === separator) name = equals + 1
    if (equals >= length) {
      cut = 'inside a name'
      break
    }
    const value = equals + 1
    let end: number
    let next: number
    if (text.charCodeAt(value) === QUOTE) {
      end = closing(text, value + 1)
      if (end < 0) {
        cut = 'inside quotes'
        break
      }
      next = end + 1
      places[count + 2] = value + 1
      open = false
    } else {
      end = value
      while (end < length && text.charCodeAt(end) !== separator) end++
      open = end === length
      next = end
      places[count + 2] = value
    }
    places[count] = name
    places[count + 1] = equals
    places[count + 3] = end
    count += 4
    at = next
  }
  return { places: places.slice(0, count), cut, open }
}

function doubled(full: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * full.length)
  more.set(full)
  return more
}

function closing(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) {
    // A path may end with a backslash, which does not escape the quote: a name with `=` follows then.
    if (/^[ ,][\w-]+=/.test(text.slice(at + 1, at + 40))) return at
    at = text.indexOf('"', at + 1)
  }
  return at
}

/** Beyond so many pairs a search through all of them costs more than a table. */
const FEW = 64

/** Of a repeated name the first value that is not empty counts. */
export abstract class PairFields extends LazyFields {
  readonly #text: string
  readonly #places: Int32Array
  /** Name → its index in the places, of a record with many pairs. */
  #index: Map<string, number> | undefined

  constructor(text: string, at: Int32Array) {
    super()
    this.#text = text
    this.#places = at
  }

  get(name: string): string | undefined {
    return name.startsWith('network:') ? this.network(name.slice(8)) : this.field(name)
  }

  field(name: string): string | undefined {
    const i = this.#places.length > 4 * FEW ? this.#indexed(name) : this.#find(name)
    if (i < 0) return undefined
    const raw = this.#text.slice(this.#places[i + 2], this.#places[i + 3])
    return raw.includes('\\"') ? raw.replaceAll('\\"', '"') : raw
  }

  #find(name: string): number {
    const text = this.#text
    const at = this.#places
    const { length } = name
    for (let i = 0; i < at.length; i += 4) {
      const from = at[i] as number
      if ((at[i + 1] as number) - from === length && text.startsWith(name, from) && this.#isFilled(i)) return i
    }
    return -1
  }

  #isFilled(i: number): boolean {
    return (this.#places[i + 3] as number) > (this.#places[i + 2] as number)
  }

  #indexed(name: string): number {
    if (!this.#index) {
      this.#index = new Map()
      for (let i = this.#places.length - 4; i >= 0; i -= 4)
        if (this.#isFilled(i)) this.#index.set(this.#text.slice(this.#places[i], this.#places[i + 1]), i)
    }
    return this.#index.get(name) ?? -1
  }

  names(): Iterable<string> {
    const out = new Set<string>()
    for (let i = 0; i < this.#places.length; i += 4) out.add(this.#text.slice(this.#places[i], this.#places[i + 1]))
    return out
  }

  abstract network(name: string): string | undefined
}

/** The pairs of a text, without its empty values. Of a repeated name the first value counts. `cut`: as in `Pairs`. */
export function pairsOf(
  text: string,
  from: number,
  separator: 32 | 44,
): { readonly fields: Map<string, string>; readonly cut: Pairs['cut'] } {
  const { places: at, cut } = scanPairs(text, from, separator)
  const fields = new Map<string, string>()
  for (let i = 0; i < at.length; i += 4) {
    const name = text.slice(at[i], at[i + 1])
    const value = text.slice(at[i + 2], at[i + 3])
    if (value !== '' && !fields.has(name)) fields.set(name, value.replaceAll('\\"', '"'))
  }
  return { fields, cut }
}
