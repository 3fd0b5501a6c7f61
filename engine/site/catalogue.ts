// Gathers the content of a catalogue: detections, results of their cases, their proof by mutation, findings of the linter.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { internalError } from '../../core/diag/catalogue/cli.ts'
import { placeholder, unfinished } from '../../core/diag/catalogue/scaffold.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import type { CatalogueEntry, Comparison, Run } from '../../core/detect/folder/catalogue-entry.ts'
import { inFolder } from '../../core/detect/folder/folder-names.ts'
import type { Source } from '../../core/text/source.ts'
import { languageOfFile } from '../../core/workbench/compile.ts'
import { lint } from '../../core/workbench/lint.ts'
import { CaseRunner } from '../cases/case-runner.ts'
import { listDetections } from '../project/detection-folders.ts'
import { proveDetection } from '../cases/mutation-run.ts'
import { listPages } from '../project/list-files.ts'
import type { DetectionFolder } from '../../core/detect/folder/folder-types.ts'

export interface Gathered {
  readonly entries: readonly CatalogueEntry[]
  /** Of the folders. If one is an error, nothing was run. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface GatherOptions {
  /** Measure coverage and mutation score of every query. */
  readonly prove: boolean
  /** Folders with pages of cases that hold detections against other queries. */
  readonly comparisons: readonly string[]
  /** Folders whose files those pages may name, beside their own. */
  readonly roots: readonly string[]
  /** Seconds for each case, and for each mutant on each case. */
  readonly budget: number
  /** Accept detections with placeholders. Otherwise they are an error. */
  readonly drafts?: boolean
  /** Evidence of the last call, by fingerprint of a detection. The call replaces it by its own. */
  readonly cache?: Map<string, Evidence>
  readonly onProgress?: (what: string, done: number, total: number) => void
}

export type Evidence = Pick<CatalogueEntry, 'proof' | 'results'>

export async function gatherCatalogue(paths: readonly string[], options: GatherOptions): Promise<Gathered> {
  const { folders, diagnostics: wrong } = listDetections(paths)
  const comparisons = options.comparisons.length > 0 ? listPages(options.comparisons) : { pages: [], diagnostics: [] }
  const diagnostics = [...wrong, ...comparisons.diagnostics, ...(options.drafts ? [] : folders.flatMap(draft))]
  if (diagnostics.some((d) => d.severity === 'error')) return { entries: [], diagnostics }
  const runner = new CaseRunner(options.budget)
  try {
    const compared = await comparedWith(folders, comparisons.pages, runner, options.roots)
    const entries: CatalogueEntry[] = []
    for (const [i, folder] of folders.entries()) {
      options.onProgress?.(`tests of ${folder.detection?.id ?? folder.name}`, i, folders.length)
      const evidence = await evidenceFor(folder, runner, options)
      entries.push({ folder, ...evidence, lints: lintsOf(folder), compared: compared.get(folder) ?? [] })
    }
    const keys = new Set(folders.map(fingerprint))
    for (const key of options.cache?.keys() ?? []) if (!keys.has(key)) options.cache?.delete(key)
    return { entries, diagnostics }
  } finally {
    await runner.close()
  }
}

function draft({ name, detection, diagnostics }: DetectionFolder): Diagnostic[] {
  const count = diagnostics.filter((d) => d.code === placeholder.id).length
  return count === 0 ? [] : [diagnostic(unfinished, inLog(name), { id: detection?.id ?? name, count })]
}

async function evidenceFor(folder: DetectionFolder, runner: CaseRunner, options: GatherOptions): Promise<Evidence> {
  const { prove, budget, cache, onProgress } = options
  const key = fingerprint(folder)
  const before = cache?.get(key)
  if (before && (before.proof || !prove)) return before
  const results: Run[] = before ? [...before.results] : []
  if (!before) for (const page of listPages([folder.name]).pages) results.push(...(await runner.test(page, {})).cases)
  // A mutant is killed by a case that fails on it. If a case fails already, every mutant would look killed.
  const proof =
    prove && !results.some((r) => r.status === 'failed')
      ? await proveDetection(folder, { budget, ...(onProgress && { onProgress }) })
      : undefined
  const evidence = { results, proof }
  cache?.set(key, evidence)
  return evidence
}

/** Equal for equal files under the same name. */
function fingerprint(folder: DetectionFolder): string {
  const hash = createHash('sha256').update(folder.name)
  for (const [path, text] of folder.files) hash.update(`\0${path}\0${text.length}\0${text}`)
  return hash.digest('hex')
}

function lintsOf(folder: DetectionFolder): Map<string, readonly Diagnostic[]> {
  const platforms = Object.values(folder.detection?.platforms ?? {})
  const named = platforms.flatMap((p) => (p ? [p.query, ...p.companions.map((c) => c.file)] : []))
  return new Map(
    named.flatMap((name): [string, readonly Diagnostic[]][] => {
      const file = inFolder(name)
      const text = file === undefined ? undefined : folder.files.get(file)
      const language = text === undefined || file === undefined ? undefined : languageOfFile(file, text)
      if (file === undefined || text === undefined || !language) return []
      return [[file, lintOf({ name: file, text }, language.id)]]
    }),
  )
}

/** An exception is the diagnostic of its own query. */
function lintOf(source: Source, language: string): readonly Diagnostic[] {
  try {
    return lint(source, language).diagnostics
  } catch (e) {
    return [internalError(e, inLog(source.name))]
  }
}

/** Runs pages that compare queries of detections with other queries. */
async function comparedWith(
  folders: readonly DetectionFolder[],
  pages: readonly Source[],
  runner: CaseRunner,
  roots: readonly string[],
) {
  const found = new Map<DetectionFolder, Comparison[]>()
  for (const source of pages) {
    const page = parseCaseFile(source)
    const blocks = page.cases.flatMap((c) => c.blocks)
    const names = [...new Set(blocks.flatMap((b) => b.options.get('file') ?? []))]
    for (const folder of folders) {
      const ours = new Map(names.flatMap((name) => inside(folder, dirname(source.name), name)))
      if (ours.size === 0) continue
      const { cases } = await runner.test(source, { roots })
      found.set(folder, [...(found.get(folder) ?? []), { page, results: cases, ours }])
    }
  }
  return found
}

function inside(folder: DetectionFolder, from: string, name: string): [string, string][] {
  const path = relative(resolve(folder.name), resolve(join(from, name)))
    .split(sep)
    .join('/')
  return folder.files.has(path) ? [[name, path]] : []
}

/** The notices that a copy of ATT&CK's names must carry: NOTICE of the package. */
export const readNotice = (): string =>
  readFileSync(new URL(import.meta.url.endsWith('.ts') ? '../../NOTICE' : '../NOTICE', import.meta.url), 'utf8')
