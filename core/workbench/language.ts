// What every language gives the workbench. A new front end is one adapter file here.
import type { Diagnostic } from '../diag/diagnostic.ts'
import type { Builtin, NearMiss, Semantic } from '../lang/shared/builtin.ts'
import type { Plan } from '../plan/plan.ts'
import type { Source, Span } from '../text/source.ts'

/** What a query depends on and its text does not hold. */
export interface CompileContext {
  /** Values of parameters and template variables. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Texts of saved queries by name. */
  readonly saved?: Readonly<Record<string, string>>
  readonly lookups?: Readonly<Record<string, { readonly columns: readonly string[] }>>
  /** Choices by id of the language's semantics, where they differ from the default. */
  readonly semantics?: Readonly<Record<string, string>>
  /** Field names of the telemetry, for languages whose names have no case. */
  readonly fields?: readonly string[]
  /** The reader's zone. */
  readonly zone?: string
  /** Microseconds UTC. */
  readonly interval?: { readonly start: bigint; readonly end: bigint }
}

export interface Need {
  readonly kind: 'lookup' | 'parameter' | 'saved'
  readonly name: string
  readonly at: Span
}

export interface Presentation {
  readonly columns?: readonly string[]
  /** False: the text defines no order of the rows. */
  readonly ordered: boolean
  readonly newestFirst?: boolean
  readonly limits: readonly { readonly what: string; readonly limit: number }[]
}

export interface Lowered {
  readonly plan: Plan
  readonly diagnostics: readonly Diagnostic[]
  readonly assumptions: readonly string[]
  readonly needs: readonly Need[]
  readonly presentation: Presentation
  readonly fallbacks: readonly string[]
}

export interface Parsed {
  readonly diagnostics: readonly Diagnostic[]
  /** Of severity warning. */
  readonly nearMisses: readonly Diagnostic[]
  /** The tree, for people: `explain --at tree`. */
  readonly tree: unknown
  lower(): Lowered
}

export interface Language {
  readonly id: string
  readonly title: string
  /** Names have no case: a field is read under the spelling of the telemetry. */
  readonly foldsNames?: true
  /** A query parses messages itself, so text of no known format is telemetry too. */
  readonly readsMessages?: true
  /** File endings, with the dot. */
  readonly extensions: readonly string[]
  /** Of a file with another ending: is its text of this language? */
  isOwn?(name: string, text: string): boolean
  readonly builtins: readonly Builtin<unknown>[]
  readonly nearMisses: readonly NearMiss[]
  readonly semantics: readonly Semantic[]
  tokens(text: string): readonly { readonly kind: string; readonly text: string; readonly start: number }[]
  parse(source: Source, known: CompileContext): Parsed
  /** A step that gives a field another name, ready to paste. */
  aliasStep(have: string, want: string): string
  /** Canonical layout; undefined when the text does not parse. */
  format(source: Source): string | undefined
}
