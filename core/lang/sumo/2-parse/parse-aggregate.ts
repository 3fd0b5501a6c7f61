// Aggregates and their groups: `count as n, sum(x) as s by a, b`. An expression inside them becomes a stage before.
import { byName } from '../../../text/by-name.ts'
import { inText, diagnostic, type Edit } from '../../../diag/diagnostic.ts'
import * as codes from '../../../diag/catalogue/sumo.ts'
import { numberValue, type Token } from '../1-lex/lex.ts'
import { expression } from './parse-expr.ts'
import type { Agg, Expr, Name, Stage } from './ast.ts'
import { type Cursor, from, isName, name } from './cursor.ts'
import * as near from '../near-misses/expressions.ts'
import { groupbyWord, groupSpaces } from '../near-misses/spl.ts'

/** Other languages' names of aggregates. */
const RENAMED: Record<string, readonly [name: string, record: 'dc' | 'time']> = byName({
  dc: ['count_distinct', 'dc'],
  distinct_count: ['count_distinct', 'dc'],
  earliest: ['last', 'time'],
  latest: ['first', 'time'],
})
export const isForeignAggregate = (word: string): boolean => word.toLowerCase() in RENAMED

interface Hoisted {
  readonly stages: Stage[]
  /** Place in the text for the stages that compute values. */
  readonly insertAt: number
}

export function parseAggregate(c: Cursor, head: Token): Stage[] | undefined {
  const hoisted: Hoisted = { stages: [], insertAt: head.span.start }
  const aggs: Agg[] = []
  do {
    if (aggs.length > 0 && !beginsAggregate(c)) break
    const agg = aggregate(c, hoisted)
    if (!agg) return undefined
    aggs.push(agg)
  } while (c.eat(','))
  const by = groups(c, hoisted, aggs)
  return [...hoisted.stages, { kind: 'aggregate', aggs, by, span: from(head.span, c), head: head.span }]
}

const beginsAggregate = (c: Cursor): boolean => {
  const t = c.peek()
  return t.kind === 'word' && (c.grammar.aggregate(t.text.toLowerCase()) !== undefined || isForeignAggregate(t.text))
}

function aggregate(c: Cursor, hoisted: Hoisted): Agg | undefined {
  const t = c.next()
  const written = t.text.toLowerCase()
  const renamed = RENAMED[written]
  if (renamed)
    c.near(renamed[1] === 'dc' ? near.dcAggregate : near.earliestLatest, t.span, [{ span: t.span, text: renamed[0] }])
  const word = renamed?.[0] ?? written
  let field: Name | undefined
  const numbers: number[] = []
  if (c.eat('(')) {
    field = argument(c, hoisted)
    while (c.eat(',')) {
      const n = c.peek()
      const value = n.kind === 'number' ? numberValue(n.text) : undefined
      if (value !== undefined) numbers.push(value)
      else if (!isName(n)) {
        c.fail('a number')
        return undefined
      }
      c.next()
    }
    if (!c.expect(')')) return undefined
  } else if (c.grammar.aggregate(word)?.bare === 'argument' && isName(c.peek()) && !c.isWord('as') && !c.isWord('by')) {
    field = name(c)
  }
  let as: Name | undefined
  if (c.eatWord('as')) {
    const inParens = c.eat('(')
    // `count as by host`: the name is missing, and `by` begins the groups.
    if (c.isWord('by') && isName(c.peek(1)) && !c.isWord('by', 1)) {
      c.fail('a name after `as`')
      return undefined
    }
    as = name(c)
    if (!as) return undefined
    if (inParens) c.expect(')')
  }
  return { name: word, nameSpan: t.span, field, numbers, as, span: from(t.span, c) }
}

/** The argument in parentheses; an expression becomes a stage before. */
function argument(c: Cursor, hoisted: Hoisted): Name | undefined {
  if (c.isPunct(')')) return undefined
  if (c.isPunct('*') && c.isPunct(')', 1)) {
    c.next()
    return undefined
  }
  // A template variable in the place of a field, as in every list of names.
  if (c.peek().kind === 'hole' && (c.isPunct(')', 1) || c.isPunct(',', 1))) return name(c)
  const value = expression(c)
  if (!value) return undefined
  if (value.kind === 'field') return value.name
  if (value.kind === 'number' || value.kind === 'string') return { name: '*', quoted: false, span: value.span }
  // `sum({{unit}}_rate)`: no expression ends here, so there is nothing to move.
  if (!c.isPunct(')') && !c.isPunct(',')) return undefined
  return hoist(c, value, '_arg', hoisted, near.expressionInAggregate)
}

function hoist(c: Cursor, value: Expr, prefix: string, hoisted: Hoisted, record: typeof near.expressionInBy): Name {
  const hoistedName = `${prefix}${hoisted.stages.length + 1}`
  const text = c.takeText(value.span)
  const edits: Edit[] = [
    { span: { start: hoisted.insertAt, end: hoisted.insertAt }, text: `${text} as ${hoistedName} | ` },
    { span: value.span, text: hoistedName },
  ]
  c.near(record, value.span, edits)
  const target: Name = { name: hoistedName, quoted: false, span: value.span }
  hoisted.stages.push({ kind: 'assign', value, target, span: value.span, head: value.span })
  return target
}

function groups(c: Cursor, hoisted: Hoisted, aggs: readonly Agg[]): Name[] {
  const word = c.peek()
  if (c.eatWord('groupby')) c.near(groupbyWord, word.span, [{ span: word.span, text: 'by' }])
  else if (c.eatWord('group')) c.eatWord('by')
  else if (!c.eatWord('by') && !isName(c.peek()) && !(c.isPunct('(') && aggs.length > 0)) return []
  const inParens = c.eat('(')
  const out: Name[] = []
  while (!c.stageOver || (inParens && !c.isPunct(')'))) {
    const t = c.peek()
    if (isName(t) || t.kind === 'hole') {
      const key = groupKey(c, hoisted)
      if (!key) break
      out.push(key)
    } else break
    if (c.eat(',')) continue
    if (c.lostPipe || !isNextKey(c)) break
    const end = c.lastEnd
    c.near(groupSpaces, c.peek().span, [{ span: { start: end, end }, text: ',' }])
  }
  if (inParens) c.expect(')')
  if (out.length === 0)
    c.add(
      diagnostic(codes.sumoExpected, inText(c.source, c.peek().span), {
        expected: 'a field to group by',
        found: c.describe(),
      }),
    )
  return out
}

/** `by a b`: two fields without a comma. */
function isNextKey(c: Cursor): boolean {
  const after = c.peek(1)
  const isLast = c.at + 1 >= c.tokens.length || [',', '|', ')'].includes(after.text) || isName(after)
  return (
    isName(c.peek()) && isLast && !/^(?:as|asc|by|desc|having|limit|nodrop|order|sort|where|with)$/i.test(c.peek().text)
  )
}

function groupKey(c: Cursor, hoisted: Hoisted): Name | undefined {
  const next = c.peek(1)
  const plain = next.kind !== 'punct' || [',', '|', ')', ']'].includes(next.text)
  if (plain) return name(c)
  const value = expression(c)
  if (!value) return undefined
  if (value.kind === 'field') return value.name
  return hoist(c, value, '_key', hoisted, near.expressionInBy)
}
