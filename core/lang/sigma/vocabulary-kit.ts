// What a vocabulary is: the log sources, names and values that one kind of telemetry uses for what Sigma names. One table is one file in
// vocabularies/; the registry finds it by folder.
import type { SigmaSource } from '../../logs/format.ts'
import { absent, iff, present } from '../../plan/build.ts'
import type { Expr } from '../../plan/plan.ts'

export type ReadField = (name: string) => Expr
/** A fact that no single field has. `display`: as it is shown and grouped by; `test`: what a selection looks at, where the two differ. */
export interface Computed {
  readonly display: (read: ReadField) => Expr
  readonly test?: (read: ReadField) => Expr
  /** It reads Sigma's own name too, so an event is not asked for that first. */
  readonly replaces?: true
}
export type Name = string | Computed

export interface Vocabulary {
  readonly title: string
  /** Where names and values are documented. */
  readonly evidence: string
  readonly sources?: readonly SigmaSource[]
  /**
   * By scope, then by Sigma's field: the names of the same fact, tried in order behind Sigma's own name, or where the list puts it. A scope
   * is a category, a service or a product of log sources; `endpoint`: every category of Sysmon; `*`: every rule.
   */
  readonly fields?: Readonly<Record<string, Readonly<Record<string, readonly Name[]>>>>
  /** By scope: other spellings of any field's name. */
  readonly spellings?: Readonly<Record<string, (field: string) => readonly string[]>>
  /** By Sigma's field: lists of values that mean the same. Case does not matter. */
  readonly values?: Readonly<Record<string, readonly (readonly string[])[]>>
}

/** The first value that is present. */
export function first(...of: readonly Expr[]): Expr {
  const [one, ...others] = of
  return one === undefined ? absent('str') : others.length === 0 ? one : iff(present(one), one, first(...others))
}
