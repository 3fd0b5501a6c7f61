// The parser's place in the tokens, and how it goes on after an error: one report, then to the next `|`, `;` or closer.
import { type Code, type Diagnostic, type Extra, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { unclosed, unexpected } from '../../../diag/catalogue/cql.ts'
import type { Source, Span } from '../../../text/source.ts'
import type { Arg, Expr, Name, Pipeline } from './ast.ts'
import { closerOf, isPunct, type Token } from '../1-lex/token.ts'

/** The parts of the grammar that call each other, passed in so that no file imports its caller. */
export interface Grammar {
  readonly pipeline: (p: Parser) => Pipeline
  readonly expression: (p: Parser) => Expr
  readonly args: (p: Parser) => readonly Arg[]
}
export interface Parser {
  readonly source: Source
  readonly tokens: readonly Token[]
  readonly grammar: Grammar
  readonly errors: Diagnostic[]
  at: number
  depth: number
  /** Levels of the tallest tree of operators within the innermost expression that is being read. */
  height: number
}

export const maxDepth = 120

export const peek = (p: Parser, ahead = 0): Token => p.tokens[Math.min(p.at + ahead, p.tokens.length - 1)] as Token
export const previous = (p: Parser): Token => p.tokens[Math.max(0, p.at - 1)] as Token
export const spanOf = (t: Token): Span => ({ start: t.start, end: t.end })
export const since = (p: Parser, start: number): Span => ({ start, end: Math.max(start, previous(p).end) })

export function take(p: Parser): Token {
  const token = peek(p)
  if (token.kind !== 'end') p.at++
  return token
}
export const at = (p: Parser, punct: string): boolean => isPunct(peek(p), punct)
export function accept(p: Parser, punct: string): boolean {
  if (!at(p, punct)) return false
  p.at++
  return true
}
/** No space or comment between the token before and this one. */
export const glued = (t: Token): boolean => t.from === t.start

export function fail<P>(p: Parser, entry: Code<P>, span: Span, params: P, extra?: Extra): void {
  const last = p.errors[p.errors.length - 1]
  if (last?.at.kind === 'text' && last.at.span.start === span.start && last.code === entry.id) return
  p.errors.push(diagnostic(entry, inText(p.source, span), params, extra))
}

/** Reports that something else was expected here. Lexemes with a fault of their own are reported already. */
export function expected(p: Parser, what: string, where: string, remedy?: string): void {
  const found = peek(p)
  if (found.kind === 'bad') return
  fail(p, unexpected, spanOf(found), { found: found.text, expected: what, where, ...(remedy && { remedy }) })
}

export const endsStep = (t: Token): boolean => t.kind === 'end' || (t.kind === 'punct' && /^[|;)}\]]$/.test(t.text))

/** To the next token for which `stop` holds, over balanced brackets. */
export function skipTo(p: Parser, stop: (t: Token) => boolean): void {
  let open = 0
  while (peek(p).kind !== 'end') {
    const t = peek(p)
    if (open === 0 && stop(t)) return
    if (t.kind === 'punct' && closerOf[t.text]) open++
    else if (t.kind === 'punct' && /^[)}\]]$/.test(t.text)) {
      if (open === 0) return
      open--
    }
    p.at++
  }
}

/** True if the closer comes, over balanced brackets. */
export function closerFollows(p: Parser, closer: string): boolean {
  const before = p.at
  skipTo(p, (t) => isPunct(t, closer))
  const found = isPunct(peek(p), closer)
  p.at = before
  return found
}

/** Reads the closer of a bracket. If another token is there, one diagnostic reports it and all tokens that are skipped up to the closer. */
export function close(p: Parser, open: Token): void {
  const closer = closerOf[open.text] as string
  if (accept(p, closer)) return
  const found = peek(p)
  if (found.kind === 'end' || /^[)}\]]$/.test(found.text) || (found.text === '|' && !closerFollows(p, closer))) {
    const next = open.text === '{' ? (stepAfterBlock(p, open) ?? found) : open
    const params = { open: open.text, close: closer, found: next === open ? found.text : next.text }
    const isBelow = p.source.text.slice(open.start, next.start).includes('\n')
    const extra = { also: [{ at: inText(p.source, spanOf(open)), text: 'it opens here' }] }
    fail(p, unclosed, spanOf(isBelow ? next : open), params, isBelow ? extra : {})
    return
  }
  expected(p, `\`${closer}\``, `after ${shownBefore(p)}`)
  skipTo(p, (t) => isPunct(t, closer))
  accept(p, closer)
}
/** The first `|` behind a `{` that begins a line and is no deeper than its line: the block ends before it, as most are laid out. */
function stepAfterBlock(p: Parser, open: Token): Token | undefined {
  const { text } = p.source
  const indentOf = (at: number): string => /[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? ''
  const most = indentOf(open.start).length
  return p.tokens.find(
    (t) =>
      t.start > open.start &&
      isPunct(t, '|') &&
      indentOf(t.start).length <= most &&
      /\n[ \t]*$/.test(text.slice(0, t.start)),
  )
}

export const shownBefore = (p: Parser): string => {
  const text = p.at === 0 ? '' : previous(p).text.replace(/\s+/g, ' ')
  return text === '' ? 'the start' : `\`${text.length > 40 ? `${text.slice(0, 37)}…` : text}\``
}

export const unquote = (text: string): string =>
  text
    .slice(1, text.length > 1 && text.endsWith('"') ? -1 : undefined)
    .replace(/\\(["\\n])/g, (_, c: string) => (c === 'n' ? '\n' : c))
export const nameOf = (t: Token): Name =>
  t.kind === 'string'
    ? { name: unquote(t.text), quoted: true, span: spanOf(t) }
    : { name: t.text, quoted: false, span: spanOf(t) }
