// Texts as bytes in SQL. Bytes are hexadecimal digits, which patterns can take apart: the decoders of the engines refuse bytes that are no
// UTF-8, or make one U+FFFD of several.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { whenSql } from '../kit.ts'
import type { Worded } from './engines.ts'

interface Words {
  all(sql: SqlTag, text: Sql, pattern: string): Sql
  each(sql: SqlTag, list: Sql, of: (x: Sql) => Sql): Sql
  join(sql: SqlTag, list: Sql): Sql
  matches(sql: SqlTag, text: Sql, pattern: string): Sql
  replace(sql: SqlTag, text: Sql, pattern: string, by: string): Sql
  /** Upper-case digits of the bytes of a text. */
  hex(sql: SqlTag, text: Sql): Sql
  /** The text of bytes that are UTF-8. */
  text(sql: SqlTag, hex: Sql): Sql
  /** The number that four digits say. */
  code(sql: SqlTag, hex: Sql): Sql
  character(sql: SqlTag, code: Sql): Sql
  /** Digits of the bytes of base64 in the standard alphabet, padded. */
  base64(sql: SqlTag, text: Sql): Sql
  toBase64(sql: SqlTag, text: Sql): Sql
}

const words: Readonly<Record<Worded, Words>> = {
  duckdb: {
    all: (sql, text, pattern) => sql`regexp_extract_all(${text}, ${sql.str(pattern)})`,
    each: (sql, list, of) => sql`list_transform(${list}, lambda b: ${of(sql.raw('b'))})`,
    join: (sql, list) => sql`array_to_string(${list}, '')`,
    matches: (sql, text, pattern) => sql`regexp_matches(${text}, ${sql.str(pattern)})`,
    replace: (sql, text, pattern, by) => sql`regexp_replace(${text}, ${sql.str(pattern)}, ${sql.str(by)}, 'g')`,
    hex: (sql, text) => sql`hex(encode(${text}))`,
    text: (sql, hex) => sql`decode(unhex(${hex}))`,
    code: (sql, hex) => sql`cast(concat('0x', ${hex}) as integer)`,
    character: (sql, code) => sql`chr(cast(${code} as integer))`,
    base64: (sql, text) => sql`hex(from_base64(${text}))`,
    toBase64: (sql, text) => sql`to_base64(encode(${text}))`,
  },
  clickhouse: {
    all: (sql, text, pattern) => sql`extractAll(ifNull(${text}, ''), ${sql.str(pattern)})`,
    each: (sql, list, of) => sql`arrayMap(b -> ${of(sql.raw('b'))}, ${list})`,
    join: (sql, list) => sql`arrayStringConcat(${list})`,
    matches: (sql, text, pattern) => sql`match(${text}, ${sql.str(pattern)})`,
    replace: (sql, text, pattern, by) => sql`replaceRegexpAll(${text}, ${sql.str(pattern)}, ${sql.str(by)})`,
    hex: (sql, text) => sql`hex(${text})`,
    text: (sql, hex) => sql`unhex(${hex})`,
    code: (sql, hex) => sql`reinterpretAsUInt16(reverse(unhex(${hex})))`,
    character: (sql, c) =>
      sql`multiIf(${c} < 128, char(${c}), ${c} < 2048, char(192 + intDiv(${c}, 64), 128 + ${c} % 64), ${c} < 65536, char(224 + intDiv(${c}, 4096), 128 + intDiv(${c}, 64) % 64, 128 + ${c} % 64), char(240 + intDiv(${c}, 262144), 128 + intDiv(${c}, 4096) % 64, 128 + intDiv(${c}, 64) % 64, 128 + ${c} % 64))`,
    base64: (sql, text) => sql`hex(tryBase64Decode(${text}))`,
    toBase64: (sql, text) => sql`base64Encode(${text})`,
  },
}

/** Bytes of a character, and the beginnings of one that other decoders take for one bad byte, longest first. */
const [FOLLOWS, E0, E, ED] = ['[89AB].', 'E0[AB].', '(?:E[1-9A-CEF][89AB].)', 'ED[89].']
const [F0, F, F4] = ['F0[9AB].', '(?:F[1-3][89AB].)', 'F48.']
const THREE = `(?:${E0}|${E}|${ED})`
const FOUR = `(?:${F0}|${F}|${F4})`
const VALID = `(?:${FOUR}${FOLLOWS}${FOLLOWS}|${THREE}${FOLLOWS}|(?:C[2-9A-F]|D.)${FOLLOWS}|[0-7].)`
const UNIT = `${VALID}|${FOUR}${FOLLOWS}|${FOUR}|${THREE}|..`

const UNKNOWN = '\ufffd'

/** As the platform's TextDecoder. */
export function utf8Text(sql: SqlTag, dialect: Worded, hex: Sql): Sql {
  const w = words[dialect]
  const one = (x: Sql): Sql =>
    sql`case when ${w.matches(sql, x, `^${VALID}$`)} then ${w.text(sql, x)} else ${sql.str(UNKNOWN)} end`
  return w.join(sql, w.each(sql, w.all(sql, hex, UNIT), one))
}

const PAIR = '..D[89AB]..D[C-F]'
function utf16Text(sql: SqlTag, dialect: Worded, hex: Sql): Sql {
  const w = words[dialect]
  const unit = (x: Sql, at: number): Sql =>
    w.code(sql, sql`concat(substring(${x}, ${sql.num(at + 2)}, 2), substring(${x}, ${sql.num(at)}, 2))`)
  const pair = (x: Sql): Sql => sql`((${unit(x, 1)} - 55296) * 1024 + ${unit(x, 5)} - 56320 + 65536)`
  const one = (x: Sql): Sql =>
    sql`case when length(${x}) = 8 then ${w.character(sql, pair(x))} when ${w.matches(sql, x, '^..D[89A-F]')} then ${sql.str(UNKNOWN)} else ${w.character(sql, unit(x, 1))} end`
  return w.join(sql, w.each(sql, w.all(sql, hex, `${PAIR}|....`), one))
}

export function latinText(sql: SqlTag, dialect: Worded, hex: Sql): Sql {
  const w = words[dialect]
  return w.join(
    sql,
    w.each(sql, w.all(sql, hex, '..'), (x) => w.character(sql, w.code(sql, sql`concat('00', ${x})`))),
  )
}

/** Percent escapes; other text stays. */
export function urlDecoded(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  const one = (x: Sql): Sql =>
    sql`case when ${w.matches(sql, x, '^%..$')} then upper(substring(${x}, 2, 2)) else ${w.hex(sql, x)} end`
  const hex = w.join(sql, w.each(sql, w.all(sql, text, '(?s)%[0-9A-Fa-f]{2}|.'), one))
  return whenSql(sql, sql`${text} is not null`, utf8Text(sql, dialect, hex))
}

/** Every byte but letters, digits and `.-*_` as its digits; a space as `+`. */
export function urlEncoded(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  const one = (x: Sql): Sql =>
    sql`case when ${w.matches(sql, x, '^[A-Za-z0-9.*_-]$')} then ${x} when ${x} = ' ' then '+' else ${w.replace(sql, w.hex(sql, x), '(..)', '%\\1')} end`
  const all = w.join(sql, w.each(sql, w.all(sql, text, '(?s).'), one))
  return whenSql(sql, sql`${text} is not null`, all)
}

export const base64Encoded = (sql: SqlTag, dialect: Worded, text: Sql): Sql => words[dialect].toBase64(sql, text)

/** As the evaluator's base64Bytes and its decoders. */
export function base64Decoded(sql: SqlTag, dialect: Worded, text: Sql, charset: string): Sql {
  const w = words[dialect]
  const standard = sql`replace(replace(${w.replace(sql, text, '[\\t-\\r ]', '')}, '-', '+'), '_', '/')`
  const clean = w.replace(sql, standard, '={1,2}$', '')
  // The last digit of an incomplete group may hold bits that no byte has.
  const whole = sql`concat(${clean}, substring('===', 1, cast((4 - length(${clean}) % 4) % 4 as integer)))`
  const hex = w.base64(sql, whole)
  const decode = charset === 'UTF-16LE' ? utf16Text : charset === 'ISO-8859-1' ? latinText : utf8Text
  const isBase64 = w.matches(sql, clean, '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3})?$')
  return whenSql(sql, isBase64, decode(sql, dialect, hex))
}

/** The characters whose codes are pairs of digits. */
export function latinOfHex(sql: SqlTag, dialect: Worded, text: Sql): Sql {
  const w = words[dialect]
  return whenSql(sql, w.matches(sql, text, '(?i)^(?:[0-9a-f]{2})*$'), latinText(sql, dialect, text))
}
