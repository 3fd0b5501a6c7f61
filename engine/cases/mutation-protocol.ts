import type { Fate } from '../../core/detect/mutation/trials.ts'
import type { Files } from '../../core/detect/folder/folder-types.ts'

export interface ProveTask {
  readonly files: Files
  /** Files of the folder. */
  readonly queries: readonly string[]
  /** Of each query the mutants `first`, `first + step`, … */
  readonly first: number
  readonly step: number
}

export interface Verdict {
  readonly fate: Fate
  /** DuckDB does not contradict: of a survivor it was asked. */
  readonly confirmed: boolean
  /** Only more rows than these would tell the survivor from the query. */
  readonly outOfReach?: number
}

/** What a worker says of each mutant; null when it has done all. */
export interface Judged {
  readonly file: string
  readonly index: number
  readonly verdict: Verdict
}
