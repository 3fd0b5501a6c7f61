// Numbers and their texts: one definition for primitives, presenters and tests.
import { finite } from './kit.ts'

/** Optional sign, digits with an optional fraction (`5`, `5.`, `.5`, `5.0`), optional exponent. ASCII only, nothing around it. */
const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
export const NUMBER_RE2 = '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$'
export const INTEGER = /^[+-]?[0-9]+$/
export const INTEGER_RE2 = '^[+-]?[0-9]+$'
/** Longer integers are taken as doubles where sums must stay within 128 bits: 10^8 of these still fit. */
export const EXACT_DIGITS = 30

/** Text → double; null if it is no number or beyond the doubles. Negative zero is zero. */
export function parseNumber(text: string): number | null {
  if (!NUMBER.test(text)) return null
  const x = finite(Number(text))
  return x === 0 ? 0 : x
}
/** Shortest digits that read back the same; plain below 1e21 and from 1e-6, else `1.5e+21`, `1.5e-7` (ECMAScript's Number::toString). */
export const numberText = (x: number): string => String(x)

/** A numeric text as double and, where it is whole and below 10^30, exact integer. */
export interface DecParts {
  readonly d: number
  readonly i: bigint | null
}
export function decParts(text: string): DecParts | null {
  const d = parseNumber(text)
  if (d === null) return null
  if (INTEGER.test(text) && text.replace(/^[+-]/, '').length <= EXACT_DIGITS)
    return { d, i: BigInt(text.replace(/^\+/, '')) }
  return { d, i: Number.isInteger(d) && Math.abs(d) < 10 ** EXACT_DIGITS ? BigInt(d) : null }
}
export const decText = (parts: DecParts): string => (parts.i === null ? numberText(parts.d) : parts.i.toString())
