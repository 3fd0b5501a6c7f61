// The scan kernel of scan.as, from outside: its memory, its settings, and the rows of a block.
import { type Assembly, assemblyHere, load, type Result } from './assembly.ts'
import { rarestPair } from './rarest-pair.ts'
import { WASM } from './scan-wasm.ts'

// ── memory, as in scan.as ──
const PAGES = 240
const NEEDLES = 0x11000
const CONDITIONS = 0x14000
const PLAN = 0x1b000
const NON_NULL = 0x1bf00
const WANTED = 0x1c000
const TEXTS = 0x100000
const GROUPS = 0x300000
const OUT = 0xa00000
const STATES = 0xc00000
const BLOCK = 0xc80000
const ASKED = 0x60000
const ASKS = 0x1d000
/** The kernel reads beyond the last line. */
const SLACK = 128
/** Bytes that are read right into the memory, and room for bytes that come from elsewhere meanwhile. */
const READ_BYTES = 512 << 10
const COPY_BYTES = PAGES * 65_536 - BLOCK - READ_BYTES - 2 * SLACK
const HAS_ESCAPE = 0x80000000
const IS_WIDE = 4

export const MOST_WANTED = 64
const LONGEST_NAME = 56
export const MOST_NEEDLES = 8
export const LONGEST_NEEDLE = 80
const CONDITION_BYTES = PLAN - CONDITIONS
const MOST_KEYS = 8
const MOST_ASKS = 8
/** Values that a test was asked for, before most of them must have been asked for once. */
const TRIAL = 2000
const HOLDS = 1
const IS_NO = 4
const BEGINS = 1
const NEGATED = 2
const HOLDS_FOR_NONE = 4
/** Of 65,000. */
const MOST_GROUPS = 50_000

/** The kinds of rows. `odd`: not certainly a record, so the reader of the format reads the line. */
export const ODD = 0
export const ROW = 1
export const RULED_OUT = 2

/** One of the fields has one of the values; without values, one of them is there. */
export interface KernelTest {
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** Holds for the value of the first of the fields that is there; null: the line has none of them. Instead of values, or with `begins`. */
  readonly holds?: (value: string | null) => boolean
  /** It holds exactly for texts that begin with one of the values, or with none of them. */
  readonly begins?: 'not' | 'yes'
}

export interface KernelSettings {
  /** Fields whose places are wanted. */
  readonly wanted: readonly string[]
  /** One of these texts is in every line that matters; empty: every line matters. Printable ASCII of at least two characters. */
  readonly needles: readonly string[]
  /** For each source: tests that all hold for every line that matters to it. Empty: every line matters. */
  readonly sources: readonly (readonly KernelTest[])[]
  /** Rows of lines that do not matter are wanted as well. */
  readonly everything: boolean
  /** Lines that matter are counted in groups, by keys: each has the first of some fields that is there. */
  readonly groupBy: readonly (readonly string[])[] | undefined
}

interface Exports {
  prepare(wanted: number, needles: number, slashes: number, all: number, keys: number, plan: number): void
  forgetTexts(): void
  scan(from: number, to: number): number
  readonly consumed: Result
  readonly lines: Result
  readonly passed: Result
  readonly counted: Result
  readonly grouped: Result
  readonly groups: Result
  readonly textCount: Result
  readonly isFull: Result
  readonly asked: Result
}

export class ScanKernel {
  /** Memory for bytes of a file. */
  readonly buffer: Buffer
  readonly #bytes: Buffer
  readonly #numbers: Int32Array
  readonly #exports: Exports
  readonly #slots = new Map<string, number>()
  #settings: KernelSettings | undefined
  #asks: ((value: string | null) => boolean)[] = []
  #width = 4
  /** Counts scans: rows of an earlier one are gone. */
  #turn = 0

  /** Undefined: WebAssembly here is missing or has no SIMD. */
  static make(assembly = assemblyHere): ScanKernel | undefined {
    try {
      return assembly && new ScanKernel(assembly)
    } catch {
      return undefined
    }
  }

  private constructor(assembly: Assembly) {
    const { exports, bytes, numbers } = load<Exports>(assembly, WASM, PAGES)
    this.#exports = exports
    this.#bytes = bytes
    this.#numbers = numbers
    const from = BLOCK + COPY_BYTES + SLACK
    this.buffer = this.#bytes.subarray(from, from + READ_BYTES)
  }

  /** False: the settings go beyond what the kernel can hold. */
  prepare(settings: KernelSettings): boolean {
    const { wanted, needles, sources, everything, groupBy = [] } = settings
    const tests = [...sources.flat().flatMap((t) => t.names), ...groupBy.flat()]
    const names = [...new Set([...wanted, ...tests])]
    if (names.length > MOST_WANTED || !names.every(isNameFit) || groupBy.length > MOST_KEYS) return false
    if (needles.length > MOST_NEEDLES || needles.some((n) => n.length < 2 || n.length > LONGEST_NEEDLE)) return false
    this.#slots.clear()
    names.forEach((name, i) => {
      this.#slots.set(name, i)
      this.#put(WANTED + i * 64, name, 8)
    })
    needles.forEach((needle, i) => {
      const at = NEEDLES + i * 128
      this.#numbers[(at + 36) >> 2] = rarestPair(needle)
      this.#bytes.write(needle, at + 40, 'latin1')
      this.#numbers[(at + 32) >> 2] = needle.length
    })
    if (!this.#putConditions(sources)) return false
    let at = PLAN >> 2
    for (const of of groupBy) {
      this.#numbers[at++] = of.length
      for (const name of of) this.#numbers[at++] = this.#slots.get(name) as number
    }
    this.#settings = settings
    this.#width = 4 + 2 * names.length
    const slashes = needles.some((n) => n.includes('/'))
    const keys = settings.groupBy ? groupBy.length : -1
    this.#exports.prepare(names.length, needles.length, Number(slashes), Number(everything), keys, PLAN)
    return true
  }

  #put(at: number, text: string, offset: number): void {
    this.#numbers[at >> 2] = this.#bytes.write(text, at + offset)
  }

  #putConditions(sources: readonly (readonly KernelTest[])[]): boolean {
    const n = this.#numbers
    const all = sources.some((tests) => tests.length === 0) ? [] : sources
    this.#asks = []
    let at = CONDITIONS
    n[at >> 2] = all.length
    at += 4
    for (const tests of all) {
      const source = at
      const asks = tests.filter(isAsk).slice(0, MOST_ASKS - this.#asks.length)
      const used = tests.filter((t) => !isAsk(t) || asks.includes(t))
      n[at >> 2] = used.length
      at += 8
      for (const { names, values, holds, begins } of used) {
        const test = at
        const size = 16 + 4 * names.length + values.reduce((sum, v) => sum + 8 + 3 * v.length, 0)
        if (at + size > CONDITIONS + CONDITION_BYTES) return false
        n[(at + 4) >> 2] = names.length
        n[(at + 8) >> 2] = holds && !begins ? -1 - this.#ask(holds) : values.length
        n[(at + 12) >> 2] =
          (begins ? BEGINS : 0) | (begins === 'not' ? NEGATED : 0) | (holds?.(null) ? HOLDS_FOR_NONE : 0)
        at += 16
        for (const name of names) {
          n[at >> 2] = this.#slots.get(name) as number
          at += 4
        }
        for (const value of values) {
          this.#put(at, value, 4)
          at += 4 + (((n[at >> 2] as number) + 3) & ~3)
        }
        n[test >> 2] = at - test
      }
      n[(source + 4) >> 2] = at - source
    }
    return true
  }

  /** Number of the test. */
  #ask(holds: (value: string | null) => boolean): number {
    const test = this.#asks.push(holds) - 1
    const at = (ASKS >> 2) + 4 * test
    this.#numbers.fill(0, at, at + 3)
    return test
  }

  /** Answers for the values that the last scan met first. A test of a field whose values seldom repeat is given up. */
  #answer(): void {
    const n = this.#numbers
    const count = this.#exports.asked.value
    for (let i = 0; i < count; i++) {
      const asked = n[(ASKED >> 2) + i] as number
      const test = asked & 7
      const text = (TEXTS >> 2) + 4 * (asked >> 3)
      const value = this.text(n[text] as number, n[text + 1] as number, true)
      this.#bytes[STATES + asked] = this.#asks[test]?.(value) ? HOLDS : IS_NO
    }
    if (count === 0) return
    for (let at = ASKS >> 2, end = at + 4 * this.#asks.length; at < end; at += 4) {
      const asked = n[at + 1] as number
      if (asked > TRIAL && 2 * asked > (n[at] as number)) n[at + 2] = 1
    }
  }

  get settings(): KernelSettings | undefined {
    return this.#settings
  }

  fits(bytes: Buffer): boolean {
    return bytes.buffer === this.#bytes.buffer || bytes.length <= COPY_BYTES
  }

  /** The place of the bytes in the kernel's memory, into which they are copied if they are elsewhere. */
  place(bytes: Buffer): number {
    if (bytes.buffer === this.#bytes.buffer) return bytes.byteOffset
    bytes.copy(this.#bytes, BLOCK)
    return BLOCK
  }

  /** Scans lines from `from` on; the last one ends before `to` with its line feed. `each` gets the rows in their order. */
  scan(from: number, to: number, each: (row: KernelRow) => void): ScanCounts {
    const rows = this.#exports.scan(from, to)
    this.#turn++
    for (let i = 0; i < rows; i++) each(new KernelRow(this, (OUT >> 2) + i * this.#width, this.#turn))
    this.#answer()
    const { consumed, lines, passed, counted, grouped } = this.#exports
    return {
      consumed: consumed.value,
      lines: lines.value,
      passed: passed.value,
      counted: counted.value,
      grouped: grouped.value,
    }
  }

  /** The groups should be taken, before lines get rows instead. */
  get isFull(): boolean {
    const { groups, textCount, isFull } = this.#exports
    return groups.value > MOST_GROUPS || textCount.value > MOST_GROUPS || isFull.value !== 0
  }

  /** Distinct values begin anew, and no group is left. */
  forgetTexts(): void {
    this.#exports.forgetTexts()
  }

  /** The groups so far, which the kernel forgets. Null: the line has none of the key's fields. */
  *takeGroups(): Iterable<{ readonly keys: readonly (string | null)[]; readonly count: number }> {
    const keys = this.#settings?.groupBy?.length ?? 0
    const count = this.#exports.groups.value
    const known = new Map<number, string>()
    const textOf = (id: number): string => {
      let text = known.get(id)
      if (text === undefined) {
        const at = (TEXTS + id * 16) >> 2
        const size = this.#numbers[at + 1] as number
        text = this.text(this.#numbers[at] as number, size, true)
        known.set(id, text)
      }
      return text
    }
    for (let g = 1; g <= count; g++) {
      const at = (GROUPS + g * 48) >> 2
      const ids = Array.from({ length: keys }, (_, k) => this.#numbers[at + k] as number)
      yield { keys: ids.map((id) => (id === 0 ? null : textOf(id))), count: this.#numbers[at + 8] as number }
    }
    this.#exports.forgetTexts()
  }

  /** By key: lines counted in groups since the last call that have one of its fields. */
  takeNonNull(): number[] {
    const at = NON_NULL >> 2
    const counts = [...this.#numbers.subarray(at, at + (this.#settings?.groupBy?.length ?? 0))]
    this.#numbers.fill(0, at, at + MOST_KEYS)
    return counts
  }

  slotOf(name: string): number | undefined {
    return this.#slots.get(name)
  }

  /** `size`: with the mark of escapes. */
  text(from: number, size: number, isWide: boolean): string {
    const length = size & ~HAS_ESCAPE
    const bytes = this.#bytes
    const text = bytes.toString(isWide ? 'utf8' : 'latin1', from, from + length)
    return size < 0 ? (JSON.parse(`"${text}"`) as string).toWellFormed() : text
  }

  number(at: number, turn: number): number {
    if (turn !== this.#turn) throw new Error('internal: a row of an earlier block')
    return this.#numbers[at] as number
  }

  bytes(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to)
  }
}

/** A line of the block that was scanned last. It is gone with the next block. */
export class KernelRow {
  readonly #kernel: ScanKernel
  readonly #at: number
  readonly #turn: number

  constructor(kernel: ScanKernel, at: number, turn: number) {
    this.#kernel = kernel
    this.#at = at
    this.#turn = turn
  }

  #number(i: number): number {
    return this.#kernel.number(this.#at + i, this.#turn)
  }

  get kind(): number {
    return this.#number(0) & 3
  }
  /** Counted from 0 in this scan. */
  get line(): number {
    return this.#number(1)
  }
  get start(): number {
    return this.#number(2)
  }
  get bytes(): Buffer {
    return this.#kernel.bytes(this.#number(2), this.#number(3))
  }
  get text(): string {
    const from = this.#number(2)
    return this.#kernel.text(from, this.#number(3) - from, (this.#number(0) & IS_WIDE) !== 0)
  }

  /** Undefined: it is not known. */
  has(name: string): boolean | undefined {
    const slot = this.#kernel.slotOf(name)
    return slot === undefined ? undefined : this.#number(4 + 2 * slot) !== 0
  }

  /** Null: the line has no such field. Undefined: its places are not known. */
  value(name: string): string | null | undefined {
    const slot = this.#kernel.slotOf(name)
    if (slot === undefined) return undefined
    const from = this.#number(4 + 2 * slot)
    if (from === 0) return null
    const to = this.#number(5 + 2 * slot)
    const length = (to & ~HAS_ESCAPE) - from
    return this.#kernel.text(from, to < 0 ? length | HAS_ESCAPE : length, (this.#number(0) & IS_WIDE) !== 0)
  }
}

/** An element of an array is no key. */
export const isNameFit = (name: string): boolean => !name.includes('[') && Buffer.byteLength(name) <= LONGEST_NAME

export interface ScanCounts {
  readonly consumed: number
  readonly lines: number
  /** Lines ruled out by the needles: only their shape was checked. */
  readonly passed: number
  /** Other lines without a row. */
  readonly counted: number
  /** Part of them: lines that were counted in a group. */
  readonly grouped: number
}

const isAsk = ({ holds, begins }: KernelTest): boolean => holds !== undefined && begins === undefined
