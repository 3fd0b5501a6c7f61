// The form of an aggregate is text. Its aggregate function can be deep inside, and OVER and FILTER must follow that function's call:
// `coalesce(cast(sum(c1) as hugeint), 0)`.
import type { SqlDialect } from './dialect.ts'

/** Puts `words` (an OVER or a FILTER) after every call of an aggregate function and its FILTER. Quoted texts are skipped. */
export function afterAggregates(
  text: string,
  { aggregates, quoted }: Pick<SqlDialect, 'aggregates' | 'quoted'>,
  words: string,
): string {
  const token = new RegExp(`${quoted}|[A-Za-z_][A-Za-z_0-9]*(?=\\()`, 'gs')
  let out = ''
  let at = 0
  for (let m = token.exec(text); m; m = token.exec(text)) {
    if (!aggregates.has(m[0])) continue
    let end = closingParenthesis(text, m.index + m[0].length, quoted)
    // `quantileExact(0.5)(x)`: parameters, then arguments.
    if (text[end] === '(') end = closingParenthesis(text, end, quoted)
    const filter = /^ filter \(/.exec(text.slice(end))
    if (filter) end = closingParenthesis(text, end + filter[0].length - 1, quoted)
    out += `${text.slice(at, end)} ${words}`
    at = end
    token.lastIndex = end
  }
  return out + text.slice(at)
}

/** The index after the parenthesis that closes the one at `open`. */
function closingParenthesis(text: string, open: number, quoted: string): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    const c = text[i]
    if (c === "'") {
      const literal = new RegExp(`^${quoted}`, 's').exec(text.slice(i))
      i += (literal?.[0].length ?? 1) - 1
    } else if (c === '(') depth++
    else if (c === ')' && --depth === 0) return i + 1
  }
  return text.length
}
