// Records of one file (or a part of it): counted, read, bound and filtered. Runs in a worker.
import { isAscii, isUtf8 } from 'node:buffer'
import type { EventMeta } from '../../core/eval/bind.ts'
import type { Event, LogFormat, Reader } from '../../core/logs/format.ts'
import type { Search } from './prefilter/json-prefilter.ts'
import type { LineSink } from './lines.ts'
import type { EventConsumer } from './event-consumers.ts'
import { addFileStats, type FileStats, newFileStats, SAMPLES } from '../inputs/types.ts'

export interface FileScan {
  readonly format: LogFormat
  readonly reader: Reader
  readonly wants: readonly EventConsumer[]
  /** Tells which lines can be of use. Undefined: all of them. */
  readonly search: ((text: string) => Search) | undefined
  /** Lines that are of no use are read too, so that all counts and the span of time are exact; only nobody is asked about them. */
  readonly readAll: boolean
  /** First place of the file in the total order over all records. */
  readonly seqBase: bigint
  readonly name: string
  readonly maxLine: number
  /** Called for every record, so that somebody can see that work goes on, and where. */
  readonly beat: (offset: number) => void
  /** Called between blocks. */
  readonly flush: () => void
}

/** The position is worked out when somebody asks for it: integers of any length are not free. */
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

export class RecordScanner implements LineSink {
  readonly tally: FileStats = newFileStats()
  /** Events that nobody was asked about, read or not. */
  unasked = 0
  readonly #scan: FileScan
  /** The last record read of the block. */
  #latest: Event | undefined

  constructor(scan: FileScan) {
    this.#scan = scan
  }

  block(bytes: Buffer, offset: number): void {
    const { tally } = this
    tally.bytes += bytes.length
    const whole = this.#scan.search === undefined ? undefined : bytes.toString('latin1')
    const search = whole === undefined ? undefined : this.#scan.search?.(whole)
    const ascii = isAscii(bytes)
    const valid = ascii || isUtf8(bytes)
    const clean = valid && bytes.indexOf(0) < 0
    const { length } = bytes
    let from = 0
    while (from < length) {
      let end = whole === undefined ? bytes.indexOf(10, from) : whole.indexOf('\n', from)
      // A line that never ended may be cut off, which only reading tells.
      const isOpen = end < 0
      const next = isOpen ? length : end + 1
      if (isOpen) end = length
      tally.lines++
      if (!clean) this.#charset(bytes.subarray(from, end))
      const isUseless = !isOpen && search?.isRecord(from, end) === true && !search.mayMatch(from, end)
      // Most lines of most files end here.
      if (isUseless && !this.#scan.readAll) {
        tally.events++
        tally.unread++
        this.unasked++
      } else {
        const text = bytes.toString(ascii ? 'latin1' : 'utf8', from, end)
        this.record(text, offset + from, tally.lines, isUseless)
      }
      from = next
    }
    if (this.#latest) this.#span(this.#latest)
    this.#latest = undefined
    this.#scan.beat(offset + length)
    this.#scan.flush()
  }

  #charset(line: Buffer): void {
    const { tally } = this
    if (!isUtf8(line)) {
      tally.invalid++
      tally.invalidLine ??= tally.lines
    }
    if (line.includes(0)) {
      tally.nul++
      tally.nulLine ??= tally.lines
    }
  }

  tooLong(_offset: number): void {
    this.tally.lines++
    this.#bad(`longer than ${this.#scan.maxLine} bytes`, this.tally.lines, '')
  }

  #bad(reason: string, line: number, text: string): void {
    this.tally.bad++
    if (this.tally.samples.length < SAMPLES) this.tally.samples.push({ line, reason, text: text.slice(0, 200) })
  }

  /** One record, already counted as a line. */
  record(line: string, offset: number, lineNumber: number, isUseless = false): void {
    const { tally } = this
    const { reader, wants, seqBase, name, beat, search, readAll } = this.#scan
    beat(offset)
    const text = line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line
    const read = reader.read(text)
    if ('skip' in read) tally.blank++
    else if ('bad' in read) this.#bad(read.bad, lineNumber, text)
    else {
      tally.events++
      if (read.notes) for (const note of read.notes) this.#note(note, lineNumber)
      // Where lines are passed over, the span is that of the first and the last record read of each block: reading a time costs.
      if (search === undefined || readAll || this.#latest === undefined) this.#span(read)
      this.#latest = read
      if (isUseless) this.unasked++
      if (isUseless || wants.length === 0) return
      const meta = new Meta(name, text, seqBase, offset)
      let untimed = false
      for (const want of wants) if (want.take(read, meta) === 'untimed') untimed = true
      if (untimed) tally.untimed++
    }
  }

  #span({ time }: Event): void {
    const { tally } = this
    if (time === undefined) return
    if (tally.first === null || time < tally.first) tally.first = time
    if (tally.last === null || time > tally.last) tally.last = time
  }

  #note(note: string, line: number): void {
    const part = newFileStats()
    part.notes.set(note, { count: 1, line: line - this.tally.lines })
    addFileStats(this.tally, part)
  }

  /** After the last record of the file: one that never ended takes the place of its last line, which was counted as blank. */
  end(): void {
    const last = this.#scan.reader.end?.()
    if (!last || 'skip' in last) return
    if (this.tally.blank > 0) this.tally.blank--
    else this.tally.lines++
    if ('bad' in last) this.#bad(last.bad, this.tally.lines, '')
    else this.tally.events++
  }
}
