// The scope: words, phrases, field=value, AND OR NOT, subqueries. Everything in it is case-insensitive.
import { diagnostic, inText } from '../../../diag/diagnostic.ts'
import * as codes from '../../../diag/catalogue/sumo.ts'
import type { Edit } from '../../../diag/diagnostic.ts'
import { type Span, spanning } from '../../../text/source.ts'
import { stringText, type Token } from '../1-lex/lex.ts'
import { holeName } from '../1-lex/template.ts'
import { stringOf } from './tokens.ts'
import type { Name, Scope, ScopeValue, Subquery } from './ast.ts'
import { type Cursor, from, names, nameOf } from './cursor.ts'
import * as near from '../near-misses/expressions.ts'

/** Up to the first `|`; undefined when there is nothing. */
export function parseScope(c: Cursor): Scope | undefined {
  if (c.done || c.isPunct('|')) return undefined
  const parts: Scope[] = []
  while (!c.done && !c.isPunct('|') && !c.isPunct(']')) {
    const before = c.at
    const part = orScope(c)
    if (part) parts.push(part)
    if (c.at === before) {
      c.fail('a keyword, a phrase or field=value')
      c.next()
    }
  }
  return join('and', parts)
}

function join(kind: 'and' | 'or', of: readonly Scope[]): Scope | undefined {
  const [first] = of
  const last = of[of.length - 1]
  if (!first || !last || of.length === 1) return first
  return { kind, of, span: spanning(first.span, last.span) }
}

function orScope(c: Cursor): Scope | undefined {
  const parts: Scope[] = []
  do {
    const part = andScope(c)
    if (part) parts.push(part)
    else if (parts.length > 0 || (c.isWord('or') && c.peek().scope)) c.fail('a keyword, a phrase or field=value')
  } while (c.eatWord('or') || orSign(c))
  return join('or', parts)
}

function orSign(c: Cursor): boolean {
  const { span } = c.peek()
  if (!c.eat('||')) return false
  const before = c.source.text[span.start - 1] === ' ' ? '' : ' '
  c.near(near.scopeOr, span, [{ span, text: `${before}or${c.peek().span.start === span.end ? ' ' : ''}` }])
  return true
}

const over = (c: Cursor): boolean =>
  c.done || ['|', '||', ')', ']'].some((sign) => c.isPunct(sign)) || (c.isWord('or') && c.peek().scope)

function andScope(c: Cursor): Scope | undefined {
  const parts: Scope[] = []
  while (!over(c)) {
    if (c.eatWord('and')) continue
    const before = c.at
    const part = notScope(c)
    if (part) parts.push(part)
    if (c.at === before) break
  }
  return join('and', parts)
}

function notScope(c: Cursor): Scope | undefined {
  const t = c.peek()
  // `not=…` is read as the field `not`.
  if ((t.kind === 'punct' && t.text === '!') || (c.isWord('not') && !c.isPunct('=', 1))) {
    c.next()
    const of = c.nested(() => notScope(c))
    return of && { kind: 'not', of, span: from(t.span, c) }
  }
  return atom(c)
}

function atom(c: Cursor): Scope | undefined {
  const t = c.peek()
  if (t.kind === 'punct' && t.text === '(') {
    c.next()
    const of = c.nested(() => orScope(c))
    c.close(t)
    return of && { kind: 'group', of, span: from(t.span, c) }
  }
  if (t.kind === 'punct' && t.text === '[') {
    const sub = parseSubquery(c)
    return sub && { kind: 'subquery', sub, span: sub.span }
  }
  if (t.kind === 'punct') return undefined
  c.next()
  if (t.kind === 'unknown') {
    c.add(
      diagnostic(t.open ? codes.sumoOpen : codes.sumoCharacter, inText(c.source, t.span), {
        character: t.text,
        what: `\`${t.text}\``,
      }),
    )
    return undefined
  }
  if ((t.kind === 'word' || t.kind === 'field' || t.kind === 'string') && (c.isPunct('=') || c.isPunct('!=')))
    return pair(c, t)
  if (t.kind === 'hole') return { kind: 'hole', name: holeName(t.text), span: t.span }
  if (t.kind === 'macro') return { kind: 'hole', name: t.text, span: t.span }
  if (t.kind === 'word' && t.text === '*') return { kind: 'everything', span: t.span }
  const quoted = t.kind === 'string'
  return { kind: 'term', text: quoted ? stringOf(c, t) : t.text, quoted, span: t.span }
}

function pair(c: Cursor, t: Token): Scope | undefined {
  const op = c.next()
  const field: Name = t.kind === 'string' ? { name: stringText(t), quoted: true, span: t.span } : nameOf(t)
  const value = scopeValue(c, op.span)
  if (!value) return undefined
  const found: Scope = { kind: 'field', field, value, span: spanning(t.span, value.span) }
  if (op.text === '=') return found
  const edits: Edit[] = [
    { span: { start: t.span.start, end: t.span.start }, text: '!' },
    { span: { start: t.span.end, end: value.span.start }, text: '=' },
  ]
  c.near(near.scopeNotEqual, op.span, edits)
  return { kind: 'not', of: found, span: found.span }
}

/** One value; a list in parentheses `a=(x OR y)` is tolerated as its text. */
function scopeValue(c: Cursor, after: Span): ScopeValue | undefined {
  const t = c.peek()
  if (t.kind === 'punct' || c.done) {
    // `field=` without a value: a dashboard with an empty variable writes it.
    if (t.kind === 'punct' && t.text === '=') {
      c.next()
      return scopeValue(c, after)
    }
    c.fail('a value')
    return undefined
  }
  c.next()
  const quoted = t.kind === 'string'
  let text = quoted ? stringOf(c, t) : t.text
  let end = t.span.end
  // `a="x"*` and `a={{b}}/*`: pieces without space between them are one value.
  while (c.peek().span.start === end && !c.done && ['word', 'string', 'hole'].includes(c.peek().kind)) {
    const more = c.next()
    text += more.kind === 'string' ? stringText(more) : more.text
    end = more.span.end
  }
  return { text, quoted, span: { start: t.span.start, end } }
}

/** `[subquery from=(-15m) to=(now): query | compose a, b maxresults=10 keywords]` */
export function parseSubquery(c: Cursor): Subquery | undefined {
  const start = c.next()
  c.expectWord('subquery')
  const range: { from?: string; to?: string } = {}
  for (let word = c.eatWord('from', 'to'); word; word = c.eatWord('from', 'to')) {
    c.expect('=')
    c.expect('(')
    const begin = c.peek().span.start
    while (!c.done && !c.isPunct(')')) c.next()
    range[word.text.toLowerCase() as 'from' | 'to'] = c.source.text.slice(begin, c.lastEnd)
    c.expect(')')
  }
  c.expect(':')
  c.depth++
  const query = c.nested(() => c.grammar.query(c))
  c.depth--
  if (!query) return undefined
  let compose: readonly Name[] = []
  let maxResults: number | undefined
  let keywords = false
  if (c.eatWord('compose')) {
    compose = names(c)
    for (let word = c.eatWord('maxresults', 'keywords'); word; word = c.eatWord('maxresults', 'keywords')) {
      if (word.text.toLowerCase() === 'keywords') keywords = true
      else {
        c.expect('=')
        maxResults = Number(c.next().text)
      }
    }
  }
  if (!c.expect(']')) return undefined
  return {
    query,
    ...range,
    compose,
    ...(maxResults === undefined ? {} : { maxResults }),
    keywords,
    span: from(start.span, c),
  }
}
