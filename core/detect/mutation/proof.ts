// The result of a mutation run: the parts of the queries that tests check.
import type { Diagnostic } from '../../diag/diagnostic.ts'

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
  /** Describes telemetry with which a test would notice the change. */
  readonly wanted: string
  /** A case on generated telemetry that the query passes and the mutant fails, for the first survivors; left out: none was found. */
  readonly case?: string
  /** DuckDB finds the same rows too. False: its rows differ although the evaluator's do not. */
  readonly confirmed: boolean
}

export interface Coverage {
  readonly file: string
  readonly total: number
  /** Clauses that a test checks, and clauses out of reach. */
  readonly covered: number
  readonly uncovered: readonly Clause[]
  /** Limits that by the plan change nothing below `rows` rows, more than a readable test has. */
  readonly outOfReach: readonly (Clause & { readonly rows: number })[]
}

export interface Mutation {
  readonly file: string
  /** Version of the operators. */
  readonly version: number
  /** Mutants that the language accepts and that are not equivalent. */
  readonly total: number
  readonly killed: number
  /** Mutants whose plan equals the query's. */
  readonly equivalent: number
  /** Killed mutants in percent of `total`; 100 without mutants. */
  readonly score: number
  readonly survivors: readonly Survivor[]
  /** Mutants without an answer in time. A case that has none fails, so they count as killed. */
  readonly spent: readonly (Clause & { readonly after: string })[]
}

export interface Proof {
  readonly coverage: readonly Coverage[]
  readonly mutation: readonly Mutation[]
  /** Of queries that are missing above because many of their mutants have no answer in time. */
  readonly unproven: readonly Diagnostic[]
}
