// Cuts bytes, which arrive in pieces of any size, into blocks of whole lines.

export interface LineSink {
  /** Whole lines. Only the last block of a file may lack its line feed. The buffer is valid only during the call. */
  block(bytes: Buffer, offset: number): void
  /** A line longer than the limit begins here. */
  tooLong(offset: number): void
}

export interface LineOptions {
  /** Longer lines are reported by `tooLong`. Bytes. */
  readonly maxLine: number
  /** Of the first byte in the file. */
  readonly offset: number
  /** The first bytes belong to a line of another task; they are skipped up to its line feed. */
  readonly startsInside: boolean
}

export class Lines {
  readonly #sink: LineSink
  readonly #limit: number
  #carry: Buffer[] = []
  #carried = 0
  /** Offset of the next byte to come. */
  #offset: number
  #skipping: boolean

  constructor(sink: LineSink, { maxLine, offset, startsInside }: LineOptions) {
    this.#sink = sink
    this.#limit = maxLine
    this.#offset = offset
    this.#skipping = startsInside
  }

  /** The bytes so far end within a line. */
  get open(): boolean {
    return this.#carried > 0 || this.#skipping
  }

  feed(piece: Buffer): void {
    let bytes = piece
    if (this.#skipping) {
      const end = bytes.indexOf(10)
      this.#offset += end < 0 ? bytes.length : end + 1
      if (end < 0) return
      this.#skipping = false
      bytes = bytes.subarray(end + 1)
    }
    const last = bytes.lastIndexOf(10)
    if (last < 0) {
      this.#keep(bytes)
      return
    }
    let from = 0
    if (this.#carried > 0) {
      from = bytes.indexOf(10) + 1
      const line = Buffer.concat([...this.#carry, bytes.subarray(0, from)])
      this.#sink.block(line, this.#offset - this.#carried)
      this.#carry = []
      this.#carried = 0
    }
    if (last + 1 > from) this.#sink.block(bytes.subarray(from, last + 1), this.#offset + from)
    this.#offset += last + 1
    this.#keep(bytes.subarray(last + 1))
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#carry.push(Buffer.from(bytes))
    this.#carried += bytes.length
    this.#offset += bytes.length
    if (this.#carried <= this.#limit) return
    this.#sink.tooLong(this.#offset - this.#carried)
    this.#carry = []
    this.#carried = 0
    this.#skipping = true
  }

  end(): void {
    if (this.#carried > 0) this.#sink.block(Buffer.concat(this.#carry), this.#offset - this.#carried)
    this.#carry = []
    this.#carried = 0
  }
}
