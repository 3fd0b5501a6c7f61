// Rows as a table, JSON, NDJSON, CSV or Markdown. Numbers print exactly: integers beyond 2^53 keep their digits.
import { visible } from '../core/diag/render.ts'
import type { Cell, Table } from '../core/workbench/present.ts'

export const formats = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const
export type OutputFormat = (typeof formats)[number]

export function render(table: Table, format: OutputFormat, width = 0): string {
  switch (format) {
    case 'csv':
      return csv(table)
    case 'json':
      return `[${table.rows.map((r) => `\n  ${rowToJson(table.columns, r)}`).join(',')}${table.rows.length > 0 ? '\n' : ''}]\n`
    case 'markdown':
      return markdown(table)
    case 'ndjson':
      return table.rows.map((r) => `${rowToJson(table.columns, r)}\n`).join('')
    case 'table':
      return aligned(table, width)
  }
}

/** A JSON object; absent fields are left out. */
export function rowToJson(columns: readonly string[], row: readonly Cell[]): string {
  const parts = columns.flatMap((name, i) => {
    const cell = row[i] ?? null
    return cell === null ? [] : [`${JSON.stringify(name)}: ${cellToJson(cell)}`]
  })
  return `{${parts.join(', ')}}`
}
const cellToJson = (cell: Cell): string =>
  typeof cell === 'object' && cell !== null && 'number' in cell ? cell.number : JSON.stringify(cell)

const asText = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return String(cell)
  return 'number' in cell ? cell.number : cell.join('\n')
}

// RFC 4180. A text that a spreadsheet would run as a formula stays as it is: this is data, not a document.
const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
function csv({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`
  // An empty text is quoted so that it differs from an absent field.
  const cellOf = (cell: Cell | undefined) => (cell === '' ? '""' : csvCell(asText(cell)))
  return line(columns) + rows.map((r) => `${columns.map((_, i) => cellOf(r[i])).join(',')}\r\n`).join('')
}

const markdownCell = (text: string): string =>
  visible(text.replaceAll('\n', ' ⏎ ')).replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;')
function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const numeric = columns.map((_, i) => rows.some((r) => isNumber(r[i])))
  return (
    line(columns.map(markdownCell)) +
    line(numeric.map((n) => (n ? '---:' : '---'))) +
    rows.map((r) => line(columns.map((_, i) => markdownCell(asText(r[i]))))).join('')
  )
}

const isNumber = (cell: Cell | undefined): boolean =>
  typeof cell === 'object' && cell !== null && cell !== undefined && 'number' in cell

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\ud83c-\ud83e][\udc00-\udfff]/g
const ZERO = /\p{Mn}|\p{Me}|\p{Cf}/gu
const widthOf = (text: string): number => [...text.replace(ZERO, '')].length + (text.match(WIDE)?.length ?? 0)

/** A table for people. With `width` > 0, the widest text columns are cut to fit, with an ellipsis. */
function aligned({ columns, rows }: Table, width: number): string {
  const cells = rows.map((r) => columns.map((_, i) => visible(asText(r[i]).replaceAll('\n', ' ⏎ '))))
  const names = columns.map(visible)
  const widths = names.map((n, i) => Math.max(widthOf(n), ...cells.slice(0, 10_000).map((r) => widthOf(r[i] ?? ''))))
  if (width > 0) shrink(widths, names, width)
  const right = columns.map((_, i) => rows.some((r) => isNumber(r[i])))
  const line = (texts: readonly string[]) =>
    `${texts.map((t, i) => pad(t, widths[i] ?? 0, right[i] ?? false)).join('  ')}`.trimEnd()
  const rule = widths.map((w) => '─'.repeat(w))
  return `${[line(names), line(rule), ...cells.map(line)].join('\n')}\n`
}

function shrink(widths: number[], names: readonly string[], width: number): void {
  const room = width - 2 * (widths.length - 1)
  for (let total = widths.reduce((a, b) => a + b, 0); total > room; total--) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= Math.max(12, widthOf(names[widest] ?? ''))) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}
function pad(text: string, width: number, right: boolean): string {
  const w = widthOf(text)
  if (w > width) {
    let cut = ''
    for (const c of text) {
      if (widthOf(cut + c) > width - 1) break
      cut += c
    }
    return `${cut}…`.padEnd(width)
  }
  const fill = ' '.repeat(width - w)
  return right ? fill + text : text + fill
}
