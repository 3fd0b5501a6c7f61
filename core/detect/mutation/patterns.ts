import type { Part } from './token.ts'

// Finds the alternatives of a regular expression in its text.

/** Each `a` of `a|b` at any depth; `without`: with the bar that goes with it. Places are offsets in the pattern. */
export function alternatives(pattern: string): { readonly part: Part; readonly without: Part }[] {
  const out: { part: Part; without: Part }[] = []
  const open: { from: number; bars: number[] }[] = [{ from: 0, bars: [] }]
  const close = (end: number) => {
    const group = open.pop()
    if (!group || group.bars.length === 0) return
    const edges = [group.from - 1, ...group.bars, end]
    for (let i = 0; i + 1 < edges.length; i++) {
      const part = { start: (edges[i] as number) + 1, end: edges[i + 1] as number }
      const without = i === 0 ? { start: part.start, end: part.end + 1 } : { start: part.start - 1, end: part.end }
      out.push({ part, without })
    }
  }
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]
    if (c === '\\') i++
    else if (c === '[') i = endOfClass(pattern, i)
    else if (c === '(') {
      const prefix = /^\((?:\?(?:[a-z-]*:|P?<[^=!>][^>]*>|<?[=!]))?/.exec(pattern.slice(i))?.[0] ?? '('
      open.push({ from: i + prefix.length, bars: [] })
      i += prefix.length - 1
    } else if (c === ')' && open.length > 1) close(i)
    else if (c === '|') (open.at(-1) as { bars: number[] }).bars.push(i)
  }
  while (open.length > 0) close(pattern.length)
  return out
}

function endOfClass(pattern: string, at: number): number {
  for (let i = at + 1; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++
    else if (pattern[i] === ']' && i > at + 1) return i
  }
  return pattern.length
}
