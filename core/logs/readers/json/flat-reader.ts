// One pass over a flat JSON object: checks it and records the places of names and values, without making strings, since queries read few
// fields. Faster than JSON.parse, and it keeps lexemes and finds repeated keys. For shapes that come again see shape-cache.ts.
import { type JsonShape, Shapes } from './shape-cache.ts'

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58
const CLOSE = 125
const NUMBER_OR_WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=[ \t\r\n]*[,}])/y
const ESCAPES = /^(?:[^\\]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*$/

/** Places in the current record, four a field: name from, name to, value from, value to; the end of a value with escapes is negative. */
const places: number[] = []

/** Names of this record by a hash of a few characters; entries of earlier records have an older stamp. */
const SLOTS = 1024
const stamps = new Float64Array(SLOTS)
let stamp = 0

/** Beyond so many fields a search through all of them costs more than a table. */
const FEW = 64
/** All names of a record with many fields. */
let seen: Set<string> | undefined

const shapes = new Shapes()

/** The fields, or undefined if the text is anything but one flat object without repeated keys and escapes in its names. */
export function flatJson(text: string): FlatFields | undefined {
  const shape = shapes.of(text)
  if (shape) return new FlatFields(text, shape, undefined)
  const at = walk(text)
  if (!at) return undefined
  shapes.learn(text, at)
  return new FlatFields(text, undefined, at)
}

/** The shape of fields that were read from exactly this text, if its values are all texts and nothing is between them. */
export function compactShape(fields: ReadonlyMap<string, string>, text: string): JsonShape | undefined {
  const shape = fields instanceof FlatFields && fields.text === text ? fields.shape : undefined
  return shape?.isCompactText ? shape : undefined
}

/** Places of names and values, four a field. */
function walk(text: string): number[] | undefined {
  if (text.charCodeAt(0) !== 123) return undefined
  let at = space(text, 1)
  let count = 0
  stamp++
  seen = undefined
  if (text.charCodeAt(at) === CLOSE) return at + 1 === text.length ? [] : undefined
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return undefined
    const name = at + 1
    const nameEnd = endOfText(text, name)
    if (nameEnd < 0 || isRepeated(text, name, nameEnd, count)) return undefined
    at = nameEnd + 1
    if (text.charCodeAt(at) !== COLON) {
      at = space(text, at)
      if (text.charCodeAt(at) !== COLON) return undefined
    }
    at = space(text, at + 1)
    places[count] = name
    places[count + 1] = nameEnd
    count += 4
    if (text.charCodeAt(at) === QUOTE) {
      places[count - 2] = at + 1
      let end = endOfText(text, at + 1)
      if (end < 0) {
        end = endOfEscaped(text, at + 1)
        if (end < 0) return undefined
        places[count - 1] = -end
      } else places[count - 1] = end
      at = end + 1
    } else {
      NUMBER_OR_WORD.lastIndex = at
      if (!NUMBER_OR_WORD.test(text)) return undefined
      places[count - 2] = at
      places[count - 1] = NUMBER_OR_WORD.lastIndex
      // null: the name is in use, the field is absent; -1 marks it.
      if (text.charCodeAt(at) === 110) places[count - 2] = -1
      at = NUMBER_OR_WORD.lastIndex
    }
    let next = text.charCodeAt(at)
    if (next !== COMMA && next !== CLOSE) {
      at = space(text, at)
      next = text.charCodeAt(at)
    }
    if (next === CLOSE) return at + 1 === text.length ? places.slice(0, count) : undefined
    if (next !== COMMA) return undefined
    at = space(text, at + 1)
  }
}

function space(text: string, at: number): number {
  let i = at
  for (;;) {
    const code = text.charCodeAt(i)
    if (code > 32 || (code !== 32 && code !== 10 && code !== 13 && code !== 9)) return i
    i++
  }
}

/** Place of the closing quote; -1 if an escape or a control character comes first, or there is none. */
function endOfText(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return i
    if (code === BACKSLASH || code < 32) return -1
  }
  return -1
}

function endOfEscaped(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return ESCAPES.test(text.slice(from, i)) ? i : -1
    if (code === BACKSLASH) i++
    else if (code < 32) return -1
  }
  return -1
}

function isRepeated(text: string, from: number, to: number, count: number): boolean {
  const length = to - from
  const slot =
    (length * 31 +
      text.charCodeAt(from) * 7 +
      text.charCodeAt(to - 1) * 61 +
      text.charCodeAt(from + (length >> 1)) * 257) &
    (SLOTS - 1)
  if (stamps[slot] !== stamp) {
    stamps[slot] = stamp
    seen?.add(text.slice(from, to))
    return false
  }
  const name = text.slice(from, to)
  if (count <= 4 * FEW) return find(text, places, count, name) >= 0
  seen ??= new Set(namesOf(text, count))
  const { size } = seen
  return seen.add(name).size === size
}

function* namesOf(text: string, count: number): Iterable<string> {
  for (let i = 0; i < count; i += 4) yield text.slice(places[i], places[i + 1])
}

/** Index of the field in the places, -1 if there is none. */
function find(text: string, at: readonly number[], count: number, name: string): number {
  const { length } = name
  for (let i = 0; i < count; i += 4) {
    const from = at[i] as number
    if ((at[i + 1] as number) - from === length && text.startsWith(name, from)) return i
  }
  return -1
}

/** Fields of a record by its shape or by their places. Places are computed if the shape cannot answer. */
class FlatFields implements ReadonlyMap<string, string> {
  readonly text: string
  readonly shape: JsonShape | undefined
  #found: readonly number[] | undefined
  /** Name → its index in the places, of a record with many fields. */
  #index: Map<string, number> | undefined

  constructor(text: string, shape: JsonShape | undefined, at: readonly number[] | undefined) {
    this.text = text
    this.shape = shape
    this.#found = at
  }

  /** Four numbers a field: name from, to, value from (-1: null), to (negative: with escapes). */
  get places(): readonly number[] {
    this.#found ??= walk(this.text) ?? []
    return this.#found
  }

  get(name: string): string | undefined {
    if (this.shape) return this.shape.value(this.text, name)
    const i = this.#find(name)
    return i < 0 ? undefined : this.#value(i)
  }

  #find(name: string): number {
    const at = this.places
    if (at.length <= 4 * FEW) return find(this.text, at, at.length, name)
    if (!this.#index) {
      this.#index = new Map()
      for (let i = 0; i < at.length; i += 4) this.#index.set(this.text.slice(at[i], at[i + 1]), i)
    }
    return this.#index.get(name) ?? -1
  }

  #value(i: number): string | undefined {
    const from = this.places[i + 2] as number
    const to = this.places[i + 3] as number
    if (from < 0) return undefined
    return to < 0 ? (JSON.parse(this.text.slice(from - 1, 1 - to)) as string).toWellFormed() : this.text.slice(from, to)
  }

  has(name: string): boolean {
    return this.shape ? this.shape.has(this.text, name) : this.get(name) !== undefined
  }

  get size(): number {
    let size = 0
    for (let i = 2; i < this.places.length; i += 4) if ((this.places[i] as number) >= 0) size++
    return size
  }

  *entries(): MapIterator<[string, string]> {
    for (let i = 0; i < this.places.length; i += 4) {
      const value = this.#value(i)
      if (value !== undefined) yield [this.text.slice(this.places[i], this.places[i + 1]), value]
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
