// Inputs of a run that are tables.
import { type FileStats, newFileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import type { TableFile } from '../inputs/table-file.ts'

export type TableInput = Recognised & { readonly table: TableFile }
export const isTable = (f: Recognised): f is TableInput => f.table !== undefined

export const tableStats = ({ rows, first = null, last = null }: TableFile): FileStats => ({
  ...newFileStats(),
  lines: rows,
  events: rows,
  first,
  last,
})
