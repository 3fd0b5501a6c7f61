// Queries and stages. The first word of a stage decides which it is.
import type { Span } from '../../../text/source.ts'
import { nearest } from '../../../text/nearest.ts'
import * as codes from '../../../diag/catalogue/sumo.ts'
import { inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Token } from '../1-lex/lex.ts'
import { holeName } from '../1-lex/template.ts'
import { parseAggregate } from './parse-aggregate.ts'
import { expression } from './parse-expr.ts'
import { parseScope } from './parse-scope.ts'
import type { Expr, Query, Stage } from './ast.ts'
import { type Cursor, from, isName, name, nameOf, type OperatorGrammar } from './cursor.ts'
import * as near from '../near-misses/expressions.ts'

/** A scope and its stages, up to the end, `| compose`, or the `)` or `]` around the query. */
export function parseQuery(c: Cursor, scopeless = false): Query {
  const start = c.peek().span.start
  const scope = scopeless ? undefined : parseScope(c)
  const stages = parseStages(c, scopeless)
  return { scope, stages, span: { start, end: Math.max(start, c.lastEnd) } }
}

/** `| stage | stage …`; `bare`: the first has no bar. */
export function parseStages(c: Cursor, bare: boolean): Stage[] {
  const stages: Stage[] = []
  let first = bare
  if (bare && c.isPunct('|')) first = false
  while (!c.done) {
    if (!first && !lostPipe(c)) {
      if (!c.eat('|')) break
      if (c.isWord('compose')) return stages
    }
    first = false
    c.stageAt = c.at
    const at = c.peek().span
    if (c.stageOver) {
      const last = c.done || !c.isPunct('|')
      c.add(diagnostic(codes.sumoEmptyStage, inText(c.source, last ? { start: at.start - 1, end: at.start } : at), {}))
      continue
    }
    const errors = c.diagnostics.length
    stages.push(...parseStage(c))
    // A stage that cannot be read goes on to the next bar.
    if (c.diagnostics.length > errors) c.stageAt = Number.POSITIVE_INFINITY
    if (c.peek().kind === 'hole') {
      // Dashboards append whole stages in this way: `| count by a {{post_filter}}`.
      const t = c.next()
      stages.push({ kind: 'hole', name: t.text, span: t.span, head: t.span })
    }
    if (!c.stageOver && !beginsOperator(c)) {
      c.fail('`|` or the end')
      c.skipStage()
    }
    if (c.isPunct(')') && c.depth === 0) {
      c.fail('`|` or the end')
      c.next()
    }
    if (c.isPunct(']') && c.depth === 0) c.next()
  }
  return stages
}

/** The text cannot go on with this word, and an operator or aggregate has it as its name. */
function beginsOperator(c: Cursor): boolean {
  const word = c.peek().kind === 'word' ? c.peek().text.toLowerCase() : ''
  return c.at > c.stageAt && (operatorAt(c, c.peek()) !== undefined || c.grammar.aggregate(word) !== undefined)
}

/** A stage without a bar before it. An empty line may part two searches. */
function lostPipe(c: Cursor): boolean {
  if (c.isPunct('|') || c.at === 0 || !(c.lostPipe || beginsOperator(c))) return false
  const [before, { span }] = [c.lastEnd, c.peek()]
  const isParted = /\n[ \t]*\r?\n/.test(c.source.text.slice(before, span.start))
  c.near(near.missingPipe, span, isParted ? [] : [{ span: { start: span.start, end: span.start }, text: '| ' }])
  return true
}

function parseStage(c: Cursor): Stage[] {
  const t = c.peek()
  const errors = c.diagnostics.length
  const found = stageOf(c, t)
  if (found) return found
  if (c.diagnostics.length === errors) c.fail('an operator, an aggregate or an expression', t)
  c.skipStage()
  return [{ kind: 'error', span: from(t.span, c), head: t.span }]
}

function stageOf(c: Cursor, t: Token): Stage[] | undefined {
  if (t.kind === 'macro') {
    c.next()
    return [{ kind: 'macro', name: t.text.slice(1, -1), span: t.span, head: t.span }]
  }
  if (t.kind === 'hole' && (c.isPunct('|', 1) || c.at + 1 >= c.tokens.length)) {
    c.next()
    return [{ kind: 'hole', name: holeName(t.text), span: t.span, head: t.span }]
  }
  const named = aggregateAfterName(c)
  if (named) return named
  if (t.kind !== 'word') return one(expressionStage(c))
  const operator = operatorAt(c, t)
  const { stageAt } = c
  // Commands of other languages have the words of operators as arguments: `timechart span=1h count by user`.
  c.stageAt = Number.POSITIVE_INFINITY
  const foreign = c.grammar.foreign(c, t)
  if (foreign) return foreign
  c.stageAt = stageAt
  const word = t.text.toLowerCase()
  if (!beginsExpression(c, word, operator?.grammar)) {
    if (c.grammar.aggregate(word)) return parseAggregate(c, t)
    if (operator) return one(operatorStage(c, t, operator))
    const reason = c.grammar.notRun(word)
    if (reason !== undefined) {
      c.skipStage()
      return [{ kind: 'notRun', name: word, reason, span: from(t.span, c), head: t.span }]
    }
  }
  const after = c.peek(1)
  if (isName(after) && !/^(as|in|not|and|or|matches|contains|like)$/i.test(after.text)) return wordThenName(c, t)
  if (after.kind === 'string') return unknownOperator(c, t)
  return one(expressionStage(c))
}

const one = (s: Stage | undefined): Stage[] | undefined => s && [s]

interface FoundOperator {
  readonly grammar: OperatorGrammar
  /** Words in its name: one or two. */
  readonly words: number
}

function operatorAt(c: Cursor, t: Token): FoundOperator | undefined {
  const word = t.text.toLowerCase()
  const next = c.peek(1)
  const two = next.kind === 'word' ? c.grammar.operator(`${word} ${next.text.toLowerCase()}`) : undefined
  if (two) return { grammar: two, words: 2 }
  const grammar = c.grammar.operator(word)
  return grammar && { grammar, words: 1 }
}

function operatorStage(c: Cursor, head: Token, { grammar, words }: FoundOperator): Stage | undefined {
  c.at += words
  const node = grammar.parse(c)
  return node === undefined
    ? undefined
    : { kind: 'operator', name: grammar.name, node, span: from(head.span, c), head: head.span }
}

/** `count / 2 as x`, `min(a, b) as c`, `limit as l`: the word is a field or a scalar function here. */
function beginsExpression(c: Cursor, word: string, operator: OperatorGrammar | undefined): boolean {
  const after = c.peek(1)
  if (after.kind === 'punct' && operator?.operandBegins?.includes(after.text)) return false
  if (
    after.kind === 'punct' &&
    ['/', '*', '%', '=', '!=', '<', '>', '<=', '>=', '==', '?', '+', '-'].includes(after.text)
  )
    return true
  if (!c.grammar.aggregate(word)) return c.isWord('as', 1)
  if (!c.grammar.isFunction(word) || after.text !== '(') return false
  let depth = 0
  for (let i = 1; c.at + i < c.tokens.length; i++) {
    const x = c.peek(i)
    if (x.kind !== 'punct') continue
    if (x.text === '(') depth++
    if (x.text === ')' && --depth === 0) return false
    if (x.text === ',' && depth === 1) return true
  }
  return false
}

function wordThenName(c: Cursor, t: Token): Stage[] | undefined {
  const casts = [
    'num',
    'number',
    'double',
    'tolong',
    'toint',
    'int',
    'long',
    'tostring',
    'tolowercase',
    'touppercase',
    'urldecode',
  ]
  if (!casts.includes(t.text.toLowerCase())) return unknownOperator(c, t)
  c.next()
  const field = name(c)
  if (!field) return undefined
  const span = from(t.span, c)
  const value: Expr = {
    kind: 'call',
    name: t.text,
    nameSpan: t.span,
    args: [{ kind: 'field', name: field, span: field.span }],
    span,
  }
  return [{ kind: 'assign', value, target: c.eatWord('as') ? name(c) : undefined, span: from(t.span, c), head: t.span }]
}

function unknownOperator(c: Cursor, t: Token): undefined {
  const similar = nearest(t.text, c.grammar.words)
  c.add(diagnostic(codes.sumoOperator, inText(c.source, t.span), { name: t.text, similar }))
  return undefined
}

function expressionStage(c: Cursor): Stage | undefined {
  const start = c.peek()
  const assigned = assignment(c)
  if (assigned) return assigned
  const value = expression(c)
  if (!value) return undefined
  if (c.eatWord('as')) {
    const inParens = c.eat('(')
    const target = name(c)
    if (inParens) c.expect(')')
    return target && { kind: 'assign', value, target, span: from(start.span, c), head: start.span }
  }
  const span = from(start.span, c)
  if (value.kind === 'call' && value.args.some(readsField) && !isFilter(value))
    return { kind: 'assign', value, target: undefined, span, head: start.span }
  const limit = assignedLimit(c, value)
  if (limit) return { kind: 'operator', name: 'limit', node: limit.count, span, head: limit.head }
  if (isCondition(value)) {
    c.near(near.bareCondition, span, [{ span: { start: span.start, end: span.start }, text: 'where ' }])
    return c.grammar.condition(value, { span, head: start.span })
  }
  if (c.isPunct(':') && c.isPunct('=', 1)) {
    c.fail('`as`')
    return undefined
  }
  c.add(
    diagnostic(codes.sumoBareExpression, inText(c.source, span), {
      what: value.kind === 'field' ? `the field ${value.name.name}` : 'the expression',
    }),
  )
  return { kind: 'error', span, head: start.span }
}

/** `limit=5`, `limit == 5`: a number alone is no condition that anyone means. */
function assignedLimit(c: Cursor, value: Expr): { readonly count: number; readonly head: Span } | undefined {
  if (value.kind !== 'binary' || value.op !== '=' || value.left.kind !== 'field' || value.right.kind !== 'number')
    return undefined
  const { left, right } = value
  const { start, end } = left.span
  if (!/^limit\s*==?\s*\d+$/i.test(c.source.text.slice(start, right.span.end))) return undefined
  c.near(near.limitEquals, value.span, [{ span: { start: end, end: right.span.start }, text: ' ' }])
  return { count: right.value, head: left.span }
}

/** A field, also inside calls: `formatDate(toLong(first))` replaces `first`. */
const readsField = (e: Expr): boolean => e.kind === 'field' || (e.kind === 'call' && e.args.some(readsField))

/** The pages of these functions have `as` in brackets: without it the answer replaces the field. */
const REPLACES = /^(is(numeric|nan|infinity|validip(v[46])?|privateip|publicip|reservedip)|luhn)$/i

const isFilter = ({ name, args }: Extract<Expr, { kind: 'call' }>): boolean =>
  CONDITIONS.test(name) && !(REPLACES.test(name) && args.length === 1)

const CONDITIONS =
  /^(is(null|empty|blank|numeric|nan|infinity|valid|private|public|reserved)|contains|jsonarraycontains|luhn)/i

function isCondition(e: Expr): boolean {
  if (e.kind === 'group') return isCondition(e.of)
  if (e.kind === 'unary') return e.op === '!'
  if (e.kind === 'binary') return !['+', '-', '*', '/', '%'].includes(e.op)
  return e.kind === 'in' || (e.kind === 'call' && CONDITIONS.test(e.name))
}

/** `n = count by host`, `n := sum(bytes)`: the name goes behind the aggregate. */
function aggregateAfterName(c: Cursor): Stage[] | undefined {
  const t = c.peek()
  const signs = c.isPunct(':', 1) && c.isPunct('=', 2) ? 2 : c.isPunct('=', 1) ? 1 : 0
  const head = c.peek(signs + 1)
  if (!isName(t) || signs === 0 || !c.grammar.aggregate(head.text.toLowerCase())) return undefined
  const after = c.peek(signs + 2)
  const ends = after.text === '' || after.text === '|' || after.text === ')' || after.text === ']'
  if (!ends && after.text !== '(' && !c.isWord('by', signs + 2)) return undefined
  const start = c.at
  c.at += signs + 1
  if (beginsExpression(c, head.text.toLowerCase(), undefined)) {
    c.at = start
    return undefined
  }
  const stages = parseAggregate(c, head)
  const made = stages?.at(-1)
  const [first] = made?.kind === 'aggregate' ? made.aggs : []
  if (!stages || made?.kind !== 'aggregate' || !first) return undefined
  if (first.as) return stages
  c.near(signs === 2 ? near.assignColon : near.equalsAggregate, t.span, [
    { span: { start: t.span.start, end: head.span.start }, text: '' },
    { span: { start: first.span.end, end: first.span.end }, text: ` as ${t.text}` },
  ])
  const aggs = [{ ...first, as: nameOf(t) }, ...made.aggs.slice(1)]
  return [...stages.slice(0, -1), { ...made, aggs }]
}

/** `x := e` */
function assignment(c: Cursor): Stage | undefined {
  const t = c.peek()
  if (!isName(t) || !c.isPunct(':', 1) || !(c.isPunct('=', 2) || c.isPunct('==', 2))) return undefined
  c.next()
  c.next()
  c.next()
  const value = expression(c)
  if (!value) return undefined
  c.near(near.assignColon, t.span, [
    { span: { start: t.span.start, end: value.span.start }, text: '' },
    { span: { start: value.span.end, end: value.span.end }, text: ` as ${t.text}` },
  ])
  return { kind: 'assign', value, target: nameOf(t), span: from(t.span, c), head: t.span }
}
