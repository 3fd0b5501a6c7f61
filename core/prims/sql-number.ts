// SQL of numbers and their texts. A pattern decides whether a text is a number, because the casts of both engines are wrong for odd texts.
import type { Sql, SqlTag } from '../sql-text/fragment.ts'
import { whenClick, whenSql } from './kit.ts'
import { EXACT_DIGITS, INTEGER_RE2, NUMBER_RE2 } from './number-text.ts'

export const duckParse = (sql: SqlTag, text: Sql): Sql => {
  const value = sql`try_cast(${text} as double)`
  return sql`case when regexp_matches(${text}, ${sql.str(NUMBER_RE2)}) and isfinite(${value}) then ${value} + 0.0 end`
}
export const clickParse = (sql: SqlTag, text: Sql): Sql => {
  const value = sql`toFloat64OrNull(${text})`
  return whenClick(sql, sql`match(${text}, ${sql.str(NUMBER_RE2)}) and isFinite(${value})`, sql`${value} + 0.0`)
}

export const duckParseInt = (sql: SqlTag, text: Sql): Sql =>
  whenSql(sql, sql`regexp_matches(${text}, ${sql.str(INTEGER_RE2)})`, sql`try_cast(${text} as hugeint)`)
/** toInt128OrNull wraps beyond 128 bits, so the length and, at 39 digits, the digits decide. */
export const clickParseInt = (sql: SqlTag, text: Sql): Sql => {
  const digits = sql`replaceRegexpOne(ifNull(${text}, ''), '^[+-]?0*', '')`
  const max = sql`if(startsWith(${text}, '-'), '170141183460469231731687303715884105728', '170141183460469231731687303715884105727')`
  const small = sql`(length(${digits}) < 39 or length(${digits}) = 39 and ${digits} <= ${max})`
  return whenClick(sql, sql`match(${text}, ${sql.str(INTEGER_RE2)}) and ${small}`, sql`toInt128OrNull(${text})`)
}

const LONG = 400

/** ECMAScript's number text from DuckDB's, which has `.0`, goes to exponents at 1e16 and below 1e-4, and writes `e-05`. */
export const duckText = (sql: SqlTag, x: Sql): Sql => {
  // A long text would be repeated two dozen times, so it is named once as the element of a list. Short ones stay: CASE is faster.
  if (x.text.length > LONG) return sql`list_transform([${x}], lambda x: ${duckText(sql, sql.raw('x'))})[1]`
  const text = sql`cast(abs(${x}) as varchar)`
  const mantissa = sql`split_part(${text}, 'e', 1)`
  const digits = sql`replace(${mantissa}, '.', '')`
  const exponent = sql`cast(split_part(${text}, 'e', 2) as integer)`
  const body = sql`case
    when not contains(${text}, 'e') then regexp_replace(${text}, '[.]0$', '')
    when ${exponent} between 0 and 20 then rpad(${digits}, ${exponent} + 1, '0')
    when ${exponent} between -6 and -1 then '0.' || repeat('0', -${exponent} - 1) || ${digits}
    else ${mantissa} || 'e' || case when ${exponent} > 0 then '+' else '-' end || cast(abs(${exponent}) as varchar) end`
  return sql`case when ${x} < 0 then '-' || ${body} else ${body} end`
}
export const clickText = (sql: SqlTag, x: Sql): Sql =>
  x.text.length > LONG
    ? clickNamed(sql, x, (name) => clickText(sql, name))
    : sql`if(${x} = 0, '0', replaceRegexpOne(toString(${x}), 'e([0-9])', 'e+\\1'))`

/** `of` reads nothing of that name but its argument. ClickHouse needs milliseconds to analyse a long text that is written a dozen times. */
export const clickNamed = (sql: SqlTag, x: Sql, of: (name: Sql) => Sql, name = 'x'): Sql =>
  sql`arrayMap(${sql.raw(name)} -> ${of(sql.raw(name))}, [${x}])[1]`

/** A whole double → Int128. ClickHouse's own cast is wrong in the last digits from 2^64 (toInt128(1e20) ends in 3). */
export const clickWhole = (sql: SqlTag, x: Sql): Sql => sql`toInt128OrNull(printf('%.0f', ${x}))`

const DIGITS = `^[+-]?[0-9]{1,${EXACT_DIGITS}}$`

interface DecSql {
  /** The double, absent if the text is no number. */
  readonly d: Sql
  /** The exact integer, absent if it is not whole or too long. */
  readonly i: Sql
}
export const duckDec = (sql: SqlTag, text: Sql): DecSql => {
  const d = duckParse(sql, text)
  const exact = sql.str(DIGITS)
  const i = sql`case when regexp_matches(${text}, ${exact}) then try_cast(${text} as hugeint)
    when ${d} = trunc(${d}) and abs(${d}) < 1e30 then try_cast(${d} as hugeint) end`
  return { d, i }
}
/** The pattern is written once: the analysis of a long statement takes most of its time. */
export const clickDec = (sql: SqlTag, text: Sql): DecSql => {
  const d = clickParse(sql, text)
  const isExact = sql`match(${text}, ${sql.str(DIGITS)})`
  const isWhole = sql`x = trunc(x) and abs(x) < 1e30`
  const of = (body: Sql): Sql => clickNamed(sql, d, () => body)
  const i = sql`if(${isExact}, toInt128OrNull(${text}), ${of(whenClick(sql, isWhole, clickWhole(sql, sql.raw('x'))))})`
  return { d, i }
}

interface Summand {
  /** The integer of a text of at most 30 digits. */
  readonly exact: Sql
  /** The double of another text. */
  readonly x: Sql
}
const summand = (sql: SqlTag, when: typeof whenSql, isExact: Sql, exact: Sql, double: Sql): Summand => ({
  exact: when(sql, isExact, exact),
  x: when(sql, sql`not ${isExact}`, double),
})
export const duckSummand = (sql: SqlTag, text: Sql): Summand =>
  summand(
    sql,
    whenSql,
    sql`regexp_matches(${text}, ${sql.str(DIGITS)})`,
    sql`try_cast(${text} as hugeint)`,
    duckParse(sql, text),
  )
export const clickSummand = (sql: SqlTag, text: Sql): Summand =>
  summand(sql, whenClick, sql`match(${text}, ${sql.str(DIGITS)})`, sql`toInt128OrNull(${text})`, clickParse(sql, text))
