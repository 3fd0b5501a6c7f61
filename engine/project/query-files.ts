// Texts that a caller names: a query as a file or as text, all queries below a folder, pages of cases; and writing them back.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileGone, languageNeeded } from '../../core/diag/catalogue/cli.ts'
import { noQueries, unreadableQuery } from '../../core/diag/catalogue/query-file.ts'
import { type Diagnostic, inLog, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Source } from '../../core/text/source.ts'
import { findLanguage, languageOfFile, languages } from '../../core/workbench/compile.ts'
import { detectionFoldersBelow } from './detection-folders.ts'
import { openInside } from '../files/open-inside.ts'
import { reasonOf } from '../files/reason.ts'
import { writeWhole } from '../files/write-whole.ts'

export interface QueryText {
  /** Without byte order mark. */
  readonly source: Source
  /** Id of its language. */
  readonly language: string
  /** undefined: given as text. */
  readonly path: string | undefined
  /** How the file is written: to be kept when it is rewritten. */
  readonly bom: boolean
  readonly newline: '\n' | '\r\n'
}

const ARGUMENT = '<argument>'
const endings = (): string[] => languages.flatMap((l) => [...l.extensions])
/** Files that may hold a query or anything else. */
const MAY_HOLD = ['.yml', '.yaml']

/** One query. With a language, what names no file is the text itself; `-` is standard input. */
export function readQuery(argument: string, lang: string | undefined): Diagnostic | QueryText {
  const language = lang === undefined ? undefined : findLanguage(lang)
  if (language && 'code' in language) return language
  if (argument === '-' && language) return readBytes('<stdin>', 0, language.id, undefined)
  const isFile = isThere(argument)
  if (!isFile && language) {
    return {
      source: { name: ARGUMENT, text: argument },
      language: language.id,
      path: undefined,
      bom: false,
      newline: '\n',
    }
  }
  if (!isFile && !/^[\w./\\-]+$/.test(argument))
    return diagnostic(languageNeeded, noPlace, { known: languages.map((l) => l.id) })
  if (!isFile) return diagnostic(fileGone, inLog(argument), { path: argument })
  return readBytes(argument, argument, language?.id, argument)
}

/** A query that a detection names, read inside its folder. */
export function readQueryOf(folder: string, name: string): Diagnostic | QueryText {
  const opened = openInside({ from: folder, roots: [folder] }, name)
  if ('code' in opened) return opened
  const path = join(folder, name)
  return asQuery(path, opened.bytes, undefined, path)
}

/** A pipe of the shell (`<(…)`) is as good as a file; a text too long for a name is none. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
  } catch {
    return false
  }
}

/** `from`: a path or a file descriptor. */
function readBytes(
  name: string,
  from: number | string,
  language: string | undefined,
  path: string | undefined,
): Diagnostic | QueryText {
  try {
    return asQuery(name, readFileSync(from), language, path)
  } catch (e) {
    return diagnostic(unreadableQuery, inLog(name), { path: name, reason: reasonOf(e) })
  }
}

/** Without a language the ending of the file says it, or else what stands in it. */
function asQuery(
  name: string,
  bytes: Buffer,
  language: string | undefined,
  path: string | undefined,
): Diagnostic | QueryText {
  let read: ReturnType<typeof decoded>
  try {
    read = decoded(name, bytes)
  } catch {
    return diagnostic(unreadableQuery, inLog(name), { path: name, reason: 'it is not UTF-8' })
  }
  const known = language ?? (languageOfFile(name) ?? languageOfFile(name, read.source.text))?.id
  return known === undefined
    ? diagnostic(languageNeeded, inLog(name), { known: languages.map((l) => l.id) })
    : { ...read, language: known, path }
}

function decoded(name: string, bytes: Buffer): Pick<QueryText, 'bom' | 'newline' | 'source'> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const bom = text.startsWith('\uFEFF')
  const crlf = text.split('\r\n').length - 1
  const newline = crlf > 0 && crlf * 2 >= text.split('\n').length - 1 ? '\r\n' : '\n'
  return { source: { name, text: bom ? text.slice(1) : text }, bom, newline }
}

/** Queries of files and of folders with all their subfolders, in order of path. */
export function listQueries(
  paths: readonly string[],
  lang?: string,
): { queries: QueryText[]; diagnostics: Diagnostic[] } {
  const queries: QueryText[] = []
  const diagnostics: Diagnostic[] = []
  for (const path of paths) {
    const { files, wrong } = filesBelow(path, [...endings(), ...MAY_HOLD])
    if (wrong) diagnostics.push(wrong)
    let found = 0
    for (const file of files ?? [path]) {
      if (queries.some((q) => q.path === file)) continue
      const read = readQuery(file, lang)
      if (!('code' in read)) {
        queries.push(read)
        found++
      } else if (read.code !== languageNeeded.id || files === undefined) {
        diagnostics.push(read)
        found++
      }
    }
    if (files !== undefined && files.length > 0 && found === 0)
      diagnostics.push(diagnostic(noQueries, noPlace, { path, endings: [...endings(), ...MAY_HOLD] }))
  }
  return { queries, diagnostics }
}

/** Pages of cases: files by any name, `*.case.md` below folders, and of detections also investigation and hunts, whose queries run. */
export function listPages(paths: readonly string[]): { pages: Source[]; diagnostics: Diagnostic[] } {
  const pages: Source[] = []
  const diagnostics: Diagnostic[] = []
  for (const path of paths) {
    const { files, wrong } = filesBelow(path, ['.case.md'])
    if (wrong) diagnostics.push(wrong)
    for (const file of files === undefined ? [path] : [...files, ...guides(path)]) {
      try {
        pages.push({ name: file, text: readFileSync(file, 'utf8') })
      } catch (e) {
        const gone = (e as NodeJS.ErrnoException).code === 'ENOENT'
        diagnostics.push(
          gone
            ? diagnostic(fileGone, inLog(file), { path: file })
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

/** `files`: undefined if the path is no folder. */
function filesBelow(path: string, ends: readonly string[]): { files?: string[]; wrong?: Diagnostic } {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return {}
  try {
    const files = below(path, ends)
    return files.length > 0 ? { files } : { files, wrong: diagnostic(noQueries, noPlace, { path, endings: ends }) }
  } catch (e) {
    return { files: [], wrong: diagnostic(unreadableQuery, inLog(path), { path, reason: reasonOf(e) }) }
  }
}

function below(folder: string, ends: readonly string[]): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((e) => {
    if (e.name.startsWith('.') || e.name === 'node_modules') return []
    const path = folder === '.' ? e.name : join(folder, e.name)
    if (e.isDirectory()) return below(path, ends)
    return e.isFile() && ends.some((x) => e.name.toLowerCase().endsWith(x)) ? [path] : []
  })
}

/** Rewrites the file of a query with its byte order mark and line ends. The old text stays until the new one is on disk. */
export function writeQuery(query: QueryText, text: string): Diagnostic | undefined {
  if (query.path === undefined) return undefined
  const lines = text.replace(/\r\n/g, '\n').replaceAll('\n', query.newline)
  return writeWhole(query.path, (query.bom ? '\uFEFF' : '') + lines)
}
