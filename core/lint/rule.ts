// The contract of a lint rule. A rule is a folder in rules/: `rule.ts` with one record, `cases.case.md` with a query to avoid and one to prefer.
import type { Code, Extra, Place } from '../diag/diagnostic.ts'
import type { Outline } from '../lang/shared/outline.ts'
import type { Plan } from '../plan/plan.ts'
import type { Source } from '../text/source.ts'
import type { Consequence } from './reach.ts'

/** A field that the query reads and that none of its events has. */
export interface AbsentField {
  readonly name: string
  /** Other fields of the same fact, absent as well. */
  readonly also?: readonly string[]
  /** The event type on which no feed has the field, in any product. */
  readonly neverOn: string | undefined
  /** One sentence: which telemetry has it, or which name these events use. Empty: unknown. */
  readonly suppliedBy: string
}

export interface LintContext {
  readonly plan: Plan
  readonly source: Source
  /** Id of the language of the text. */
  readonly language: string
  /** The text is valid in another form of the language, such as a rule. */
  readonly isAnotherForm: boolean
  readonly absent: readonly AbsentField[]
  /** The events without the fields: "all 1,204 events that pass its filters", "NetworkConnectIP4 in every feed". */
  readonly subject: string
  /** The parser that names the fields of these logs in a tenant is not known. */
  readonly unknownParser?: boolean
  /** The effects of the absence on the steps of the plan. */
  readonly consequences: readonly Consequence[]
}

export interface Violation<P> extends Extra {
  readonly at: Place
  readonly params: P
}

/** The code of a rule's diagnostic, and the check that reports it. */
export interface LintRule<P = unknown> extends Code<P> {
  check(context: LintContext): readonly Violation<P>[]
}

export const lintRule = <P>(rule: LintRule<P>): LintRule<P> => rule

export interface TextContext {
  readonly outline: Outline
  /** The text as written. */
  readonly source: Source
  /** Id of its language. */
  readonly language: string
  /** The text is valid in another form of the language, such as a rule. */
  readonly isAnotherForm: boolean
  /** The text has an error, so the outline may lack parts. */
  readonly hasErrors: boolean
}

/** A rule over the text alone. `assay lint` reports it, and `assay run` does not. */
export interface TextRule<P = unknown> extends Code<P> {
  /** Says nothing of a place that another message is about. */
  readonly yields?: true
  checkText(context: TextContext): readonly Violation<P>[]
}

export const textRule = <P>(rule: TextRule<P>): TextRule<P> => rule

/** A rule over the text that both commands report: lint also where a text cannot be lowered. */
export const bothRule = <P>(rule: LintRule<P> & TextRule<P>): LintRule<P> & TextRule<P> => rule
