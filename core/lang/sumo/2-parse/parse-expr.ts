// Expressions, by precedence: ?: < or < and < ! < comparison < + - < * / % < unary < primary.
import { byName } from '../../../text/by-name.ts'
import type { Edit } from '../../../diag/diagnostic.ts'
import { type Span, spanning } from '../../../text/source.ts'
import type { Token } from '../1-lex/lex.ts'
import { asNumber, RULE_FUNCTIONS, ruleComparison, ruleField } from './parse-rule.ts'
import { holeName } from '../1-lex/template.ts'
import { parseSubquery } from './parse-scope.ts'
import type { BinaryOp, Expr } from './ast.ts'
import { type Cursor, from, nameOf } from './cursor.ts'
import { numberOf, quote, stringOf } from './tokens.ts'
import * as near from '../near-misses/expressions.ts'

/** An expression; undefined, with an error, when none begins here. */
export const expression = (c: Cursor): Expr | undefined => c.nested(() => conditional(c))

function conditional(c: Cursor): Expr | undefined {
  const cond = orLevel(c)
  if (!cond || !c.isPunct('?')) return cond
  c.next()
  const then = expression(c)
  c.expect(':')
  const otherwise = expression(c)
  if (!then || !otherwise) return undefined
  return { kind: 'if', cond, yes: then, no: otherwise, span: spanning(cond.span, otherwise.span) }
}

/** Levels of a tree of operators: brackets in chains in brackets add up. */
const TALLEST = 1000

type Level = (c: Cursor) => Expr | undefined

function leftAssociative(c: Cursor, next: Level, op: (c: Cursor) => BinaryOp | undefined): Expr | undefined {
  const before = c.height
  c.height = 0
  let left = next(c)
  for (let height = c.height; left; ) {
    const at = c.peek()
    c.height = Math.max(before, height)
    const found = op(c)
    if (!found) return left
    if (height >= TALLEST) return c.tooDeep(TALLEST, at)
    c.height = 0
    const right = next(c)
    if (!right) return undefined
    // Each operator puts its left side one level deeper.
    height = Math.max(height, c.height) + 1
    left = { kind: 'binary', op: found, left, right, span: spanning(left.span, right.span) }
  }
  return undefined
}

const orLevel: Level = (c) => leftAssociative(c, andLevel, () => (c.eatWord('or') || c.eat('||') ? 'or' : undefined))
const andLevel: Level = (c) => leftAssociative(c, notLevel, () => (c.eatWord('and') || c.eat('&&') ? 'and' : undefined))

/** `not x` is refused by the vendor and means `!(x)`. Its operand is a whole comparison, as in SQL. */
function notLevel(c: Cursor): Expr | undefined {
  const start = c.peek()
  if (!c.isWord('not') || c.isWord('in', 1)) return comparison(c)
  c.next()
  const of = c.nested(() => notLevel(c))
  if (!of) return undefined
  const grouped = of.kind === 'group' || of.kind === 'call'
  const edits: Edit[] = [{ span: { start: start.span.start, end: of.span.start }, text: grouped ? '!' : '!(' }]
  if (!grouped) edits.push({ span: { start: of.span.end, end: of.span.end }, text: ')' })
  c.near(near.notWord, start.span, edits)
  return { kind: 'unary', op: '!', of, span: from(start.span, c) }
}

const COMPARE: Record<string, BinaryOp> = byName({
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
})

/** Two operators without space between them, and the one that they stand for. */
const EXCHANGED: Readonly<Record<string, BinaryOp>> = byName({
  '=!': '!=',
  '=>': '>=',
  '=<': '<=',
  '===': '=',
  '!==': '!=',
})

/** After the operator `t`: the one that it means together with the next sign. */
function otherSigns(c: Cursor, t: Token): BinaryOp | undefined {
  const next = c.peek()
  const meant = next.kind === 'punct' && next.span.start === t.span.end ? EXCHANGED[t.text + next.text] : undefined
  if (meant === undefined) return undefined
  const span = spanning(t.span, c.next().span)
  c.near(t.text + next.text === '=!' ? near.equalsNot : near.exchangedSigns, span, [{ span, text: meant }])
  return meant
}

function comparison(c: Cursor): Expr | undefined {
  let left = additive(c)
  while (left) {
    const t = c.peek()
    const op = t.kind === 'punct' ? COMPARE[t.text] : undefined
    if (op) {
      c.next()
      const meant = otherSigns(c, t)
      const right = additive(c)
      if (!right) return undefined
      left = comparisonOf(c, meant ?? op, left, right)
      continue
    }
    const ofRule = c.rule ? ruleComparison(c, left, additive) : undefined
    if (ofRule) {
      left = ofRule
      continue
    }
    const word = c.eatWord('matches', 'contains', 'like')
    if (word) {
      left = wordComparison(c, word, left)
      continue
    }
    if (c.isWord('not') && (c.isWord('matches', 1) || c.isWord('contains', 1) || c.isWord('like', 1))) {
      left = notComparison(c, left)
      continue
    }
    if (c.isWord('in') || (c.isWord('not') && c.isWord('in', 1))) {
      left = membership(c, left)
      continue
    }
    if (t.kind === 'hole') {
      // `duration {{comparison}}`: the variable holds operator and value.
      c.next()
      left = { kind: 'hole', name: holeName(t.text), span: spanning(left.span, t.span) }
      continue
    }
    return left
  }
  return undefined
}

function comparisonOf(c: Cursor, op: BinaryOp, left: Expr, right: Expr): Expr {
  const span = spanning(left.span, right.span)
  const isNull = right.kind === 'null' || left.kind === 'null'
  // A rule compares with null and is not true; numbers in quotes are numbers where an order is asked for.
  if (c.rule && isNull) return { kind: 'bool', value: false, span }
  if (c.rule && op !== '=' && op !== '!=')
    return { kind: 'binary', op, left: asNumber(left), right: asNumber(right), span }
  if (!isNull || (op !== '=' && op !== '!=')) return { kind: 'binary', op, left, right, span }
  const of = right.kind === 'null' ? left : right
  const text = c.takeText(of.span)
  c.near(near.compareNull, span, [{ span, text: `${op === '=' ? '' : '!'}isNull(${text})` }])
  const call: Expr = { kind: 'call', name: 'isNull', nameSpan: span, args: [of], span }
  return op === '=' ? call : { kind: 'unary', op: '!', of: call, span }
}

function wordComparison(c: Cursor, word: Token, left: Expr): Expr | undefined {
  const right = additive(c)
  if (!right) return undefined
  const span = spanning(left.span, right.span)
  const op = word.text.toLowerCase()
  if (op !== 'like') return { kind: 'binary', op: op as BinaryOp, left, right, span }
  if (right.kind !== 'string') {
    c.near(near.likeOperator, word.span, [{ span: word.span, text: 'matches' }])
    return { kind: 'binary', op: 'matches', left, right, span }
  }
  const pattern = right.text.replace(/%/g, '*')
  c.near(near.likeOperator, word.span, [
    { span: word.span, text: 'matches' },
    { span: right.span, text: quote(pattern) },
  ])
  return { kind: 'binary', op: 'matches', left, right: { ...right, text: pattern }, span }
}

function notComparison(c: Cursor, left: Expr): Expr | undefined {
  const not = c.next()
  const word = c.next()
  const of = wordComparison(c, word, left)
  if (!of) return undefined
  c.near(near.notBeforeOperator, not.span, [
    { span: { start: left.span.start, end: left.span.start }, text: '!(' },
    { span: { start: not.span.start, end: word.span.start }, text: '' },
    { span: { start: of.span.end, end: of.span.end }, text: ')' },
  ])
  return { kind: 'unary', op: '!', of, span: of.span }
}

function membership(c: Cursor, of: Expr): Expr | undefined {
  const negated = c.eatWord('not') !== undefined
  c.next()
  const bracket = c.isPunct('[') && !c.isWord('subquery', 1)
  if (bracket) c.next()
  else if (!c.expect('(')) return undefined
  const list: Expr[] = []
  while (!c.done && !c.isPunct(')') && !c.isPunct(']')) {
    const item = expression(c)
    if (!item) return undefined
    // The schema of Cloud SIEM has numbers; here a field is compared with their text.
    list.push(c.rule && item.kind === 'number' ? { kind: 'string', text: item.text, span: item.span } : item)
    if (!c.eat(',')) break
  }
  if (!c.expect(bracket ? ']' : ')')) return undefined
  return { kind: 'in', negated, of, list, span: from(of.span, c) }
}

const additive: Level = (c) => leftAssociative(c, multiplicative, () => punctOp(c, ['+', '-']))
const multiplicative: Level = (c) => leftAssociative(c, unary, () => punctOp(c, ['*', '/', '%']))

function punctOp(c: Cursor, ops: readonly BinaryOp[]): BinaryOp | undefined {
  return ops.find((op) => c.eat(op))
}

function unary(c: Cursor): Expr | undefined {
  const t = c.peek()
  if (t.kind !== 'punct' || (t.text !== '!' && t.text !== '-')) return primary(c)
  c.next()
  const of = c.nested(() => unary(c))
  if (!of) return undefined
  if (t.text === '-' && of.kind === 'number')
    return { kind: 'number', value: -of.value, text: `-${of.text}`, span: spanning(t.span, of.span) }
  return { kind: 'unary', op: t.text, of, span: spanning(t.span, of.span) }
}

function primary(c: Cursor): Expr | undefined {
  const t = c.peek()
  switch (t.kind) {
    case 'number':
      return numberLiteral(c)
    case 'string':
    case 'single':
      return stringLiteral(c)
    case 'regex':
      return regexLiteral(c)
    case 'hole':
      c.next()
      return { kind: 'hole', name: holeName(t.text), span: t.span }
    case 'path':
      c.next()
      return { kind: 'path', text: t.text.replace(/"/g, ''), span: t.span }
    case 'field':
      c.next()
      return { kind: 'field', name: nameOf(t), span: t.span }
    case 'word':
      return wordPrimary(c)
    default:
      return bracketed(c)
  }
}

function bracketed(c: Cursor): Expr | undefined {
  const t = c.peek()
  if (t.kind === 'punct' && t.text === '[' && c.isWord('subquery', 1)) {
    const sub = parseSubquery(c)
    return sub && { kind: 'subquery', sub, span: sub.span }
  }
  if (t.kind !== 'punct' || t.text !== '(') {
    c.fail('an expression')
    return undefined
  }
  c.next()
  const of = expression(c)
  if (!of || !c.close(t)) return undefined
  return { kind: 'group', of, span: from(t.span, c) }
}

function numberLiteral(c: Cursor): Expr {
  const t = c.next()
  return { kind: 'number', value: numberOf(c, t) ?? 0, text: t.text, span: t.span }
}

function stringLiteral(c: Cursor): Expr {
  const t = c.next()
  const text = stringOf(c, t)
  return { kind: 'string', text, span: t.span }
}

function regexLiteral(c: Cursor): Expr {
  const t = c.next()
  const close = t.text.lastIndexOf('/')
  const pattern = t.text.slice(1, close).replace(/\\\//g, '/')
  return { kind: 'regex', pattern, flags: t.text.slice(close + 1), span: t.span }
}

function wordPrimary(c: Cursor): Expr | undefined {
  const t = c.next()
  if (c.isPunct('(')) return callOf(c, t)
  const inRecord = c.rule ? ruleField(c, t) : undefined
  if (inRecord) return { kind: 'field', name: inRecord, span: inRecord.span }
  const lower = t.text.toLowerCase()
  if (lower === 'true' || lower === 'false') return { kind: 'bool', value: lower === 'true', span: t.span }
  if (lower === 'null') return { kind: 'null', span: t.span }
  if (['and', 'or', 'as', 'by', 'in', 'matches'].includes(lower)) {
    c.at--
    c.fail('an expression')
    return undefined
  }
  return { kind: 'field', name: nameOf(t), span: t.span }
}

function callOf(c: Cursor, word: Token): Expr | undefined {
  const open = c.next()
  const args: Expr[] = []
  while (!c.done && !c.isPunct(')')) {
    const arg = expression(c)
    if (!arg) return undefined
    args.push(arg)
    if (!c.eat(',')) break
  }
  if (!c.close(open)) return undefined
  return rewriteCall(c, word, args, from(word.span, c))
}

const FOREIGN: Record<string, string> = byName({
  lower: 'toLowerCase',
  upper: 'toUpperCase',
  len: 'length',
  tolower: 'toLowerCase',
  toupper: 'toUpperCase',
})

function rewriteCall(c: Cursor, word: Token, args: readonly Expr[], span: Span): Expr {
  const lower = word.text.toLowerCase()
  const [first, second, third] = args
  const call = (name: string): Expr => ({ kind: 'call', name, nameSpan: word.span, args, span })
  const textOf = (e: Expr): string => c.takeText(e.span)
  if (lower === 'if' && first && second && third && args.length === 3)
    return { kind: 'if', cond: first, yes: second, no: third, span }
  if (lower === 'isnotnull' && first) {
    c.near(near.isNotNullCall, word.span, [{ span: word.span, text: '!isNull' }])
    return { kind: 'unary', op: '!', of: call('isNull'), span }
  }
  const ofRule = c.rule ? RULE_FUNCTIONS[lower] : undefined
  if (ofRule) return call(ofRule)
  const foreign = FOREIGN[lower]
  if (foreign) {
    c.near(near.foreignFunction, word.span, [{ span: word.span, text: foreign }])
    return call(foreign)
  }
  if (lower === 'coalesce' && args.length >= 1) {
    c.near(near.coalesceCall, span, [{ span, text: coalesceText(args.map(textOf)) }])
    return args.reduceRight((otherwise, a) => ({
      kind: 'if',
      cond: { kind: 'call', name: 'isNull', nameSpan: span, args: [a], span },
      yes: otherwise,
      no: a,
      span,
    }))
  }
  if (lower === 'case' && args.length >= 2) {
    const folded = nestedIfs(args, textOf)
    c.near(near.caseCall, span, folded.text ? [{ span, text: folded.text }] : [])
    return folded.expr
  }
  return call(word.text)
}

const coalesceText = (args: readonly string[]): string =>
  args.reduceRight((otherwise, a) => `if(isNull(${a}), ${otherwise}, ${a})`)

/** A `case` without a last `true` has no value when no condition is true. Sumo Logic has no literal for that: no rewrite then. */
function nestedIfs(args: readonly Expr[], textOf: (e: Expr) => string): { expr: Expr; text: string | undefined } {
  let expr: Expr = { kind: 'null', span: (args[0] as Expr).span }
  let text: string | undefined
  for (let i = args.length - (args.length % 2) - 2; i >= 0; i -= 2) {
    const cond = args[i] as Expr
    const then = args[i + 1] as Expr
    const always = cond.kind === 'bool' && cond.value
    const isCall1 =
      cond.kind === 'binary' && cond.op === '=' && cond.left.kind === 'number' && cond.right.kind === 'number'
    if (always || (isCall1 && textOf(cond).replace(/\s/g, '') === '1=1')) {
      expr = then
      text = textOf(then)
      continue
    }
    expr = { kind: 'if', cond, yes: then, no: expr, span: then.span }
    text = text === undefined ? undefined : `if(${textOf(cond)}, ${textOf(then)}, ${text})`
  }
  return { expr, text }
}
