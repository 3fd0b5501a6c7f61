// The search of text.as, from outside: its memory, its patterns, and the lines that it does not rule out.
import { type Assembly, assemblyHere, load, type Result } from '../kernel/assembly.ts'
import { type BytePattern, LONGEST } from './byte-patterns.ts'
import { WASM } from './text-wasm.ts'

// ── memory, as in text.as ──
const PAGES = 16
/** Read at once. It stays in the nearer caches. */
export const PIECE = 96 << 10
const NIBBLES = 0x10000
const EXACT = 0x11000
const MARKS = 0x19000
const ROWS = 0x1b000
const ROW_NUMBERS = 4
const MARK_BYTES = 64
const LONGEST_MARK = 60
const COPY = 0x30000
const BUFFER = 0xc0000
/** The search reads beyond the last line. */
const SLACK = 64
const COPY_BYTES = BUFFER - COPY - SLACK

const MOST_PATTERNS = 64
const BUCKETS = 8
/** Places that are compared for many bytes at once. */
const FIRST = 3

const HAS_MARK = 1

export interface TextSettings {
  /** A line that matters has one of these. */
  readonly patterns: readonly BytePattern[]
  /** Every record has one of these texts, in ASCII. */
  readonly marks: readonly string[]
}

/** Patterns that there is room for besides the marks. */
export const mostPatterns = (marks: readonly string[]): number => MOST_PATTERNS - marks.length

interface Exports {
  prepare(patternsOfMarks: bigint): void
  scan(from: number, to: number): number
  readonly consumed: Result
  readonly lines: Result
  readonly passed: Result
}

/** A line that is not ruled out, from its first byte to its line feed. */
export interface TextRow {
  /** Counted from 0 in this scan. */
  readonly line: number
  readonly begin: number
  readonly end: number
  /** False: it may be no record. */
  readonly isMarked: boolean
}

export interface TextCounts {
  readonly consumed: number
  readonly lines: number
  /** Lines that were ruled out. */
  readonly passed: number
}

export class TextKernel {
  /** Memory for bytes of a file. */
  readonly buffer: Buffer
  readonly #bytes: Buffer
  readonly #numbers: Int32Array
  readonly #exports: Exports
  #settings: TextSettings | undefined

  /** Undefined: WebAssembly here is missing or has no SIMD. */
  static make(assembly = assemblyHere): TextKernel | undefined {
    try {
      return assembly && new TextKernel(assembly)
    } catch {
      return undefined
    }
  }

  private constructor(assembly: Assembly) {
    const { exports, bytes, numbers } = load<Exports>(assembly, WASM, PAGES)
    this.#exports = exports
    this.#bytes = bytes
    this.#numbers = numbers
    this.buffer = this.#bytes.subarray(BUFFER, BUFFER + PIECE)
  }

  static canHold({ patterns, marks }: TextSettings): boolean {
    const isMark = (m: string): boolean => m.length >= 2 && m.length <= LONGEST_MARK && /^[\x20-\x7e]+$/.test(m)
    return patterns.length + marks.length <= MOST_PATTERNS && marks.length > 0 && marks.every(isMark)
  }

  /** Scans of one thread take turns. */
  use(settings: TextSettings): void {
    if (this.#settings === settings) return
    this.#settings = settings
    const { patterns, marks } = settings
    const begins = marks.map(
      (m): BytePattern => [...m].slice(0, LONGEST).map((c) => [c.charCodeAt(0), c.charCodeAt(0)]),
    )
    // Patterns that begin alike share a bucket.
    const order = patterns.map((p, i) => ({ i, text: JSON.stringify(p) })).sort((a, b) => (a.text < b.text ? -1 : 1))
    const buckets = Math.max(1, BUCKETS - marks.length)
    this.#bytes.fill(0, NIBBLES, NIBBLES + 2 * 16 * FIRST)
    this.#bytes.fill(0, EXACT, EXACT + LONGEST * 256 * 8)
    order.forEach(({ i }, place) => {
      this.#put(patterns[i] as BytePattern, i, Math.floor((place * buckets) / order.length))
    })
    let ofMarks = 0n
    begins.forEach((pattern, k) => {
      const bit = patterns.length + k
      ofMarks |= 1n << BigInt(bit)
      this.#put(pattern, bit, Math.min(BUCKETS - 1, buckets + k))
      const at = MARKS + bit * MARK_BYTES
      this.#numbers[at >> 2] = this.#bytes.write(marks[k] as string, at + 4, 'latin1')
    })
    this.#exports.prepare(ofMarks)
  }

  #put(pattern: BytePattern, bit: number, bucket: number): void {
    for (let place = 0; place < LONGEST; place++) {
      const set = pattern[place] ?? [0, 255]
      for (let i = 0; i < set.length; i += 2)
        for (let byte = set[i] as number; byte <= (set[i + 1] as number); byte++) {
          const exact = EXACT + place * 2048 + byte * 8 + (bit >> 3)
          this.#bytes[exact] = (this.#bytes[exact] as number) | (1 << (bit & 7))
          if (place >= FIRST) continue
          const low = NIBBLES + place * 32 + (byte & 15)
          const high = NIBBLES + place * 32 + 16 + (byte >> 4)
          this.#bytes[low] = (this.#bytes[low] as number) | (1 << bucket)
          this.#bytes[high] = (this.#bytes[high] as number) | (1 << bucket)
        }
    }
  }

  fits(bytes: Buffer): boolean {
    return bytes.buffer === this.#bytes.buffer || bytes.length <= COPY_BYTES
  }

  /** The place of the bytes in this memory, into which they are copied if they are elsewhere. */
  place(bytes: Buffer): number {
    if (bytes.buffer === this.#bytes.buffer) return bytes.byteOffset
    bytes.copy(this.#bytes, COPY)
    return COPY
  }

  /** Scans lines from `from` on; the last one ends before `to` with its line feed. `each` gets the others than those that are ruled out, in order. */
  scan(from: number, to: number, each: (row: TextRow) => void): TextCounts {
    const rows = this.#exports.scan(from, to)
    const { consumed, lines, passed } = this.#exports
    const counts = { consumed: consumed.value, lines: lines.value, passed: passed.value }
    for (let i = 0; i < rows; i++) {
      const at = (ROWS >> 2) + i * ROW_NUMBERS
      const [line, begin, end, kind] = this.#numbers.subarray(at, at + ROW_NUMBERS) as unknown as readonly [
        number,
        number,
        number,
        number,
      ]
      each({ line, begin, end, isMarked: (kind & HAS_MARK) !== 0 })
    }
    return counts
  }

  bytes(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to)
  }
}
