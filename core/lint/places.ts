// Places where a query names a field, and lists of fields for messages.
import { inText, noPlace, type Place } from '../diag/diagnostic.ts'
import type { Relation } from '../plan/plan.ts'
import type { Source, Span } from '../text/source.ts'
import type { AbsentField, LintContext } from './rule.ts'

export const listNames = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const areOrIs = (names: readonly string[]): string => (names.length > 1 ? 'are' : 'is')

/** The telemetry or names that supply the fields, with a part for each field for which they are known. */
export const suppliers = (fields: readonly AbsentField[]): string => {
  const answered = fields.filter((f) => f.suppliedBy)
  return [...new Set(answered.map((f) => `\`${f.name}\`: ${f.suppliedBy}`))].join('; ')
}

/** The absent names that the text of a step mentions; all of them when it mentions none. */
export function mentioned({ absent, source }: LintContext, at: Span | undefined): string[] {
  const names = absent.map((f) => f.name)
  const text = at ? source.text.slice(at.start, at.end) : source.text
  const found = names.filter((n) => nameAt(text, n) >= 0)
  return found.length > 0 ? found : names
}

export const placeOf = (source: Source, at: Span | undefined): Place => (at ? inText(source, at) : noPlace)

/** The name within a step, or the step. */
export function placeIn(source: Source, at: Span | undefined, name: string): Place {
  if (!at) return noPlace
  const i = nameAt(source.text.slice(at.start, at.end), name)
  return inText(source, i < 0 ? at : { start: at.start + i, end: at.start + i + name.length })
}

/** The first step that mentions the name. */
export function placeOfName(source: Source, rel: Relation, name: string): Place {
  const at = rel.stages.map((s) => s.at).find((s) => s && nameAt(source.text.slice(s.start, s.end), name) >= 0)
  return placeIn(source, at ?? { start: 0, end: source.text.length }, name)
}

function nameAt(text: string, name: string): number {
  const isPartOfName = (c: string | undefined) => c !== undefined && /[\w.]/.test(c)
  for (let i = text.indexOf(name); i >= 0; i = text.indexOf(name, i + 1))
    if (!isPartOfName(text[i - 1]) && !isPartOfName(text[i + name.length])) return i
  return -1
}
