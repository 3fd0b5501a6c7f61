// Words of the engines that long forms are made of.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import type { Consts, Dialect, SqlForm, Tail } from '../prim.ts'

/** Engines with words for these forms. Another engine can do without: its primitives then say `tail`. */
export type Worded = 'clickhouse' | 'duckdb'

/** The form of a primitive of one argument in each of these engines. An engine without words says `tail` here, once. */
export const inEngines = (
  form: (sql: SqlTag, dialect: Worded, x: Sql, consts: Consts) => Sql | Tail,
): Readonly<Record<Dialect, SqlForm | Tail>> => ({
  duckdb: (sql, [x], c) => form(sql, 'duckdb', x as Sql, c),
  clickhouse: (sql, [x], c) => form(sql, 'clickhouse', x as Sql, c),
})

export interface Engine {
  /** An integer of 128 bits. */
  int(sql: SqlTag, x: Sql): Sql
  div(sql: SqlTag, a: Sql, b: Sql): Sql
  /** The rest of a division that is rounded down, by a positive number; of integers of 128 bits. */
  mod(sql: SqlTag, a: Sql, b: Sql): Sql
  text(sql: SqlTag, x: Sql): Sql
  pad(sql: SqlTag, x: Sql, width: number, fill: string): Sql
  concat(sql: SqlTag, parts: readonly Sql[]): Sql
  printf(sql: SqlTag, pattern: string, x: Sql): Sql
  /** By its place, from 1. */
  element(sql: SqlTag, list: readonly Sql[], place: Sql): Sql
  /** The engine's type for times, in UTC, of the years 1900 to 2299. */
  stamp(sql: SqlTag, micros: Sql): Sql
  format(sql: SqlTag, stamp: Sql, pattern: string): Sql
}

export const engines: Readonly<Record<Worded, Engine>> = {
  duckdb: {
    int: (sql, x) => sql`cast(${x} as hugeint)`,
    div: (sql, a, b) => sql`(${a} // ${b})`,
    mod: (sql, a, b) => sql`((${a} % ${b} + ${b}) % ${b})`,
    text: (sql, x) => sql`cast(${x} as varchar)`,
    pad: (sql, x, width, fill) => sql`lpad(${x}, ${sql.num(width)}, ${sql.str(fill)})`,
    concat: (sql, parts) => sql`(${sql.join(parts.length === 0 ? [sql.str('')] : parts, ' || ')})`,
    printf: (sql, pattern, x) => sql`printf(${sql.str(pattern)}, cast(${x} as bigint))`,
    element: (sql, list, place) => sql`list_extract([${sql.join(list, ', ')}], cast(${place} as bigint))`,
    stamp: (sql, micros) => sql`make_timestamp(cast(${micros} as bigint))`,
    format: (sql, stamp, pattern) => sql`strftime(${stamp}, ${sql.str(pattern)})`,
  },
  clickhouse: {
    int: (sql, x) => sql`toInt128(${x})`,
    div: (sql, a, b) => sql`intDiv(${a}, ${b})`,
    // Of 128 bits: with fewer, it is wrong below zero beside a divisor from 2^32 on (26.7; findings/clickhouse-positive-modulo.sh).
    mod: (sql, a, b) => sql`positiveModulo(${a}, ${b})`,
    text: (sql, x) => sql`toString(${x})`,
    pad: (sql, x, width, fill) => sql`leftPad(${x}, ${sql.num(width)}, ${sql.str(fill)})`,
    concat: (sql, parts) =>
      parts.length === 1 && parts[0] ? parts[0] : sql`concat(${sql.join([...parts, sql.str('')], ', ')})`,
    printf: (sql, pattern, x) => sql`printf(${sql.str(pattern)}, toInt64(${x}))`,
    element: (sql, list, place) => sql`arrayElement([${sql.join(list, ', ')}], toInt64(${place}))`,
    stamp: (sql, micros) => sql`fromUnixTimestamp64Micro(toInt64(${micros}), 'UTC')`,
    format: (sql, stamp, pattern) => sql`formatDateTime(${stamp}, ${sql.str(pattern)})`,
  },
}
