// One query: read from a file, a detection, standard input or the command line, and written back to its file.
import { join } from 'node:path'
import { fileGone, languageNeeded } from '../../core/diag/catalogue/cli.ts'
import { unreadableQuery } from '../../core/diag/catalogue/query-file.ts'
import { type Diagnostic, diagnostic, inLog, noPlace } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { findLanguage, languageOfFile, readLanguages } from '../../core/workbench/compile.ts'
import { queriesIn } from '../../core/workbench/embedded/embedded.ts'
import { openInside } from '../files/open-inside.ts'
import { readSmall } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import { writeWhole } from '../files/write-whole.ts'
import { ARGUMENT, decode, isReadable, type QueryText } from './query-text.ts'

export type { QueryText } from './query-text.ts'

/** With a language, an argument that names no file is the text of a query; `-` is standard input. */
export function readQuery(argument: string, lang: string | undefined): Result<QueryText> {
  const named = lang === undefined ? undefined : findLanguage(lang)
  if (named?.ok === false) return named
  const language = named?.value
  if (argument === '-' && language) return readBytes('<stdin>', 0, language.id, undefined)
  if (argument === '-') return failure(diagnostic(languageNeeded, noPlace, { known: readLanguages.map((l) => l.id) }))
  const isFile = isReadable(argument)
  if (!isFile && language) {
    const source = { name: ARGUMENT, text: argument }
    return ok({ source, language: language.id, path: undefined, bom: false, newline: '\n' })
  }
  if (!isFile && !/^[\w./\\-]+$/.test(argument))
    return failure(diagnostic(languageNeeded, noPlace, { known: readLanguages.map((l) => l.id) }))
  if (!isFile) return failure(diagnostic(fileGone, inLog(argument), { path: argument }))
  return readBytes(argument, argument, language?.id, argument)
}

/** The queries inside a file of another kind; undefined: it is no such file, or cannot be read. */
export function readEmbedded(path: string): QueryText[] | undefined {
  try {
    const { source, bom, newline } = decode(path, readSmall(path))
    return queriesIn(source)?.map((q, part) => ({ ...q, path, bom, newline, part }))
  } catch {
    return undefined
  }
}

/** A query that a detection names, read inside its folder. */
export function readQueryOf(folder: string, name: string): Result<QueryText> {
  const opened = openInside({ from: folder, roots: [folder] }, name)
  if (!opened.ok) return opened
  const path = join(folder, name)
  return queryOf(path, opened.value.bytes, undefined, path)
}

/** `from`: a path or a file descriptor. */
function readBytes(
  name: string,
  from: number | string,
  language: string | undefined,
  path: string | undefined,
): Result<QueryText> {
  try {
    return queryOf(name, readSmall(from), language, path)
  } catch (e) {
    return failure(diagnostic(unreadableQuery, inLog(name), { path: name, reason: reasonOf(e) }))
  }
}

/** Without a language, the ending of the file tells it, or else the content. */
function queryOf(
  name: string,
  bytes: Buffer,
  language: string | undefined,
  path: string | undefined,
): Result<QueryText> {
  let read: ReturnType<typeof decode>
  try {
    read = decode(name, bytes)
  } catch {
    return failure(diagnostic(unreadableQuery, inLog(name), { path: name, reason: 'it is not UTF-8' }))
  }
  const id = language ?? (languageOfFile(name) ?? languageOfFile(name, read.source.text))?.id
  return id === undefined
    ? failure(diagnostic(languageNeeded, inLog(name), { known: readLanguages.map((l) => l.id) }))
    : ok({ ...read, language: id, path })
}

/** Rewrites the file of a query with its byte order mark and line ends; for a part, with the text of the whole host. Does nothing for a text from the command line. */
export function writeQuery(query: QueryText, text: string): Diagnostic | undefined {
  if (query.path === undefined) return undefined
  // The text of a whole host has its own line ends already.
  if (query.part !== undefined) return writeWhole(query.path, (query.bom ? '\uFEFF' : '') + text)
  const lines = text.replace(/\r\n/g, '\n').replaceAll('\n', query.newline)
  return writeWhole(query.path, (query.bom ? '\uFEFF' : '') + lines)
}
