// Tests of single fields in KQL.
import { missing, parseRegex, printRegex } from '../../regex/regex.ts'
import { type FieldTest, searchPattern, shapeOf, type TextTest } from '../shared/condition.ts'
import type { Part, Test } from '../shared/portable.ts'
import type { Span } from '../../text/source.ts'
import { type FieldType, type Losses, Refused } from '../shared/target.ts'
import { nameText, textLiteral } from './text.ts'

export interface Scope {
  type(name: string): FieldType
  readonly losses: Losses
}

/** The place of a test. Inside `not` it must be false rather than null for an empty column. */
export type Place = 'conjunct' | 'inner' | 'negated'

export function testText(t: Test, scope: Scope, place: Place): string {
  switch (t.kind) {
    case 'keyword':
    case 'keyword-regex':
      return keywordText(t, scope)
    case 'fields':
      return fieldsText(t)
    default: {
      const text = fieldText(t, scope)
      // The address functions are null for every address of the other version, not only for an empty column.
      const guarded = place === 'negated' ? canBeNull(t, scope) : place === 'inner' && t.kind === 'network'
      return guarded ? `coalesce(${text}, false)` : text
    }
  }
}

const canBeNull = (t: FieldTest, scope: Scope): boolean => {
  if (t.kind === 'exists') return false
  if (t.kind === 'network' || t.kind === 'number') return true
  const type = scope.type(t.field)
  return (type === 'number' || type === 'boolean') && t.kind === 'text' && !isTextual(t)
}
const isTextual = (t: TextTest): boolean => shapeOf(t.parts).kind !== 'is'

function fieldText(t: FieldTest, scope: Scope): string {
  const name = nameText(t.field)
  const type = scope.type(t.field)
  const isText = type === 'text' || type === 'address'
  switch (t.kind) {
    case 'exists':
      if (isText)
        scope.losses.add('null-or-empty', `${t.field}: KQL cannot tell an empty text from an absent one`, t.at)
      return isText ? `isnotempty(${name})` : `isnotnull(${name})`
    case 'number': {
      const op = t.op === '=' ? '==' : t.op
      return `${isText ? `toreal(${name})` : name} ${op} ${numberText(t.value)}`
    }
    case 'network':
      return `ipv${t.network.includes(':') ? 6 : 4}_is_in_range(${name}, ${textLiteral(t.network)})`
    case 'regex':
      return `${isText ? name : `tostring(${name})`} matches regex ${textLiteral(regexText(t.pattern, t.flags, t.at))}`
    case 'text':
      return textText(t, scope, name, type)
  }
}

function textText(t: TextTest, scope: Scope, name: string, type: FieldType): string {
  const shape = shapeOf(t.parts)
  if (shape.kind === 'present')
    return fieldText({ kind: 'exists', field: t.field, ...(t.at ? { at: t.at } : {}) }, scope)
  if ((type === 'number' || type === 'boolean') && shape.kind === 'is') {
    const literal = literalOf(shape.text, type)
    if (literal === undefined)
      throw new Refused(`${t.field} holds a ${type}; it is never ${JSON.stringify(shape.text)}`, t.at)
    return `${name} == ${literal}`
  }
  const of = type === 'number' || type === 'boolean' ? `tostring(${name})` : name
  if (shape.kind === 'is' && shape.text === '') {
    scope.losses.add('null-or-empty', `${t.field}: KQL cannot tell an empty text from an absent one`, t.at)
    return `isempty(${of})`
  }
  if (shape.kind === 'pattern') return `${of} matches regex ${textLiteral(patternText(shape.parts, t.cased))}`
  return `${of} ${operator(shape.kind, t.cased)} ${textLiteral(shape.text)}`
}

const OPERATORS = { contains: 'contains', ends: 'endswith', starts: 'startswith' } as const
function operator(kind: 'contains' | 'ends' | 'is' | 'starts', cased: boolean): string {
  if (kind === 'is') return cased ? '==' : '=~'
  return cased ? `${OPERATORS[kind]}_cs` : OPERATORS[kind]
}

/** The value as a literal of a column that is no text. */
export function literalOf(text: string, type: FieldType): string | undefined {
  if (type === 'boolean') return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : undefined
  return /^-?\d{1,15}$/.test(text) ? String(Number(text)) : undefined
}

/** A plain comparison that can join a list. */
export function listable(t: TextTest, scope: Scope): { readonly key: string; readonly item: string } | undefined {
  const shape = shapeOf(t.parts)
  if (shape.kind !== 'is' || shape.text === '') return undefined
  const type = scope.type(t.field)
  if (type === 'number' || type === 'boolean') {
    const literal = literalOf(shape.text, type)
    return literal === undefined ? undefined : { key: `${nameText(t.field)} in (`, item: literal }
  }
  return { key: `${nameText(t.field)} ${t.cased ? 'in' : 'in~'} (`, item: textLiteral(shape.text) }
}

function keywordText(t: Extract<Test, { kind: 'keyword' | 'keyword-regex' }>, scope: Scope): string {
  scope.losses.add(
    'keyword-columns',
    'KQL searches each column, not the raw record: a text that spans two fields is not found',
    t.at,
  )
  if (t.kind === 'keyword-regex') return `* matches regex ${textLiteral(regexText(t.pattern, t.flags, t.at))}`
  const shape = shapeOf(t.parts)
  if (shape.kind === 'present') return 'true'
  return shape.kind === 'pattern'
    ? `* matches regex ${textLiteral(patternText(shape.parts, t.cased))}`
    : `* ${operator(shape.kind, t.cased)} ${textLiteral(shape.text)}`
}

function fieldsText(t: Extract<Test, { kind: 'fields' }>): string {
  const [a, b] = [nameText(t.left), nameText(t.right)]
  const word = {
    contains: t.cased ? 'contains_cs' : 'contains',
    ends: t.cased ? 'endswith_cs' : 'endswith',
    equals: t.cased ? '==' : '=~',
    starts: t.cased ? 'startswith_cs' : 'startswith',
  }[t.how]
  return `(isnotempty(${a}) and isnotempty(${b}) and ${a} ${word} ${b})`
}

const quoteText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const patternText = (parts: readonly Part[], cased: boolean): string =>
  `(?${cased ? '' : 'i'}s)${searchPattern(parts, quoteText)}`

/** Spellings that RE2 shares with every other flavour. Others are printed anew from the tree. */
const COMMON =
  /^(?:[^\\[(]|\\[^A-Za-z0-9]|\\[dDsSwWbBnrt]|\((?:\?(?::|[ims]+\)))?|\[(?:[^\\\]&[~-]|[^\\\]&[~-]-[^\\\]&[~-]|\\[^A-Za-z0-9]|\\[dDsSwWnrt])+\])*$/s

/** https://learn.microsoft.com/kusto/query/regex: no look-around, no back-references. */
export function regexText(pattern: string, flags: string, at?: Span): string {
  const parsed = parseRegex(pattern, flags)
  if (!parsed.ok) throw new Refused(`the pattern does not parse: ${parsed.error.reason}`, at)
  const [lacks] = missing(parsed.regex, 're2', false).filter((m) => m.feature !== 'not-word-boundary')
  if (lacks) throw new Refused(`the pattern has ${lacks.feature}, which KQL's regular expressions lack`, at)
  const prefix = flags === '' ? '' : `(?${flags})`
  return COMMON.test(pattern) ? prefix + pattern : printRegex(parsed.regex, 're2', 'none').pattern
}

export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Refused(`${value} has no literal`)
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : `real(${value})`
}
