// Messages between the main thread and its scan workers. All of them survive structured cloning.
import type { Tally, Tuple } from '../../core/eval/sink.ts'
import type { Column, Env, Plan, Pred, SourceNode } from '../../core/plan/plan.ts'
import type { StoreJob, StorePart } from './store-consumer.ts'
import type { HuntJob, HuntPart, Found } from './hunt-consumer.ts'
import type { Reduction } from './partial-aggregation.ts'
import type { FormatContext } from '../../core/logs/format.ts'
import type { FileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import type { Bounds } from './bounds.ts'

/** Asks which fields the events of a source have that match `where` (a predicate over the source's columns). */
export interface ProfileSpec {
  readonly source: SourceNode
  readonly where: Pred
  /** Names as the query has them. */
  readonly fields: readonly string[]
  /** Enough to know which fields occur: a count may be too low, but it is 0 only if no event has the field. */
  readonly whether?: boolean
  /** Do not parse lines only to find the fields: the profile may be without them (`spared`). */
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
  /** The fields were not counted. */
  readonly spared?: boolean
  /** By the columns of tables: a count of 0 is sure, and another one may be too high. */
  readonly byColumns?: boolean
}

export interface ReadContext extends FormatContext {
  /** Longer lines are counted as bad. Bytes. */
  readonly maxLine: number
}

export interface ScanJob {
  readonly files: readonly Recognised[]
  readonly sources: readonly SourceNode[]
  /** By source: the worker aggregates its rows and returns groups. Null or left out: it returns the rows. */
  readonly reductions?: readonly (Reduction | null)[]
  readonly profiles: readonly ProfileSpec[]
  /** Many filters instead of those of the sources. */
  readonly hunt?: HuntJob
  /** Write the events into files for a store. */
  readonly store?: StoreJob
  /** Count all fields of all events. */
  readonly survey: boolean
  /** Parse every line, also those that the prefilter rules out. */
  readonly full: boolean
  readonly env: Env
  readonly bounds: Bounds
  readonly context: ReadContext
  /** Private folder for rows that do not fit into memory. */
  readonly spool: string
  /** Layout: workers/shared-memory.ts. */
  readonly shared: SharedArrayBuffer
}

/** A part of a file: lines that begin in [start, end), or all of it. */
export interface ScanTask {
  readonly id: number
  readonly file: number
  readonly start: number
  readonly end: number
  readonly whole: boolean
  /** Not a part of a file: asks for the groups that the worker still holds. */
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
      readonly stats: FileStats
      readonly spooled: readonly number[]
      readonly longest: number
      /** By source: bytes of the worker's part of the spool so far. */
      readonly spoolBytes: readonly number[]
      readonly matched: readonly number[]
      readonly dropped: number
      readonly profiles: readonly Profile[]
      readonly survey: Profile | null
      readonly hunt: HuntPart | null
      /** All parts of the worker so far. */
      readonly store: readonly StorePart[]
    }
  | { readonly kind: 'found'; readonly id: number; readonly found: readonly Found[] }
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
