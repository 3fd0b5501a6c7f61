// Texts with wildcards as regular expressions, in the way an analyst writes them: no needless anchors, one alternation for many values.
import type { Part } from './portable.ts'

/** The parts of a pattern, one a token: `^`, a character, `.*`, `$`. */
export type Tokens = readonly string[]

/** `written`: a character as the pattern of this platform has it. A star at an end needs no token, because a pattern matches a part of the value. */
export function tokensOf(parts: readonly Part[], written: (character: string) => string): Tokens {
  const isStar = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
  const [begin, end] = [isStar(parts[0]), isStar(parts.at(-1))]
  const inner = parts.slice(begin ? 1 : 0, end && parts.length > 1 ? -1 : undefined)
  return [
    ...(begin ? [] : ['^']),
    ...inner.flatMap((p) => ('text' in p ? [...p.text].map(written) : [p.wild === '*' ? '.*' : '.'])),
    ...(end ? [] : ['$']),
  ]
}

/** The pattern needs a dot that matches line breaks too. */
export const hasDot = (parts: readonly Part[]): boolean => {
  const from = parts[0] && 'wild' in parts[0] && parts[0].wild === '*' ? 1 : 0
  const last = parts.at(-1)
  const to = last && 'wild' in last && last.wild === '*' ? parts.length - 1 : parts.length
  return parts.slice(from, to).some((p) => 'wild' in p)
}

/** Any of the patterns. A beginning and an end that all have are written once, as far as they end at a separator: `\\(?:ftp|tftp)\.exe$`. */
export function alternation(all: readonly Tokens[]): string {
  const unique = [...new Map(all.map((t) => [t.join(''), t])).values()]
  const [first] = unique
  if (!first) return ''
  if (unique.length === 1) return first.join('')
  const shortest = Math.min(...unique.map((t) => t.length))
  let begin = 0
  while (begin < shortest && unique.every((t) => t[begin] === first[begin])) begin++
  while (begin > 0 && isWord(first[begin - 1] as string)) begin--
  let end = 0
  while (end < shortest - begin && unique.every((t) => t.at(-1 - end) === first.at(-1 - end))) end++
  while (end > 0 && isWord(first.at(-end) as string)) end--
  const middles = unique.map((t) => t.slice(begin, t.length - end).join(''))
  const filled = middles.filter((m) => m !== '')
  const optional = filled.length < middles.length ? '?' : ''
  const [head, tail] = [first.slice(0, begin).join(''), end === 0 ? '' : first.slice(-end).join('')]
  if (head === '' && tail === '' && optional === '') return filled.join('|')
  return `${head}(?:${filled.join('|')})${optional}${tail}`
}

const isWord = (token: string): boolean => /^[\p{L}\p{N}_ ]$/u.test(token)

/** Named groups would make fields, and some platforms do not allow them under `or`. */
export const withoutNames = (pattern: string): string =>
  /\\k<|\(\?P=/.test(pattern)
    ? pattern
    : pattern.replace(/(\\.)|\(\?P?<(?![=!])[A-Za-z_]\w*>/g, (_, escaped: string | undefined) => escaped ?? '(?:')

/** Case does not matter to a text without letters. */
export const hasCase = (parts: readonly Part[]): boolean =>
  parts.some((p) => 'text' in p && p.text.toLowerCase() !== p.text.toUpperCase())
