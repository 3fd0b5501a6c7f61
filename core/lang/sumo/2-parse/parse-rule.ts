// Rule expressions of Cloud SIEM: one condition over a normalised record, no scope and no stages.
// https://help.sumologic.com/docs/cse/rules/cse-rules-syntax/
import { byName } from '../../../text/by-name.ts'
import { spanning } from '../../../text/source.ts'
import { lex, patternText, type Token } from '../1-lex/lex.ts'
import type { BinaryOp, Expr, Name } from './ast.ts'
import { type Cursor, from } from './cursor.ts'
import { escapeRegex } from '../../../text/escape-regex.ts'

/** Texts that no log search can mean: its scope has words and `field=value` only. */
const MARKS = [
  /\bfields\s*\[\s*["']/,
  /[\w\])]\s+(?:not\s+)?(?:matches|like|rlike)\s*["'/]/i,
  /\b(?:array_contains|compareCIDRPrefix|contains|is(?:Null|Empty|Blank|PrivateIP|PublicIP|ValidIPv?\d?)|jsonArrayContains|length|lower|size|toLowerCase|upper)\s*\(/i,
  /(?<![\w.])[\w.]+\s*(?:=|!=|==|<=?|>=?)\s*'/,
  /(?<![\w.])[\w.]+\s+(?:not\s+)?in\s*\(\s*["']/i,
  /(?<![\w.])[\w.]+\s+(?:not\s+)?between\s+\S+\s+and\b/i,
]

/** Is the text a rule expression? A text with a bar is a log search. */
export function isRule(text: string): boolean {
  // Most texts show without tokens that they have no mark: only comments and strings of several words hide one.
  if (!/\/[/*]|\bbetween\b/i.test(text) && !MARKS.some((m) => m.test(text))) return false
  const tokens = lex(text, true).filter((t) => t.kind !== 'comment')
  if (tokens.some((t) => t.text === '|' || t.text === '*' || t.kind === 'hole' || t.kind === 'unknown')) return false
  // Marks inside strings do not count: a phrase may hold anything.
  const bare = tokens
    .map((t) => (t.kind === 'string' || t.kind === 'single' ? t.text[0] + t.text.slice(-1) : t.text))
    .join('')
  return MARKS.some((m) => m.test(bare.replace(/"{2}|'{2}/g, (q) => `${q[0]}x${q[0]}`)))
}

/** `fields["EventID"]`: a field of the message that no attribute of the schema has. */
export function ruleField(c: Cursor, word: Token): Name | undefined {
  const key = c.peek(1)
  if (!c.isPunct('[') || (key.kind !== 'string' && key.kind !== 'single') || !c.isPunct(']', 2)) return undefined
  c.at += 3
  return { name: `${word.text}.${patternText(key)}`, quoted: true, span: from(word.span, c) }
}

type Operand = (c: Cursor) => Expr | undefined

/** `like`, `rlike`, `between`, `is null`, each with `not`. Undefined: none of them is here. */
export function ruleComparison(c: Cursor, left: Expr, operand: Operand): Expr | undefined {
  const before = c.at
  const not = c.eatWord('not')
  const found = ruleOperator(c, left, operand)
  if (!found) {
    c.at = before
    return undefined
  }
  return not ? negated(found) : found
}

const negated = (of: Expr): Expr => ({ kind: 'unary', op: '!', of, span: of.span })

function ruleOperator(c: Cursor, left: Expr, operand: Operand): Expr | undefined {
  if (c.eatWord('like')) return like(c, left)
  if (c.eatWord('rlike')) {
    const t = c.next()
    const span = spanning(left.span, t.span)
    const pattern = t.kind === 'regex' ? t.text.slice(1, t.text.lastIndexOf('/')) : patternText(t)
    return { kind: 'binary', op: 'matches', left, right: { kind: 'regex', pattern, flags: '', span: t.span }, span }
  }
  if (c.eatWord('between')) {
    const low = operand(c)
    const both = c.expectWord('and') ? operand(c) : undefined
    if (!low || !both) return undefined
    const span = spanning(left.span, both.span)
    const side = (op: BinaryOp, right: Expr): Expr => ({ kind: 'binary', op, left, right: asNumber(right), span })
    return { kind: 'binary', op: 'and', left: side('>=', low), right: side('<=', both), span }
  }
  if (c.isWord('is') && (c.isWord('null', 1) || c.isWord('not', 1))) {
    c.next()
    const not = c.eatWord('not')
    if (!c.expectWord('null')) return undefined
    const span = from(left.span, c)
    const call: Expr = { kind: 'call', name: 'isNull', nameSpan: span, args: [left], span }
    return not ? negated(call) : call
  }
  return undefined
}

/** `%` any characters, `_` one; a character after the escape, a backslash unless named, is itself. */
function like(c: Cursor, left: Expr): Expr {
  const t = c.next()
  const mark = c.eatWord('escape') ? patternText(c.next()) : '\\'
  const text = patternText(t)
  let pattern = ''
  for (let i = 0; i < text.length; i++) {
    const x = text[i] as string
    if (x === mark && i + 1 < text.length) pattern += escapeRegex(text[++i] as string)
    else pattern += x === '%' ? '[\\s\\S]*' : x === '_' ? '[\\s\\S]' : escapeRegex(x)
  }
  const right: Expr = { kind: 'regex', pattern: `^${pattern}$`, flags: '', span: t.span }
  return { kind: 'binary', op: 'matches', left, right, span: from(left.span, c) }
}

/** `severity > '6'` compares numbers, as the page says. */
export function asNumber(e: Expr): Expr {
  if (e.kind !== 'string' || !/^-?\d+(?:\.\d+)?$/.test(e.text)) return e
  return { kind: 'number', value: Number(e.text), text: e.text, span: e.span }
}

/** Names of rule functions that a log search writes otherwise. */
export const RULE_FUNCTIONS: Readonly<Record<string, string>> = byName({
  array_contains: 'jsonArrayContains',
  float: 'num',
  frombase64: 'base64Decode',
  fromhex: 'hexToAscii',
  lower: 'toLowerCase',
  size: 'jsonArraySize',
  tobase64: 'base64Encode',
  tofloat: 'num',
  upper: 'toUpperCase',
})
