// Java SimpleDateFormat patterns → the directives of the time primitives, and → a regular expression for a prefix.
// https://docs.oracle.com/javase/8/docs/api/java/text/SimpleDateFormat.html (letters and their widths)
import { byName } from '../../../text/by-name.ts'
import { escapeRegex } from './regex.ts'

/** A letter alone prints without leading zeros. A number is read with fewer digits too: `3/4/2005` fits `MM/dd/yyyy`. */
const narrow = (directive: string, width: number): string => (width === 1 ? `%-${directive}` : `%${directive}`)

const LETTERS: Record<string, (width: number) => readonly [directive: string, regex: string] | undefined> = byName({
  y: (n) => (n === 2 ? ['%y', '\\d{2}'] : ['%Y', '\\d{4}']),
  Y: (n) => (n === 2 ? ['%y', '\\d{2}'] : ['%Y', '\\d{4}']),
  u: () => undefined,
  M: (n) => (n >= 4 ? ['%B', '[A-Za-z]+'] : n === 3 ? ['%b', '[A-Za-z]{3}'] : [narrow('m', n), '\\d{1,2}']),
  d: (n) => [narrow('d', n), '\\d{1,2}'],
  D: (n) => [n === 3 ? '%j' : '%-j', '\\d{1,3}'],
  H: (n) => [narrow('H', n), '\\d{1,2}'],
  h: (n) => [narrow('I', n), '\\d{1,2}'],
  m: (n) => [narrow('M', n), '\\d{1,2}'],
  s: (n) => [narrow('S', n), '\\d{1,2}'],
  S: (n) => ['%L', `\\d{1,${Math.max(n, 3)}}`],
  a: () => ['%p', '[AaPp][Mm]'],
  E: (n) => (n >= 4 ? ['%A', '[A-Za-z]+'] : ['%a', '[A-Za-z]{3}']),
  Z: () => ['%z', '[+-]\\d{2}:?\\d{2}'],
  X: (n) => [n === 1 ? '%::z' : n === 2 ? '%:::z' : '%:z', '(?:Z|[+-]\\d{2}(?::?\\d{2})?)'],
  z: (n) => [n >= 4 ? '%::Z' : '%:Z', '[A-Za-z_]+(?:[/+-][A-Za-z0-9_:+-]+)*'],
})

export interface DatePattern {
  readonly directives: string
  readonly prefix: string
}

export function javaDate(pattern: string): DatePattern | { readonly letter: string } {
  let directives = ''
  let prefix = ''
  for (let i = 0; i < pattern.length; ) {
    const c = pattern[i] as string
    if (c === "'") {
      const end = pattern.indexOf("'", i + 1)
      const quoted = end < 0 ? pattern.slice(i + 1) : end === i + 1 ? "'" : pattern.slice(i + 1, end)
      directives += quoted.replace(/%/g, '%%')
      prefix += escapeRegex(quoted)
      i = end < 0 ? pattern.length : end + 1
      continue
    }
    if (!/[A-Za-z]/.test(c)) {
      directives += c === '%' ? '%%' : c
      prefix += escapeRegex(c)
      i++
      continue
    }
    let end = i
    while (pattern[end] === c) end++
    const found = LETTERS[c]?.(end - i)
    if (!found) return { letter: c }
    directives += found[0]
    prefix += found[1]
    i = end
  }
  return { directives, prefix }
}
