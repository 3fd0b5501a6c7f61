// The queries and the pages of cases at or below some paths.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { languageNeeded, pageGone } from '../../core/diag/catalogue/cli.ts'
import { noQueries, unreadableQuery } from '../../core/diag/catalogue/query-file.ts'
import { type Diagnostic, diagnostic, inLog, noPlace } from '../../core/diag/diagnostic.ts'
import type { Source } from '../../core/text/source.ts'
import { languages } from '../../core/workbench/compile.ts'
import { hostEndings } from '../../core/workbench/embedded/embedded.ts'
import { isFolder } from '../files/is-folder.ts'
import { readSmallText } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import { detectionFoldersBelow } from './detection-folders.ts'
import { type QueryText, readEmbedded, readQuery } from './query-files.ts'

/** YAML files may hold a Sigma rule or anything else. */
const ENDINGS = [...languages.flatMap((l) => l.extensions), '.yml', '.yaml']

/** Queries of files and of folders with all their subfolders, in order of path. `embedded`: those inside other files too. */
export function listQueries(
  paths: readonly string[],
  lang?: string,
  { embedded = false }: { readonly embedded?: boolean } = {},
): { queries: QueryText[]; diagnostics: Diagnostic[] } {
  const queries: QueryText[] = []
  const diagnostics: Diagnostic[] = []
  const known = new Set<string>()
  for (const path of paths) {
    const { files, problem } = filesBelow(path, embedded ? [...ENDINGS, ...hostEndings] : ENDINGS)
    if (problem) diagnostics.push(problem)
    let found = 0
    for (const file of files ?? [path]) {
      if (known.has(file)) continue
      const read = readQuery(file, lang)
      const inside =
        embedded && !read.ok && read.diagnostics[0]?.code === languageNeeded.id ? readEmbedded(file) : undefined
      // One file that was named must have a query; hooks name many.
      if (inside && (inside.length > 0 || files !== undefined || paths.length > 1)) {
        queries.push(...inside)
        known.add(file)
        found += inside.length
        continue
      }
      // Below a folder, a YAML file without a query is not a mistake.
      if (!read.ok && files !== undefined && read.diagnostics[0]?.code === languageNeeded.id) continue
      found++
      if (read.ok) {
        queries.push(read.value)
        known.add(file)
      } else diagnostics.push(...read.diagnostics)
    }
    if (files !== undefined && files.length > 0 && found === 0)
      diagnostics.push(diagnostic(noQueries, noPlace, { path, endings: ENDINGS }))
  }
  return { queries, diagnostics }
}

/** Pages of cases: the files themselves, `*.case.md` below folders, and the hunts and investigation guides of detections. */
export function listPages(paths: readonly string[]): { pages: Source[]; diagnostics: Diagnostic[] } {
  const pages: Source[] = []
  const diagnostics: Diagnostic[] = []
  for (const path of paths) {
    const { files, problem } = filesBelow(path, ['.case.md'])
    if (problem) diagnostics.push(problem)
    for (const file of files === undefined ? [path] : [...files, ...guides(path)]) {
      try {
        pages.push({ name: file, text: readSmallText(file) })
      } catch (e) {
        const gone = (e as NodeJS.ErrnoException).code === 'ENOENT'
        diagnostics.push(
          gone
            ? diagnostic(pageGone, inLog(file), { path: file })
            : diagnostic(unreadableQuery, inLog(file), { path: file, reason: reasonOf(e) }),
        )
      }
    }
  }
  return { pages, diagnostics }
}

const GUIDE = /^(?:hunts\/.+|investigation)\.md$/

const guides = (path: string): string[] =>
  detectionFoldersBelow(path).flatMap((folder) =>
    below(folder, ['.md']).filter((file) => GUIDE.test(file.slice(folder.length + 1).replaceAll('\\', '/'))),
  )

/** `files`: undefined if the path is not a folder. */
function filesBelow(path: string, endings: readonly string[]): { files?: string[]; problem?: Diagnostic } {
  if (!isFolder(path)) return {}
  try {
    const files = below(path, endings)
    return files.length > 0 ? { files } : { files, problem: diagnostic(noQueries, noPlace, { path, endings }) }
  } catch (e) {
    return { files: [], problem: diagnostic(unreadableQuery, inLog(path), { path, reason: reasonOf(e) }) }
  }
}

function below(folder: string, endings: readonly string[]): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((e) => {
    if (e.name.startsWith('.') || e.name === 'node_modules') return []
    const path = folder === '.' ? e.name : join(folder, e.name)
    if (e.isDirectory()) return below(path, endings)
    return e.isFile() && endings.some((x) => e.name.toLowerCase().endsWith(x)) ? [path] : []
  })
}
