// A candidate as text: the step that leaves events out, or the number that is raised, in the query's own language.
import { compileExpr } from '../../eval/compile.ts'
import { tokensOf } from '../mutation/text.ts'
import { NO_ENV, test, text } from '../../plan/build.ts'
import type { Language } from '../../workbench/language.ts'

/** A column holds a text, or an address of a network. */
export type Condition =
  | { readonly field: string; readonly value: string }
  | { readonly field: string; readonly subnet: string }

/** Asterisks mean something in a quoted text of CQL, and a text of several lines is no text that anybody types. */
const isPlain = (value: string): boolean => value !== '' && !/[*?\n\r\0]/.test(value)
const quoted = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const FIELD = /^[A-Za-z_@#][\w.]*$/

interface Words {
  condition(c: Condition): string | undefined
  /** Leaves out what meets all conditions. */
  exclude(conditions: readonly string[]): string
}

const WORDS: Readonly<Record<string, Words>> = {
  cql: {
    condition: (c) =>
      'subnet' in c ? `cidr(${c.field}, subnet=${quoted(c.subnet)})` : `${c.field} = ${quoted(c.value)}`,
    exclude: (all) => `not (${all.join(' and ')})`,
  },
  sumo: {
    condition: (c) => {
      if ('value' in c) return `${c.field} = ${quoted(c.value)}`
      const pattern = prefixPattern(c.subnet)
      return pattern && `${c.field} matches ${pattern}`
    },
    exclude: (all) => `where !(${all.join(' and ')})`,
  },
}

/** The step that leaves out events that meet all conditions; undefined: the language has no text for it. */
export function exclusionStep(language: string, conditions: readonly Condition[]): string | undefined {
  const words = WORDS[language]
  if (!words) return undefined
  const parts = conditions.map((c) =>
    FIELD.test(c.field) && ('subnet' in c || isPlain(c.value)) ? words.condition(c) : undefined,
  )
  return parts.every((p) => p !== undefined) ? words.exclude(parts) : undefined
}

/** Sumo's compareCIDRPrefix knows IPv4 only, so a network is told by how its addresses begin. */
function prefixPattern(subnet: string): string | undefined {
  const [network = '', bits] = subnet.split('/')
  if (bits === '24') return `/^${network.split('.').slice(0, 3).join('\\.')}\\./`
  const groups = network.split('::')[0]?.split(':') ?? []
  return bits === '64' && groups.length === 4 ? `/(?i)^${groups.join(':')}:/` : undefined
}

/** The /24 or /64 that an address lies in; undefined: it is none, or is not written so that its network can be seen. */
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

/** The text with a step put before the step that begins at `at`, or at its end. */
export function withStep(text: string, step: string, at: number | undefined): string {
  if (at === undefined) return `${text.trimEnd()}\n| ${step}\n`
  return `${text.slice(0, at)}${step}\n| ${text.slice(at)}`
}

/** A number that a column has to exceed. */
export interface Threshold {
  readonly column: string
  readonly operator: '>' | '>='
  readonly value: number
  readonly start: number
  readonly end: number
}

const ARITHMETIC: ReadonlySet<string> = new Set(['*', '/', '+', '-', '%'])

/** Comparisons of a column with a number, behind a place in the text. */
export function thresholdsIn(language: Language, text: string, behind: number): Threshold[] {
  const tokens = tokensOf(language, text)
  return tokens.flatMap((t, i): Threshold[] => {
    const [name, operator] = [tokens[i - 2], tokens[i - 1]]
    const isNumber = /^\d+(?:\.\d+)?$/.test(t.text)
    if (!isNumber || !name || !operator || t.start < behind || !FIELD.test(name.text)) return []
    if (operator.text !== '>' && operator.text !== '>=') return []
    // Of `a > 4 * b` and `2 * a > 4` neither number is a threshold of a column.
    if (ARITHMETIC.has(tokens[i + 1]?.text ?? '') || ARITHMETIC.has(tokens[i - 3]?.text ?? '')) return []
    return [{ column: name.text, operator: operator.text, value: Number(t.text), start: t.start, end: t.end }]
  })
}
