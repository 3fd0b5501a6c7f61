// A candidate as text in the query's language: a step that excludes events, or a higher number.
import { compileExpr } from '../../eval/compile.ts'
import { tokensOf } from '../mutation/text.ts'
import { NO_ENV, test, text } from '../../plan/build.ts'
import type { ExclusionCondition } from '../../lang/shared/exclusion.ts'
import type { Language, ReadLanguage } from '../../workbench/language.ts'

/** An asterisk is a wildcard in a quoted text of CQL. A text of several lines is too unwieldy for an exclusion. */
const isPlain = (value: string): boolean => value !== '' && !/[*?\n\r\0]/.test(value)
const FIELD = /^[A-Za-z_@#][\w.]*$/

/** The step that excludes events which meet all conditions. Undefined: the language has no text for it. */
export function exclusionStep(language: Language, conditions: readonly ExclusionCondition[]): string | undefined {
  const words = language.exclusion
  if (!words) return undefined
  const parts = conditions.map((c) =>
    FIELD.test(c.field) && ('subnet' in c || isPlain(c.value)) ? words.condition(c) : undefined,
  )
  return parts.every((p) => p !== undefined) ? words.exclude(parts) : undefined
}

/** The /24 or /64 of an address. Undefined: the text is no address, or its form does not show the network. */
export function networkOf(address: string): string | undefined {
  if (V4.test(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  if (!address.includes(':') || !isAddress(address)) return undefined
  const groups = address.toLowerCase().split('::')[0]?.split(':') ?? []
  return groups.length >= 4 ? `${groups.slice(0, 4).join(':')}::/64` : undefined
}
const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/
const isAddress = (address: string): boolean =>
  compileExpr(
    { kind: 'truth', of: test('ip.isValid', [text(address)]), ty: 'bool' },
    () => () => null,
    NO_ENV,
  )(null) === true

/** Inserts a step before the step that begins at `at`, or at the end of the text. */
export function withStep(text: string, step: string, at: number | undefined): string {
  if (at === undefined) return `${text.trimEnd()}\n| ${step}\n`
  return `${text.slice(0, at)}${step}\n| ${text.slice(at)}`
}

/** A number that a column must exceed or reach. */
export interface Threshold {
  readonly column: string
  readonly operator: '>' | '>='
  readonly value: number
  readonly start: number
  readonly end: number
}

const ARITHMETIC: ReadonlySet<string> = new Set(['*', '/', '+', '-', '%'])

/** Comparisons of a column with a number, after a place in the text. */
export function thresholdsIn(language: ReadLanguage, text: string, behind: number): Threshold[] {
  const tokens = tokensOf(language, text)
  return tokens.flatMap((t, i): Threshold[] => {
    const [name, operator] = [tokens[i - 2], tokens[i - 1]]
    const isNumber = /^\d+(?:\.\d+)?$/.test(t.text)
    if (!isNumber || !name || !operator || t.start < behind || !FIELD.test(name.text)) return []
    if (operator.text !== '>' && operator.text !== '>=') return []
    // In `a > 4 * b` and `2 * a > 4`, neither number is a threshold of a column.
    if (ARITHMETIC.has(tokens[i + 1]?.text ?? '') || ARITHMETIC.has(tokens[i - 3]?.text ?? '')) return []
    return [{ column: name.text, operator: operator.text, value: Number(t.text), start: t.start, end: t.end }]
  })
}
