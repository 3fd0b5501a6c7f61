// Pages of cases and detections below paths: run, accepted where asked, and proven by mutation.
import { noCases } from '../../core/diag/catalogue/query-file.ts'
import { type Diagnostic, diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import type { Proof } from '../../core/detect/mutation/proof.ts'
import type { Source } from '../../core/text/source.ts'
import { writeWhole } from '../files/write-whole.ts'
import { detectionsOf } from '../project/detection-folders.ts'
import { listPages } from '../project/list-files.ts'
import { CaseRunner } from './case-runner.ts'
import { proveDetection } from './mutation-run.ts'
import type { Accepted, CaseResult, PageResult } from './test-cases.ts'

export interface TestPathsOptions {
  /** Part of a title. */
  readonly filter?: string | undefined
  /** Expected blocks are replaced by the results. */
  readonly accept?: boolean | undefined
  /** Clause coverage and mutation score of every detection are measured. */
  readonly prove: boolean
  /** Search for a case that each survivor of mutation fails. */
  readonly suggest?: boolean
  /** Folders whose files pages may name, beside their own. */
  readonly roots: readonly string[]
  /** Seconds for each case, and for each mutant on each case. */
  readonly budget: number
  /** Called after each page. */
  readonly onPage?: (cases: readonly CaseResult[], accepted: Accepted | undefined) => void
  readonly onProgress?: (phase: string, done: number, total: number) => void
}

export interface TestedPaths {
  readonly cases: readonly CaseResult[]
  readonly proofs: readonly { readonly folder: string; readonly proof: Proof }[]
  /** Of folders and files; of cases, if there are none. */
  readonly diagnostics: readonly Diagnostic[]
}

export async function testPaths(paths: readonly string[], options: TestPathsOptions): Promise<TestedPaths> {
  const runner = new CaseRunner(options.budget)
  const diagnostics: Diagnostic[] = []
  const cases: CaseResult[] = []
  const proofs: { folder: string; proof: Proof }[] = []
  try {
    const { pages, diagnostics: unread } = listPages(paths)
    const folders = detectionsOf(paths)
    diagnostics.push(...unread, ...folders.flatMap((f) => f.diagnostics))
    for (const page of pages) {
      const { result, accepted, unwritten } = await runPage(page, runner, options)
      if (unwritten) diagnostics.push(unwritten)
      cases.push(...result.cases)
      options.onPage?.(result.cases, accepted)
    }
    // A mutant is killed by a case that fails on it. With a case that fails already, every mutant would look killed.
    if (options.prove && !cases.some((c) => c.status === 'failed'))
      for (const folder of folders) {
        const onProgress = (file: string, done: number, of: number) =>
          options.onProgress?.(`mutants of ${file}`, done, of)
        const proof = await proveDetection(folder, {
          budget: options.budget,
          suggest: options.suggest ?? false,
          onProgress,
        })
        proofs.push({ folder: folder.name, proof })
      }
  } finally {
    await runner.close()
  }
  if (cases.length === 0 && diagnostics.length === 0)
    diagnostics.push(diagnostic(noCases, noPlace, { filter: options.filter ?? '' }))
  return { cases, proofs, diagnostics }
}

interface RanPage {
  readonly result: PageResult
  readonly accepted: Accepted | undefined
  readonly unwritten: Diagnostic | undefined
}

/** An accepted page is judged again: a refused query, or engines that differ, cannot be accepted. */
async function runPage(page: Source, runner: CaseRunner, options: TestPathsOptions): Promise<RanPage> {
  const { filter, accept = false, roots } = options
  const common = { roots, ...(filter !== undefined && { filter }) }
  const result = await runner.test(page, { ...common, accept })
  if (!accept) return { result, accepted: undefined, unwritten: undefined }
  const { accepted } = result
  const isNew = accepted.changes.length > 0
  const unwritten = isNew ? writeWhole(page.name, accepted.text) : undefined
  const again = await runner.test({ ...page, text: accepted.text }, common)
  return { result: again, accepted: isNew && !unwritten ? accepted : undefined, unwritten }
}
