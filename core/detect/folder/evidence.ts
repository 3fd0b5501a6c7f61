// The evidence for each query of a detection: expectations of its cases, and results of their last run.
import { languageNamed } from '../../workbench/compile.ts'
import type { Block, Case, CaseFile } from '../case/case-file.ts'
import { inFolder } from './folder-names.ts'
import { parseTable } from '../case/result-table.ts'
import type { DetectionFolder } from './folder-types.ts'

export interface Promised {
  /** The query's file in the folder. Undefined: the text is in the page. */
  readonly file: string | undefined
  /** Id of its language. */
  readonly language: string
  readonly kind: 'diagnostics' | 'fires' | 'quiet'
  /** Number of findings, if the case lists all of them. */
  readonly findings: number | undefined
}

/** The page's path in its folder. */
export const pathOfPage = (folder: Pick<DetectionFolder, 'name'>, page: { readonly name: string }): string =>
  folder.name !== '.' && page.name.startsWith(`${folder.name}/`) ? page.name.slice(folder.name.length + 1) : page.name

/** The expectations of a case, query by query. `path`: the page's path in its folder. */
export function promisesOf(file: CaseFile, c: Case, path: string): Promised[] {
  const blocks = [...file.shared, ...c.blocks]
  const queries = blocks.flatMap((b, i) => (isQuery(b) ? [i] : []))
  return queries.flatMap((start, n) => {
    const block = blocks[start] as Block
    const named = block.options.get('file')
    const at = { file: named === undefined ? undefined : inFolder(named, path), language: block.kind }
    return blocks.slice(start + 1, queries[n + 1]).flatMap((b): Promised[] => {
      if (b.kind === 'fires' || b.kind === 'quiet' || b.kind === 'diagnostics')
        return [{ ...at, kind: b.kind, findings: undefined }]
      if (b.kind !== 'result') return []
      const findings = parseTable(b.source.text).rows.length
      return [{ ...at, kind: findings > 0 ? 'fires' : 'quiet', findings }]
    })
  })
}

const isQuery = (b: Block): boolean => languageNamed(b.kind) !== undefined && !b.options.has('saved')

/** The part of a case's last run that the evidence needs. */
export interface LastRun {
  readonly page: string
  readonly title: string
  readonly line: number
  readonly status: 'failed' | 'passed' | 'skipped' | 'todo'
}

export interface CaseEvidence<R extends LastRun = LastRun> {
  /** The page's path in its folder, and its title. */
  readonly page: string
  readonly pageTitle: string
  readonly case: Case
  readonly promises: readonly Promised[]
  /** Undefined: not run. */
  readonly run: R | undefined
}

export function evidenceOf<R extends LastRun>(folder: DetectionFolder, runs: readonly R[]): CaseEvidence<R>[] {
  return folder.pages.flatMap((page) => {
    const path = pathOfPage(folder, page.source)
    return page.cases.map((c) => ({
      page: path,
      pageTitle: page.title,
      case: c,
      promises: promisesOf(page, c, path),
      run: runs.find((r) => r.page === page.source.name && r.line === c.line),
    }))
  })
}

/**
 * `passing`: a case in which the query must fire has passed, and no case of the query has failed. `failing`: a case of the query has
 * failed. `quiet-only`: only cases in which it stays quiet have passed. `untested`: no case of the query ran. `not-executed`: no case can run,
 * because Assay only writes the language.
 */
export type Standing = 'failing' | 'not-executed' | 'passing' | 'quiet-only' | 'untested'

export function standingOf(all: readonly CaseEvidence[], file: string): Standing {
  const concerned = all.filter((e) => e.promises.some((p) => p.file === file))
  const ended = concerned.filter((e) => e.run?.status === 'passed' || e.run?.status === 'failed')
  if (ended.some((e) => e.run?.status === 'failed')) return 'failing'
  if (ended.some((e) => e.promises.some((p) => p.file === file && p.kind === 'fires'))) return 'passing'
  return ended.length > 0 ? 'quiet-only' : 'untested'
}

export interface Silenced {
  /** Id of the false positive. */
  readonly id: string
  /** Cases in which the query reports it and a query of `tuning/` does not. */
  readonly silenced: number
  /** Cases in which the query itself stays quiet. */
  readonly quiet: number
  /** Cases in which the query reports it and no tuning silences it. */
  readonly reported: number
}

/** The measured effect on one false positive: passed cases in `titles` (page and line), for the queries of one language. */
export function silencedIn(id: string, cases: readonly CaseEvidence[], language: string, main: string): Silenced {
  const of = (e: CaseEvidence, kind: Promised['kind'], isMain: boolean) =>
    e.promises.some((p) => p.language === language && p.kind === kind && (p.file === main) === isMain)
  const passed = cases.filter((e) => e.run?.status === 'passed' && e.promises.some((p) => p.file === main))
  const reported = passed.filter((e) => of(e, 'fires', true))
  const silenced = reported.filter((e) => of(e, 'quiet', false)).length
  return {
    id,
    silenced,
    quiet: passed.filter((e) => of(e, 'quiet', true)).length,
    reported: reported.length - silenced,
  }
}
