import { printForeign } from '../../core/text/foreign.ts'
import type { Cell } from '../../core/workbench/present.ts'
import { cellText } from '../cells.ts'
import type { RowFormat } from '../row-format.ts'

/** RFC 4180. An empty text is quoted, so that it differs from an absent field. */
export const csv: RowFormat = {
  id: 'csv',
  render({ columns, rows }, { spreadsheet }) {
    const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`
    const print = (cell: Cell | undefined) =>
      cell === '' ? '""' : printForeign(cellText(cell), spreadsheet && typeof cell === 'string' ? 'spreadsheet' : 'csv')
    return (
      line(columns.map((name) => printForeign(name, 'csv'))) +
      rows.map((r) => line(columns.map((_, i) => print(r[i])))).join('')
    )
  },
}
