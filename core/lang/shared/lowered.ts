// The contract between a language and its callers: what compiling takes from outside the text, and what it gives.
import type { Diagnostic } from '../../diag/diagnostic.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Source, Span } from '../../text/source.ts'

/** Inputs of a compilation that the text does not hold. */
export interface CompileContext {
  /** Values of parameters and template variables, as text. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Texts of saved queries by name. */
  readonly saved?: Readonly<Record<string, string>>
  /** The files of a collection whose parts refer to each other, this text among them. */
  readonly collection?: readonly Source[]
  /** Lookup tables by name or path, with their columns in order. */
  readonly lookups?: Readonly<Record<string, { readonly columns: readonly string[] }>>
  /** Choices by id of the language's semantics, where they differ from the default. */
  readonly semantics?: Readonly<Record<string, string>>
  /** Field names of the telemetry as it spells them, for languages that ignore the case of names. */
  readonly fields?: readonly string[]
  /** The one vocabulary whose names a portable rule has. Left out: every vocabulary's names are tried. */
  readonly vocabulary?: string
  /** The place of the one detection that is meant, in a text that has several. Left out: all. */
  readonly detection?: number
  /** Texts of pipelines that map a portable rule to telemetry; undefined: the file cannot be read. */
  readonly pipelines?: readonly { readonly name: string; readonly text: string | undefined }[]
  /** The reader's time zone, for dates and slices. UTC if left out. */
  readonly zone?: string
  /** The query's interval, end exclusive, in microseconds UTC. Spans that the text leaves open depend on it. */
  readonly interval?: { readonly start: bigint; readonly end: bigint }
}

/** Something the text names and the context lacks, or a lookup whose rows are still to be read. */
export interface Need {
  readonly kind: 'lookup' | 'parameter' | 'saved'
  readonly name: string
  readonly at: Span
}

export interface Presentation {
  /** Columns in the order in which the language shows them. */
  readonly columns?: readonly string[]
  /** False: the text defines no order of the rows. */
  readonly ordered: boolean
  readonly newestFirst?: boolean
  /** Limits that the vendor applies and the text does not mention. */
  readonly limits: readonly { readonly what: string; readonly limit: number }[]
}

/** A part of a text that reports findings of its own, such as one rule of a file with several. */
export interface LoweredRule {
  /** Its findings alone. */
  readonly plan: Plan
  readonly title: string
  readonly id: string | undefined
  readonly level: string | undefined
  readonly status: string | undefined
  /** ATT&CK techniques are `attack.t1059.001`. */
  readonly tags: readonly string[]
  readonly product: string | undefined
  /** Columns of a finding that show what the rule looked at, in its order. */
  readonly fields: readonly string[]
  /** Fields that tell the kind of an event and have few different values, by the names that the plan reads. */
  readonly kinds: readonly string[]
  readonly at: Span
}

export interface Lowered {
  readonly plan: Plan
  readonly diagnostics: readonly Diagnostic[]
  /** Ids of the language's semantics that the meaning of this query rests on. */
  readonly assumptions: readonly string[]
  /** While a need is open the plan is provisional: add what is missing to the context and lower again. */
  readonly needs: readonly Need[]
  readonly presentation: Presentation
  /** Fields that are read only to keep an old value: their absence changes nothing. */
  readonly fallbacks: readonly string[]
  /** Other fields that hold the fact of a field: it matters only if all are absent. */
  readonly alternatives?: ReadonlyMap<string, readonly string[]>
  /** The plan depends on `CompileContext.interval`; otherwise it is the same for every interval. */
  readonly readsInterval: boolean
  /** Filters on IPv4 addresses drop events that the text does not mention. */
  readonly dropsAddresses?: true
  /** The rules of a text that has several or names their facts; `plan` has the findings of all. Left out: the text is one query. */
  readonly rules?: readonly LoweredRule[]
}
