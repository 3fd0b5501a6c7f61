import { rowToJson } from '../cells.ts'
import type { RowFormat } from '../row-format.ts'

export const ndjson: RowFormat = {
  id: 'ndjson',
  render: ({ columns, rows }) => rows.map((r) => `${rowToJson(columns, r)}\n`).join(''),
}
