/** A text with a name: a query, a rule, a page. Offsets everywhere are UTF-16 code units, half-open. */
export interface Source {
  /** The name that messages show: a path, or `<argument>`. */
  readonly name: string
  readonly text: string
  /** Set when the text is embedded in another one (a query inside YAML or Markdown). */
  readonly host?: { readonly source: Source; readonly pieces: readonly Piece[] }
}

/** A run of the embedded text that is unchanged in its host. Between pieces the host has escapes or indentation. */
export interface Piece {
  readonly start: number
  readonly length: number
  readonly hostStart: number
}

export interface Span {
  readonly start: number
  readonly end: number
}

interface Position {
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
}

export const span = (start: number, end: number): Span => ({ start, end })
export const spanning = (a: Span, b: Span): Span => ({
  start: Math.min(a.start, b.start),
  end: Math.max(a.end, b.end),
})

/** The place in the outermost host of a span of an embedded text. */
export function toHost(source: Source, at: Span): { source: Source; span: Span } {
  return source.host ? toHost(source.host.source, hostSpan(source, at)) : { source, span: at }
}

/** The place in the text that embeds this one. Without a host, the same place. */
export function hostSpan(source: Source, at: Span): Span {
  if (!source.host) return at
  const { pieces } = source.host
  const start = hostOffset(pieces, at.start)
  const end = at.end === at.start ? start : hostOffset(pieces, at.end - 1) + 1
  return { start, end: Math.max(start, end) }
}

function hostOffset(pieces: readonly Piece[], offset: number): number {
  let best = pieces[0]
  for (const piece of pieces) {
    if (piece.start > offset) break
    best = piece
  }
  return best ? best.hostStart + Math.min(offset - best.start, best.length) : offset
}

/** Line and column of an offset. CRLF, LF and a lone CR end a line. */
export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text)
  const end = Math.min(offset, text.length)
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= end) low = middle
    else high = middle
  }
  return { line: low + 1, column: end - (starts[low] as number) + 1 }
}

/** Of the text that was asked for last: a text with thousands of diagnostics is read once. */
let counted: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] }

function lineStarts(text: string): readonly number[] {
  if (counted.text !== text)
    counted = { text, starts: [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((m) => m.index + m[0].length)] }
  return counted.starts
}

/** Lines (1-based) of offsets that ascend, in one pass over the text. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let from = 0
  return (offset) => {
    line += countLines(text, from, offset)
    from = offset
    return line
  }
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) lines++
  }
  return lines
}
