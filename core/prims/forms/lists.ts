// Lists made of texts in SQL: characters, rows that become members of an object.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { whenSql } from '../kit.ts'
import type { Worded } from './engines.ts'

interface Words {
  all(sql: SqlTag, text: Sql, pattern: string): Sql
  /** `place` is from 1. */
  each(sql: SqlTag, list: Sql, of: (x: Sql, place: Sql) => Sql): Sql
  keep(sql: SqlTag, list: Sql, holds: (x: Sql, place: Sql) => Sql): Sql
  distinct(sql: SqlTag, list: Sql): Sql
  length(sql: SqlTag, list: Sql): Sql
  sum(sql: SqlTag, list: Sql): Sql
  join(sql: SqlTag, list: Sql, between: string): Sql
  at(sql: SqlTag, list: Sql, place: Sql): Sql
  int(sql: SqlTag, x: Sql): Sql
  without(sql: SqlTag, text: Sql, pattern: string): Sql
  matches(sql: SqlTag, text: Sql, pattern: string): Sql
  hex(sql: SqlTag, text: Sql): Sql
  /** A name for a value inside of an expression. */
  named(sql: SqlTag, value: Sql, body: (x: Sql) => Sql): Sql
  /** The different pairs of texts of a group, in their order. Rows without one of them do not count. */
  pairs(sql: SqlTag, a: Sql, b: Sql): Sql
  first(sql: SqlTag, pair: Sql): Sql
  second(sql: SqlTag, pair: Sql): Sql
}

const words: Readonly<Record<Worded, Words>> = {
  duckdb: {
    all: (sql, text, pattern) => sql`regexp_extract_all(${text}, ${sql.str(pattern)})`,
    each: (sql, list, of) => sql`list_transform(${list}, lambda le, li: ${of(sql.raw('le'), sql.raw('li'))})`,
    keep: (sql, list, holds) => sql`list_filter(${list}, lambda lk, lp: ${holds(sql.raw('lk'), sql.raw('lp'))})`,
    distinct: (sql, list) => sql`list_distinct(${list})`,
    length: (sql, list) => sql`len(${list})`,
    sum: (sql, list) => sql`list_sum(${list})`,
    join: (sql, list, between) => sql`array_to_string(${list}, ${sql.str(between)})`,
    at: (sql, list, place) => sql`list_extract(${list}, ${place})`,
    int: (sql, x) => sql`cast(${x} as integer)`,
    without: (sql, text, pattern) => sql`regexp_replace(${text}, ${sql.str(pattern)}, '', 'g')`,
    matches: (sql, text, pattern) => sql`regexp_matches(${text}, ${sql.str(pattern)})`,
    hex: (sql, text) => sql`hex(encode(${text}))`,
    named: (sql, value, body) => sql`list_extract(list_transform([${value}], lambda ln: ${body(sql.raw('ln'))}), 1)`,
    pairs: (sql, a, b) =>
      sql`coalesce(list_sort(list(distinct {a: ${a}, b: ${b}}) filter (where ${a} is not null and ${b} is not null)), [])`,
    first: (sql, pair) => sql`${pair}.a`,
    second: (sql, pair) => sql`${pair}.b`,
  },
  clickhouse: {
    all: (sql, text, pattern) => sql`extractAll(ifNull(${text}, ''), ${sql.str(pattern)})`,
    each: (sql, list, of) =>
      sql`arrayMap((le, li) -> ${of(sql.raw('le'), sql.raw('li'))}, ${list}, arrayEnumerate(${list}))`,
    keep: (sql, list, holds) =>
      sql`arrayFilter((lk, lp) -> ${holds(sql.raw('lk'), sql.raw('lp'))}, ${list}, arrayEnumerate(${list}))`,
    distinct: (sql, list) => sql`arrayDistinct(${list})`,
    length: (sql, list) => sql`length(${list})`,
    sum: (sql, list) => sql`arraySum(${list})`,
    join: (sql, list, between) => sql`arrayStringConcat(${list}, ${sql.str(between)})`,
    at: (sql, list, place) => sql`arrayElement(${list}, ${place})`,
    int: (sql, x) => sql`toInt64(${x})`,
    without: (sql, text, pattern) => sql`replaceRegexpAll(${text}, ${sql.str(pattern)}, '')`,
    matches: (sql, text, pattern) => sql`match(${text}, ${sql.str(pattern)})`,
    hex: (sql, text) => sql`hex(${text})`,
    named: (sql, value, body) => sql`arrayElement(arrayMap(ln -> ${body(sql.raw('ln'))}, [${value}]), 1)`,
    pairs: (sql, a, b) =>
      sql`arraySort(groupUniqArrayIf(tuple(ifNull(${a}, ''), ifNull(${b}, '')), isNotNull(${a}) and isNotNull(${b})))`,
    first: (sql, pair) => sql`tupleElement(${pair}, 1)`,
    second: (sql, pair) => sql`tupleElement(${pair}, 2)`,
  },
}

/** Bits of information of a character of the text. */
export function entropyOf(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  const bits = w.named(sql, w.all(sql, text, '(?s).'), (all) => {
    const count = (c: Sql): Sql =>
      w.length(
        sql,
        w.keep(sql, all, (d) => sql`${d} = ${c}`),
      )
    const share = (c: Sql): Sql => sql`(${count(c)} / (${w.length(sql, all)} + 0.0e0))`
    const of = w.each(sql, w.distinct(sql, all), (c) => sql`(${share(c)} * log2(${share(c)}))`)
    return sql`(0.0e0 - coalesce(${w.sum(sql, of)}, 0))`
  })
  return whenSql(sql, sql`${text} is not null`, bits)
}

/** The check of credit card numbers. */
export function passesLuhn(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  const digits = w.without(sql, text, '[ -]')
  const list = w.all(sql, sql`reverse(${digits})`, '[0-9]')
  const doubled = (d: Sql): Sql => sql`(${w.int(sql, d)} * 2 - if(${w.int(sql, d)} > 4, 9, 0))`
  const sum = w.sum(
    sql,
    w.each(sql, list, (d, place) => sql`if(${place} % 2 = 0, ${doubled(d)}, ${w.int(sql, d)})`),
  )
  return sql`(${w.matches(sql, digits, '^[0-9]{2,}$')} and ${sum} % 10 = 0)`
}

const SHORT: readonly (readonly [code: number, text: string])[] = [
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [12, '\\f'],
  [13, '\\r'],
  [34, '\\"'],
  [92, '\\\\'],
]

/** As JSON.stringify writes a text. */
export function jsonString(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  const parts = w.all(sql, text, '(?s)[\\x00-\\x1f"\\\\]|[^\\x00-\\x1f"\\\\]+')
  const escaped = w.each(sql, parts, (x) => {
    const cases = SHORT.map(([code, to]) => sql`when ${x} = ${sql.str(String.fromCharCode(code))} then ${sql.str(to)}`)
    const isControl = w.matches(sql, x, '^[\\x00-\\x1f]')
    return sql`case ${sql.join(cases, ' ')} when ${isControl} then concat(${sql.str('\\u00')}, lower(${w.hex(sql, x)})) else ${x} end`
  })
  return sql`concat('"', ${w.join(sql, escaped, '')}, '"')`
}

/** An object of the least value of each name of a group. */
export function pivotOf(sql: SqlTag, dialect: Worded, name: Sql, value: Sql): Sql {
  const w = words[dialect]
  return w.named(sql, w.pairs(sql, name, value), (all) => {
    const isFirst = (x: Sql, place: Sql): Sql =>
      sql`(${place} = 1 or ${w.first(sql, w.at(sql, all, sql`${place} - 1`))} <> ${w.first(sql, x)})`
    const member = (x: Sql): Sql =>
      sql`concat(${jsonString(sql, dialect, w.first(sql, x))}, ':', ${jsonString(sql, dialect, w.second(sql, x))})`
    return sql`concat('{', ${w.join(sql, w.each(sql, w.keep(sql, all, isFirst), member), ',')}, '}')`
  })
}
