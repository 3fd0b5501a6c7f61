// Texts of columns and of `key=value` pairs in SQL, by patterns that match one after the other.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { whenSql } from '../kit.ts'
import type { Worded } from './engines.ts'

interface Words {
  all(sql: SqlTag, text: Sql, pattern: string): Sql
  group(sql: SqlTag, text: Sql, pattern: string, group: number): Sql
  replace(sql: SqlTag, text: Sql, pattern: string, by: string): Sql
  each(sql: SqlTag, list: Sql, of: (x: Sql) => Sql): Sql
  keep(sql: SqlTag, list: Sql, holds: (x: Sql) => Sql): Sql
  /** From 1, or from the end if negative; absent outside. */
  at(sql: SqlTag, list: Sql, place: number): Sql
  startsWith(sql: SqlTag, text: Sql, begin: string): Sql
  /** The same in all rows: an absent text as the empty one, where the engine needs one. */
  some(sql: SqlTag, text: Sql): Sql
}

const words: Readonly<Record<Worded, Words>> = {
  duckdb: {
    all: (sql, text, pattern) => sql`regexp_extract_all(${text}, ${sql.str(pattern)})`,
    group: (sql, text, pattern, group) => sql`regexp_extract(${text}, ${sql.str(pattern)}, ${sql.num(group)})`,
    replace: (sql, text, pattern, by) => sql`regexp_replace(${text}, ${sql.str(pattern)}, ${sql.str(by)}, 'g')`,
    each: (sql, list, of) => sql`list_transform(${list}, lambda fe: ${of(sql.raw('fe'))})`,
    keep: (sql, list, holds) => sql`list_filter(${list}, lambda fk: ${holds(sql.raw('fk'))})`,
    at: (sql, list, place) => sql`list_extract(${list}, ${sql.num(place)})`,
    startsWith: (sql, text, begin) => sql`starts_with(${text}, ${sql.str(begin)})`,
    some: (_, text) => text,
  },
  clickhouse: {
    all: (sql, text, pattern) => sql`extractAll(${text}, ${sql.str(pattern)})`,
    group: (sql, text, pattern, group) => sql`regexpExtract(${text}, ${sql.str(pattern)}, ${sql.num(group)})`,
    replace: (sql, text, pattern, by) => sql`replaceRegexpAll(${text}, ${sql.str(pattern)}, ${sql.str(by)})`,
    each: (sql, list, of) => sql`arrayMap(fe -> ${of(sql.raw('fe'))}, ${list})`,
    keep: (sql, list, holds) => sql`arrayFilter(fk -> ${holds(sql.raw('fk'))}, ${list})`,
    at: (sql, list, place) =>
      sql`arrayElement(arrayMap(fa -> if(length(fa) >= ${sql.num(Math.abs(place))}, arrayElement(fa, ${sql.num(place)}), null), [${list}]), 1)`,
    startsWith: (sql, text, begin) => sql`startsWith(${text}, ${sql.str(begin)})`,
    some: (sql, text) => sql`ifNull(${text}, '')`,
  },
}

/** White space of JavaScript, and `,;&|`: the inside of a class. */
const EDGE =
  '\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff},;&|'
const QUOTED = ['"', "'"].map((q) => `${q}(?:[^${q}\\\\]|\\\\.)*${q}`)

export interface PairForm {
  readonly name: string
  /** `=`, perhaps with a space behind it. Undefined is returned for another separator. */
  readonly separator: string
  readonly keepLast: boolean
  readonly excludeEmpty: boolean
}

/** As the evaluator's pairsOf. */
export function pairAt(sql: SqlTag, dialect: Worded, text: Sql, pair: PairForm): Sql | undefined {
  const { name, separator, keepLast, excludeEmpty } = pair
  if (separator !== '=' && separator !== '= ') return undefined
  const w = words[dialect]
  const blanks = separator === '=' ? '' : ' *'
  const key = `(?:\\[[0-9]{1,4}\\]|[^${EDGE}"'=(\\[{])+`
  const all = w.all(sql, w.some(sql, text), `(?s)${key}=${blanks}(?:${QUOTED.join('|')}|[^${EDGE}]*)`)
  const own = w.keep(sql, all, (x) => w.startsWith(sql, x, `${name}=`))
  const value = (x: Sql): Sql => {
    const bare = w.replace(sql, x, `(?s)^[^=]*=${blanks}`, '')
    return QUOTED.reduce(
      (of, quoted) => w.replace(sql, of, `(?s)^${quoted.replace(/^(.)(.*)(.)$/, '$1($2)$3')}$`, '\\1'),
      bare,
    )
  }
  const values = w.each(sql, own, value)
  const some = excludeEmpty ? w.keep(sql, values, (x) => sql`${x} <> ''`) : values
  return w.at(sql, some, keepLast ? -1 : 1)
}

export interface ColumnForm {
  readonly index: number
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
}

/** As the evaluator's columns of delimited text. Undefined: the delimiter, the quote and the escape are not three characters. */
export function columnAt(sql: SqlTag, dialect: Worded, text: Sql, form: ColumnForm): Sql | undefined {
  const signs = [form.delimiter, form.quote, form.escape]
  if (new Set(signs).size < 3 || signs.some((s) => s.length !== 1) || form.index < 1) return undefined
  const w = words[dialect]
  const [d, q, e] = signs.map((s) => `\\x{${s.charCodeAt(0).toString(16)}}`) as [string, string, string]
  const escaped = `${e}[${d}${q}${e}]`
  const quoted = `${q}((?:${escaped}|${q}${q}|[^${q}])*)(?:${q}|\\z)`
  const open = `((?:${escaped}|[^${d}])*)`
  const free = (pattern: string): string => pattern.replaceAll('((', '(?:(')
  // The delimiter in front makes no column match nothing.
  const all = w.all(
    sql,
    sql`concat(${sql.str(form.delimiter)}, ${w.some(sql, text)})`,
    `(?s)${d}(?:${free(quoted)})?${free(open)}`,
  )
  const of = (raw: Sql): Sql => {
    const whole = `(?s)^${d}(?:${quoted})?${open}$`
    const inner = w.replace(sql, w.group(sql, raw, whole, 1), `${e}([${d}${q}${e}])|${q}(${q})`, '\\1\\2')
    const rest = w.replace(sql, w.group(sql, raw, whole, 2), `${e}([${d}${q}${e}])`, '\\1')
    return sql`concat(${inner}, ${rest})`
  }
  return whenSql(sql, sql`${text} is not null`, w.at(sql, w.each(sql, all, of), form.index))
}
