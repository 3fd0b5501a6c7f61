// Every byte that a command writes goes through here, so that no text from outside acts on a terminal or a CI log.
import { printForeign } from '../core/text/foreign.ts'
import type { Table } from '../core/workbench/present.ts'
import { toJson } from './json.ts'
import type { Io, Output } from './io.ts'
import { tableWidth } from './io.ts'
import { render } from './output.ts'

/** NO_COLOR (no-color.org) and anything that is no terminal get plain text. */
export const inColour = (io: Io, stream: Output): boolean => stream.isTTY === true && !io.env['NO_COLOR']

/** Text for people: our words, with names and values between them. */
export const print = (stream: Output, text: string): unknown => stream.write(printForeign(text, 'terminal'))

/** The same, as a heading. One line. */
export function printHeading(io: Io, text: string): void {
  const line = printForeign(text, 'terminal')
  io.stdout.write(inColour(io, io.stdout) ? `\u001b[1m${line}\u001b[0m\n` : `${line}\n`)
}

export const printJson = (io: Io, value: unknown): unknown => io.stdout.write(`${toJson(value)}\n`)

/** Rows in the caller's format, or as a table. A terminal limits the width. */
export const printRows = (io: Io, table: Table, format: string, spreadsheet = false): unknown =>
  io.stdout.write(render(table, format, { width: tableWidth(io), spreadsheet }))

/** A text to be kept, such as a query in a new layout: exact, where it is not a terminal that shows it. */
export function printDocument({ stdout }: Io, text: string): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  if (stdout.isTTY) print(stdout, whole)
  else stdout.write(whole)
}
