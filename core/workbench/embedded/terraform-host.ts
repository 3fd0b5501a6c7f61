// Attributes of Terraform resources that hold queries (https://developer.hashicorp.com/terraform/language/expressions/strings). An
// interpolation `${…}` has a value only when Terraform runs: a query with one is not read.
import type { Found } from './found.ts'
import { span } from '../../text/source.ts'
import { unescaped } from './escaped.ts'
import { piecesByLine } from './lines.ts'

const RESOURCE = /^[ \t]*resource[ \t]+"(\w+)"/gm
const ATTRIBUTE =
  /^[ \t]*(?:query|query_text|query_string|queryString|search_query)[ \t]*=[ \t]*(?:"|<<(-?)(\w+)[ \t]*\r?\n)/gm

export function inTerraform(text: string): Found[] {
  const resources = [...text.matchAll(RESOURCE)].map((m) => ({ type: m[1] ?? '', at: m.index }))
  const found: Found[] = []
  for (const m of text.matchAll(ATTRIBUTE)) {
    const type = resources.findLast((r) => r.at < m.index)?.type
    if (type === undefined) continue
    const start = m.index + m[0].length
    const read = m[2] === undefined ? quoted(text, start) : heredoc(text, start, m[2], m[1] === '-')
    const hole = /(?<![$%])[$%]\{[^}\n]*\}?/.exec(text.slice(start, read.end))
    const at = hole ? { hole: span(start + hole.index, start + hole.index + hole[0].length) } : {}
    found.push({ path: [type], ...read, ...at, beside: new Map() })
  }
  return found
}

interface Read {
  readonly text: string
  readonly pieces: Found['pieces']
  readonly end: number
}

/** `$${` and `%%{` stand for `${` and `%{`. */
function quoted(text: string, start: number): Read {
  let end = start
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1
  const doubled = (at: number) =>
    /^(?:\$\$|%%)\{/.test(text.slice(at, at + 3)) ? { length: 3, text: text.slice(at + 1, at + 3) } : undefined
  return { ...unescaped(text, start, Math.min(end, text.length), doubled), end }
}

function heredoc(text: string, start: number, word: string, isIndented: boolean): Read {
  const closer = new RegExp(`^[ \\t]*${word}[ \\t]*\\r?$`, 'gm')
  closer.lastIndex = start
  const end = closer.exec(text)?.index ?? text.length
  const lines = text.slice(start, end).replace(/\r/g, '').split('\n')
  const least = isIndented
    ? Math.min(...lines.filter((l) => l.trim() !== '').map((l) => l.length - l.trimStart().length))
    : 0
  const body = lines
    .map((l) => l.slice(Number.isFinite(least) ? least : 0))
    .join('\n')
    .replace(/(?<=\$|%)[$%]\{/g, '{')
  return { text: body, pieces: piecesByLine(body, text, start, end), end }
}
