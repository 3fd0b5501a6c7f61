// Order and identity of values: one definition for sorting, grouping and joining.
import { compareText } from '../text/compare.ts'
import type { Value } from './plan.ts'

/**
 * Order of two values of the same type, neither absent: str and dec by code point, lists element by element, false before true,
 * the rest by number. (A dec is ordered as text. A language that wants the order of numbers converts it first.)
 */
export function compareValues(a: Exclude<Value, null>, b: Exclude<Value, null>): number {
  if (typeof a === 'string') return compareText(a, b as string)
  if (typeof a === 'object') return compareLists(a, b as readonly string[])
  if (a < b) return -1
  if (a > b) return 1
  // NaN comes after all numbers.
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const c = compareText(a[i] as string, b[i] as string)
    if (c !== 0) return c
  }
  return a.length - b.length
}

/** Two values of one type have the same key exactly when they are equal. Absent and "" differ, and so do a list and its joined text. */
export function valueKey(value: Value): string {
  if (value === null) return '~'
  if (typeof value === 'object') return `[${value.map(valueKey).join('')}]`
  // String(-0) is "0", as both are one group in SQL too.
  const text = String(value)
  return `${text.length}:${text}`
}
