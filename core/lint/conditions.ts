// Ways through the conditions of an outline.
import type { And, Compare, Condition, Outline, Step, Value } from '../lang/shared/outline.ts'

/** A comparison, with the number of negations around it modulo two. */
export interface Tested {
  readonly test: Compare
  readonly isNegated: boolean
}

const filters = new WeakMap<Outline, readonly Condition[]>()
const tests = new WeakMap<Outline, readonly Tested[]>()

/** Found once, because most rules ask. */
function once<T>(made: WeakMap<Outline, readonly T[]>, outline: Outline, make: () => readonly T[]): readonly T[] {
  const known = made.get(outline)
  if (known) return known
  const list = make()
  made.set(outline, list)
  return list
}

export const filtersOf = (outline: Outline): readonly Condition[] =>
  once(filters, outline, () =>
    outline.pipelines.flatMap((p) => p.steps.flatMap((s) => (s.kind === 'filter' ? [s.where] : []))),
  )

export function visitCondition(
  c: Condition,
  visit: (c: Condition, isNegated: boolean) => void,
  isNegated = false,
): void {
  visit(c, isNegated)
  if (c.kind === 'and' || c.kind === 'or') for (const x of c.of) visitCondition(x, visit, isNegated)
  if (c.kind === 'not') visitCondition(c.of, visit, !isNegated)
}

/** All comparisons of a condition. `!=` counts as a negation. */
export function testsOf(c: Condition): Tested[] {
  const found: Tested[] = []
  visitCondition(c, (x, isNegated) => {
    if (x.kind === 'compare') found.push({ test: x, isNegated: isNegated !== (x.op === '!=') })
  })
  return found
}

export const allTests = (outline: Outline): readonly Tested[] =>
  once(tests, outline, () => filtersOf(outline).flatMap(testsOf))

/** The parts that all hold, without brackets. */
export const parts = (c: Condition, kind: And['kind']): readonly Condition[] =>
  c.kind === kind ? c.of.flatMap((x) => parts(x, kind)) : [c]

/** The value is compared for equality as it is written. */
export const isExact = (test: Compare, { kind, text }: Value): boolean =>
  (test.op === '=' || test.op === '!=' || test.op === 'in') &&
  (kind === 'bare' || kind === 'number' || kind === 'text') &&
  !(test.hasWildcards && /[*?]/.test(text))

export const isEquality = ({ op }: Compare): boolean => op === '=' || op === '!=' || op === 'in'

/** A step after which fields may be others. */
export const resets = (s: Step): boolean => s.kind === 'other' || s.kind === 'branches'
