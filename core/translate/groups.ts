// Conditions put together, and the refusal of those that cannot be said.
import type { Condition, Test } from '../lang/shared/portable.ts'
import type { Span } from '../text/source.ts'

/** The plan says something that no condition says. */
export class Unsayable extends Error {
  readonly at: Span | undefined
  constructor(message: string, at?: Span) {
    super(message)
    this.at = at
  }
}

export const ALWAYS: Condition = { kind: 'always' }
export const NEVER: Condition = { kind: 'not', of: ALWAYS }
export const isNever = (c: Condition): boolean => c.kind === 'not' && c.of.kind === 'always'

export function notOf(of: Condition): Condition {
  return of.kind === 'not' ? of.of : { kind: 'not', of }
}

/** `all` of one condition is that condition; nested ones of the same kind are one; equal ones count once. */
export function group(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const absorbs = kind === 'all' ? isNever : (c: Condition) => c.kind === 'always'
  const isNothing = kind === 'all' ? (c: Condition) => c.kind === 'always' : isNever
  const flat = of.flatMap((c) => (c.kind === kind ? c.of : [c]))
  const [only] = flat
  if (only && flat.length === 1) return only
  if (flat.some(absorbs)) return kind === 'all' ? NEVER : ALWAYS
  const kept = [...new Map(flat.filter((c) => !isNothing(c)).map((c) => [keyOf(c), c])).values()]
  const [one] = kept
  if (!one) return kind === 'all' ? ALWAYS : NEVER
  return kept.length === 1 ? one : { kind, of: kept }
}

/** The group with other parts; itself, if they are the same. */
export function regrouped(c: Extract<Condition, { kind: 'all' | 'any' }>, of: readonly Condition[]): Condition {
  const isSame = of.length === c.of.length && of.every((o, i) => o === c.of[i])
  return isSame ? c : group(c.kind, of)
}

/** Conditions share their parts: a computed value that reads a computed value has the conditions of the first in each of its own. */
const keys = new WeakMap<Condition, string>()

export function keyOf(c: Condition): string {
  const known = keys.get(c)
  if (known !== undefined) return known
  const key =
    c.kind === 'all' || c.kind === 'any'
      ? `${c.kind}[${c.of.map(keyOf).join()}]`
      : c.kind === 'not'
        ? `not ${keyOf(c.of)}`
        : c.kind === 'always'
          ? c.kind
          : testKey(c as Test)
  keys.set(c, key)
  return key
}

/** The test without its place. */
function testKey({ at: _, ...test }: Test): string {
  return JSON.stringify(test)
}

const sizes = new WeakMap<Condition, number>()

/** Tests, as the condition is written. */
export function sizeOf(c: Condition): number {
  const known = sizes.get(c)
  if (known !== undefined) return known
  const size =
    c.kind === 'all' || c.kind === 'any' ? c.of.reduce((n, o) => n + sizeOf(o), 0) : c.kind === 'not' ? sizeOf(c.of) : 1
  sizes.set(c, size)
  return size
}
