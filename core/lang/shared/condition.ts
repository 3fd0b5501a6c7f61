// Conditions of a detection in a form that is easy to write: without constants inside, without nesting of the same kind.
import type { Condition, Measure, Part, Step, Test } from './portable.ts'

export type TextTest = Extract<Test, { kind: 'text' }>
/** A test of one field. */
export type FieldTest = Extract<Test, { field: string }>

export const ALWAYS: Condition = { kind: 'always' }
export const NEVER: Condition = { kind: 'not', of: ALWAYS }
export const isAlways = (c: Condition): boolean => c.kind === 'always'
export const isNever = (c: Condition): boolean => c.kind === 'not' && c.of.kind === 'always'

export const all = (...of: readonly Condition[]): Condition => joined('all', of)
export const any = (...of: readonly Condition[]): Condition => joined('any', of)
export function not(c: Condition): Condition {
  return c.kind === 'not' ? c.of : { kind: 'not', of: c }
}

function joined(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const [neutral, deciding] = kind === 'all' ? [isAlways, isNever] : [isNever, isAlways]
  const flat = of.flatMap((c) => (c.kind === kind ? c.of : [c])).filter((c) => !neutral(c))
  if (flat.some(deciding)) return kind === 'all' ? NEVER : ALWAYS
  const [one, ...others] = flat
  if (one === undefined) return kind === 'all' ? ALWAYS : NEVER
  return others.length === 0 ? one : { kind, of: flat }
}

/** Builds the condition anew from its tests. */
export function mapTests(c: Condition, of: (test: Test) => Condition): Condition {
  switch (c.kind) {
    case 'all':
      return all(...c.of.map((x) => mapTests(x, of)))
    case 'any':
      return any(...c.of.map((x) => mapTests(x, of)))
    case 'not':
      return not(mapTests(c.of, of))
    case 'always':
      return c
    default:
      return of(c)
  }
}
export const simplified = (c: Condition): Condition => mapTests(c, (t) => t)

/** The conditions that an event must meet, each alone. */
export const conjuncts = (c: Condition): readonly Condition[] => (c.kind === 'all' ? c.of : [c])

/** Only events that have the field meet the condition. */
export function demands(c: Condition, field: string): boolean {
  if (c.kind === 'all') return c.of.some((o) => demands(o, field))
  if (c.kind === 'any') return c.of.every((o) => demands(o, field))
  return 'field' in c && c.field === field
}

/** Meets these steps what an aggregate without groups says of no events: its counts are 0, and the rest is absent. */
export function keepsNothing(measures: readonly Measure[], after: readonly Step[]): boolean {
  const isCount = (name: string): boolean =>
    measures.some((m) => m.name === name && (m.of === 'count' || m.of === 'distinct'))
  const dropsIt = (c: Condition): boolean => {
    if (c.kind !== 'number') return false
    if (!isCount(c.field)) return measures.some((m) => m.name === c.field)
    const holds = { '<': 0 < c.value, '<=': 0 <= c.value, '=': c.value === 0, '>': 0 > c.value, '>=': 0 >= c.value }
    return !holds[c.op]
  }
  return !after.some((s) => s.kind === 'where' && conjuncts(s.where).some(dropsIt))
}

export const textTest = (field: string, ...values: readonly string[]): Condition =>
  any(...values.map((v): Condition => ({ kind: 'text', field, parts: v === '' ? [] : [{ text: v }], cased: false })))

/** A value of the platform, in its own case. */
export const constant = (field: string, ...values: readonly string[]): Condition =>
  any(...values.map((v): Condition => ({ kind: 'text', field, parts: [{ text: v }], cased: true })))

/** The forms of a text with wildcards that languages have a word for. */
export type Shape =
  | { readonly kind: 'contains' | 'ends' | 'is' | 'starts'; readonly text: string }
  | { readonly kind: 'pattern'; readonly parts: readonly Part[] }
  /** Any value, also the empty one. */
  | { readonly kind: 'present' }

export function shapeOf(written: readonly Part[]): Shape {
  const parts = normal(written)
  const [a, b, c] = parts
  const star = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
  if (a === undefined) return { kind: 'is', text: '' }
  if (parts.length === 1)
    return 'text' in a ? { kind: 'is', text: a.text } : star(a) ? { kind: 'present' } : { kind: 'pattern', parts }
  if (parts.length === 2 && b !== undefined) {
    if (star(a) && 'text' in b) return { kind: 'ends', text: b.text }
    if ('text' in a && star(b)) return { kind: 'starts', text: a.text }
  }
  if (parts.length === 3 && star(a) && star(c) && b !== undefined && 'text' in b)
    return { kind: 'contains', text: b.text }
  return { kind: 'pattern', parts }
}

/** Without empty texts, neighbouring texts and doubled stars. */
export function normal(parts: readonly Part[]): readonly Part[] {
  const out: Part[] = []
  for (const p of parts) {
    const last = out.at(-1)
    if ('text' in p) {
      if (p.text === '') continue
      if (last !== undefined && 'text' in last) out[out.length - 1] = { text: last.text + p.text }
      else out.push(p)
    } else if (!(p.wild === '*' && last !== undefined && 'wild' in last && last.wild === '*')) out.push(p)
  }
  return out
}

/** The text of a test without wildcards. */
export function plainText(t: TextTest): string | undefined {
  const shape = shapeOf(t.parts)
  return shape.kind === 'is' ? shape.text : undefined
}

/** A pattern that finds the parts in a value: `^` and `$` only where no star is. */
export function searchPattern(parts: readonly Part[], quote: (text: string) => string, anchored = true): string {
  const n = normal(parts)
  const star = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
  const open = star(n[0])
  const close = n.length > 1 && star(n.at(-1))
  const inner = n.slice(open ? 1 : 0, close ? -1 : undefined)
  const body = inner.map((p) => ('text' in p ? quote(p.text) : p.wild === '*' ? '.*' : '.')).join('')
  return `${anchored && !open ? '^' : ''}${body}${anchored && !close && !(open && n.length === 1) ? '$' : ''}`
}

/** Has the text letters with two cases? */
export const isCased = (text: string): boolean => text.toLowerCase() !== text || text.toUpperCase() !== text
