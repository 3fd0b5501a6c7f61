// Mappings of tables that products write, as records. The registry finds them by folder.
import type { TableColumn } from './column.ts'
import type { TableMapping } from './mapping.ts'

export interface ReadyMapping {
  readonly id: string
  readonly title: string
  /** The source of the facts. */
  readonly evidence: string
  /** Do the columns have the shape that the product writes? */
  readonly fits: (columns: readonly TableColumn[]) => boolean
  /** Columns that are no fields of the events. */
  readonly own?: readonly string[]
  readonly mapping: TableMapping
}

/** True if all columns are there. */
export const hasAll = (columns: readonly TableColumn[], ...names: readonly string[]): boolean =>
  names.every((n) => columns.some((c) => c.name === n))
