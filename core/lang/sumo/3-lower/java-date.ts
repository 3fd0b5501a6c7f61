// Java SimpleDateFormat patterns → the directives of the time primitives, and → a regular expression for a prefix.
// https://docs.oracle.com/javase/8/docs/api/java/text/SimpleDateFormat.html (letters and their widths)
import { escapeRegex } from './regex.ts'

const LETTERS: Record<string, (width: number) => readonly [directive: string, regex: string] | undefined> = {
  y: (n) => (n === 2 ? ['%y', '\\d{2}'] : ['%Y', '\\d{4}']),
  Y: (n) => (n === 2 ? ['%y', '\\d{2}'] : ['%Y', '\\d{4}']),
  u: () => undefined,
  M: (n) => (n >= 4 ? ['%B', '[A-Za-z]+'] : n === 3 ? ['%b', '[A-Za-z]{3}'] : ['%m', n === 1 ? '\\d{1,2}' : '\\d{2}']),
  d: (n) => ['%d', n === 1 ? '\\d{1,2}' : '\\d{2}'],
  D: () => ['%j', '\\d{1,3}'],
  H: (n) => ['%H', n === 1 ? '\\d{1,2}' : '\\d{2}'],
  h: (n) => ['%I', n === 1 ? '\\d{1,2}' : '\\d{2}'],
  m: (n) => ['%M', n === 1 ? '\\d{1,2}' : '\\d{2}'],
  s: (n) => ['%S', n === 1 ? '\\d{1,2}' : '\\d{2}'],
  S: (n) => ['%L', `\\d{1,${Math.max(n, 3)}}`],
  a: () => ['%p', '[AaPp][Mm]'],
  E: (n) => (n >= 4 ? ['%A', '[A-Za-z]+'] : ['%a', '[A-Za-z]{3}']),
  Z: () => ['%z', '[+-]\\d{2}:?\\d{2}'],
  X: () => ['%z', '(?:Z|[+-]\\d{2}:?\\d{2})'],
  z: () => ['%Z', '[A-Za-z_/+-]+'],
}

export interface DatePattern {
  readonly directives: string
  readonly prefix: string
}

/** A letter alone (`d`, `H`) prints without padding in Java and with padding here. */
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
