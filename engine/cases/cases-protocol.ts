// Messages between the main thread and the worker that runs cases.
import type { Case } from '../../core/detect/case/case-file.ts'
import type { Source } from '../../core/text/source.ts'
import type { PageOptions, TestedCase } from './test-cases.ts'

export type ToCases = { readonly kind: 'open' } | CasesTask

export interface CasesTask {
  readonly kind: 'page'
  readonly page: Source
  readonly options: Omit<PageOptions, 'executors'>
  /** The first of the wanted cases. */
  readonly from: number
}

export type FromCases =
  /** The worker is loaded: answers `open`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'case'; readonly case: Pick<Case, 'line' | 'title'> }
  | { readonly kind: 'tested'; readonly tested: TestedCase }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
