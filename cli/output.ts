// Rows in one of the formats of `formats/`.
import type { Table } from '../core/workbench/present.ts'
import { all } from './formats/_index.ts'
import type { RenderOptions, RowFormat } from './row-format.ts'

const formats: readonly RowFormat[] = all
export const formatIds: readonly string[] = formats.map((f) => f.id)

export function render(table: Table, id: string, options: Partial<RenderOptions> = {}): string {
  const format = formats.find((f) => f.id === id)
  if (!format) throw new Error(`our bug: no format ${id}`)
  return format.render(table, { width: 0, spreadsheet: false, ...options })
}
