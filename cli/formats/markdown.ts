import { printForeign } from '../../core/text/foreign.ts'
import { cellText, isNumber } from '../cells.ts'
import type { RowFormat } from '../row-format.ts'

export const markdown: RowFormat = {
  id: 'markdown',
  render({ columns, rows }) {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
    const numeric = columns.map((_, i) => rows.some((r) => isNumber(r[i])))
    return (
      line(columns.map((name) => printForeign(name, 'markdown'))) +
      line(numeric.map((n) => (n ? '---:' : '---'))) +
      rows
        .map((r) =>
          line(columns.map((_, i) => (isNumber(r[i]) ? cellText(r[i]) : printForeign(cellText(r[i]), 'markdown')))),
        )
        .join('')
    )
  },
}
