// The record of a function or operator. Reference page, lint, completion and translation come from it. It has no SQL.

export type Evidence = { readonly vendorDoc: string } | { readonly observed: string } | { readonly assumed: string }

export interface ParamDoc {
  readonly name: string
  /** Kind of argument: `field`, `fields`, `text`, `number`, `bool`, `duration`, `expression`, `pipeline`, `aggregates`, `texts`. */
  readonly takes: string
  readonly doc: string
  readonly required?: true
  readonly default?: string
  /** The one parameter that may be written without its name. */
  readonly unnamed?: true
  readonly oneOf?: Readonly<Record<string, string>>
  /** The reason why the rows are right without it. */
  readonly unused?: string
}

export interface Example {
  readonly title: string
  /** Events, one JSON object each. */
  readonly given: readonly Readonly<Record<string, string | number>>[]
  readonly query: string
  /** Rows in order; a field left out is absent. Values as `assay run --format json` prints them. */
  readonly gives: readonly Readonly<Record<string, string | number | boolean | null>>[]
  readonly from: Evidence
  /** The interval of the search in epoch milliseconds, end exclusive, where it is not that of all events. */
  readonly interval?: readonly [start: number, end: number]
  /** Choices other than the defaults, by the id of the question. */
  readonly semantics?: Readonly<Record<string, string>>
}

/** The choice of a question that no page answers: rows that are not the vendor's, for exploring only. No test takes it. */
export const APPROXIMATE = 'approximate'

/** `Lower` is the language's own function type from a parsed call to plan pieces. */
export interface Builtin<Lower> {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly category: string
  readonly kind: 'aggregate' | 'filter' | 'join' | 'parse' | 'preamble' | 'sequence' | 'source' | 'transform'
  readonly doc: string
  readonly notes: readonly string[]
  readonly params: readonly ParamDoc[]
  /** Name of the default output field, if it has one. */
  readonly output?: string
  readonly deprecated?: { readonly use: string }
  readonly fidelity: 'exact' | { readonly differs: string }
  /** It runs only with a lookup file of this name, for data that the vendor has built in. */
  readonly needsFile?: string
  readonly evidence: Evidence
  readonly examples: readonly [Example, ...Example[]]
  readonly lower: Lower
}

/** Undocumented behaviour of a vendor, with the choices. No other place decides it, and a result lists the ones it rests on. */
export interface Semantic {
  readonly id: string
  readonly question: string
  readonly choices: Readonly<Record<string, string>>
  readonly default: string
  readonly evidence: string
}

/** A text that is not valid and has one obvious meaning. `run` accepts it with a warning, `--strict` refuses it. */
export interface NearMiss {
  readonly id: string
  readonly slug: string
  readonly title: string
  /** Where it comes from: another language, an older version, a guess. */
  readonly origin: string
  /** The vendor's verdict and rule, in our words, with its source. */
  readonly verdict: string
  readonly evidence: Evidence
  /** How the valid rewrite looks. */
  readonly bad: string
  readonly good: string
}
