// Conditions as items of a Sigma selection: a field with modifiers, and its values.
import type { Span } from '../../text/source.ts'
import type { Condition, Part, Test } from '../shared/portable.ts'

/** Field and modifiers → values; or a list of keywords. */
export type Selection = Readonly<Record<string, unknown>> | readonly unknown[]

type Lose = (kind: string, message: string, at?: Span) => void

/** Undefined: it is no single item. */
export function itemsOf(c: Condition, lose: Lose): Selection | undefined {
  if (c.kind === 'not') return c.of.kind === 'exists' ? { [c.of.field]: null } : undefined
  if (c.kind === 'all' || c.kind === 'always') return undefined
  const tests = c.kind === 'any' ? c.of : [c]
  const found = tests.map((t) => (isTest(t) ? itemOf(t, lose) : undefined))
  const [one] = found
  if (!one || !found.every((f) => f !== undefined && f.key === one.key)) return undefined
  const values = found.flatMap((f) => (f ? [f.value] : []))
  if (one.key === '') return values
  return { [one.key]: values.length === 1 ? values[0] : values }
}

const isTest = (c: Condition): c is Test =>
  c.kind !== 'all' && c.kind !== 'any' && c.kind !== 'not' && c.kind !== 'always'

/** The text of a record as other languages name it. */
const RECORD = '@rawstring'

interface Item {
  /** Empty: keywords. */
  readonly key: string
  readonly value: unknown
}

function itemOf(t: Test, lose: Lose): Item | undefined {
  switch (t.kind) {
    case 'text': {
      const { how, value } = shaped(t.parts)
      if (t.field === RECORD) return how === 'contains' && !t.cased ? { key: '', value } : undefined
      return { key: [t.field, how, t.cased ? 'cased' : ''].filter((m) => m !== '').join('|'), value }
    }
    case 'regex':
      if (t.field === RECORD) return itemOf({ kind: 'keyword-regex', pattern: t.pattern, flags: t.flags }, lose)
      return { key: [t.field, 're', ...[...t.flags].filter((f) => 'ims'.includes(f))].join('|'), value: t.pattern }
    case 'number': {
      if (t.op !== '=')
        return { key: `${t.field}|${{ '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' }[t.op]}`, value: t.value }
      lose('number-text', 'a number is compared as its text', t.at)
      return { key: t.field, value: t.value }
    }
    case 'network':
      return { key: `${t.field}|cidr`, value: t.network }
    case 'exists':
      return { key: `${t.field}|exists`, value: true }
    case 'fields': {
      const end = { contains: 'contains', starts: 'startswith', ends: 'endswith', equals: '' }[t.how]
      return {
        key: [t.left, 'fieldref', end, t.cased ? 'cased' : ''].filter((m) => m !== '').join('|'),
        value: t.right,
      }
    }
    case 'keyword': {
      const { how, value } = shaped(t.parts)
      return how === 'contains' && !t.cased ? { key: '', value } : undefined
    }
    case 'keyword-regex':
      return { key: ['', 're', ...t.flags].join('|'), value: t.pattern }
  }
}

function shaped(parts: readonly Part[]): { how: 'contains' | 'endswith' | 'startswith' | ''; value: string } {
  const isStar = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
  const [begin, end] = [isStar(parts[0]), parts.length > 1 && isStar(parts.at(-1))]
  const inner = parts.slice(begin ? 1 : 0, end ? -1 : undefined)
  // No part at all is the empty text.
  if (inner.length === 0) return { how: '', value: begin ? '*' : '' }
  const how = begin && end ? 'contains' : begin ? 'endswith' : end ? 'startswith' : ''
  return { how, value: written(inner) }
}

/** A backslash escapes a wildcard or a backslash behind it; before anything else it is itself. */
export function written(parts: readonly Part[]): string {
  return parts
    .map((p, i) => {
      if (!('text' in p)) return p.wild
      return [...p.text]
        .map((c, k, all) => {
          if (c === '*' || c === '?') return `\\${c}`
          const next = all[k + 1] ?? (parts[i + 1] ? '*' : '')
          return c === '\\' && /[\\*?]/.test(next) ? '\\\\' : c
        })
        .join('')
    })
    .join('')
}
