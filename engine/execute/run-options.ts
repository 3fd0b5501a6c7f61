// Options and result of a run.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import type { Tally } from '../../core/eval/sink.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import type { Column, Env, Plan, Row, SourceNode } from '../../core/plan/plan.ts'
import type { FileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import type { Bounds } from '../scan/bounds.ts'
import type { Profile, ProfileSpec, StepCount } from '../scan/scan-protocol.ts'
import type { IntervalSpec } from './interval.ts'

export interface RunOptions {
  /** From recogniseInputs. */
  readonly files: readonly Recognised[]
  readonly interval?: IntervalSpec
  readonly engine?: 'auto' | 'duckdb' | 'evaluator'
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'query' | 'scan' | 'span', done: number, total: number) => void
  /** The zone of the query. Default UTC. */
  readonly zone?: string
  /** Zone of timestamps in the logs that name none. Default UTC. */
  readonly sourceZone?: string
  /** Year of timestamps in the logs that name none. Default 1970. */
  readonly year?: number
  /** As DuckDB writes it. Default 1GB. */
  readonly memoryLimit?: string
  /** Folders with lookup files. */
  readonly lookups?: readonly string[]
  readonly profiles?: readonly ProfileSpec[]
  /** A second optimised plan over the same scan. It runs if `when` holds for the profiles. */
  readonly also?: { readonly plan: Plan; readonly when: (profiles: readonly Profile[]) => boolean } | undefined
  /** The run ends without an answer where rows of a table would be pulled. */
  readonly inPlace?: boolean
  /** Count rows before and after every stage. The evaluator runs, whatever `engine` says. */
  readonly steps?: boolean
  /** Threads of the scan. Default: cores, at most 8. */
  readonly workers?: number
  /** Seconds without a sign of life after which a worker is ended. Default 30. */
  readonly patience?: number
  /** Values of rows in memory beyond which DuckDB runs. Default 2 million. */
  readonly memoryValues?: number
  /** Longest line in bytes. Default 16 MiB. */
  readonly maxLine?: number
  /** Bytes of input up to which every line is parsed, so that all counts are exact. Default 64 MB. */
  readonly fullCheck?: number
}

export interface RunResult {
  /** False: the run did not finish. The last diagnostic says why, and `rows` is empty. */
  readonly ok: boolean
  readonly columns: readonly Column[]
  /** Rows carry REST beside the columns. */
  readonly rest: boolean
  readonly rows: readonly Row[]
  readonly diagnostics: readonly Diagnostic[]
  readonly env: Env
  /** The interval of the options. Null: all events. */
  readonly bounds: Bounds
  readonly files: readonly { readonly file: Recognised; readonly stats: FileStats }[]
  /** Every line was parsed. False: only those that could match. */
  readonly fullCheck: boolean
  /** Sources of all plans, telemetry before lookups: rows that match the source's filter and interval. Null: the engine did not count them. */
  readonly sources: readonly { readonly source: SourceNode; readonly rows: number | null }[]
  readonly profiles: readonly Profile[]
  /** Rows of the second plan. Null: it did not run or did not finish. */
  readonly also: readonly Row[] | null
  readonly steps: readonly StepCount[]
  readonly tallies: readonly Tally[]
  readonly engine: EngineUse
  /** Milliseconds. */
  readonly timings: { readonly span: number; readonly scan: number; readonly query: number }
}

export interface EngineUse {
  readonly used: 'clickhouse' | 'duckdb' | 'evaluator'
  readonly why: string
  /** The SQL that DuckDB ran. */
  readonly sql: string | null
  /** Why the evaluator ran the last stages, or all. */
  readonly tail: readonly string[]
}

/** The result of a run that has not begun. */
export const notRun = (zone = 'UTC'): RunResult => ({
  ok: false,
  columns: [],
  rest: false,
  rows: [],
  diagnostics: [],
  env: { ...NO_ENV, zone },
  bounds: null,
  files: [],
  fullCheck: true,
  sources: [],
  profiles: [],
  also: null,
  steps: [],
  tallies: [],
  engine: { used: 'evaluator', why: 'the query was not run', sql: null, tail: [] },
  timings: { span: 0, scan: 0, query: 0 },
})
