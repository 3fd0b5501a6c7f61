// One stage, by its first word.
import { nearest } from '../../../text/nearest.ts'
import * as codes from '../../../diag/catalogue/sumo.ts'
import { inText, diagnostic } from '../../../diag/diagnostic.ts'
import { type Token, numberValue } from '../1-lex/lex.ts'
import { parseAggregate } from './parse-aggregate.ts'
import { expression, holeName } from './parse-expr.ts'
import { parseExtraction } from './parse-extract.ts'
import { binOfTime, foreignStage } from './parse-foreign.ts'
import { parseTableStage } from './parse-tables.ts'
import { parseStages } from './parse.ts'
import type { Expr, Name, SortKey, Stage } from './ast.ts'
import { type Cursor, from, isName, name, names, nameOf } from './cursor.ts'
import * as near from '../near-misses/expressions.ts'
import { dedupSpaces } from '../near-misses/spl.ts'
import { AGGREGATES, isOperator, OPERATORS, OTHERS } from './operators.ts'

export function parseStage(c: Cursor): Stage[] {
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
  if (t.kind !== 'word') return one(expressionStage(c))
  const word = t.text.toLowerCase()
  if (isOperator(word) && !beginsExpression(c, word)) return operatorStage(c, word, t)
  const foreign = foreignStage(c, t)
  if (foreign) return foreign
  const after = c.peek(1)
  if (isName(after) && !/^(as|in|not|and|or|matches|contains|like)$/i.test(after.text)) return wordThenName(c, t)
  if (after.kind === 'string') return unknownOperator(c, t)
  return one(expressionStage(c))
}

const one = (s: Stage | undefined): Stage[] | undefined => s && [s]

/** `count / 2 as x`, `min(a, b) as c`, `limit as l`: the word is a field or a scalar function here. */
function beginsExpression(c: Cursor, word: string): boolean {
  const after = c.peek(1)
  if (word === 'lookup' && after.text === '*') return false
  if (after.kind === 'punct' && ['/', '*', '%', '=', '!=', '<', '>', '<=', '>=', '==', '?'].includes(after.text))
    return true
  if (after.kind === 'punct' && ['+', '-'].includes(after.text)) return !['fields', 'sort', 'order'].includes(word)
  if (!AGGREGATES.has(word)) return c.isWord('as', 1)
  if ((word !== 'min' && word !== 'max') || after.text !== '(') return false
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
  const known = [...AGGREGATES, ...OPERATORS, ...OTHERS]
  c.add(diagnostic(codes.sumoOperator, inText(c.source, t.span), { name: t.text, similar: nearest(t.text, known) }))
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
  if (value.kind === 'call' && value.args.some((a) => a.kind === 'field') && !CONDITIONS.test(value.name))
    return { kind: 'assign', value, target: undefined, span, head: start.span }
  if (isCondition(value)) {
    c.near(near.bareCondition, span, [{ span: { start: span.start, end: span.start }, text: 'where ' }])
    return { kind: 'where', cond: value, span, head: start.span }
  }
  c.add(
    diagnostic(codes.sumoBareExpression, inText(c.source, span), {
      what: value.kind === 'field' ? `the field ${value.name.name}` : 'the expression',
    }),
  )
  return { kind: 'error', span, head: start.span }
}

const CONDITIONS =
  /^(is(null|empty|blank|numeric|nan|infinity|valid|private|public|reserved)|contains|jsonarraycontains|luhn)/i

function isCondition(e: Expr): boolean {
  if (e.kind === 'group') return isCondition(e.of)
  if (e.kind === 'unary') return e.op === '!'
  if (e.kind === 'binary') return !['+', '-', '*', '/', '%'].includes(e.op)
  return e.kind === 'in' || (e.kind === 'call' && CONDITIONS.test(e.name))
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

function operatorStage(c: Cursor, word: string, head: Token): Stage[] | undefined {
  if (AGGREGATES.has(word)) return parseAggregate(c, head)
  if (OTHERS.has(word)) {
    c.next()
    const tokens = c.skipStage()
    return [{ kind: 'other', name: word, tokens, span: from(head.span, c), head: head.span }]
  }
  const timed = word === 'bin' ? binOfTime(c, head) : undefined
  if (timed) return timed
  const extraction = parseExtraction(c, word, head)
  if (extraction !== 'other') return one(extraction)
  c.next()
  const done = (stage: Bare | undefined): Stage[] | undefined =>
    stage && [{ ...stage, span: from(head.span, c), head: head.span }]
  const table = parseTableStage(c, word)
  if (table !== 'other') return done(table)
  switch (word) {
    case 'where':
      return done(whereStage(c))
    case 'sort':
    case 'order':
      c.eatWord('by')
      return done({ kind: 'sort', keys: sortKeys(c) })
    case 'limit': {
      const count = number(c)
      return done(count === undefined ? undefined : { kind: 'limit', count })
    }
    case 'top':
      return done(topStage(c))
    case 'topk':
      return done(topkStage(c))
    case 'fields':
      return done(fieldsStage(c))
    case 'dedup':
      return done(dedupStage(c))
    case 'timeslice':
      return done(timesliceStage(c))
    case 'transpose':
      return done(transposeStage(c))
    case 'lookup':
      return done(lookupStage(c))
    case 'join':
      return done(joinStage(c))
    case 'withtime': {
      const field = name(c)
      return done(field && { kind: 'withtime', field })
    }
    default:
      return done(rollingStage(c, word as 'accum'))
  }
}

type WithoutPlace<T> = T extends unknown ? Omit<T, 'head' | 'span'> : never
export type Bare = WithoutPlace<Stage>

function whereStage(c: Cursor): Bare | undefined {
  const cond = expression(c)
  return cond && { kind: 'where', cond }
}

export function number(c: Cursor): number | undefined {
  const t = c.peek()
  if (t.kind === 'number') {
    c.next()
    const value = numberValue(t.text)
    if (value === undefined) c.add(diagnostic(codes.sumoNumber, inText(c.source, t.span), { text: t.text }))
    return value
  }
  if (t.kind === 'hole') {
    c.next()
    c.add(diagnostic(codes.sumoHole, inText(c.source, t.span), { name: holeName(t.text) }, { severity: 'info' }))
    return 0
  }
  c.fail('a number')
  return undefined
}

function sortKeys(c: Cursor): SortKey[] {
  const keys: SortKey[] = []
  while (!c.stageOver) {
    const plus = c.eat('+')
    const minus = !plus && c.eat('-')
    const inParens = c.eat('(')
    const field = name(c)
    if (!field) break
    if (inParens) c.expect(')')
    const word = c.eatWord('asc', 'desc', 'ascending', 'descending')
    const asc = word ? word.text.toLowerCase().startsWith('asc') : plus
    keys.push({ field, dir: asc && !minus ? 'asc' : 'desc' })
    if (!c.eat(',')) break
  }
  return keys
}

function topStage(c: Cursor): Bare | undefined {
  const inParens = c.eat('(')
  const count = number(c)
  if (count === undefined) return undefined
  c.eat(',')
  const fields = names(c)
  if (inParens) c.expect(')')
  return { kind: 'top', count, fields, by: c.eatWord('by') ? sortKeys(c) : [] }
}

function topkStage(c: Cursor): Bare | undefined {
  c.expect('(')
  const count = number(c)
  c.expect(',')
  const fields = names(c)
  c.expect(')')
  const grouped = c.eatWord('by', 'group') !== undefined
  c.eatWord('by')
  return count === undefined ? undefined : { kind: 'topk', count, fields, by: grouped ? names(c) : [] }
}

function fieldsStage(c: Cursor): Bare {
  const drop = c.eat('-')
  c.eat('=')
  return { kind: 'fields', drop, fields: names(c) }
}

function dedupStage(c: Cursor): Bare {
  const consecutive = c.eatWord('consecutive') !== undefined
  const count = c.peek().kind === 'number' ? (number(c) ?? 1) : 1
  c.eatWord('by')
  const fields: Name[] = c.stageOver ? [] : names(c)
  while (isName(c.peek()) && fields.length > 0) {
    const t = c.next()
    const before = (fields[fields.length - 1] as Name).span.end
    c.near(dedupSpaces, t.span, [{ span: { start: before, end: before }, text: ',' }])
    fields.push(nameOf(t))
    c.eat(',')
  }
  return { kind: 'dedup', consecutive, count, fields }
}

function timesliceStage(c: Cursor): Bare | undefined {
  c.eatWord('by')
  const inParens = c.eat('(')
  let spanMs: number | undefined
  let buckets: number | undefined
  const t = c.peek()
  if (t.kind === 'hole') {
    c.next()
    c.add(diagnostic(codes.sumoHole, inText(c.source, t.span), { name: holeName(t.text) }, { severity: 'info' }))
    spanMs = c.eatWord('buckets') ? undefined : 60_000
  } else if (t.kind === 'number') {
    const value = number(c)
    const unit = c.peek().kind === 'word' && /^[smhdw]$/.test(c.peek().text) ? c.next().text : ''
    if (c.eatWord('buckets', 'bucket')) buckets = value
    else spanMs = unit === '' || value === undefined ? value : (numberValue(`${value}${unit}`) ?? value)
    if (spanMs !== undefined && /^\d+$/.test(t.text) && unit === '') c.fail('a time such as `5m`, or `buckets`', t)
  }
  if (inParens) c.expect(')')
  const target = c.eatWord('as') ? name(c) : undefined
  return { kind: 'timeslice', spanMs, buckets: spanMs === undefined ? (buckets ?? 1) : buckets, target }
}

function transposeStage(c: Cursor): Bare {
  const rows: Name[] = []
  const columns: Name[] = []
  for (let w = c.eatWord('row', 'column', 'col'); w; w = c.eatWord('row', 'column', 'col')) {
    const list = w.text.toLowerCase() === 'row' ? rows : columns
    list.push(...namesUntil(c, ['row', 'column', 'col', 'as']))
  }
  const as: (Name | '*')[] = []
  if (c.eatWord('as')) {
    while (!c.stageOver) {
      if (c.eat('*')) as.push('*')
      else {
        const n = name(c)
        if (!n) break
        as.push(n)
      }
      if (!c.eat(',')) break
    }
  }
  return { kind: 'transpose', rows, columns, as }
}

function namesUntil(c: Cursor, stop: readonly string[]): Name[] {
  const out: Name[] = []
  while (!c.stageOver && !stop.some((w) => c.isWord(w))) {
    const n = name(c)
    if (!n) break
    out.push(n)
    if (!c.eat(',')) break
  }
  return out
}

function lookupStage(c: Cursor): Bare | undefined {
  const columns: { from: Name; as: Name }[] = []
  let all = false
  if (c.eat('*')) all = true
  while (!all && !c.isWord('from')) {
    const column = name(c)
    if (!column) return undefined
    columns.push({ from: column, as: (c.eatWord('as') && name(c)) || column })
    if (!c.eat(',')) break
  }
  c.expectWord('from')
  const t = c.peek()
  if (!['path', 'string', 'hole', 'word'].includes(t.kind)) {
    c.fail('a lookup table, such as path://"/Library/…"')
    return undefined
  }
  c.next()
  c.expectWord('on')
  const inParens = c.eat('(')
  const on: { event: Name; column: Name }[] = []
  while (!c.stageOver || inParens) {
    const event = name(c)
    if (!event) return undefined
    const column = c.eat('=') || c.eat('==') ? name(c) : event
    if (!column) return undefined
    on.push({ event, column })
    if (!c.eat(',') && !c.eatWord('and')) break
  }
  if (inParens) c.expect(')')
  return { kind: 'lookup', columns: all ? '*' : columns, path: t.text.replace(/"/g, ''), on }
}

function joinStage(c: Cursor): Bare | undefined {
  const tables: { stages: readonly Stage[]; name: Name }[] = []
  while (c.eat('(')) {
    c.depth++
    // What stands before the first bar is a scope of its own, and the vendor does not read it.
    if (c.isPunct('*') || c.peek().kind === 'string') {
      while (!c.stageOver) c.next()
      c.eat('|')
    }
    const stages = parseStages(c, true)
    c.depth--
    if (!c.expect(')')) return undefined
    c.expectWord('as')
    const n = name(c)
    if (!n) return undefined
    tables.push({ stages, name: n })
    if (!c.eat(',')) break
  }
  c.expectWord('on')
  const on: { left: Name; right: Name }[] = []
  while (!c.stageOver) {
    const left = name(c)
    if (!left || !(c.eat('=') || c.eat('=='))) break
    const right = name(c)
    if (!right) break
    on.push({ left, right })
    if (!c.eatWord('and') && !c.eat(',')) break
  }
  const timeWindow = c.eatWord('timewindow') !== undefined
  if (timeWindow) c.next()
  return { kind: 'join', tables, on, timeWindow }
}

function rollingStage(c: Cursor, op: 'accum'): Bare | undefined {
  const inParens = c.eat('(')
  const field = name(c)
  if (!field) return undefined
  const count = c.eat(',') ? number(c) : undefined
  if (inParens) c.expect(')')
  let target: Name | undefined
  let by: Name[] = []
  for (let w = c.eatWord('as', 'by'); w; w = c.eatWord('as', 'by')) {
    if (w.text.toLowerCase() === 'as') target = name(c)
    else by = names(c)
  }
  return { kind: 'rolling', op, field, count, target, by }
}
