// One query: read from a file, a detection, standard input or the command line, and written back to its file.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileGone, languageNeeded } from '../../core/diag/catalogue/cli.ts'
import { unreadableQuery } from '../../core/diag/catalogue/query-file.ts'
import { type Diagnostic, diagnostic, inLog, noPlace } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import type { Source } from '../../core/text/source.ts'
import { findLanguage, languageOfFile, readLanguages } from '../../core/workbench/compile.ts'
import { queriesIn } from '../../core/workbench/embedded/embedded.ts'
import { openInside } from '../files/open-inside.ts'
import { readSmall } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import { writeWhole } from '../files/write-whole.ts'

export interface QueryText {
  /** Without byte order mark. */
  readonly source: Source
  /** Id of its language. */
  readonly language: string
  /** Undefined: the text came from the command line. */
  readonly path: string | undefined
  /** Byte order mark and line ends of the file, which `writeQuery` keeps. */
  readonly bom: boolean
  readonly newline: '\n' | '\r\n'
  /** It is a part of its file, which nothing rewrites. */
  readonly isPart?: true
}

const ARGUMENT = '<argument>'

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
    return queriesIn(source)?.map((q) => ({ ...q, path, bom, newline, isPart: true as const }))
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

/** A pipe of the shell (`<(…)`) can be read like a file. statSync throws for a text that is too long for a name. */
function isReadable(path: string): boolean {
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

function decode(name: string, bytes: Buffer): Pick<QueryText, 'bom' | 'newline' | 'source'> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const bom = text.startsWith('\uFEFF')
  const crlf = text.split('\r\n').length - 1
  const newline = crlf > 0 && crlf * 2 >= text.split('\n').length - 1 ? '\r\n' : '\n'
  return { source: { name, text: bom ? text.slice(1) : text }, bom, newline }
}

/** Rewrites the file of a query with its byte order mark and line ends. Does nothing for a text from the command line. */
export function writeQuery(query: QueryText, text: string): Diagnostic | undefined {
  if (query.path === undefined || query.isPart) return undefined
  const lines = text.replace(/\r\n/g, '\n').replaceAll('\n', query.newline)
  return writeWhole(query.path, (query.bom ? '\uFEFF' : '') + lines)
}
