// The library for Node: `import { run } from 'assay'`. Types only; the package's library.d.ts is made from this file.
import type { Diagnostic, Language, Rows, TextOptions } from '../../core/library/api.ts'

export interface RunOptions extends TextOptions {
  /** Files, folders or globs; PATH@category, PATH#repo. */
  readonly logs: readonly string[]
  /** Start of the interval, inclusive: `2026-06-01T00:00:00Z`. */
  readonly from?: string
  /** End of the interval, exclusive. */
  readonly to?: string
  /** An interval that ends at the newest event: `24h`. */
  readonly last?: string
  /** Folders with lookup files and saved queries that the query names. */
  readonly lookups?: readonly string[]
  readonly strict?: boolean
  readonly signal?: AbortSignal
}

export interface TestOptions {
  /** Only cases with this text in the title. */
  readonly filter?: string
  /** Folders whose files pages may name, beside their own. */
  readonly roots?: readonly string[]
  /** Seconds for each case. Default 10. */
  readonly budget?: number
}

export interface TestResult {
  readonly passed: number
  readonly failed: number
  readonly cases: readonly {
    readonly page: string
    readonly title: string
    readonly line: number
    readonly status: 'failed' | 'passed' | 'skipped' | 'todo'
    readonly failures: readonly { readonly line: number; readonly what: string; readonly detail: readonly string[] }[]
  }[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface VerifyOptions extends TextOptions {
  /** Language of the second query, if it is another one. */
  readonly languageB?: Language
  readonly logs?: readonly string[]
}

export interface Verified {
  /** `proven`: the plans are equal. `same`: no difference was found. `nothing`: no event could be generated. Undefined: a query has errors. */
  readonly verdict: 'differs' | 'nothing' | 'proven' | 'same' | undefined
  /** The smallest telemetry on which they differ: events as JSON. */
  readonly differsOn: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface Library {
  /** The rows of a query over log files. Never throws on queries, files or data. */
  run(text: string, options: RunOptions): Promise<Rows>
  /** Runs pages of cases (`*.case.md`) and the tests of detections, on the evaluator and on DuckDB. */
  test(paths: readonly string[], options?: TestOptions): Promise<TestResult>
  /** Do two queries find the same, over generated events and over logs? */
  verify(a: string, b: string, options: VerifyOptions): Promise<Verified>
}
