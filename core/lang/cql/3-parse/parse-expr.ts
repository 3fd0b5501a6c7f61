// Expressions, arguments, arrays, sub-pipelines.
import { tooDeep, unclosed } from '../../../diag/catalogue/cql.ts'
import type { Arg, BinaryOp, Call, Expr, Param, Regex } from './ast.ts'
import {
  accept,
  at,
  close,
  closerFollows,
  expected,
  fail,
  glued,
  maxDepth,
  nameOf,
  type Parser,
  peek,
  shownBefore,
  since,
  skipTo,
  spanOf,
  take,
  unquote,
} from './parse-state.ts'
import { isPunct, isWord, type Token } from '../1-lex/token.ts'

const levels: readonly (readonly string[])[] = [
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]

export function expression(p: Parser): Expr {
  return nested(p, () => binary(p, 0))
}

/** Reports too deep nesting before the stack overflows. */
export function nested<T extends Expr>(p: Parser, parse: () => T | Expr): T | Expr {
  if (p.depth >= maxDepth) {
    fail(p, tooDeep, spanOf(peek(p)), { depth: maxDepth })
    const start = peek(p).start
    skipTo(p, (t) => isPunct(t, ',') || isPunct(t, '|') || isPunct(t, ';'))
    return missing(p, start)
  }
  p.depth++
  const before = p.height
  p.height = 0
  const result = parse()
  p.height = Math.max(before, p.height + 1)
  p.depth--
  return result
}

/** Levels of a tree of operators: brackets in chains in brackets add up. */
const tallest = 500

function binary(p: Parser, level: number): Expr {
  const ops = levels[level]
  if (!ops) return unary(p)
  const start = peek(p).start
  const before = p.height
  p.height = 0
  let left = binary(p, level + 1)
  for (let height = p.height; ; ) {
    const t = peek(p)
    const operator = (t.kind === 'punct' || t.text === '%') && ops.includes(t.text) && !(t.text === '*' && endsGlob(p))
    p.height = Math.max(before, height)
    if (!operator) return left
    if (height >= tallest) {
      fail(p, tooDeep, spanOf(t), { depth: tallest })
      skipTo(p, (x) => isPunct(x, ',') || isPunct(x, '|') || isPunct(x, ';'))
      return left
    }
    p.at++
    p.height = 0
    const right = binary(p, level + 1)
    // Each operator puts its left side one level deeper.
    height = Math.max(height, p.height) + 1
    left = { kind: 'binary', op: t.text as BinaryOp, left, right, span: since(p, start) }
  }
}

/** `name*` before a comma or a closer is a pattern, not a product. */
const endsGlob = (p: Parser): boolean => {
  const after = peek(p, 1)
  return glued(peek(p)) && (after.kind === 'end' || (after.kind === 'punct' && /^[,)\]}|;*]$/.test(after.text)))
}

function unary(p: Parser): Expr {
  const t = peek(p)
  if (!isPunct(t, '-') && !isPunct(t, '!')) return primary(p)
  p.at++
  const of = nested(p, () => unary(p))
  return { kind: 'unary', op: t.text as '!' | '-', of, span: since(p, t.start) }
}

/** The placeholder for a missing expression after an error. */
const missing = (p: Parser, start: number): Expr => ({ kind: 'string', text: '', span: since(p, start) })

function primary(p: Parser): Expr {
  const t = peek(p)
  const span = spanOf(t)
  if (t.kind === 'string') return { kind: 'string', text: unquote(take(p).text), span }
  if (t.kind === 'param') return param(take(p))
  if (t.kind === 'regex') return regex(take(p))
  if (t.kind === 'word') return word(p)
  if (t.kind === 'punct') {
    if (t.text === '(') return group(p)
    if (t.text === '[') return array(p)
    if (t.text === '{') return subquery(p)
    if (t.text === '*') return glob(p)
  }
  expected(p, 'a value', `after ${shownBefore(p)}`)
  if (t.kind === 'bad') p.at++
  return missing(p, t.start)
}

const numberLike = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const durationLike =
  /^\d+(?:\.\d+)?(?:millis(?:econds?)?|ms|seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mon|quarters?|qtrs?|q|years?|yrs?|y)$/

function word(p: Parser): Expr {
  const t = peek(p)
  const after = peek(p, 1)
  const span = spanOf(t)
  if (after.kind === 'punct' && after.text === '(' && after.call) {
    const of = call(p)
    return { kind: 'call', call: of, span: of.span }
  }
  if (isPunct(after, ':') && isPunct(peek(p, 2), '{')) return labelled(p)
  if (isPunct(after, '*') && glued(after) && endsGlobAt(p, 1)) return glob(p)
  p.at++
  if (numberLike.test(t.text)) return { kind: 'number', text: t.text, span }
  if (durationLike.test(t.text)) return { kind: 'duration', text: t.text, span }
  if (isWord(t, 'true') || isWord(t, 'false')) return { kind: 'bool', value: isWord(t, 'true'), span }
  return { kind: 'field', name: nameOf(t), span }
}
const endsGlobAt = (p: Parser, ahead: number): boolean => {
  const after = peek(p, ahead + 1)
  return after.kind === 'end' || (after.kind === 'punct' && /^[,)\]}|;*]$/.test(after.text))
}

/** `*`, `*foo*`, `Vendor.*`: words and stars without space between them. */
function glob(p: Parser): Expr {
  const first = take(p)
  const part = (t: Token): boolean =>
    glued(t) && (t.kind === 'word' || (t.kind === 'punct' && /^[*:/~-]$/.test(t.text)))
  while (part(peek(p))) p.at++
  const span = since(p, first.start)
  return { kind: 'glob', text: p.source.text.slice(span.start, span.end), span }
}

function group(p: Parser): Expr {
  const open = take(p)
  const of = expression(p)
  close(p, open)
  return { kind: 'group', of, span: since(p, open.start) }
}

export function array(p: Parser): Expr {
  const open = take(p)
  const items = list(p, ']', () => element(p), true)
  if (namesArgument(p)) {
    fail(p, unclosed, spanOf(open), { open: '[', close: ']', found: `${peek(p, 1).text}=` })
    return { kind: 'array', items, span: since(p, open.start) }
  }
  close(p, open)
  return { kind: 'array', items, span: since(p, open.start) }
}
function element(p: Parser): Expr {
  const t = peek(p)
  if ((t.kind !== 'word' && t.kind !== 'string') || !isPunct(peek(p, 1), ':=')) return expression(p)
  const name = nameOf(take(p))
  p.at++
  const value = expression(p)
  return { kind: 'named', name, value, span: since(p, t.start) }
}

/** Items between commas up to a closer; a trailing comma is let through. */
/** At the comma before the next argument of a call: no element of a list has a name. */
const namesArgument = (p: Parser): boolean =>
  isPunct(peek(p), ',') && peek(p, 1).kind === 'word' && isPunct(peek(p, 2), '=')

function list<T>(p: Parser, closer: string, item: () => T, isArray = false): T[] {
  const items: T[] = []
  while (!at(p, closer) && peek(p).kind !== 'end') {
    const before = p.at
    items.push(item())
    if (isArray && namesArgument(p)) break
    if (accept(p, ',')) continue
    if (peek(p).text === '|' && !closerFollows(p, closer)) break
    if (at(p, closer) || peek(p).kind === 'end' || /^[)}\]]$/.test(peek(p).text)) break
    expected(p, `\`,\` or \`${closer}\``, `after ${shownBefore(p)}`)
    skipTo(p, (t) => isPunct(t, ',') || isPunct(t, closer) || isPunct(t, '|') || isPunct(t, ';'))
    if (!accept(p, ',') || p.at === before) break
  }
  return items
}

function subquery(p: Parser): Expr {
  const open = take(p)
  const pipeline = p.grammar.pipeline(p)
  close(p, open)
  return { kind: 'pipeline', pipeline, attributes: attributes(p), span: since(p, open.start) }
}
function labelled(p: Parser): Expr {
  const label = nameOf(take(p))
  p.at++
  const rest = subquery(p)
  return rest.kind === 'pipeline' ? { ...rest, label, span: since(p, label.span.start) } : rest
}
/** `include: [a, b]` after a sub-query of correlate(). */
function attributes(p: Parser) {
  const found: { name: string; value: Expr; span: { start: number; end: number } }[] = []
  while (peek(p).kind === 'word' && isPunct(peek(p, 1), ':')) {
    const name = take(p)
    p.at++
    const value = expression(p)
    found.push({ name: name.text, value, span: since(p, name.start) })
  }
  return found
}

export function call(p: Parser): Call {
  const name = take(p)
  const args = callArgs(p)
  return { name: name.text, nameSpan: spanOf(name), args, span: since(p, name.start) }
}
export function callArgs(p: Parser): readonly Arg[] {
  const open = take(p)
  const args = list(p, ')', () => arg(p))
  close(p, open)
  return args
}
function arg(p: Parser): Arg {
  const t = peek(p)
  if ((t.kind !== 'word' && t.kind !== 'string') || !isPunct(peek(p, 1), '=')) {
    const value = expression(p)
    return { value, span: since(p, t.start) }
  }
  const name = nameOf(take(p))
  p.at++
  const value = expression(p)
  return { name: name.name, nameSpan: name.span, value, span: since(p, t.start) }
}

export function regex(t: Token): Regex {
  const close = t.text.lastIndexOf('/')
  const ended = close > 0 && t.fault === undefined
  const body = ended ? t.text.slice(1, close) : t.text.slice(1)
  const flags = ended ? t.text.slice(close + 1) : ''
  return {
    kind: 'regex',
    pattern: body.replace(/\\(.)/gs, (m, c: string) => (c === '/' ? '/' : m)),
    flags,
    span: spanOf(t),
  }
}
export function param(t: Token): Param {
  const span = spanOf(t)
  if (t.text.startsWith('?"')) return { kind: 'param', name: unquote(t.text.slice(1)), span }
  if (!t.text.startsWith('?{')) return { kind: 'param', name: t.text.slice(1), span }
  const body = t.text.slice(2, -1)
  const eq = body.indexOf('=')
  const clean = (s: string): string => (/^".*"$/s.test(s.trim()) ? unquote(s.trim()) : s.trim())
  if (eq < 0) return { kind: 'param', name: clean(body), span }
  return { kind: 'param', name: clean(body.slice(0, eq)), default: clean(body.slice(eq + 1)), span }
}
