// The text of a query and where it came from.
import { statSync } from 'node:fs'
import type { Source, Span } from '../../core/text/source.ts'

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
  /** It is a part of its file: its number among the queries there. */
  readonly part?: number
  /** A place of the file with a value that is not known, so that the query is not read. */
  readonly unread?: Span
}

/** The name of a text from the command line. */
export const ARGUMENT = '<argument>'

/** A pipe of the shell (`<(…)`) can be read like a file. statSync throws for a text that is too long for a name. */
export function isReadable(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
  } catch {
    return false
  }
}

export function decode(name: string, bytes: Buffer): Pick<QueryText, 'bom' | 'newline' | 'source'> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const bom = text.startsWith('\uFEFF')
  const crlf = text.split('\r\n').length - 1
  const newline = crlf > 0 && crlf * 2 >= text.split('\n').length - 1 ? '\r\n' : '\n'
  return { source: { name, text: bom ? text.slice(1) : text }, bom, newline }
}
