// Finds which of many thousand texts are in a text. Each needle is found by one of its grams (four characters, or three where it is no
// longer); the rest of it is then compared.
import { BEGIN, END } from '../prims/prim.ts'
import { lowerText } from '../regex/regex.ts'

/** Texts to be found, each with the gram by which it is. Threads share them. */
export interface Needles {
  /** Their texts as `byteOf`, one after the other, and where each begins; one more at the end. */
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  /** By needle: its rarest gram, and the number of characters after it. */
  readonly grams: Int32Array
  readonly behind: Int32Array
}

/** Finds some of the needles, which it numbers from 0. */
export interface GramTable {
  /** The texts of all needles, as in `Needles`. */
  readonly bytes: Uint8Array
  /** One bit for each hash of a gram. */
  readonly bits: Uint32Array
  readonly shift: number
  /** Open addressing: gram, then the place of its first entry. */
  readonly keys: Int32Array
  readonly firsts: Int32Array
  /** By entry, `ENTRY` numbers: needle, its place and size in `bytes`, the characters after the gram, the next entry of the gram or -1. */
  readonly entries: Int32Array
  /** Grams at so many places of each needle are in the table, so only every so manieth place of a text is looked up. */
  readonly stride: number
  /** Some needle has only three characters. */
  readonly hasShort: boolean
  /** Some needle has one or two characters, one of them beyond ASCII. */
  readonly hasTiny: boolean
}

/** Shorter texts of ASCII are in too many values. Others are searched only in values that are not of ASCII. */
export const isSearchable = (needle: string): boolean => needle.length >= 3 || /[^\x00-\x7f]/.test(needle)

const ENTRY = 5
const hash = (gram: number, shift: number): number => Math.imul(gram, 0x9e3779b1) >>> shift
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

export const NO_COUNTS = new GramCounts()

/** `texts`: distinct, in lower case, three characters or more. `counts`: to find each by its rarest gram. */
export function needlesOf(texts: readonly string[], counts: GramCounts): Needles {
  const shared = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length))
  const bytes = new Uint8Array(new SharedArrayBuffer(texts.reduce((n, t) => n + t.length, 0)))
  const [starts, grams, behind] = [shared(texts.length + 1), shared(texts.length), shared(texts.length)]
  let at = 0
  texts.forEach((text, needle) => {
    starts[needle] = at
    for (let i = 0; i < text.length; i++) bytes[at++] = byteOf(text, i)
    const { gram, end } = rarest(text, counts)
    grams[needle] = gram
    behind[needle] = text.length - end
  })
  starts[texts.length] = at
  return { bytes, starts, grams, behind }
}

/** Finds each of the needles by its rarest gram. */
export function tableOf({ bytes, starts, grams, behind }: Needles, needles: readonly number[]): GramTable {
  const table = new TableMaker(bytes, needles.length)
  needles.forEach((needle, i) => {
    const from = starts[needle] as number
    const size = (starts[needle + 1] as number) - from
    table.enter({ needle: i, from, size, gram: grams[needle] as number, behind: behind[needle] as number })
  })
  return table.made(1)
}

/** More places of a needle have frequent grams among them. */
const FARTHEST = 8

/** Finds all needles by grams of several places, which is faster for few long needles in long texts. */
export function sparseTableOf(of: Needles): GramTable {
  const { bytes, starts } = of
  const needles = [...of.grams.keys()]
  const sizeOf = (needle: number): number => (starts[needle + 1] as number) - (starts[needle] as number)
  const stride = needles.reduce((n, needle) => Math.min(n, sizeOf(needle) - 3), FARTHEST)
  if (stride < 2) return tableOf(of, needles)
  const table = new TableMaker(bytes, stride * needles.length)
  for (const needle of needles) {
    const from = starts[needle] as number
    const size = sizeOf(needle)
    for (let end = 4; end < 4 + stride; end++) {
      const gram = [4, 3, 2, 1].reduce((g, back) => (g << 8) | (bytes[from + end - back] as number), 0)
      table.enter({ needle, from, size, gram, behind: size - end })
    }
  }
  return table.made(stride)
}

interface Entry {
  readonly needle: number
  readonly from: number
  readonly size: number
  readonly gram: number
  readonly behind: number
}

class TableMaker {
  readonly #bytes: Uint8Array
  readonly #shift: number
  readonly #bits: Uint32Array
  readonly #keys: Int32Array
  readonly #firsts: Int32Array
  readonly #entries: Int32Array
  #entry = 0
  #hasShort = false
  #hasTiny = false

  constructor(bytes: Uint8Array, entries: number) {
    this.#bytes = bytes
    let log = 4
    while (1 << log < 2 * entries) log++
    // One bit in thirty is set, so few other grams pass.
    this.#shift = 32 - (log + 4)
    this.#bits = new Uint32Array(1 << (log - 1))
    this.#keys = new Int32Array(1 << log)
    this.#firsts = new Int32Array(1 << log).fill(-1)
    this.#entries = new Int32Array(ENTRY * entries)
  }

  enter({ needle, from, size, gram, behind }: Entry): void {
    const h = hash(gram, this.#shift)
    this.#bits[h >>> 5] = (this.#bits[h >>> 5] as number) | (1 << (h & 31))
    const slot = placeOf(this.#keys, this.#firsts, gram, h)
    this.#keys[slot] = gram
    this.#entries.set([needle, from, size, behind, this.#firsts[slot] as number], ENTRY * this.#entry)
    this.#firsts[slot] = this.#entry++
    if (size === 3) this.#hasShort = true
    if (size < 3) this.#hasTiny = true
  }

  made(stride: number): GramTable {
    return {
      bytes: this.#bytes,
      bits: this.#bits,
      shift: this.#shift,
      keys: this.#keys,
      firsts: this.#firsts,
      entries: this.#entries,
      stride,
      hasShort: this.#hasShort,
      hasTiny: this.#hasTiny,
    }
  }
}

function placeOf(keys: Int32Array, firsts: Int32Array, gram: number, h: number): number {
  const mask = keys.length - 1
  let slot = h & mask
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

/** The needles of texts; one may be there twice. */
export class Found {
  needles = new Int32Array(256)
  length = 0

  add(needle: number): void {
    if (this.length === this.needles.length) {
      const more = new Int32Array(2 * this.length)
      more.set(this.needles)
      this.needles = more
    }
    this.needles[this.length++] = needle
  }
}

/** Adds each needle of the table that the value may contain: all that it contains, and few others. */
export function findNeedles(value: string, table: GramTable, found: Found): void {
  const length = load(value)
  if (table.stride > 1) {
    findApart(length, table, found)
    return
  }
  const bytes = text
  const { bits, hasShort, shift } = table
  const hasTiny = table.hasTiny && !isAscii
  let gram = 0
  for (let i = 0; i < length; i++) {
    gram = (gram << 8) | (LOWER[bytes[i] as number] as number)
    let h = hash(gram, shift)
    if (((bits[h >>> 5] as number) >>> (h & 31)) & 1) compare(gram, h, i + 1, length, table, found)
    if (hasShort) {
      const short = gram & SHORT
      h = hash(short, shift)
      if (((bits[h >>> 5] as number) >>> (h & 31)) & 1) compare(short, h, i + 1, length, table, found)
    }
    if (hasTiny) {
      compare(gram & PAIR, hash(gram & PAIR, shift), i + 1, length, table, found)
      compare(gram & UNIT, hash(gram & UNIT, shift), i + 1, length, table, found)
    }
  }
}

function findApart(length: number, table: GramTable, found: Found): void {
  const bytes = text
  const { bits, shift, stride } = table
  for (let i = 3; i < length; i += stride) {
    const gram =
      ((LOWER[bytes[i - 3] as number] as number) << 24) |
      ((LOWER[bytes[i - 2] as number] as number) << 16) |
      ((LOWER[bytes[i - 1] as number] as number) << 8) |
      (LOWER[bytes[i] as number] as number)
    const h = hash(gram, shift)
    if (((bits[h >>> 5] as number) >>> (h & 31)) & 1) compare(gram, h, i + 1, length, table, found)
  }
}

function compare(gram: number, h: number, end: number, length: number, table: GramTable, found: Found): void {
  const { keys, firsts, entries, bytes } = table
  let entry = firsts[placeOf(keys, firsts, gram, h)] as number
  while (entry !== -1) {
    const at = ENTRY * entry
    const from = entries[at + 1] as number
    const size = entries[at + 2] as number
    const last = end + (entries[at + 3] as number)
    const first = last - size
    entry = entries[at + 4] as number
    if (first < 0 || last > length) continue
    let i = 0
    while (i < size && bytes[from + i] === LOWER[text[first + i] as number]) i++
    if (i === size) found.add(entries[at] as number)
  }
}
