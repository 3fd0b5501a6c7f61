// A file to read: as named, as probed, as recognised.
import type { ParserScript } from '../../core/workbench/parser-script.ts'
import type { PlacedYears } from '../../core/logs/readers/years.ts'
import type { TableFile } from './table-file.ts'

export type Charset = 'utf-16be' | 'utf-16le' | 'utf-8'
export type Tags = Readonly<Record<string, string>>

/** One file to read. The order of inputs is the order of their events. */
export interface Input {
  /** The name on the command line; `-` for standard input. */
  readonly name: string
  /** The file with its bytes. Standard input is copied to a private file. */
  readonly path: string
  /** Bytes on disk. */
  readonly size: number
  /** Device and number of the file: another one may take its name. Left out: any file of the name is read. */
  readonly identity?: string
  /** Tags from the command line: `@category` and `#repo`. They override those of the format. */
  readonly tags: Tags
}

/** An input with facts from its first bytes. */
export interface Probed extends Input {
  readonly gzip: boolean
  readonly charset: Charset
  /** Length of the byte order mark in bytes. */
  readonly bom: number
  /** Messages carry their length (RFC 6587), and lines mean nothing. */
  readonly counted?: true
  /** A Windows event log: its records are read as lines of XML. */
  readonly evtx?: true
  /** The first lines, at most 200 of the first 256 KB. */
  readonly head: readonly string[]
}

export interface FileYears extends PlacedYears {
  /** The source of the year. Null: the records looked at have stamps with years only. */
  readonly by: 'file' | 'now' | 'stamp' | 'year' | null
}

export interface Recognised extends Probed {
  readonly format: string
  /** Of a Windows event log: records in unused parts of chunks are read, too. */
  readonly carve?: true
  /** The user's parser script, which reads the file. */
  readonly parser?: ParserScript
  /** The input is a table: `path` holds rows pulled out of it, or is its first file. */
  readonly table?: TableFile
  readonly isPulled?: true
  readonly why: string
  /** How well the first lines fit, 0 to 1. Left out: the format was not recognised by them. */
  readonly score?: number
  /** Other formats that fit, best first. */
  readonly others: readonly { readonly format: string; readonly score: number; readonly why: string }[]
  /** Left out: stamps without a year are of the year of the command. */
  readonly years?: FileYears
}
