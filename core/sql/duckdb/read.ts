// Reading spooled rows: NDJSON files with one object a line.
import type { Ty } from '../../plan/plan.ts'
import type { SourceTable } from '../emitter.ts'
import { duckdb, quoteName, quoteString } from './dialect.ts'

/** Longest record in bytes. read_json fails on a longer line. */
const LONGEST_LINE = 64 * 1024 * 1024

/**
 * A table over NDJSON files, for the columns in order. An integer (int, time) may be a JSON number of any length or a text of digits;
 * a missing key or a null is absent; a list that is missing is empty.
 */
export function readNdjson(
  paths: readonly string[],
  columns: readonly { readonly name: string; readonly ty: Ty }[],
): SourceTable {
  // Types are given and records=true: otherwise a line that is no object becomes the text of the first column.
  const types = columns.map((c) => `${quoteName(c.name)}: ${quoteString(duckdb.types[c.ty])}`)
  const options = [
    `[${paths.map(quoteString).join(', ')}]`,
    "format = 'newline_delimited'",
    'records = true',
    `maximum_object_size = ${LONGEST_LINE}`,
    `columns = {${types.join(', ')}}`,
  ]
  const read = `read_json(${options.join(', ')})`
  const items = columns.map((c) => {
    const name = quoteName(c.name)
    if (c.ty === 'list') return `coalesce(${name}, cast([] as varchar[])) as ${name}`
    return name
  })
  const list = columns.length === 0 ? '1 as nothing' : items.join(', ')
  return { from: `(select ${list} from ${read})`, columns: columns.map((c) => c.name) }
}
