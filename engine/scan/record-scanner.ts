// The records of a file or a part of it: counted, parsed, offered to consumers. Runs in a worker.
import { isAscii, isUtf8 } from 'node:buffer'
import type { EventMeta } from '../../core/eval/bind.ts'
import type { Event, Reader } from '../../core/logs/format.ts'
import { type KernelRow, ODD, RULED_OUT, type ScanKernel } from './kernel/kernel.ts'
import type { BlockSearch } from './prefilter/prefilter.ts'
import type { LineSink } from './lines.ts'
import type { EventConsumer } from './event-consumers.ts'
import type { TextScan } from './text-kernel/text-scan.ts'
import { addFileStats, type FileStats, newFileStats, SAMPLES } from '../inputs/file-stats.ts'

export interface FileScan {
  readonly reader: Reader
  readonly consumers: readonly EventConsumer[]
  /** The prefilter. Undefined: no line can be ruled out. */
  readonly search: ((text: string) => BlockSearch) | undefined
  /** The same search in bytes, for most blocks. */
  readonly text?: TextScan | undefined
  /**
   * Parse every line, even those the prefilter ruled out, so that counts and time span are exact. Ruled-out events are not offered to the
   * consumers.
   */
  readonly readAll: boolean
  /** First place of the file in the total order over all records. */
  readonly seqBase: bigint
  readonly name: string
  readonly maxLine: number
  /** Reads most lines, if the format's reader takes their fields. */
  readonly kernel?: KernelScan | undefined
  /** Called for every record with its offset: a sign of life for the watchdog. */
  readonly beat: (offset: number) => void
  /** Called between blocks. */
  readonly flush: () => void
  /** Lines before the part, the last one first. */
  readonly before: () => Iterable<string>
}

/** The kernel, prepared for the file. */
export interface KernelScan {
  readonly kernel: ScanKernel
  /** An event of the format. */
  event(row: KernelRow): Event
  /** Called after each part of a block, with the lines that were counted in groups. */
  after(grouped: number): void
}

const NO_FIELDS: ReadonlyMap<string, string> = new Map()

/** The position is computed on demand: bigint arithmetic is slow. */
class Meta implements EventMeta {
  readonly file: string
  readonly raw: string
  readonly #base: bigint
  readonly #offset: number

  constructor(file: string, raw: string, base: bigint, offset: number) {
    this.file = file
    this.raw = raw
    this.#base = base
    this.#offset = offset
  }

  get seq(): bigint {
    return this.#base + BigInt(this.#offset)
  }
}

/** The text, too, is made on demand. */
class LazyMeta implements EventMeta {
  readonly file: string
  readonly #raw: () => string
  readonly #base: bigint
  readonly #offset: number

  constructor(file: string, raw: () => string, base: bigint, offset: number) {
    this.file = file
    this.#raw = raw
    this.#base = base
    this.#offset = offset
  }

  get raw(): string {
    return this.#raw()
  }
  get seq(): bigint {
    return this.#base + BigInt(this.#offset)
  }
}

/** UTF-8 without NUL: no line of it needs a look at its charset. */
const isClean = (bytes: Buffer): boolean => (isAscii(bytes) || isUtf8(bytes)) && !bytes.includes(0)

const firstLine = (lines: Buffer): Buffer => lines.subarray(0, lines.indexOf(10))
const lastLine = (lines: Buffer): Buffer =>
  lines.subarray(lines.lastIndexOf(10, lines.length - 2) + 1, lines.length - 1)

export class RecordScanner implements LineSink {
  readonly stats: FileStats = newFileStats()
  /** Events that were not offered to the consumers, parsed or not. */
  skippedEvents = 0
  readonly #scan: FileScan
  /** Microseconds: later events are counted. */
  readonly #clock = BigInt(Date.now()) * 1000n
  /** The last event parsed in the block. */
  #latest: Event | undefined
  #isLatestSpanned = false
  /** The last event parsed, or the line of the last one that was skipped: a record that cannot be read has its time. */
  #before: Event | (() => Event | undefined) | undefined

  constructor(scan: FileScan) {
    this.#scan = scan
    this.#before = () => this.#lastOf(scan.before())
  }

  get maxLine(): number {
    return this.#scan.maxLine
  }

  /** Bytes that are read into it need no copy. */
  get buffer(): Buffer | undefined {
    return (this.#scan.kernel ?? this.#scan.text)?.kernel.buffer
  }

  block(bytes: Buffer, offset: number): void {
    const { kernel, text } = this.#scan
    let whole = (kernel ?? text)?.kernel.fits(bytes) ? bytes.lastIndexOf(10) + 1 : 0
    const lines = bytes.subarray(0, whole)
    if (kernel && whole > 0) this.#byKernel(kernel, lines, offset)
    else if (text && whole > 0 && isClean(lines)) this.#byText(text, lines, offset)
    else whole = 0
    if (whole < bytes.length) this.#byLine(bytes.subarray(whole), offset + whole)
    if (this.#latest && !this.#isLatestSpanned) this.#span(this.#latest)
    this.#latest = undefined
    this.#scan.beat(offset + bytes.length)
    this.#scan.flush()
  }

  #byKernel({ kernel, event, after }: KernelScan, bytes: Buffer, offset: number): void {
    const { stats } = this
    const { readAll, consumers } = this.#scan
    const keepsUnparsed = consumers.some((c) => c.unparsed)
    stats.bytes += bytes.length
    const place = kernel.place(bytes)
    let from = place
    const to = place + bytes.length
    /** The line before is certainly an event. */
    let isPlain = false
    while (from < to) {
      const first = stats.lines
      let next = 0
      const counts = kernel.scan(from, to, (row) => {
        const { kind, line } = row
        stats.lines = first + line + 1
        const at = offset + row.start - place
        if (kind === ODD) {
          stats.unusual++
          if (keepsUnparsed && (line > next || isPlain)) this.#rememberLineBefore(kernel.bytes(place, row.start))
          isPlain = false
          this.#charset(row.bytes)
          this.record(row.text, at, stats.lines)
        } else {
          isPlain = true
          this.#scan.beat(at)
          const read = event(row)
          if (readAll) this.#span(read)
          this.#offer(read, new LazyMeta(this.#scan.name, () => row.text, this.#scan.seqBase, at), kind === RULED_OUT)
        }
        next = line + 1
      })
      stats.lines = first + counts.lines
      isPlain = counts.lines > next || isPlain
      stats.events += counts.passed + counts.counted
      stats.unread += counts.passed
      this.skippedEvents += counts.passed + counts.counted - counts.grouped
      from += counts.consumed
      after(counts.grouped)
    }
    if (isPlain) this.#rememberLineBefore(kernel.bytes(place, to))
    if (!readAll) this.#spanOfEnds(bytes)
  }

  /** Reading every time is slow. The last event of each block, and the first of all, widen the span. */
  #spanOfEnds(bytes: Buffer): void {
    const first = firstLine(bytes)
    const isFirst = this.stats.first === null
    this.stats.timesSampled = true
    if (first.length + 1 === bytes.length && !isFirst) return
    for (const line of isFirst ? [first, lastLine(bytes)] : [lastLine(bytes)]) {
      const read = this.#event(line.toString())
      if (read) this.#span(read)
    }
  }

  /** The last of the lines is an event. */
  #rememberLineBefore(lines: Buffer): void {
    const text = lastLine(lines).toString()
    this.#before = () => this.#event(text)
  }

  /** Only lines that may match become texts. The others are records that are only counted. */
  #byText({ kernel, settings, mayMatch }: TextScan, bytes: Buffer, offset: number): void {
    const { stats } = this
    stats.bytes += bytes.length
    const keepsUnparsed = this.#scan.consumers.some((c) => c.unparsed)
    const charset = isAscii(bytes) ? 'latin1' : 'utf8'
    kernel.use(settings)
    const place = kernel.place(bytes)
    const to = place + bytes.length
    let ruledOut = 0
    /** End of the lines that are dealt with; those after it were ruled out. */
    let next = place
    for (let from = place; from < to; ) {
      const first = stats.lines
      const counts = kernel.scan(from, to, ({ line, begin, end, isMarked }) => {
        const row = kernel.bytes(begin, end)
        const latin1 = row.toString('latin1')
        if (isMarked && !mayMatch(latin1)) {
          ruledOut++
          return
        }
        if (keepsUnparsed && begin > next) this.#rememberLineBefore(kernel.bytes(place, begin))
        next = end + 1
        stats.lines = first + line + 1
        this.record(charset === 'latin1' ? latin1 : row.toString(), offset + begin - place, stats.lines)
      })
      stats.lines = first + counts.lines
      ruledOut += counts.passed
      from += counts.consumed
    }
    stats.events += ruledOut
    stats.unread += ruledOut
    this.skippedEvents += ruledOut
    if (keepsUnparsed && next < to) this.#rememberLineBefore(kernel.bytes(place, to))
  }

  #byLine(bytes: Buffer, offset: number): void {
    const { stats } = this
    stats.bytes += bytes.length
    const whole = this.#scan.search === undefined ? undefined : bytes.toString('latin1')
    const search = whole === undefined ? undefined : this.#scan.search?.(whole)
    const ascii = isAscii(bytes)
    const valid = ascii || isUtf8(bytes)
    const clean = valid && bytes.indexOf(0) < 0
    const keepsUnparsed = this.#scan.consumers.some((c) => c.unparsed)
    const { length } = bytes
    /** Begin of the line before, if it was skipped. */
    let skipped = -1
    let from = 0
    while (from < length) {
      let end = whole === undefined ? bytes.indexOf(10, from) : whole.indexOf('\n', from)
      // The last line may be cut off. Only the parser can tell.
      const isOpen = end < 0
      const next = isOpen ? length : end + 1
      if (isOpen) end = length
      stats.lines++
      if (!clean) this.#charset(bytes.subarray(from, end))
      const isRuledOut = !isOpen && search?.isRecord(from, end) === true && !search.mayMatch(from, end)
      // Most lines of most files are skipped here.
      if (isRuledOut && !this.#scan.readAll) {
        stats.events++
        stats.unread++
        this.skippedEvents++
        skipped = from
      } else {
        if (keepsUnparsed && skipped >= 0) this.#rememberLineBefore(bytes.subarray(skipped, from))
        skipped = -1
        const text = bytes.toString(ascii ? 'latin1' : 'utf8', from, end)
        this.record(text, offset + from, stats.lines, isRuledOut)
      }
      from = next
    }
    if (keepsUnparsed && skipped >= 0) this.#rememberLineBefore(bytes.subarray(skipped))
  }

  #charset(line: Buffer): void {
    const { stats } = this
    if (!isUtf8(line)) {
      stats.invalid++
      stats.invalidLine ??= stats.lines
    }
    if (line.includes(0)) {
      stats.nul++
      stats.nulLine ??= stats.lines
    }
  }

  tooLong(_offset: number): void {
    this.stats.lines++
    this.#bad(`longer than ${this.#scan.maxLine} bytes`, this.stats.lines, '')
  }

  #bad(reason: string, line: number, text: string): void {
    this.stats.bad++
    if (this.stats.samples.length < SAMPLES) this.stats.samples.push({ line, reason, text: text.slice(0, 200) })
  }

  /** Parses one record, which is already counted as a line. */
  record(line: string, offset: number, lineNumber: number, isRuledOut = false): void {
    const { stats } = this
    const { reader, seqBase, name, beat, search, readAll, consumers } = this.#scan
    beat(offset)
    const text = line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line
    const read = reader.read(text)
    if ('skip' in read) stats.blank++
    else if ('bad' in read) {
      this.#bad(read.bad, lineNumber, text)
      if (consumers.some((c) => c.unparsed)) this.#asText(text, offset)
    } else {
      if (read.notes) for (const note of read.notes) this.#note(note, lineNumber)
      // If lines are skipped, only the first and the last event of a block widen the span: reading a time is slow.
      this.#isLatestSpanned = search === undefined || readAll || this.#latest === undefined
      if (this.#isLatestSpanned) this.#span(read)
      this.#latest = read
      this.#before = read
      this.#offer(read, new Meta(name, text, seqBase, offset), isRuledOut)
    }
  }

  #offer(event: Event, meta: EventMeta, isRuledOut: boolean): void {
    this.stats.events++
    if (isRuledOut) {
      this.skippedEvents++
      return
    }
    let untimed = false
    for (const consumer of this.#scan.consumers) if (consumer.accept(event, meta) === 'untimed') untimed = true
    if (untimed) this.stats.untimed++
  }

  #event(line: string): Event | undefined {
    const read = this.#scan.reader.read(line.endsWith('\r') ? line.slice(0, -1) : line)
    return 'skip' in read || 'bad' in read ? undefined : read
  }

  #lastOf(lines: Iterable<string>): Event | undefined {
    for (const line of lines) {
      const event = this.#event(line)
      if (event) return event
    }
    return undefined
  }

  /** A record without a format is a message all the same. */
  #asText(text: string, offset: number): void {
    const { consumers, seqBase, name } = this.#scan
    if (typeof this.#before === 'function') this.#before = this.#before()
    const event: Event = { fields: NO_FIELDS, time: this.#before?.time }
    const meta = new Meta(name, text, seqBase, offset)
    for (const c of consumers) if (c.unparsed) c.accept(event, meta)
  }

  #span({ time }: Event): void {
    const { stats } = this
    if (time === undefined) return
    if (time > this.#clock) stats.future++
    if (stats.first === null || time < stats.first) stats.first = time
    if (stats.last === null || time > stats.last) stats.last = time
  }

  /** A remark of the reader on the latest record. */
  remark(note: string): void {
    this.#note(note, this.stats.lines)
  }

  #note(note: string, line: number): void {
    const part = newFileStats()
    part.notes.set(note, { count: 1, line: line - this.stats.lines })
    addFileStats(this.stats, part)
  }

  /** After the last record: an unfinished one counts in place of its last line, which was counted as blank. */
  end(): void {
    const last = this.#scan.reader.end?.()
    if (!last || 'skip' in last) return
    if (this.stats.blank > 0) this.stats.blank--
    else this.stats.lines++
    if ('bad' in last) this.#bad(last.bad, this.stats.lines, '')
    else this.stats.events++
  }
}
