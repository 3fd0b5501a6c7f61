// A text between double quotes, with its escapes resolved, and the way back.
import { byName } from '../../text/by-name.ts'
import type { Piece } from '../../text/source.ts'

const LETTERS = byName({
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '0': '\0',
  e: '\u001b',
})

/** `start` and `end` lie inside the quotes. `replaced`: a longer part of the host, and the text in its place. */
export function unescaped(
  host: string,
  start: number,
  end: number,
  replaced?: (at: number) => { readonly length: number; readonly text: string } | undefined,
): { readonly text: string; readonly pieces: readonly Piece[] } {
  const pieces: Piece[] = []
  let text = ''
  let from = start
  const keep = (to: number): void => {
    if (to > from) pieces.push({ start: text.length, length: to - from, hostStart: from })
    text += host.slice(from, to)
  }
  const put = (at: number, length: number, value: string): number => {
    keep(at)
    // One character of the text has its place at the escape.
    pieces.push({ start: text.length, length: Math.min(1, value.length), hostStart: at })
    text += value
    from = at + length
    return from
  }
  let i = start
  while (i < end) {
    const other = replaced?.(i)
    if (other) i = put(i, other.length, other.text)
    else if (host[i] === '\\') {
      const c = host[i + 1] ?? ''
      const hex = /^(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))/.exec(host.slice(i + 1, i + 10))
      if (hex)
        i = put(
          i,
          hex[0].length + 1,
          String.fromCodePoint(Math.min(0x10ffff, parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16))),
        )
      else if (c === '\n' || c === '\r') i = put(i, /^\\\r?\n[ \t]*/.exec(host.slice(i))?.[0].length ?? 2, '')
      else i = put(i, 2, LETTERS[c] ?? c)
    } else if (host[i] === '\n') {
      // Only YAML: a line end between quotes is a space, and empty lines are line ends.
      const gap = /^\s*\n\s*/.exec(host.slice(i))?.[0] ?? '\n'
      const lines = gap.split('\n').length - 1
      i = put(i, gap.length, lines > 1 ? '\n'.repeat(lines - 1) : ' ')
    } else i++
  }
  keep(end)
  return { text, pieces }
}
