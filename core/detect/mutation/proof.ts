// What the tests of a detection prove of its queries.

/** A place in a query's text. */
export interface Clause {
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly text: string
}

export interface Survivor extends Clause {
  readonly operator: string
  readonly after: string
  /** What telemetry a test would need to notice. */
  readonly wanted: string
  /** DuckDB agrees that the findings stay the same; false: it sees a difference that the evaluator does not. */
  readonly confirmed: boolean
}

export interface Coverage {
  readonly file: string
  readonly total: number
  /** Those that a test notices, and those out of reach. */
  readonly covered: number
  readonly uncovered: readonly Clause[]
  /** Limits, proven by the plan to change nothing up to so many rows, which no test has that anybody reads. */
  readonly outOfReach: readonly (Clause & { readonly rows: number })[]
}

export interface Mutation {
  readonly file: string
  /** Version of the operators. */
  readonly version: number
  /** Mutants that the language takes and that are not proven equal. */
  readonly total: number
  readonly killed: number
  /** Their plan is the query's own. */
  readonly equivalent: number
  /** killed of total, percent; 100 without mutants. */
  readonly score: number
  readonly survivors: readonly Survivor[]
}

export interface Proof {
  readonly coverage: readonly Coverage[]
  readonly mutation: readonly Mutation[]
}
