// Messages between the main thread and the worker that plays schedules.
import type { Backtest, Job } from '../../core/detect/backtest/backtest.ts'
import type { DetectionFolder } from '../../core/detect/folder/folder-types.ts'
import type { Columns } from '../../core/detect/tune/candidates.ts'
import type { Tune } from '../../core/detect/tune/tune.ts'
import type { Source } from '../../core/text/source.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'

export interface TuneTask {
  readonly job: Job
  readonly columns: Columns
  readonly source: Source
  readonly language: string
  readonly context: CompileContext
  readonly ingest: readonly string[]
  readonly view: string
  readonly formats: readonly string[]
  /** The detection and the path of the query in its folder. Undefined: a query without a detection. */
  readonly folder: (Pick<DetectionFolder, 'detection' | 'files'> & { readonly file: string }) | undefined
}

export type BacktestWork =
  | { readonly kind: 'backtest'; readonly job: Job }
  | { readonly kind: 'tune'; readonly task: TuneTask }
export type ToBacktest = BacktestWork & { readonly shared: SharedArrayBuffer }

export type BacktestAnswer =
  | { readonly kind: 'backtest'; readonly result: Backtest }
  | { readonly kind: 'tune'; readonly result: Tune }
export type FromBacktest = BacktestAnswer | { readonly kind: 'failed'; readonly reason: string }
