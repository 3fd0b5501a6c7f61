// The exact sum of doubles in SQL: whole parts and fractions as integers of 128 bits. Both are exact, so neither the order of rows nor the
// division into shards matters. Numbers from 10^30 on, and digits below 2^-62, are summed with compensation.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { whenClick, whenSql } from '../kit.ts'
import { EXACT_DIGITS } from '../number-text.ts'
import { clickNamed, clickWhole } from '../sql-number.ts'
import { engines, type Worded } from './engines.ts'

/** Aggregates of a group. `tiny` is absent if all numbers are whole. */
interface Parts {
  readonly whole: Sql
  readonly part: Sql
  readonly tiny: Sql
  readonly large: Sql
}

interface Words {
  /** A whole double below 10^30, and one below 2^63. */
  whole(sql: SqlTag, x: Sql): Sql
  small(sql: SqlTag, x: Sql): Sql
  /** Adds doubles with compensation. */
  sum: string
  /** The integer, 0 if absent. */
  zero(sql: SqlTag, x: Sql): Sql
  double(sql: SqlTag, x: Sql): Sql
  /** A value of a row that is written several times. */
  row(sql: SqlTag, x: Sql, body: (x: Sql) => Sql): Sql
  /** Names for three doubles inside of an expression. */
  three(sql: SqlTag, doubles: readonly [Sql, Sql, Sql], body: (a: Sql, b: Sql, c: Sql) => Sql): Sql
  /** A name for a value of a group. */
  let(sql: SqlTag, name: string, x: Sql, body: (x: Sql) => Sql): Sql
  when(sql: SqlTag, cond: Sql, then: Sql): Sql
  /** Names for aggregates inside of an expression. */
  named(sql: SqlTag, parts: Parts, body: (parts: Parts) => Sql): Sql
}

const words: Readonly<Record<Worded, Words>> = {
  duckdb: {
    whole: (sql, x) => sql`try_cast(${x} as hugeint)`,
    small: (sql, x) => sql`try_cast(${x} as bigint)`,
    sum: 'fsum',
    zero: (sql, x) => sql`coalesce(${x}, 0)`,
    double: (sql, x) => sql`cast(${x} as double)`,
    // Its optimiser computes parts that are written again once. A list for each row costs more.
    row: (_, x, body) => body(x),
    let: (_, _name, x, body) => body(x),
    when: whenSql,
    three: (sql, [a, b, c], body) =>
      sql`list_transform([{a: ${a}, b: ${b}, c: ${c}}], lambda r: ${body(sql.raw('r.a'), sql.raw('r.b'), sql.raw('r.c'))})[1]`,
    named: (sql, p, body) => {
      const names = body({
        whole: sql.raw('s.w'),
        part: sql.raw('s.f'),
        tiny: sql.raw('s.t'),
        large: sql.raw('s.h'),
      })
      return sql`list_transform([{w: ${p.whole}, f: ${p.part}, t: ${p.tiny}, h: ${p.large}}], lambda s: ${names})[1]`
    },
  },
  clickhouse: {
    // Its own cast is wrong from 2^64 on.
    whole: (sql, x) => sql`if(abs(${x}) < 9007199254740992., toInt128(toInt64(${x})), ${clickWhole(sql, x)})`,
    // The part of an infinity is no number.
    small: (sql, x) => sql`toInt128(accurateCastOrNull(${x}, 'Int64'))`,
    sum: 'sumKahan',
    zero: (sql, x) => sql`ifNull(${x}, toInt128(0))`,
    double: (sql, x) => sql`toFloat64(${x})`,
    // The analysis of a long statement takes most of its time.
    three: (sql, [a, b, c], body) =>
      sql`arrayMap((a, b, c) -> ${body(sql.raw('a'), sql.raw('b'), sql.raw('c'))}, [${a}], [${b}], [${c}])[1]`,
    let: (sql, name, x, body) => clickNamed(sql, x, body, name),
    when: whenClick,
    row: (sql, x, body) => (x.text.length < SHORT ? body(x) : sql`arrayMap(y -> ${body(sql.raw('y'))}, [${x}])[1]`),
    named: (sql, p, body) => {
      const names = body({ whole: sql.raw('w'), part: sql.raw('f'), tiny: sql.raw('t'), large: sql.raw('h') })
      return sql`arrayMap((w, f, t, h) -> ${names}, [${p.whole}], [${p.part}], [${p.tiny}], [${p.large}])[1]`
    },
  },
}

/** Characters of a column. */
const SHORT = 20
const LARGE = 10 ** EXACT_DIGITS
const GRID = 2 ** 62
const SCALE = 2 ** 64
/** With an exponent, so that no engine reads a decimal or an integer. */
const double = (sql: SqlTag, x: number): Sql => sql.raw(x.toExponential())

/** `exact`: an integer that counts in place of `x`. The text of `x` is written often. */
function partsOf(sql: SqlTag, dialect: Worded, x: Sql, exact?: Sql): Parts {
  const { whole, small, sum, row, when } = words[dialect]
  const fraction = (y: Sql): Sql => sql`(${y} - trunc(${y}))`
  const steps = (y: Sql): Sql => sql`trunc(${fraction(y)} * ${double(sql, GRID)})`
  const each = (of: (y: Sql) => Sql): Sql => row(sql, x, of)
  const own = each((y) => when(sql, sql`abs(${y}) < ${double(sql, LARGE)}`, whole(sql, sql`trunc(${y})`)))
  const total = (of: Sql): Sql => sql`${sql.raw(sum)}(${of})`
  return {
    whole: sql`sum(${exact ? sql`coalesce(${exact}, ${own})` : own})`,
    part: sql`sum(${each((y) => small(sql, steps(y)))})`,
    tiny: total(each((y) => sql`(nullif(${fraction(y)}, 0) - ${steps(y)} / ${double(sql, GRID)})`)),
    large: total(each((y) => when(sql, sql`abs(${y}) >= ${double(sql, LARGE)}`, sql`${y} / ${double(sql, SCALE)}`))),
  }
}

/**
 * An integer as the nearest double. Casts of both engines round its halves, and then their sum. Here it is three doubles without
 * common bits; the rest of the first two decides, and the third gives its side.
 */
function rounded(sql: SqlTag, dialect: Worded, n: Sql): Sql {
  const { double: cast, three } = words[dialect]
  const { div } = engines[dialect]
  const [high, low] = [sql.num(2n ** 75n), sql.num(2n ** 31n)]
  const of = (x: Sql, scale: number): Sql => sql`${cast(sql, x)} * ${double(sql, scale)}`
  const doubles = [
    of(div(sql, n, high), 2 ** 75),
    of(div(sql, sql`(${n} % ${high})`, low), 2 ** 31),
    of(sql`(${n} % ${low})`, 1),
  ] as const
  return three(sql, doubles, (a, b, c) => {
    const left = sql`(${b} - ((${a} + ${b}) - ${a}))`
    return sql`case when ${left} = 0 then (${a} + ${b}) + ${c} else (${a} + ${b}) + (${left} + sign(${c}) * ${double(sql, 2 ** 30)}) end`
  })
}

/** The sum as a double, perhaps infinite, of parts that are there. */
function doubleOf(sql: SqlTag, dialect: Worded, { whole, part, tiny, large }: Parts): Sql {
  const w = words[dialect]
  const { div } = engines[dialect]
  const grid = sql.num(BigInt(GRID))
  const some = (x: Sql, none: string): Sql => sql`coalesce(${x}, ${sql.raw(none)})`
  const [all, parts] = [w.zero(sql, whole), w.zero(sql, part)]
  const far = (up: Sql): Sql => sql`case when abs(${w.double(sql, up)}) < 1e18 then ${double(sql, GRID)} else 2e0 end`
  // Far away the rest is less than half of a double's last digit: only its side counts.
  const side = (rest: Sql): Sql => sql`case when ${rest} > 0 then 1 when ${rest} < 0 then -1 else 0 end`
  const integer = (up: Sql, rest: Sql, scale: Sql): Sql =>
    sql`(case when ${scale} > 2 then ${up} * ${grid} + ${rest} else ${up} * 2 + ${side(rest)} end)`
  const exact = w.let(sql, 'u', sql`(${all} + ${div(sql, parts, grid)})`, (up) =>
    w.let(sql, 'r', sql`(${parts} % ${grid})`, (rest) =>
      w.let(sql, 'd', far(up), (scale) =>
        w.let(sql, 'n', integer(up, rest, scale), (n) => sql`(${rounded(sql, dialect, n)} / ${scale})`),
      ),
    ),
  )
  return sql`(${exact} + ${some(tiny, '0.0e0')} + ${some(large, '0.0e0')} * ${double(sql, SCALE)})`
}

/** The sum of numbers, absent without one; perhaps infinite. */
export function exactSum(sql: SqlTag, dialect: Worded, x: Sql): Sql {
  const isSome = (p: Parts): Sql => sql`${p.whole} is not null or ${p.large} is not null`
  return words[dialect].named(sql, partsOf(sql, dialect, x), (p) =>
    words[dialect].when(sql, isSome(p), doubleOf(sql, dialect, p)),
  )
}

/** The sum of integers and, where there is none, of doubles, as text: `text` writes a double. Without numbers it is 0. */
export function exactSumText(
  sql: SqlTag,
  dialect: Worded,
  { exact, x }: { readonly exact: Sql; readonly x: Sql },
  text: (x: Sql) => Sql,
): Sql {
  const w = words[dialect]
  return w.named(sql, partsOf(sql, dialect, x, exact), (p) => {
    const isWhole = sql`${p.tiny} is null and ${p.large} is null`
    return sql`case when ${isWhole} then ${engines[dialect].text(sql, w.zero(sql, p.whole))} else ${text(doubleOf(sql, dialect, p))} end`
  })
}
