// `key=value` pairs in a text.

const EDGE = /[\s,;&|]/

export interface PairOptions {
  readonly separator: string
  readonly excludeEmpty: boolean
  /** The last of equal keys counts. Without it, the first. */
  readonly keepLast: boolean
}

/** All pairs in order. A value ends at its closing quote, or else at white space or one of `,;&|`. */
export function pairsOf(text: string, { separator, excludeEmpty, keepLast }: PairOptions): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  const sign = separator.trim() === '' ? separator : separator.trim()
  if (sign === '') return pairs
  for (let at = text.indexOf(sign); at >= 0; ) {
    const key = keyBefore(text, at)
    if (key === '') {
      at = text.indexOf(sign, at + sign.length)
      continue
    }
    const { value, end } = valueAt(text, at + sign.length, separator.endsWith(' '))
    if ((value !== '' || !excludeEmpty) && (keepLast || !pairs.has(key))) pairs.set(key, value)
    at = text.indexOf(sign, end)
  }
  return pairs
}

function keyBefore(text: string, end: number): string {
  let start = end
  // A bracket begins a key, unless it holds the index of an element: `a[0]=x`.
  const isPart = (at: number): boolean =>
    (!EDGE.test(text[at] as string) && !/["'=([{]/.test(text[at] as string)) ||
    (text[at] === '[' && /^[0-9]{1,4}\]/.test(text.slice(at + 1, at + 6)))
  while (start > 0 && isPart(start - 1)) start--
  return text.slice(start, end)
}

function valueAt(text: string, from: number, padded: boolean): { value: string; end: number } {
  let start = from
  while (padded && text[start] === ' ') start++
  const quote = text[start]
  if (quote === '"' || quote === "'") {
    let end = start + 1
    while (end < text.length && text[end] !== quote) end += text[end] === '\\' && end + 1 < text.length ? 2 : 1
    if (end < text.length) return { value: text.slice(start + 1, end), end: end + 1 }
  }
  let end = start
  while (end < text.length && !EDGE.test(text[end] as string)) end++
  return { value: text.slice(start, end), end }
}
