// Texts of TOML 1.0 by their keys. Tables give the keys before the last.
import type { Found } from './found.ts'
import { unescaped } from './escaped.ts'

const PART = /^[ \t]*(?:\[+([^\]\n]+)\]+[^\n]*|([\w."-]+)[ \t]*=[ \t]*("""|'''|"|'))/gm

export function inToml(text: string): Found[] {
  const found: Found[] = []
  let table: readonly string[] = []
  PART.lastIndex = 0
  for (let m = PART.exec(text); m; m = PART.exec(text)) {
    const [whole, name, key = '', quote = ''] = m
    if (name !== undefined) {
      table = name.split('.').map((n) => n.trim())
      continue
    }
    // A line end right after the quotes is not part of the text.
    const open = m.index + whole.length
    const start = quote.length === 3 ? open + (/^\r?\n/.exec(text.slice(open, open + 2))?.[0].length ?? 0) : open
    const end = endOf(text, start, quote)
    const path = [...table, ...key.replaceAll('"', '').split('.')]
    const read = quote.startsWith("'")
      ? { text: text.slice(start, end), pieces: [{ start: 0, length: end - start, hostStart: start }] }
      : withLines(text, start, end)
    found.push({ path, ...read, beside: new Map() })
    PART.lastIndex = end + quote.length
  }
  return found
}

/** Line ends between three quotes are line ends. */
const withLines = (text: string, start: number, end: number) =>
  unescaped(text, start, end, (at) => (text[at] === '\n' ? { length: 1, text: '\n' } : undefined))

function endOf(text: string, start: number, quote: string): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\' && quote.startsWith('"')) i++
    else if (text.startsWith(quote, i) || (quote.length === 1 && text[i] === '\n')) return i
  }
  return text.length
}
