// Hexadecimal numbers of 64 bits in SQL.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { whenSql } from '../kit.ts'
import type { Worded } from './engines.ts'

interface Words {
  group(sql: SqlTag, text: Sql, pattern: string): Sql
  matches(sql: SqlTag, text: Sql, pattern: string): Sql
  /** 1 to 16 digits as an unsigned number. */
  number(sql: SqlTag, digits: Sql): Sql
  int(sql: SqlTag, x: Sql): Sql
  digits(sql: SqlTag, x: Sql): Sql
  text(sql: SqlTag, x: Sql): Sql
  /** An integer of 128 bits. */
  lit(sql: SqlTag, x: bigint): Sql
}
const words: Readonly<Record<Worded, Words>> = {
  duckdb: {
    group: (sql, text, pattern) => sql`regexp_extract(${text}, ${sql.str(pattern)}, 1)`,
    matches: (sql, text, pattern) => sql`regexp_matches(${text}, ${sql.str(pattern)})`,
    // Its hexadecimal numbers have 64 bits with a sign.
    number: (sql, digits) => {
      const half = (begin: number): Sql =>
        sql`try_cast(concat('0x', substring(lpad(${digits}, 16, '0'), ${sql.num(begin)}, 8)) as bigint)`
      return sql`(cast(${half(1)} as hugeint) * 4294967296 + ${half(9)})`
    },
    int: (sql, x) => sql`try_cast(${x} as hugeint)`,
    digits: (sql, x) => sql`hex(cast(${x} as ubigint))`,
    text: (sql, x) => sql`cast(${x} as varchar)`,
    lit: (sql, x) => sql`cast(${sql.str(String(x))} as hugeint)`,
  },
  clickhouse: {
    group: (sql, text, pattern) => sql`extract(${text}, ${sql.str(pattern)})`,
    matches: (sql, text, pattern) => sql`match(${text}, ${sql.str(pattern)})`,
    number: (sql, digits) => sql`toInt128(reinterpretAsUInt64(reverse(unhex(leftPad(${digits}, 16, '0')))))`,
    int: (sql, x) => sql`toInt128OrNull(${x})`,
    digits: (sql, x) => sql`replaceRegexpOne(hex(toUInt64(${x})), '^0+(.)', '\\1')`,
    text: (sql, x) => sql`toString(${x})`,
    lit: (sql, x) => sql`toInt128(${sql.str(String(x))})`,
  },
}

/** White space of JavaScript: the inside of a class. */
const SPACE =
  '\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const HEX = `(?i)^[${SPACE}]*(?:0x)?([0-9a-f]{1,16})[${SPACE}]*$`

/** The decimal digits of hexadecimal ones. */
export function decimalOfHex(sql: SqlTag, dialect: Worded, text: Sql, isSigned: boolean): Sql {
  const w = words[dialect]
  const number = w.number(sql, w.group(sql, text, HEX))
  const half = w.lit(sql, 2n ** 63n)
  const value = isSigned
    ? sql`(${number} - case when ${number} >= ${half} then ${w.lit(sql, 2n ** 64n)} else ${w.lit(sql, 0n)} end)`
    : number
  return whenSql(sql, w.matches(sql, text, HEX), w.text(sql, value))
}

/** Upper-case hexadecimal digits of decimal ones, of 64 bits. */
export function hexOfDecimal(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  const all = w.lit(sql, 2n ** 64n)
  const number = w.int(sql, text)
  return whenSql(
    sql,
    w.matches(sql, text, '^-?[0-9]{1,20}$'),
    w.digits(sql, sql`((${number} % ${all} + ${all}) % ${all})`),
  )
}
