// Formats of rows: one record per format, found in `formats/`.
import type { Table } from '../core/workbench/present.ts'

export interface RenderOptions {
  /** Width of the terminal in characters. 0: no terminal, so nothing is cut. */
  readonly width: number
  /** CSV for a spreadsheet, which must not run a text as a formula. */
  readonly spreadsheet: boolean
}

export interface RowFormat {
  /** The value of `--format`. */
  readonly id: string
  /** The whole output. Numbers print exactly: integers beyond 2^53 keep their digits. */
  readonly render: (table: Table, options: RenderOptions) => string
}
