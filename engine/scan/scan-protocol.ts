// What the main thread and its workers send each other. Everything here survives structured cloning.
import type { Tally, Tuple } from '../../core/eval/sink.ts'
import type { Column, Env, Plan, Pred, SourceNode } from '../../core/plan/plan.ts'
import type { Reduction } from './partial-aggregation.ts'
import type { FileStats, Recognised, RunContext } from '../inputs/types.ts'
import type { Bounds } from './bounds.ts'

/** Fields present among the events of a source that pass `where` (over the source's columns). */
export interface ProfileSpec {
  readonly source: SourceNode
  readonly where: Pred
  /** Names as the query has them. */
  readonly fields: readonly string[]
  /** It is enough to know which of the fields any event has: the numbers of events may be too low, but are not 0 where there are some. */
  readonly whether?: boolean
  /** Fields may be left out if lines would have to be read that need not be read otherwise. */
  readonly spare?: boolean
  /** Names of fields whose values are counted too. */
  readonly values?: readonly string[]
}
export interface Profile {
  readonly events: number
  /** Name → events that have it. */
  readonly fields: ReadonlyMap<string, number>
  /** Name → value → events; a field with very many values is left out. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Its fields were left out. */
  readonly spared?: boolean
}

export interface ScanJob {
  readonly files: readonly Recognised[]
  readonly sources: readonly SourceNode[]
  /** By source: the rows are grouped by this and the groups given instead; null: they are given. Left out: all are given. */
  readonly reductions?: readonly (Reduction | null)[]
  readonly profiles: readonly ProfileSpec[]
  /** Count all fields of all events. */
  readonly survey: boolean
  /** Read every line although its bytes show that it cannot match. */
  readonly full: boolean
  readonly env: Env
  readonly bounds: Bounds
  readonly context: RunContext
  /** Private folder for rows that do not fit into memory. */
  readonly spool: string
  /** Int32: beats, spool flag. Float64 (from byte 8): offset of the record at hand. */
  readonly shared: SharedArrayBuffer
}

/** A part of a file: lines that begin in [start, end), or all of it. */
export interface ScanTask {
  readonly id: number
  readonly file: number
  readonly start: number
  readonly end: number
  readonly whole: boolean
  /** No part of a file: the worker is to hand on what it still holds of all its tasks. */
  readonly last?: true
}

export interface EvaluateJob {
  readonly plan: Plan
  /** In the order of planSources(plan). */
  readonly rows: readonly (readonly Tuple[])[]
  readonly env: Env
  readonly steps: boolean
}

export type ToScan =
  | { readonly kind: 'job'; readonly job: ScanJob; readonly name: string }
  | { readonly kind: 'task'; readonly task: ScanTask }
  | { readonly kind: 'evaluate'; readonly job: EvaluateJob; readonly shared: SharedArrayBuffer }

export type FromScan =
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly (readonly Tuple[])[] }
  | {
      readonly kind: 'done'
      readonly id: number
      readonly tally: FileStats
      readonly spooled: readonly number[]
      readonly longest: number
      readonly taken: readonly number[]
      readonly dropped: number
      readonly profiles: readonly Profile[]
      readonly survey: Profile | null
    }
  | { readonly kind: 'evaluated'; readonly result: Evaluated }
  | { readonly kind: 'failed'; readonly reason: string }

export interface StepCount {
  readonly path: string
  readonly rowsIn: number
  readonly rowsOut: number
}
export interface Evaluated {
  readonly columns: readonly Column[]
  readonly rest: boolean
  readonly rows: readonly Tuple[]
  readonly tallies: readonly Tally[]
  readonly steps: readonly StepCount[]
}
