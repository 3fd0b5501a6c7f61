// Filters. `not` binds tightest, then `or`, then `and`: the reverse of most languages (CrowdStrike's operator page, since 1.202).
import { expressionFilter, nameNeedsQuotes, tooDeep, unexpected } from '../../../diag/catalogue/cql.ts'
import type { Call, Compare, Filter, Name, Value } from './ast.ts'
import { call, callArgs, param, regex } from './parse-expr.ts'
import {
  accept,
  at,
  close,
  endsStep,
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
import { comparisons, isPunct, isWord, type Token } from '../1-lex/token.ts'

export function filter(p: Parser): Filter {
  const start = peek(p).start
  const of = [either(p)]
  for (;;) {
    if (isWord(peek(p), 'and')) p.at++
    else if (endsStep(peek(p)) || !startsPrimary(peek(p))) break
    of.push(either(p))
  }
  return of.length === 1 ? (of[0] as Filter) : { kind: 'and', of, span: since(p, start) }
}
function either(p: Parser): Filter {
  const start = peek(p).start
  const of = [unary(p)]
  while (isWord(peek(p), 'or')) {
    p.at++
    of.push(unary(p))
  }
  return of.length === 1 ? (of[0] as Filter) : { kind: 'or', of, span: since(p, start) }
}
function unary(p: Parser): Filter {
  const t = peek(p)
  if (!isPunct(t, '!') && !negates(p)) return primary(p)
  p.at++
  const of = deeper(p, () => unary(p))
  return { kind: 'not', of, span: since(p, t.start) }
}
/** `not = x` compares a field called `not`. */
const negates = (p: Parser): boolean => isWord(peek(p), 'not') && !isOperator(peek(p, 1))

const startsPrimary = (t: Token): boolean =>
  (t.kind !== 'punct' && t.kind !== 'bad' && t.kind !== 'end') || isPunct(t, '(') || isPunct(t, '!')
const isOperator = (t: Token): boolean =>
  (t.kind === 'punct' && (comparisons.has(t.text) || t.text === '=~')) || isWord(t, 'like')

function deeper(p: Parser, parse: () => Filter): Filter {
  if (p.depth >= maxDepth) {
    const span = spanOf(peek(p))
    fail(p, tooDeep, span, { depth: maxDepth })
    skipTo(p, endsStep)
    return { kind: 'bool', value: true, span }
  }
  p.depth++
  const result = parse()
  p.depth--
  return result
}

function primary(p: Parser): Filter {
  const t = peek(p)
  const span = spanOf(t)
  if (isPunct(t, '(')) return group(p)
  if (t.kind === 'saved') return saved(p)
  if (t.kind === 'regex') return { kind: 'freeText', value: regex(take(p)), span }
  if (t.kind === 'param') return { kind: 'freeText', value: param(take(p)), span }
  if (t.kind === 'word' || t.kind === 'string') {
    if (isOperator(peek(p, 1))) return compared(p)
    if (t.kind === 'word') return bareWord(p)
    return { kind: 'freeText', value: { kind: 'string', text: unquote(take(p).text), span }, span }
  }
  expected(p, 'a filter', `after ${shownBefore(p)}`)
  if (t.kind === 'bad') p.at++
  else skipTo(p, endsStep)
  return { kind: 'bool', value: true, span: { start: span.start, end: span.start } }
}

function group(p: Parser): Filter {
  const open = take(p)
  const of = deeper(p, () => filter(p))
  close(p, open)
  return { kind: 'group', of, span: since(p, open.start) }
}
function saved(p: Parser): Filter {
  const t = take(p)
  return { kind: 'saved', ...savedCall(p, t), span: since(p, t.start) }
}
/** The name without `$` and quotes, and the arguments, which may be left out. */
export function savedCall(p: Parser, t: Token) {
  const name = t.text.slice(1).replace(/^"|"$/g, '')
  const args = at(p, '(') && peek(p).call ? callArgs(p) : []
  return { name, args }
}

function bareWord(p: Parser): Filter {
  const t = peek(p)
  const span = spanOf(t)
  const after = peek(p, 1)
  if (isPunct(after, '(') && after.call) {
    const of = call(p)
    return { kind: 'call', call: of, span: of.span }
  }
  p.at++
  if (t.text === '*') return { kind: 'everything', span }
  if (isWord(t, 'true') || isWord(t, 'false')) return { kind: 'bool', value: isWord(t, 'true'), span }
  if (isWord(t, 'or') || isWord(t, 'and')) {
    p.at--
    expected(p, 'a filter', `after ${shownBefore(p)}`)
    p.at++
    return { kind: 'bool', value: true, span }
  }
  return { kind: 'freeText', value: { kind: 'bare', text: t.text, span }, span }
}

function compared(p: Parser): Filter {
  const t = take(p)
  const field = fieldName(p, t)
  const op = take(p)
  if (op.text === '=~') return applied(p, field)
  const value = filterValue(p)
  return { kind: 'compare', field, op: op.text.toLowerCase() as Compare['op'], value, span: since(p, t.start) }
}
/** `-`, `:` and `/` are fine in a pattern but not in the name on the left. */
export function fieldName(p: Parser, t: Token): Name {
  const name = nameOf(t)
  if (name.quoted || !/[*+\-:~/]/.test(name.name)) return name
  // `now()-@timestamp < 5` computes: quotes would make the rest a field that no event has.
  const before = p.tokens[p.tokens.lastIndexOf(t, p.at) - 1]
  if (before && glued(t) && isPunct(before, ')')) {
    const remedy = 'compare computed values with test(a > b)'
    fail(p, unexpected, name.span, { found: t.text, where: 'after `)`', expected: '`|`', remedy })
  } else fail(p, nameNeedsQuotes, name.span, { name: name.name }, quoted(name))
  return name
}
const quoted = (name: Name) => ({
  fixes: [
    { title: 'put the name in quotes', safety: 'safe' as const, edits: [{ span: name.span, text: `"${name.name}"` }] },
  ],
})

function applied(p: Parser, field: Name): Filter {
  const negated = accept(p, '!')
  const of = functionCall(p)
  const span = since(p, field.span.start)
  return of ? { kind: 'applied', field, negated, call: of, span } : { kind: 'bool', value: true, span }
}
export function functionCall(p: Parser): Call | undefined {
  const after = peek(p, 1)
  if (peek(p).kind === 'word' && isPunct(after, '(') && after.call) return call(p)
  expected(p, 'a function call', `after ${shownBefore(p)}`)
  skipTo(p, endsStep)
  return undefined
}

function filterValue(p: Parser): Value {
  const t = peek(p)
  const span = spanOf(t)
  const after = peek(p, 1)
  if (t.kind === 'regex') return regex(take(p))
  if (t.kind === 'param') return param(take(p))
  if (t.kind === 'string') return { kind: 'string', text: unquote(take(p).text), span }
  if (t.kind === 'word') {
    if (isPunct(after, '(') && after.call) {
      const of = call(p)
      return { kind: 'call', call: of, span: of.span }
    }
    p.at++
    return { kind: 'bare', text: t.text, span }
  }
  if (isPunct(t, '(') || isPunct(t, '[')) fail(p, expressionFilter, span, { name: t.text })
  else expected(p, 'a value', `after ${shownBefore(p)}`)
  if (t.kind === 'bad') p.at++
  else skipTo(p, endsStep)
  return { kind: 'bare', text: '', span: since(p, t.start) }
}
export const guardValue = filterValue
