// The lines of a YAML text with the keys that lead to them. For editors: a text that does not parse has lines too.
import type { Span } from '../text/source.ts'

export interface YamlLine {
  /** Number of the document, from 0. */
  readonly document: number
  /** Keys of the mappings around, outermost first. Items of lists add nothing. */
  readonly path: readonly string[]
  readonly indent: number
  /** The line is, or begins, an item of a list. */
  readonly item: boolean
  readonly key?: { readonly text: string; readonly span: Span }
  /** The scalar of the line, without quotes; a list or mapping in brackets as written. */
  readonly value?: { readonly text: string; readonly span: Span; readonly quoted: boolean }
  readonly comment?: Span
  /** The whole line, without its end. */
  readonly span: Span
  /** A line of a block scalar (`|`, `>`): only a value. */
  readonly inBlock?: true
}

const KEY =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#,[\]{}&*!>'"%@`][^:#]*?(?::[^\s:#][^:#]*?)*|[|][^\s:]*?)\s*:(?=\s|$)/

interface Level {
  readonly indent: number
  readonly key: string
}

export function yamlLines(text: string): YamlLine[] {
  const lines: YamlLine[] = []
  const levels: Level[] = []
  let document = 0
  let block: { readonly indent: number; readonly path: readonly string[] } | undefined
  let start = 0
  while (start <= text.length) {
    const found = text.indexOf('\n', start)
    const next = found < 0 ? text.length : found
    const end = next > start && text[next - 1] === '\r' ? next - 1 : next
    const raw = text.slice(start, end)
    const indent = raw.length - raw.trimStart().length
    if (block && (raw.trim() === '' || indent > block.indent))
      lines.push({ ...blockLine(raw, start, indent), document, path: block.path })
    else {
      block = undefined
      if (/^(?:---|\.\.\.)(?:\s|$)/.test(raw)) {
        if (raw.startsWith('---') && lines.some((l) => l.key || l.item)) document++
        levels.length = 0
      }
      const line = oneLine(raw, start, levels, document)
      lines.push(line)
      if (line.value && /^[|>][-+\d]*$/.test(line.value.text)) block = { indent: line.indent, path: pathWith(line) }
    }
    if (found < 0) break
    start = next + 1
  }
  return lines
}

const pathWith = (line: YamlLine): readonly string[] => (line.key ? [...line.path, line.key.text] : line.path)

const blockLine = (raw: string, start: number, indent: number): Omit<YamlLine, 'document' | 'path'> => ({
  indent,
  item: false,
  inBlock: true,
  span: { start, end: start + raw.length },
  ...(raw.trim() !== '' && {
    value: { text: raw.slice(indent), span: { start: start + indent, end: start + raw.length }, quoted: false },
  }),
})

function oneLine(raw: string, start: number, levels: Level[], document: number): YamlLine {
  const span = { start, end: start + raw.length }
  let at = raw.length - raw.trimStart().length
  let item = false
  const first = at
  for (let m = /^-\s+|^-$/.exec(raw.slice(at)); m; m = /^-\s+|^-$/.exec(raw.slice(at))) {
    item = true
    at += m[0].length
  }
  // An item may be at the column of its key.
  while (levels.length > 0 && (levels.at(-1) as Level).indent >= (item ? first + 1 : at)) levels.pop()
  if (item) while (levels.length > 0 && (levels.at(-1) as Level).indent > first) levels.pop()
  const path = levels.map((l) => l.key)
  const base = { document, path, indent: first, item, span }
  const rest = raw.slice(at)
  if (rest.startsWith('#') || rest === '')
    return { ...base, ...(rest !== '' && { comment: { start: start + at, end: span.end } }) }
  const m = KEY.exec(rest)
  const comment = commentIn(raw, at)
  const stop = comment < 0 ? raw.length : comment
  const more = comment < 0 ? {} : { comment: { start: start + comment, end: span.end } }
  if (!m) return { ...base, ...valueAt(raw, at, stop, start), ...more }
  const written = m[1] as string
  const key = { text: unquoted(written), span: { start: start + at, end: start + at + written.length } }
  levels.push({ indent: at, key: key.text })
  return { ...base, key, ...valueAt(raw, at + m[0].length, stop, start), ...more }
}

function commentIn(raw: string, from: number): number {
  let quote = ''
  for (let i = from; i < raw.length; i++) {
    const c = raw[i] as string
    if (quote !== '') {
      if (c === '\\' && quote === '"') i++
      else if (c === quote) quote = ''
    } else if ((c === '"' || c === "'") && /[\s:,[{-]/.test(raw[i - 1] ?? ' ')) quote = c
    else if (c === '#' && /\s/.test(raw[i - 1] ?? ' ')) return i
  }
  return -1
}

function valueAt(raw: string, from: number, to: number, start: number): Pick<YamlLine, 'value'> {
  const part = raw.slice(from, to)
  const text = part.trim()
  if (text === '') return {}
  const at = from + part.length - part.trimStart().length
  const quoted = /^["']/.test(text)
  return { value: { text: unquoted(text), span: { start: start + at, end: start + at + text.length }, quoted } }
}

const unquoted = (text: string): string =>
  /^(["'])[\s\S]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text
