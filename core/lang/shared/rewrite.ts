// Edits of a text, applied together, and the map from places in the new text to the old one.
import type { Edit } from '../../diag/diagnostic.ts'
import type { Span } from '../../text/source.ts'

/** A set of edits that only make sense together; `within` is the construct they rewrite. */
interface Rewrite {
  readonly within: Span
  readonly edits: readonly Edit[]
}
export interface Rewritten {
  readonly text: string
  readonly toOld: (at: Span) => Span
  /** True if the span lies in one piece of text that was kept. */
  readonly kept: (at: Span) => boolean
  /** Those that were left out because they touch the same text as an earlier one. */
  readonly left: readonly Rewrite[]
}

interface Placed {
  readonly edit: Edit
  readonly within: Span
}
interface Piece {
  readonly from: number
  readonly to: number
  readonly old: number
}

/** Constructs nest. At one place the ends of inner constructs come before those of outer ones, and starts the other way round. */
function order(a: Placed, b: Placed): number {
  const byPlace = a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end
  if (byPlace) return byPlace
  const size = (p: Placed): number => p.within.end - p.within.start
  const closes = (p: Placed): boolean => p.within.end === p.edit.span.start && size(p) > 0
  if (closes(a) !== closes(b)) return closes(a) ? -1 : 1
  return closes(a) ? size(a) - size(b) : size(b) - size(a)
}

const touches = (a: Span, b: Span): boolean =>
  (a.start < b.end && b.start < a.end) ||
  (a.start === a.end && b.start < a.start && a.start < b.end) ||
  (b.start === b.end && a.start < b.start && b.start < a.end)

export function applyRewrites(text: string, rewrites: readonly Rewrite[]): Rewritten {
  const accepted: Placed[] = []
  const left: Rewrite[] = []
  for (const r of rewrites) {
    const free = r.edits.every((e) => accepted.every((t) => !touches(e.span, t.edit.span)))
    if (free) accepted.push(...r.edits.map((edit) => ({ edit, within: r.within })))
    else left.push(r)
  }
  accepted.sort(order)
  const pieces: Piece[] = []
  let out = ''
  let old = 0
  const keep = (to: number): void => {
    if (to > old) pieces.push({ from: out.length, to: out.length + to - old, old })
    out += text.slice(old, to)
  }
  for (const { edit } of accepted) {
    keep(edit.span.start)
    out += edit.text
    old = edit.span.end
  }
  keep(text.length)
  return { text: out, left, ...mapping(pieces, text.length) }
}

function mapping(pieces: readonly Piece[], oldLength: number): Pick<Rewritten, 'kept' | 'toOld'> {
  /** The last piece that starts at or before an offset. */
  const find = (at: number): number => {
    let low = 0
    let high = pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pieces[middle] as Piece).from <= at) low = middle + 1
      else high = middle
    }
    return low - 1
  }
  const inside = (p: Piece, at: number): boolean => at >= p.from && at < p.to
  const start = (at: number): number => {
    const i = find(at)
    const p = pieces[i]
    if (!p) return 0
    return inside(p, at) ? p.old + at - p.from : p.old + p.to - p.from
  }
  const end = (at: number): number => {
    const i = find(at - 1)
    const p = pieces[i]
    if (p && inside(p, at - 1)) return p.old + at - p.from
    return pieces[i + 1]?.old ?? oldLength
  }
  const toOld = (at: Span): Span => {
    const from = start(at.start)
    return { start: from, end: at.end > at.start ? Math.max(from, end(at.end)) : from }
  }
  const kept = (at: Span): boolean => {
    const p = pieces[find(at.start)]
    if (!p || !inside(p, at.start)) return false
    return at.end === at.start ? at.start > p.from : at.end <= p.to
  }
  return { toOld, kept }
}
