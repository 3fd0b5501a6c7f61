// Conditions put together, and the refusal of those that cannot be said.
import type { Condition } from '../lang/shared/portable.ts'
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
  if (flat.some(absorbs)) return kind === 'all' ? NEVER : ALWAYS
  const kept = [...new Map(flat.filter((c) => !isNothing(c)).map((c) => [keyOf(c), c])).values()]
  const [one] = kept
  if (!one) return kind === 'all' ? ALWAYS : NEVER
  return kept.length === 1 ? one : { kind, of: kept }
}
export const keyOf = (c: Condition): string =>
  JSON.stringify(c, (key, value: unknown) => (key === 'at' ? undefined : value))
