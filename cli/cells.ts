// Cells of rows as texts, for the formats in `formats/`.
import { printForeign } from '../core/text/foreign.ts'
import type { Cell } from '../core/workbench/present.ts'

export const cellText = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return String(cell)
  // JSON has no infinity and no NaN: they are texts.
  if ('number' in cell) return /^-?(?:Infinity|NaN)$/.test(cell.number) ? `"${cell.number}"` : cell.number
  return cell.join('\n')
}

export const isNumber = (cell: Cell | undefined): boolean =>
  typeof cell === 'object' && cell !== null && 'number' in cell

/** A JSON object; absent fields are left out. */
export function rowToJson(columns: readonly string[], row: readonly Cell[]): string {
  const parts = columns.flatMap((name, i) => {
    const cell = row[i] ?? null
    return cell === null ? [] : [`${printForeign(name, 'json')}: ${cellToJson(cell)}`]
  })
  return `{${parts.join(', ')}}`
}
function cellToJson(cell: Cell): string {
  if (typeof cell === 'string') return printForeign(cell, 'json')
  if (cell === null || typeof cell === 'boolean') return String(cell)
  // JSON has no infinity and no NaN: they are texts.
  if ('number' in cell) return /^-?(?:Infinity|NaN)$/.test(cell.number) ? `"${cell.number}"` : cell.number
  return `[${cell.map((c) => printForeign(c, 'json')).join(',')}]`
}
