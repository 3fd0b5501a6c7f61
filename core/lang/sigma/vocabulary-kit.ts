// The contract of a vocabulary: the log sources, field names and values of one kind of telemetry for Sigma's names. A vocabulary is one
// file in vocabularies/; the registry finds it by folder.
import type { SigmaSource } from '../../logs/format.ts'
import { absent, iff, present } from '../../plan/build.ts'
import type { Expr } from '../../plan/plan.ts'
import type { Part } from '../shared/portable.ts'
import type { OtherEvents } from '../shared/windows-events.ts'

export type ReadField = (name: string) => Expr
/** A fact that no single field has. `display`: its value for display and grouping. `test`: the value for selections, if it differs. */
export interface Computed {
  readonly display: (read: ReadField) => Expr
  readonly test?: (read: ReadField) => Expr
  /** It reads Sigma's own name too, so that name is not tried first. */
  readonly replaces?: true
  /** The field for grouping, where tests need other forms. */
  readonly name?: string
  /** A text of a rule as alternative tests of fields. Undefined: the telemetry cannot tell. Left out: the test of the value. */
  readonly written?: (parts: readonly Part[]) => readonly WrittenTest[] | undefined
}
export interface WrittenTest {
  readonly field: string
  readonly parts: readonly Part[]
}
export type Name = string | Computed

/** A log source of a vocabulary. */
export interface EventSource extends SigmaSource {
  /** The events have other names than the rest of the log source, and no other field of the rule. See `OtherEvents`. */
  readonly own?: OtherEvents
}

export interface Vocabulary {
  /** The name of `--fields`. */
  readonly id: string
  readonly title: string
  /** The documentation of the names and values. */
  readonly evidence: string
  readonly sources?: readonly EventSource[]
  /**
   * By scope, then by Sigma's field: the names of the same fact, in order. Sigma's own name is tried first, unless the list contains it. A
   * scope is a category, a service or a product of log sources. `endpoint`: every category of Sysmon. `*`: every rule.
   */
  readonly fields?: Readonly<Record<string, Readonly<Record<string, readonly Name[]>>>>
  /** By scope: other spellings of any field's name. */
  readonly spellings?: Readonly<Record<string, (field: string) => readonly string[]>>
  /** By Sigma's field: lists of values with the same meaning. Case is ignored. */
  readonly values?: Readonly<Record<string, readonly (readonly string[])[]>>
  /** By scope: fields that the telemetry has under Sigma's own name. Translation needs them, because other fields are not in it. */
  readonly same?: Readonly<Record<string, readonly string[]>>
  /** The name of every other field. Left out: the telemetry does not have them. */
  readonly rest?: (field: string) => string
  /** Groups of fields that exclude each other in an event. */
  readonly exclusive?: readonly (readonly string[])[]
  /** Paths begin with a volume (`\\Device\\HarddiskVolume3\\`), not with a drive. */
  readonly volumes?: true
  /** Fields with whole numbers, which the product always writes without sign and zeros in front. */
  readonly numbers?: readonly string[]
  /** Names of the telemetry as queries write them, where they differ: tags have a `#`. */
  readonly written?: Readonly<Record<string, string>>
  /** The log source itself says which events are meant: no condition selects them. */
  readonly anySource?: true
  /** Names of the platform's own, which no log has as fields. */
  readonly ownNames?: readonly string[]
  /** Addresses are compared as text, so only their short form (RFC 5952) counts. */
  readonly shortAddresses?: true
  /** No telemetry that Assay reads has these names: only translation uses them. */
  readonly writtenOnly?: true
}

/** The first value that is present. */
export function first(...of: readonly Expr[]): Expr {
  const [one, ...others] = of
  return one === undefined ? absent('str') : others.length === 0 ? one : iff(present(one), one, first(...others))
}
