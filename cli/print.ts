// Every byte that a command writes goes through here, so that no text from outside can control a terminal or a CI log.
import { printForeign } from '../core/text/foreign.ts'
import type { Table } from '../core/workbench/present.ts'
import { toJson } from './json.ts'
import type { Io, Output } from './io.ts'
import { tableWidth } from './io.ts'
import { render } from './output.ts'

/** NO_COLOR (no-color.org) and anything that is no terminal get plain text. */
export const inColour = (io: Io, stream: Output): boolean => stream.isTTY === true && !io.env['NO_COLOR']

/** Prints text for people: Assay's words with names and values from outside. */
export const print = (stream: Output, text: string): unknown => stream.write(printForeign(text, 'terminal'))

/** Prints a heading of one line. */
export function printHeading(io: Io, text: string): void {
  const line = printForeign(text, 'terminal')
  io.stdout.write(inColour(io, io.stdout) ? `\u001b[1m${line}\u001b[0m\n` : `${line}\n`)
}

export const printJson = (io: Io, value: unknown): unknown => io.stdout.write(`${toJson(value)}\n`)

/** Prints a part of an output that its format has made harmless. */
export const printPart = ({ stdout }: Io, text: string): unknown => stdout.write(text)

/** Prints the text of an output for other programs, whose texts from outside are harmless already. */
export const printOutput = (io: Io, text: string): unknown => io.stdout.write(text)

/** Prints rows in the format. A terminal limits the width of a table. */
export const printRows = (io: Io, table: Table, format: string, spreadsheet = false): unknown =>
  io.stdout.write(render(table, format, { width: tableWidth(io), spreadsheet }))

/** Prints a text that the caller keeps, such as a formatted query. It is exact unless stdout is a terminal. */
export function printDocument({ stdout }: Io, text: string): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  if (stdout.isTTY) print(stdout, whole)
  else stdout.write(whole)
}
