// A Sigma file as tokens, for display and for mutants: YAML's marks, keys, values, and the words of conditions. They concatenate to the text.
import { words } from './condition.ts'

export type TokenKind = 'comment' | 'item' | 'key' | 'number' | 'punct' | 'space' | 'string' | 'text' | 'word'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly start: number
}

const KEY =
  /(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#,[\]{}&*!|>'"%@`-][^:#\n]*?|[-?][^\s:#][^:#\n]*?)[ \t]*:(?=[ \t\r\n]|$)/y
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'/y
const NUMBER = /[-+]?\d+(?:\.\d+)?(?=[ \t]*(?:[\r\n,\]}]|$|[ \t]#))/y
const SPACE = /[ \t\r\n]+/y
const COMMENT = /#[^\n]*/y
const ITEM = /-(?=[ \t\r\n]|$)/y
const DOCUMENT = /(?:---|\.\.\.)(?=[ \t\r\n]|$)/y
const BLOCK = /[|>][-+\d]*[ \t]*(?:#[^\n]*)?(?=\r?\n|$)/y
const PLAIN_LINE = /[^\n]+?(?=[ \t]+#|[ \t]*(?:\r?\n|$))/y
const PLAIN_FLOW = /[^,[\]{}\n]+?(?=[ \t]*[,[\]{}\n]|[ \t]+#|$)/y

export function tokens(text: string): Token[] {
  const out: Token[] = []
  let at = 0
  let depth = 0
  let key = ''
  const take = (kind: TokenKind, part: string): void => {
    out.push({ kind, text: part, start: at })
    at += part.length
  }
  const match = (re: RegExp): string | undefined => {
    re.lastIndex = at
    return re.exec(text)?.[0] || undefined
  }
  while (at < text.length) {
    const lineStart = at === 0 || text[at - 1] === '\n'
    const spaced = at === 0 || /\s/.test(text[at - 1] ?? '')
    const space = match(SPACE)
    if (space) {
      take('space', space)
      continue
    }
    const comment = spaced ? match(COMMENT) : undefined
    if (comment) {
      take('comment', comment)
      continue
    }
    const mark = lineStart ? match(DOCUMENT) : undefined
    if (mark) {
      take('punct', mark)
      continue
    }
    const dash = depth === 0 ? match(ITEM) : undefined
    if (dash) {
      take('item', dash)
      continue
    }
    const named = isKeyPlace(out) || depth > 0 ? match(KEY) : undefined
    if (named) {
      key = named
        .slice(0, named.lastIndexOf(':'))
        .trim()
        .replace(/^(['"])(.*)\1$/, '$2')
      take('key', named)
      continue
    }
    const block = depth === 0 ? match(BLOCK) : undefined
    if (block) {
      take('punct', block)
      const body = bodyOf(text, at)
      if (body !== '') take('text', body)
      continue
    }
    const c = text[at] as string
    if ('[]{},'.includes(c) && (depth > 0 || c === '[' || c === '{')) {
      if (c === '[' || c === '{') depth++
      else if (c !== ',') depth = Math.max(0, depth - 1)
      take('punct', c)
      continue
    }
    const quoted = match(QUOTED)
    if (quoted) {
      take('string', quoted)
      continue
    }
    const number = match(NUMBER)
    if (number && key !== 'condition') {
      take('number', number)
      continue
    }
    const plain = match(depth > 0 ? PLAIN_FLOW : PLAIN_LINE) ?? c
    if (key === 'condition') condition(plain, at, out)
    else out.push({ kind: 'text', text: plain, start: at })
    at += plain.length
  }
  return out
}

/** Is this the start of a line, or directly after the `-` of an item? */
function isKeyPlace(out: readonly Token[]): boolean {
  const last = out.at(-1)
  if (last === undefined || last.kind === 'item') return true
  return last.kind === 'space' && (out.length === 1 || last.text.includes('\n') || out.at(-2)?.kind === 'item')
}

/** The lines of a block scalar, which have more indentation than the line that begins it. */
function bodyOf(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  const indent = (/^ */.exec(line)?.[0].length ?? 0) + (/^ *- +\S/.test(line) ? 1 : 0)
  let end = at
  for (let next = text.indexOf('\n', at); next >= 0; next = text.indexOf('\n', next + 1)) {
    const stop = text.indexOf('\n', next + 1)
    const content = text.slice(next + 1, stop < 0 ? text.length : stop)
    if (content.trim() !== '' && (/^ */.exec(content)?.[0].length ?? 0) <= indent) break
    end = next + 1 + content.length
    if (stop < 0) break
  }
  return text.slice(at, end)
}

function condition(plain: string, start: number, out: Token[]): void {
  let from = 0
  for (const w of words(plain)) {
    if (w.start > from) out.push({ kind: 'space', text: plain.slice(from, w.start), start: start + from })
    out.push({ kind: /^[()|]$/.test(w.text) ? 'punct' : 'word', text: w.text, start: start + w.start })
    from = w.end
  }
  if (from < plain.length) out.push({ kind: 'space', text: plain.slice(from), start: start + from })
}
