// Canonical layout: a step a line, branches of case and match a line each, comments kept, the rest as the author spaced it.
import type { Source } from '../../text/source.ts'
import { lex } from './1-lex/lex.ts'
import { parse } from './3-parse/parse.ts'
import { parentOf, partnerOf, token, type View, viewOf } from './2-repair/near-miss.ts'
import { isPunct, isWord, type Token } from './1-lex/token.ts'

/** The text in canonical layout. A text with errors is left unchanged, because layout would hide their places. */
export function format(source: Source): string {
  if (parse(source).diagnostics.length > 0) return source.text
  const tokens = lex(source.text)
  const view = viewOf(source.text, tokens)
  let out = ''
  tokens.forEach((t, i) => {
    out = separate(out, view, i)
    out += t.text
  })
  return `${out.trimEnd()}\n`
}

const comments = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g

/** The text between a token and the one before: comments, and a space, a line end or nothing. */
function separate(before: string, v: View, i: number): string {
  const t = token(v, i)
  const trivia = v.text.slice(t.from, t.start)
  let out = before
  let at = 0
  let mustEnd = false
  for (const m of trivia.matchAll(comments)) {
    const ownLine = mustEnd || /[\r\n]/.test(trivia.slice(at, m.index))
    if (out !== '') out = ownLine ? line(out, depthOf(v, i)) : `${out.trimEnd()} `
    out += m[0].trimEnd()
    mustEnd = m[0].startsWith('//')
    at = m.index + m[0].length
  }
  const space = trivia.slice(at)
  if (out === '') return ''
  if (t.kind === 'end') return out
  const forced = mustEnd || breaks(v, i)
  const own = /[\r\n]/.test(space) && (parentOf(v, i) >= 0 || at > 0) && !joins(v, i)
  if (forced || own) return line(out, depthOf(v, i))
  return spaced(v, i) || space !== '' ? `${out} ` : out
}

const line = (out: string, depth: number): string => `${out.trimEnd()}\n${'  '.repeat(depth)}`

function depthOf(v: View, i: number): number {
  let depth = 0
  for (let p = parentOf(v, i); p >= 0 && depth < 40; p = parentOf(v, p)) depth++
  return depth
}

const isBlock = (v: View, open: number): boolean =>
  isPunct(token(v, open), '{') &&
  open > 0 &&
  (isWord(token(v, open - 1), 'case') || isWord(token(v, open - 1), 'match'))

/** A line of its own: steps of the query, branches, the end of a block. */
function breaks(v: View, i: number): boolean {
  const t = token(v, i)
  const parent = parentOf(v, i)
  if (isPunct(t, '|') && parent < 0) return !isPunct(token(v, i - 1), '|') && !isDoubled(v, i + 1)
  if (isPunct(t, '}') && partnerOf(v, i) >= 0 && isBlock(v, partnerOf(v, i))) return true
  if (parent < 0 || !isBlock(v, parent)) return false
  return parent === i - 1 || (isPunct(token(v, i - 1), ';') && !isPunct(t, ';'))
}
/** The second of two pipes without a space: the near-miss `||` is read as `or`, two pipes apart are not. */
const isDoubled = (v: View, i: number): boolean =>
  isPunct(token(v, i), '|') && isPunct(token(v, i - 1), '|') && token(v, i).from === token(v, i).start

/** Places where the author's line end is not kept: inside a branch, and after a pipe. */
function joins(v: View, i: number): boolean {
  return isPunct(token(v, i - 1), '|') || (parentOf(v, i) >= 0 && isPunct(token(v, i), ';'))
}
function spaced(v: View, i: number): boolean {
  const t = token(v, i)
  const before = token(v, i - 1)
  if (isDoubled(v, i)) return false
  const around = (x: Token): boolean => x.kind === 'punct' && /^(?:\||:=|=>)$/.test(x.text)
  return around(t) || around(before) || isPunct(before, ',') || (isPunct(t, '{') && isBlock(v, i))
}
