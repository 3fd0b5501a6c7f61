import { rowToJson } from '../cells.ts'
import type { RowFormat } from '../row-format.ts'

export const json: RowFormat = {
  id: 'json',
  render: ({ columns, rows }) =>
    `[${rows.map((r) => `\n  ${rowToJson(columns, r)}`).join(',')}${rows.length > 0 ? '\n' : ''}]\n`,
}
