// Finds which of many thousand texts are in a text. Each needle is found by one of its grams (four characters, or three where it is no
// longer); the rest of it is then compared. All tables are typed arrays, so that threads share them.
import { BEGIN, END } from '../prims/prim.ts'
import { lowerText } from '../regex/regex.ts'

export interface GramTables {
  /** One bit for each hash of a gram. */
  readonly bits: Uint32Array
  /** Open addressing: gram, then the place of its first entry. */
  readonly keys: Int32Array
  readonly firsts: Int32Array
  /** By entry: needle, its offset from the end of the gram to the end of the needle, and the next entry of the gram or -1. */
  readonly entries: Int32Array
  /** The texts of all needles as `byteOf`, one after the other, and where each begins; one more at the end. */
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  /** Grams at so many places of each needle are in the table, so only every so manieth place of a text is looked up. */
  readonly stride: number
  /** Some needle has only three characters. */
  readonly hasShort: boolean
  /** Some needle has one or two characters, one of them beyond ASCII. */
  readonly hasTiny: boolean
}

/** Shorter texts of ASCII are in too many values. Others are searched only in values that are not of ASCII. */
export const isSearchable = (needle: string): boolean => needle.length >= 3 || /[^\x00-\x7f]/.test(needle)

const BITS = 18
const hash = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> (32 - BITS)
/** Masks of shorter grams. They can equal a longer gram with zeros: a false hit, which the comparison finds out. */
const SHORT = 0xffffff
const PAIR = 0xffff
const UNIT = 0xff

const FIRST = BEGIN.charCodeAt(0)
const LAST = END.charCodeAt(0)

/** ASCII letters in lower case. */
const LOWER = Uint8Array.from({ length: 256 }, (_, c) => (c >= 65 && c <= 90 ? c + 32 : c))
/** Texts are compared by the low byte of each character: enough to propose a filter, and half as much to read. */
const byteOf = (text: string, i: number): number => LOWER[text.charCodeAt(i) & 0xff] as number

/** Counts of grams in a sample of values: the rarer the gram of a needle, the fewer values have to be compared. */
export class GramCounts {
  readonly #counts = new Map<number, number>()

  add(value: string): void {
    const text = BEGIN + lowerText(value) + END
    const seen = new Set<number>()
    gramsOf(text, (gram) => seen.add(gram))
    for (const gram of seen) this.#counts.set(gram, (this.#counts.get(gram) ?? 0) + 1)
  }

  of(gram: number): number {
    return this.#counts.get(gram) ?? 0
  }
}

/** Calls with each gram of a text and the index after it. */
function gramsOf(text: string, call: (gram: number, end: number) => void): void {
  let gram = 0
  const size = Math.min(4, text.length)
  const mask = [0, UNIT, PAIR, SHORT, -1][size] as number
  for (let i = 0; i < text.length; i++) {
    gram = (gram << 8) | byteOf(text, i)
    if (i >= size - 1) call(gram & mask, i + 1)
  }
}

/** The count of the rarest gram of a needle. */
export function rarest(
  text: string,
  counts: GramCounts,
): { readonly gram: number; readonly end: number; readonly count: number } {
  let best = { gram: 0, end: 0, count: Number.POSITIVE_INFINITY }
  gramsOf(text, (gram, end) => {
    const count = counts.of(gram)
    if (count < best.count) best = { gram, end, count }
  })
  return best
}

/** More places of a needle have frequent grams among them. */
const FARTHEST = 8

/**
 * `needles`: distinct texts in lower case, three characters or more. `counts`: to find each by its rarest gram. Undefined: by grams of
 * several places, which is faster for few long needles.
 */
export function buildGrams(needles: readonly string[], counts: GramCounts | undefined): GramTables {
  const shortest = needles.reduce((n, t) => Math.min(n, t.length), FARTHEST + 3)
  const stride = counts || shortest < 5 ? 1 : shortest - 3
  const bits = new Uint32Array(new SharedArrayBuffer((1 << BITS) / 8))
  const bytes = new Uint8Array(new SharedArrayBuffer(needles.reduce((n, t) => n + t.length, 0)))
  const starts = new Int32Array(new SharedArrayBuffer(4 * (needles.length + 1)))
  const entries = new Int32Array(new SharedArrayBuffer(12 * stride * needles.length))
  let room = 16
  while (room < 2 * stride * needles.length) room *= 2
  const keys = new Int32Array(new SharedArrayBuffer(4 * room))
  const firsts = new Int32Array(new SharedArrayBuffer(4 * room)).fill(-1)
  let at = 0
  let entry = 0
  let [hasShort, hasTiny] = [false, false]
  const enter = (needle: number, gram: number, behind: number): void => {
    const h = hash(gram)
    bits[h >>> 5] = (bits[h >>> 5] as number) | (1 << (h & 31))
    const slot = placeOf(keys, firsts, gram)
    keys[slot] = gram
    entries.set([needle, behind, firsts[slot] as number], 3 * entry)
    firsts[slot] = entry++
  }
  needles.forEach((text, needle) => {
    starts[needle] = at
    for (let i = 0; i < text.length; i++) bytes[at++] = byteOf(text, i)
    if (text.length === 3) hasShort = true
    if (text.length < 3) hasTiny = true
    if (stride > 1) {
      gramsOf(text, (gram, end) => {
        if (end < 4 + stride) enter(needle, gram, text.length - end)
      })
    } else {
      const { gram, end } = rarest(text, counts ?? NO_COUNTS)
      enter(needle, gram, text.length - end)
    }
  })
  starts[needles.length] = at
  return { bits, keys, firsts, entries, bytes, starts, stride, hasShort, hasTiny }
}

const NO_COUNTS = new GramCounts()

function placeOf(keys: Int32Array, firsts: Int32Array, gram: number): number {
  const mask = keys.length - 1
  let slot = hash(gram) & mask
  while (firsts[slot] !== -1 && keys[slot] !== gram) slot = (slot + 1) & mask
  return slot
}

/** The text that is searched, with its marks. Grows to the longest text. */
let text = new Uint8Array(1 << 16)
let isAscii = true
const encoder = new TextEncoder()

/** Fills `text`; returns its length. */
function load(value: string): number {
  const { length } = value
  if (length + 2 > text.length) text = new Uint8Array(2 * (length + 2))
  // Runs outside JavaScript, several times as fast as a loop. It stops where the room for one byte a character is too small.
  const { read, written } = encoder.encodeInto(value, text.subarray(1, length + 1))
  isAscii = read === length && written === length
  if (!isAscii) fold(value)
  text[0] = FIRST
  text[length + 1] = LAST
  return length + 2
}

/** By character: the low byte of its lower case; -1: not computed yet. */
const lows = new Int16Array(1 << 16).fill(-1)

/** Lower case never changes the number of units (`core/regex/fold.ts`). */
function fold(value: string): void {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i)
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < value.length) {
      const pair = lowerText(value.slice(i, i + 2))
      text[i + 1] = pair.charCodeAt(0)
      text[i + 2] = pair.charCodeAt(1)
      i++
    } else {
      if (lows[c] === -1) lows[c] = lowerText(String.fromCharCode(c)).charCodeAt(0) & 0xff
      text[i + 1] = lows[c] as number
    }
  }
}

const NONE = new Int32Array(0)

/** Finds the needles of texts; one may be there twice. */
export class Found {
  needles = new Int32Array(256)
  length = 0

  of(value: string, tables: GramTables): Int32Array {
    this.length = 0
    findNeedles(value, tables, this)
    return this.length === 0 ? NONE : this.needles.slice(0, this.length)
  }

  add(needle: number): void {
    if (this.length === this.needles.length) {
      const more = new Int32Array(2 * this.length)
      more.set(this.needles)
      this.needles = more
    }
    this.needles[this.length++] = needle
  }
}

/** Adds each needle that the value may contain: all that it contains, and few others. */
export function findNeedles(value: string, tables: GramTables, found: Found): void {
  const length = load(value)
  if (tables.stride > 1) {
    findApart(length, tables, found)
    return
  }
  const bytes = text
  const { bits, hasShort } = tables
  const hasTiny = tables.hasTiny && !isAscii
  let gram = 0
  for (let i = 0; i < length; i++) {
    gram = (gram << 8) | (LOWER[bytes[i] as number] as number)
    let h = hash(gram)
    if (((bits[h >>> 5] as number) >>> (h & 31)) & 1) compare(gram, i + 1, length, tables, found)
    if (hasShort) {
      const short = gram & SHORT
      h = hash(short)
      if (((bits[h >>> 5] as number) >>> (h & 31)) & 1) compare(short, i + 1, length, tables, found)
    }
    if (hasTiny) {
      compare(gram & PAIR, i + 1, length, tables, found)
      compare(gram & UNIT, i + 1, length, tables, found)
    }
  }
}

function findApart(length: number, tables: GramTables, found: Found): void {
  const bytes = text
  const { bits, stride } = tables
  for (let i = 3; i < length; i += stride) {
    const gram =
      ((LOWER[bytes[i - 3] as number] as number) << 24) |
      ((LOWER[bytes[i - 2] as number] as number) << 16) |
      ((LOWER[bytes[i - 1] as number] as number) << 8) |
      (LOWER[bytes[i] as number] as number)
    const h = hash(gram)
    if (((bits[h >>> 5] as number) >>> (h & 31)) & 1) compare(gram, i + 1, length, tables, found)
  }
}

function compare(gram: number, end: number, length: number, tables: GramTables, found: Found): void {
  const { keys, firsts, entries, bytes, starts } = tables
  for (
    let entry = firsts[placeOf(keys, firsts, gram)] as number;
    entry !== -1;
    entry = entries[3 * entry + 2] as number
  ) {
    const needle = entries[3 * entry] as number
    const from = starts[needle] as number
    const size = (starts[needle + 1] as number) - from
    const last = end + (entries[3 * entry + 1] as number)
    const first = last - size
    if (first < 0 || last > length) continue
    let i = 0
    while (i < size && bytes[from + i] === LOWER[text[first + i] as number]) i++
    if (i === size) found.add(needle)
  }
}
