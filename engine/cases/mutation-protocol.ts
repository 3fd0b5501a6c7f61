// Messages between the main thread and the workers that judge mutants.
import type { MutantOutcome } from '../../core/detect/mutation/trials.ts'
import type { Files } from '../../core/detect/folder/folder-types.ts'

export type ToMutation = { readonly kind: 'open' } | ProveTask

export interface ProveTask {
  readonly kind: 'prove'
  readonly shared: SharedArrayBuffer
  readonly files: Files
  /** Files of the folder. */
  readonly queries: readonly string[]
  /** The worker judges the mutants `first`, `first + step`, … of each query, of the first one those from `from` on. */
  readonly first: number
  readonly step: number
  readonly from: number
}

export interface Verdict {
  readonly outcome: MutantOutcome
  /** A survivor was also run on DuckDB, which agrees. */
  readonly confirmed: boolean
  /** The survivor differs from the query only over more rows than this. */
  readonly outOfReach?: number
  /** The mutant has no answer in time. */
  readonly isSpent?: true
}

export interface JudgedMutant {
  readonly file: string
  readonly index: number
  readonly verdict: Verdict
}

export type FromMutation =
  /** The worker is loaded: answers `open`. */
  | { readonly kind: 'ready' }
  /** The cases of a query are being opened. */
  | { readonly kind: 'query'; readonly file: string }
  | { readonly kind: 'mutant'; readonly index: number }
  | ({ readonly kind: 'judged' } & JudgedMutant)
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
