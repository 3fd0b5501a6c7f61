// How rows are printed: one record per format, found in `formats/`.
import type { Table } from '../core/workbench/present.ts'

export interface RenderOptions {
  /** Columns of the terminal; 0: there is no terminal, and nothing is cut. */
  readonly width: number
  /** CSV for a spreadsheet: no text is run as a formula. */
  readonly spreadsheet: boolean
}

export interface RowFormat {
  /** As `--format` names it. */
  readonly id: string
  /** The whole output. Numbers print exactly: integers beyond 2^53 keep their digits. */
  readonly render: (table: Table, options: RenderOptions) => string
}
