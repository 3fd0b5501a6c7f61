// Steps: assignments, case, match, stats in brackets, saved queries, filters.
import type { Expr, Guard, Pipeline, Step } from './ast.ts'
import { array, expression, nested } from './parse-expr.ts'
import { fieldName, filter, functionCall, guardValue, savedCall } from './parse-filter.ts'
import {
  accept,
  at,
  close,
  endsStep,
  expected,
  type Parser,
  peek,
  shownBefore,
  since,
  skipTo,
  spanOf,
  take,
} from './parse-state.ts'
import { isPunct, isWord, type Token } from '../1-lex/token.ts'

/** Up to `;`, a closer or the end. Leading, trailing and doubled `|` are let through: a tenth of published queries have them. */
export function pipeline(p: Parser): Pipeline {
  const start = peek(p).start
  const steps: Step[] = []
  while (accept(p, '|'));
  while (!stops(peek(p))) {
    const before = p.at
    const found = step(p)
    if (found) steps.push(found)
    if (!accept(p, '|')) {
      if (stops(peek(p))) break
      expected(p, '`|`', `after ${shownBefore(p)}`)
      if (p.at === before) p.at++
      skipTo(p, endsStep)
      if (!at(p, '|')) break
    }
    while (accept(p, '|'));
  }
  return { steps, span: since(p, start) }
}
const stops = (t: Token): boolean => t.kind === 'end' || (t.kind === 'punct' && /^[;)}\]]$/.test(t.text))

function step(p: Parser): Step | undefined {
  const t = peek(p)
  const after = peek(p, 1)
  if (isWord(t, 'case') && isPunct(after, '{')) return deep(p, caseStep)
  if (t.kind === 'word' || t.kind === 'string') {
    if (isPunct(after, ':=')) return assign(p)
    if (isWord(after, 'match') && isPunct(peek(p, 2), '{')) return deep(p, matchStep)
  }
  if (isPunct(t, '[')) {
    const items = array(p)
    return items.kind === 'array' ? { kind: 'stats', items: items.items, span: items.span } : undefined
  }
  if (t.kind === 'saved' && endsSaved(p)) {
    p.at++
    return { kind: 'saved', ...savedCall(p, t), span: since(p, t.start) }
  }
  const found = filter(p)
  return { kind: 'filter', filter: found, span: found.span }
}
/** A saved query alone in its step. Its parenthesis, if it has one, must be closed right before the end of the step. */
function endsSaved(p: Parser): boolean {
  let open = 0
  for (let i = 1; ; i++) {
    const t = peek(p, i)
    if (open === 0 && endsStep(t)) return true
    if (t.kind === 'end') return true
    if (isPunct(t, '(')) open++
    else if (isPunct(t, ')')) open--
    else if (open === 0) return false
  }
}

function deep(p: Parser, parse: (p: Parser) => Step): Step | undefined {
  let found: Step | undefined
  nested(p, (): Expr => {
    found = parse(p)
    return { kind: 'bool', value: true, span: found.span }
  })
  return found
}

function assign(p: Parser): Step {
  const t = take(p)
  const target = fieldName(p, t)
  p.at++
  const value = expression(p)
  return { kind: 'assign', target, value, span: since(p, t.start) }
}

function caseStep(p: Parser): Step {
  const t = take(p)
  const open = take(p)
  const branches: Pipeline[] = []
  while (!at(p, '}') && peek(p).kind !== 'end') {
    if (accept(p, ';')) continue
    const before = p.at
    branches.push(pipeline(p))
    if (accept(p, ';')) continue
    if (p.at === before || !at(p, '}')) break
  }
  close(p, open)
  return { kind: 'case', branches, span: since(p, t.start) }
}

function matchStep(p: Parser): Step {
  const t = take(p)
  const field = fieldName(p, t)
  p.at++
  const open = take(p)
  const arms: { guard: Guard; body: Pipeline; span: { start: number; end: number } }[] = []
  while (!at(p, '}') && peek(p).kind !== 'end') {
    if (accept(p, ';')) continue
    const before = p.at
    const start = peek(p).start
    const test = guard(p)
    if (!accept(p, '=>')) {
      expected(p, '`=>`', `after ${shownBefore(p)}`)
      skipTo(p, (x) => isPunct(x, ';'))
    }
    const body = pipeline(p)
    if (body.steps.length === 0 && endsStep(peek(p))) {
      expected(p, 'a body', 'after `=>`', 'write `*` for a body that changes nothing')
    }
    arms.push({ guard: test, body, span: since(p, start) })
    if (accept(p, ';')) continue
    if (p.at === before || !at(p, '}')) break
  }
  close(p, open)
  return { kind: 'match', field, arms, span: since(p, t.start) }
}
function guard(p: Parser): Guard {
  const t = peek(p)
  if (t.text === '*' && t.kind === 'word') {
    p.at++
    return { kind: 'any', span: spanOf(t) }
  }
  const negated = isPunct(t, '!') || isWord(t, 'not')
  const first = peek(p, negated ? 1 : 0)
  const paren = peek(p, negated ? 2 : 1)
  if (negated || (first.kind === 'word' && isPunct(paren, '(') && paren.call)) {
    if (negated) p.at++
    const call = functionCall(p)
    const span = since(p, t.start)
    return call ? { kind: 'call', negated, call, span } : { kind: 'any', span }
  }
  const value = guardValue(p)
  return { kind: 'value', value, span: value.span }
}
