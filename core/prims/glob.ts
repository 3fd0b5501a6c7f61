// Wildcard patterns: only `*` is special. They become regexes, so that every executor runs them alike.
import { parseRegex, type Regex } from '../regex/regex.ts'

const quote = (text: string): string =>
  text.replace(/[^A-Za-z0-9_\u0080-\u{10ffff}]/gu, (c) => `\\x{${(c.codePointAt(0) as number).toString(16)}}`)

/** Matches the whole value. Leading and trailing stars only remove the anchors. */
export function globRegex(pattern: string, ignoreCase: boolean): Regex {
  const parts = pattern.split(/\*+/)
  const head = parts[0] === '' && parts.length > 1
  const tail = parts.at(-1) === '' && parts.length > 1
  const body = parts.slice(head ? 1 : 0, tail ? -1 : undefined).map(quote)
  const source = `${head ? '' : '\\A'}${body.join('.*')}${tail ? '' : '\\z'}`
  return regexOf(source, ignoreCase)
}
/** One of the texts, as a whole. */
export const oneOfRegex = (values: readonly string[], ignoreCase: boolean): Regex =>
  regexOf(`\\A(?:${values.map(quote).join('|')})\\z`, ignoreCase)

function regexOf(source: string, ignoreCase: boolean): Regex {
  const parsed = parseRegex(source, ignoreCase ? 'is' : 's')
  if (!parsed.ok) throw new Error(`a wildcard gave a bad pattern: ${source}`)
  return parsed.regex
}

/** Matches the whole text. Only `*` is special. Linear in both, except for stars. */
export const globTest = (text: string, pattern: string): boolean => globTester(pattern)(text)

/** The same for one pattern and many texts. */
export function globTester(pattern: string): (text: string) => boolean {
  const parts = pattern.split(/\*+/)
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return (text) => text === pattern
  const [only] = others
  // Nearly all patterns are a part of the text, or one of its ends.
  if (first === '' && last === '' && others.length <= 1) return (text) => text.includes(only ?? '')
  if (others.length === 0 && first === '') return (text) => text.endsWith(last)
  if (others.length === 0 && last === '') return (text) => text.startsWith(first)
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
    let at = first.length
    const end = text.length - last.length
    for (const part of others) {
      const found = text.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}
