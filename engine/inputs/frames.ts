// Cuts bytes into messages that carry their length (RFC 6587, octet counting): `82 <13>1 … `. They may hold line breaks and need none between.

export interface FrameSink {
  /** One message without its count. */
  frame(message: Buffer, offset: number): void
  /** The count does not end where a message ends, so the message ends where the next one begins, or with its line. */
  wrongCount(): void
}

const COUNT = /^(\d{1,7}) (?=<\d{1,3}>)/
/** Longest count with its blank and the priority after it. */
const HEAD = 14

/** The count before the message that begins here. */
function countAt(bytes: Buffer, at: number): { readonly begin: number; readonly end: number } | undefined {
  const m = COUNT.exec(bytes.toString('latin1', at, at + HEAD))
  return m ? { begin: at + m[0].length, end: at + m[0].length + Number(m[1]) } : undefined
}

const isBreak = (byte: number | undefined): boolean => byte === 10 || byte === 13 || byte === 0

/** Senders that count wrongly are off by the length of the count or of a line break. */
const NEAR = 16

/** The file begins with counted messages: another one, or the end of the file, is where the first count ends, or near it. */
export function isCounted(head: Buffer): boolean {
  const first = countAt(head, 0)
  if (!first) return false
  if (first.end > head.length + NEAR) return !head.includes(10)
  return (
    isEnd(head, first.end) ||
    first.end + NEAR >= head.length ||
    nextFrame(head, first.end - NEAR, first.end + NEAR) >= 0
  )
}

/** Start of a counted message between two places: after a line break, or one whose count is right. */
function nextFrame(bytes: Buffer, from: number, to: number): number {
  // The next one is mostly near, so the search takes in more and more.
  for (let begin = from, size = 1 << 10; begin <= to; begin += size, size *= 2) {
    const end = Math.min(to, begin + size)
    const text = bytes.toString('latin1', begin, end + HEAD)
    for (const m of text.matchAll(/(?<![\d])\d{1,7} <\d{1,3}>/g)) {
      const at = begin + m.index
      const count = at > end ? undefined : countAt(bytes, at)
      if (count && (isBreak(bytes[at - 1]) || (count.end <= bytes.length && isEnd(bytes, count.end)))) return at
    }
  }
  return -1
}

function isEnd(bytes: Buffer, end: number): boolean {
  let at = end
  while (at < bytes.length && isBreak(bytes[at])) at++
  return at >= bytes.length || countAt(bytes, at) !== undefined
}

export class Frames {
  readonly #sink: FrameSink
  readonly #limit: number
  #bytes: Buffer = Buffer.alloc(0)
  /** Of the first of the bytes in the file. */
  #offset = 0

  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink
    this.#limit = limit
  }

  feed(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece])
    this.#cut(false)
  }

  end(): void {
    this.#cut(true)
  }

  #cut(isLast: boolean): void {
    const bytes = this.#bytes
    let at = 0
    for (;;) {
      while (at < bytes.length && isBreak(bytes[at])) at++
      if (at >= bytes.length || (!isLast && bytes.length - at < HEAD)) break
      const count = countAt(bytes, at)
      const end = count && count.end - at <= this.#limit ? count.end : undefined
      // The count may only be believed when the bytes after it are known.
      if (!isLast && end !== undefined && bytes.length < end + HEAD) break
      const begin = count?.begin ?? at
      if (end !== undefined && end <= bytes.length && isEnd(bytes, end)) {
        this.#sink.frame(trimmed(bytes.subarray(begin, end)), this.#offset + at)
        at = end
        continue
      }
      // Without a count that holds, the message ends where the next one begins, else with its line.
      const next = count ? nextFrame(bytes, begin, count.end + NEAR) : -1
      const line =
        next >= 0
          ? next
          : bytes.indexOf(10, Math.min(at + (count ? Math.max(0, count.end - at - NEAR) : 0), bytes.length))
      if (line < 0 && !isLast && bytes.length - at <= this.#limit) break
      const lineEnd = line < 0 ? bytes.length : line
      this.#sink.wrongCount()
      this.#sink.frame(trimmed(bytes.subarray(begin, lineEnd)), this.#offset + at)
      at = lineEnd
    }
    this.#bytes = Buffer.from(bytes.subarray(at))
    this.#offset += at
  }
}

function trimmed(message: Buffer): Buffer {
  let end = message.length
  while (end > 0 && isBreak(message[end - 1])) end--
  return message.subarray(0, end)
}
