// An aligned table for people.
import { printForeign } from '../../core/text/foreign.ts'
import type { Table } from '../../core/workbench/present.ts'
import { cellText, isNumber } from '../cells.ts'
import type { RowFormat } from '../row-format.ts'

export const table: RowFormat = { id: 'table', render: (rows, { width }) => aligned(rows, width) }

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\ud83c-\ud83e][\udc00-\udfff]/g
const ZERO = /\p{Mn}|\p{Me}|\p{Cf}/gu
const ASCII = /^[ -~]*$/
const widthOf = (text: string): number =>
  ASCII.test(text) ? text.length : [...text.replace(ZERO, '')].length + (text.match(WIDE)?.length ?? 0)

/** A table for people. With `width` > 0, the widest text columns are cut to fit, with an ellipsis. */
function aligned({ columns, rows }: Table, width: number): string {
  const cells = rows.map((r) => columns.map((_, i) => printForeign(cellText(r[i]).replaceAll('\n', ' ⏎ '), 'terminal')))
  const names = columns.map((name) => printForeign(name, 'terminal').replaceAll('\n', ' ⏎ '))
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
    // The ellipsis has a column.
    let [end, used] = [0, 1]
    for (const c of text) {
      const own = widthOf(c)
      if (used + own > width) break
      used += own
      end += c.length
    }
    return `${text.slice(0, end)}…${' '.repeat(width - used)}`
  }
  const fill = ' '.repeat(width - w)
  return right ? fill + text : text + fill
}
