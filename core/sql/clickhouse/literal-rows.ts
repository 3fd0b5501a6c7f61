// The rows of a lookup file inside of a statement: a server reads no files of ours, and a table function needs a right that readers lack.
import type { SourceNode, Ty, Value } from '../../plan/plan.ts'
import type { SourceTable } from '../emitter.ts'
import { clickhouse } from './dialect.ts'

const { sql, types } = clickhouse

/** UTF-16 units of rows, each three bytes at most; a server takes statements of 256 KiB. */
const MOST = 70_000

/** Undefined: they are too many. */
export function literalRows(source: SourceNode, rows: readonly (readonly Value[])[]): SourceTable | undefined {
  const tys: Ty[] = [...source.columns.map((c) => c.ty), ...(source.rest ? (['str'] as const) : [])]
  if (tys.length === 0) tys.push('int')
  const tuples = rows.map((row) => `(${tys.map((_, i) => text(row[i] ?? null)).join(',')},0)`)
  const list = sql.str(`[${tuples.join(',')}]`)
  if (list.text.length > MOST) return undefined
  // One value more: a tuple of one value is written in another way.
  const type = `Array(Tuple(${[...tys.map((ty) => types[ty]), 'UInt8'].join(', ')}))`
  const names = tys.map((_, i) => `c${i}`)
  const items = names.map((name, i) => `tupleElement(lookup_row, ${i + 1}) as ${name}`)
  const from = sql`(select ${sql.raw(items.join(', '))} from (select arrayJoin(cast(${list} as ${sql.raw(type)})) as lookup_row))`
  return { from: from.text, columns: names }
}

/** As ClickHouse writes the value inside of a list. */
function text(value: Value): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`
  return typeof value === 'string' ? sql.str(value).text : String(value).replace('Infinity', 'inf')
}
