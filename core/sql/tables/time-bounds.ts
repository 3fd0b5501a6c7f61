// Intervals of time as comparisons of a column with constants: by them an engine tells which parts of a table it need not read.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import type { TimeUnit } from '../../tables/mapping.ts'

/** Microseconds in a unit; of nanoseconds, one is less than a microsecond. */
export const PER_UNIT: Readonly<Record<TimeUnit, bigint>> = { s: 1_000_000n, ms: 1000n, us: 1n, ns: 1n }

const ceil = (a: bigint, b: bigint): bigint => (a >= 0n ? (a + b - 1n) / b : -(-a / b))

/** `[from, to)` in microseconds, for a column of whole numbers in the unit. */
export function wholeWithin(sql: SqlTag, value: Sql, unit: TimeUnit | undefined, from: bigint, to: bigint): Sql {
  const [per, times] = unit === 'ns' ? [1n, 1000n] : [PER_UNIT[unit ?? 'ms'], 1n]
  return within(sql, value, `${ceil(from * times, per)}`, `${ceil(to * times, per)}`)
}

export const within = (sql: SqlTag, value: Sql, from: string, to: string): Sql =>
  sql`(${value} >= ${sql.raw(from)} and ${value} < ${sql.raw(to)})`
