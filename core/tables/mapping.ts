// A table as telemetry: its columns, and how they name fields.
import type { ColumnType, TableColumn } from './column.ts'

export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** Paths are names of columns and of their members: `time`, `device.hostname`. */
export interface TableMapping {
  /** The time of an event. `unit`: of a number or a text of digits since 1970; an instant needs none. Left out: events have no time. */
  readonly time?: { readonly column: string; readonly unit?: TimeUnit | undefined }
  /** Name in a query → paths of columns, tried in order. Every column also answers to its own path. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  /** Column with all fields that have no column: a map from names to texts, or the text of a JSON object. */
  readonly rest?: string | undefined
  /** Column with the record as it was logged. */
  readonly raw?: string | undefined
  /** Column of whole numbers that orders rows. Left out: the order in the file; of a database, none. */
  readonly order?: string | undefined
  /** The log format whose aliases, tags and views the rows have: their fields have its names. */
  readonly format?: string | undefined
  readonly tags: Readonly<Record<string, string>>
  /**
   * Of a store: columns have all that events answer besides their fields. `isNamed`: they answer to the names of the format, and have no
   * columns for those that copy a field. Left out: columns may lack what the reader of a record makes.
   */
  readonly stored?: { readonly isNamed: boolean }
}

export interface Table {
  readonly columns: readonly TableColumn[]
  readonly mapping: TableMapping
}

export interface PathPlace {
  readonly column: string
  readonly members: readonly string[]
  readonly type: ColumnType
}

/** The column and members that a path of the mapping names. */
export function placeOfPath(table: Table, path: string): PathPlace | undefined {
  const visit = (
    columns: Table['columns'],
    column: string | undefined,
    members: string[],
    left: string,
  ): PathPlace | undefined => {
    for (const { name, type } of columns) {
      const [own, inner] = column === undefined ? [name, members] : [column, [...members, name]]
      if (left === name) return { column: own, members: inner, type }
      if (type.kind !== 'struct' || !left.startsWith(`${name}.`)) continue
      const found = visit(type.members, own, inner, left.slice(name.length + 1))
      if (found) return found
    }
    return undefined
  }
  return visit(table.columns, undefined, [], path)
}
