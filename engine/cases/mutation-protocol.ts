// Messages between the main thread and the workers that judge mutants.
import type { MutantOutcome } from '../../core/detect/mutation/trials.ts'
import type { Files } from '../../core/detect/folder/folder-types.ts'

export interface ProveTask {
  readonly files: Files
  /** Files of the folder. */
  readonly queries: readonly string[]
  /** The worker judges the mutants `first`, `first + step`, … of each query. */
  readonly first: number
  readonly step: number
}

export interface Verdict {
  readonly outcome: MutantOutcome
  /** A survivor was also run on DuckDB, which agrees. */
  readonly confirmed: boolean
  /** The survivor differs from the query only over more rows than this. */
  readonly outOfReach?: number
}

/** Sent for each mutant; null ends the answers. */
export interface JudgedMutant {
  readonly file: string
  readonly index: number
  readonly verdict: Verdict
}
