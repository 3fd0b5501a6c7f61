// Reading spooled rows: NDJSON files with one object a line.
import type { Ty } from '../../plan/plan.ts'
import type { SourceTable } from '../emitter.ts'
import { clickhouse, quoteName, quoteString } from './dialect.ts'

/** A table over NDJSON files that the server can read (`user_files`, or any path in process). Several paths become a `{a,b}` glob. */
export function readNdjson(
  paths: readonly string[],
  columns: readonly { readonly name: string; readonly ty: Ty }[],
): SourceTable {
  const structure = columns.map((c) => `${quoteName(c.name)} ${clickhouse.types[c.ty]}`).join(', ')
  const glob = paths.length === 1 ? (paths[0] as string) : `{${paths.join(',')}}`
  const from = `file(${quoteString(glob)}, 'JSONEachRow', ${quoteString(structure)})`
  return { from, columns: columns.map((c) => c.name) }
}
