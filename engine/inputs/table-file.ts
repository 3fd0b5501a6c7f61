// A table among the inputs of a run, and the events that rows pulled out of it are.
import { namesOf } from '../../core/logs/cps/names.ts'
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed, plainText } from '../../core/logs/registry.ts'
import { rowReader, type RowValues } from '../../core/tables/event.ts'
import type { Copies } from '../../core/tables/find-field.ts'
import type { Table } from '../../core/tables/mapping.ts'

/** Parquet files with one set of columns, read by DuckDB. */
export interface FileFacts {
  /** Columns of the table that the file has. */
  readonly columns: ReadonlySet<string>
  /** Fields with a text, not the empty one, in every event. */
  readonly full: ReadonlySet<string>
  /** Fields with the same text in every event. */
  readonly only: ReadonlyMap<string, string>
}
export interface ParquetTable {
  readonly engine: 'duckdb'
  readonly paths: readonly string[]
  /** Rows before those of each file. */
  readonly offsets: readonly number[]
  /** First and last time of each file, microseconds; null: it has events without a time, or none with one. Left out: unknown. */
  readonly spans?: readonly (readonly [first: bigint, last: bigint] | null)[]
  /** Of each file, from the list of a store. Left out: unknown. */
  readonly facts?: readonly FileFacts[]
}

/** A table of a server. */
export interface ClickhouseTable {
  readonly engine: 'clickhouse'
  readonly address: { readonly url: string; readonly user: string; readonly database: string; readonly table: string }
  /** The user may set nothing. */
  readonly isReadonly: boolean
  /** The profile of the user has `join_use_nulls`. */
  readonly joinNulls: boolean
}

export interface TableFile {
  readonly table: Table
  readonly at: ClickhouseTable | ParquetTable
  readonly rows: number
  /** First and last time, microseconds; null: no row has one. Left out: only a read of the whole column would tell. */
  readonly first?: bigint | null
  readonly last?: bigint | null
  /** The aliases and tags of the mapping and of its format. */
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly tags: Readonly<Record<string, string>>
}

/** Name of the format of tables that have no other one's names. */
export const TABLE = 'table'

/** The names of its format that copy a field. Workers get a table as data, so it is no part of one. */
export function copiesOf({ mapping }: Table): Copies | undefined {
  const own = mapping.format === undefined ? undefined : formatNamed(mapping.format)
  const names = own && namesOf(own)
  if (!names || mapping.stored?.isNamed === false) return undefined
  // A store has columns for the names that choose between fields: there an empty text does not count, which a column cannot tell.
  return mapping.stored ? (name) => onlyOne(names.copies(name)) : names.copies
}

const onlyOne = (fields: readonly string[]): readonly string[] => (fields.length === 1 ? fields : [])

const known = new WeakMap<TableFile, LogFormat>()

/** Rows as a spool of pulled rows has them: a JSON array of texts and nulls a line. */
export function tableFormat(file: TableFile): LogFormat {
  const before = known.get(file)
  if (before) return before
  const own = file.table.mapping.format === undefined ? undefined : formatNamed(file.table.mapping.format)
  const read = rowReader(file.table, copiesOf(file.table))
  const format: LogFormat = {
    ...(own?.views && { views: own.views }),
    ...(own?.sigma && { sigma: own.sigma }),
    name: own?.name ?? TABLE,
    title: own?.title ?? 'Table',
    doc: plainText.doc,
    unit: 'line',
    recognise: () => undefined,
    reader: () => ({ read: (line) => read(JSON.parse(line) as unknown as RowValues) }),
    answers: () => false,
    aliases: file.aliases,
    tags: file.tags,
    json: false,
  }
  known.set(file, format)
  return format
}
