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
  let text = '{'
  for (let i = 0; i < columns.length; i++) {
    const cell = row[i] ?? null
    if (cell === null) continue
    if (text.length > 1) text += ', '
    text += `${printForeign(columns[i] as string, 'json')}: ${cellToJson(cell)}`
  }
  return `${text}}`
}
function cellToJson(cell: Cell): string {
  if (typeof cell === 'string') return printForeign(cell, 'json')
  if (cell === null || typeof cell === 'boolean') return String(cell)
  // JSON has no infinity and no NaN: they are texts.
  if ('number' in cell) return /^-?(?:Infinity|NaN)$/.test(cell.number) ? `"${cell.number}"` : cell.number
  return `[${cell.map((c) => printForeign(c, 'json')).join(',')}]`
}
