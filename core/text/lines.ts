// Lines of a text, with columns in UTF-16 code units or UTF-8 bytes: the two that editors count in.
export type Encoding = 'utf-16' | 'utf-8'

/** 0-based. */
export interface LineColumn {
  readonly line: number
  readonly character: number
}

export class Lines {
  readonly text: string
  readonly encoding: Encoding
  /** Offset of the first unit of each line. CRLF, LF and a lone CR end a line. */
  readonly #starts: readonly number[]

  constructor(text: string, encoding: Encoding = 'utf-16') {
    this.text = text
    this.encoding = encoding
    const starts = [0]
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
    }
    this.#starts = starts
  }

  get count(): number {
    return this.#starts.length
  }

  startOf(line: number): number {
    return this.#starts[line] ?? this.text.length
  }

  /** The end of a line, before its line end. */
  endOf(line: number): number {
    const next = this.#starts[line + 1]
    if (next === undefined) return this.text.length
    return this.text[next - 1] === '\n' && this.text[next - 2] === '\r' ? next - 2 : next - 1
  }

  at(offset: number): LineColumn {
    const to = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= to) low = middle
      else high = middle - 1
    }
    const start = this.#starts[low] as number
    return { line: low, character: this.encoding === 'utf-16' ? to - start : this.#bytes(start, to) }
  }

  /** A column behind the end of its line is its end; a line behind the last is the end of the text. */
  offset({ line, character }: LineColumn): number {
    if (line < 0) return 0
    if (line >= this.count) return this.text.length
    const start = this.startOf(line)
    const end = this.endOf(line)
    if (this.encoding === 'utf-16') return Math.max(start, Math.min(start + character, end))
    let left = character
    let i = start
    while (i < end && left > 0) {
      const point = this.text.codePointAt(i) as number
      left -= bytesOf(point)
      i += point > 0xffff ? 2 : 1
    }
    return i
  }

  #bytes(from: number, to: number): number {
    let n = 0
    for (let i = from; i < to; ) {
      const point = this.text.codePointAt(i) as number
      n += bytesOf(point)
      i += point > 0xffff ? 2 : 1
    }
    return n
  }
}

/** UTF-8; a lone half of a pair counts as its replacement character. */
const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
