// Tests of single fields in ES|QL. Every comparison keeps case, so a test that ignores case lower-cases both sides.
import { type FieldTest, isCased, normal, shapeOf, type TextTest } from '../shared/condition.ts'
import type { Part, Test } from '../shared/portable.ts'
import { type FieldType, type Losses, Refused } from '../shared/target.ts'
import { lucenePattern } from '../shared/lucene.ts'
import { nameText, plainLiteral, textLiteral } from './text.ts'

export interface Scope {
  type(name: string): FieldType
  hasMany(name: string): boolean
  readonly losses: Losses
}

export function testText(t: Test, scope: Scope): string {
  switch (t.kind) {
    case 'exists':
      return `${nameText(t.field)} IS NOT NULL`
    case 'number':
      return `${scope.type(t.field) === 'number' ? nameText(t.field) : `TO_DOUBLE(${nameText(t.field)})`} ${t.op === '=' ? '==' : t.op} ${numberText(t.value)}`
    case 'network':
      return `CIDR_MATCH(${addressOf(t, scope)}, ${plainLiteral(t.network)})`
    case 'regex': {
      const { pattern, folded } = lucenePattern(t.pattern, t.flags, t.at)
      return `${valueText(t, scope, folded)} RLIKE ${textLiteral(pattern)}`
    }
    case 'fields':
      return fieldsText(t, scope)
    case 'keyword':
    case 'keyword-regex':
      return keywordText(t, scope)
    case 'text':
      return textText(t, scope)
  }
}

const addressOf = (t: FieldTest, scope: Scope): string =>
  scope.type(t.field) === 'address' ? nameText(t.field) : `TO_IP(${nameText(t.field)})`

/**
 * The field as a text. Most functions give null for a field of several values; joined by line breaks they are one text.
 * https://www.elastic.co/docs/reference/query-languages/esql/esql-multivalued-fields
 */
function valueText(t: FieldTest, scope: Scope, folded: boolean): string {
  const type = scope.type(t.field)
  const own = type === 'text' ? nameText(t.field) : `TO_STRING(${nameText(t.field)})`
  const one = scope.hasMany(t.field) ? `MV_CONCAT(${own}, "\\n")` : own
  return folded ? `TO_LOWER(${one})` : one
}

function textText(t: TextTest, scope: Scope): string {
  const shape = shapeOf(t.parts)
  if (shape.kind === 'present') return `${nameText(t.field)} IS NOT NULL`
  const literal = shape.kind === 'is' ? typedLiteral(shape.text, t, scope) : undefined
  if (literal !== undefined) return `${nameText(t.field)} == ${literal}`
  const { value, folded, form } = subject(t, scope)
  if (scope.hasMany(t.field)) return `${value} LIKE ${textLiteral(likeText(manyParts(t.parts), folded))}`
  if (shape.kind === 'is') return `${value} == ${plainLiteral(form(shape.text))}`
  if (shape.kind === 'starts') return `STARTS_WITH(${value}, ${plainLiteral(form(shape.text))})`
  if (shape.kind === 'ends') return `ENDS_WITH(${value}, ${plainLiteral(form(shape.text))})`
  return `${value} LIKE ${textLiteral(likeText(t.parts, folded))}`
}

function subject(t: TextTest, scope: Scope): { value: string; folded: boolean; form: (text: string) => string } {
  const folded = !t.cased && t.parts.some((p) => 'text' in p && isCased(p.text))
  const own = valueText(t, scope, false)
  const isContains = shapeOf(t.parts).kind === 'contains'
  const around = scope.hasMany(t.field) && !isContains ? `CONCAT("\\n", ${own}, "\\n")` : own
  return {
    value: folded ? `TO_LOWER(${around})` : around,
    folded,
    form: (text) => (folded ? text.toLowerCase() : text),
  }
}

/** Between the line breaks that part the values. */
function manyParts(parts: readonly Part[]): readonly Part[] {
  if (shapeOf(parts).kind === 'contains') return parts
  return [{ wild: '*' }, { text: '\n' }, ...parts, { text: '\n' }, { wild: '*' }]
}

/** A literal of a field that is no text. */
function typedLiteral(text: string, t: TextTest, scope: Scope): string | undefined {
  const type = scope.type(t.field)
  if (type === 'text' || scope.hasMany(t.field)) return undefined
  if (type === 'number' && /^-?\d{1,15}$/.test(text)) return String(Number(text))
  if (type === 'boolean' && /^(?:true|false)$/i.test(text)) return text.toUpperCase()
  if (type === 'address' && (/^[\d.]+$/.test(text) || (text.includes(':') && /^[\da-f:.]*$/i.test(text))))
    return `TO_IP(${plainLiteral(text)})`
  throw new Refused(`${t.field} holds a ${type}; it is never ${JSON.stringify(text)}`, t.at)
}

/** https://www.elastic.co/docs/reference/query-languages/esql/functions-operators/operators: `*`, `?` and a backslash are escaped, nothing else may be. */
export const likeText = (parts: readonly Part[], folded: boolean): string =>
  normal(parts)
    .map((p) => ('text' in p ? (folded ? p.text.toLowerCase() : p.text).replace(/[\\*?]/g, '\\$&') : p.wild))
    .join('')

/** A test that can join a list of `IN` or `LIKE`. */
export function listable(
  t: TextTest,
  scope: Scope,
): { readonly value: string; readonly plain: string | undefined; readonly like: string } | undefined {
  const shape = shapeOf(t.parts)
  if (shape.kind === 'present') return undefined
  const type = scope.type(t.field)
  if (type !== 'text') {
    const literal = shape.kind === 'is' ? typedLiteral(shape.text, t, scope) : undefined
    return literal === undefined ? undefined : { value: nameText(t.field), plain: literal, like: '' }
  }
  const { value, folded, form } = subject(t, scope)
  const many = scope.hasMany(t.field)
  return {
    value,
    plain: shape.kind === 'is' && !many ? plainLiteral(form(shape.text)) : undefined,
    like: textLiteral(likeText(many ? manyParts(t.parts) : t.parts, folded)),
  }
}

function keywordText(t: Extract<Test, { kind: 'keyword' | 'keyword-regex' }>, scope: Scope): string {
  scope.losses.add(
    'keyword-columns',
    'ES|QL has no search of the whole record: the text is searched in `message`',
    t.at,
  )
  if (t.kind === 'keyword-regex') {
    const { pattern, folded } = lucenePattern(t.pattern, t.flags, t.at)
    return `${folded ? 'TO_LOWER(message)' : 'message'} RLIKE ${textLiteral(pattern)}`
  }
  const folded = !t.cased && t.parts.some((p) => 'text' in p && isCased(p.text))
  if (shapeOf(t.parts).kind === 'present') return 'message IS NOT NULL'
  return `${folded ? 'TO_LOWER(message)' : 'message'} LIKE ${textLiteral(likeText(t.parts, folded))}`
}

function fieldsText(t: Extract<Test, { kind: 'fields' }>, scope: Scope): string {
  const side = (name: string): string => {
    const own = scope.type(name) === 'text' ? nameText(name) : `TO_STRING(${nameText(name)})`
    return t.cased ? own : `TO_LOWER(${own})`
  }
  const [a, b] = [side(t.left), side(t.right)]
  switch (t.how) {
    case 'equals':
      return `${a} == ${b}`
    case 'starts':
      return `STARTS_WITH(${a}, ${b})`
    case 'ends':
      return `ENDS_WITH(${a}, ${b})`
    case 'contains':
      return `LOCATE(${a}, ${b}) > 0`
  }
}

export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Refused(`${value} has no literal`)
  return String(value)
}
