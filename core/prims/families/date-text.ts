// The number of a date in a text, compared with a constant: a test of one text, as the values of a list are tested.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { isoWeek } from '../calendar.ts'
import { compared, comparing } from '../forms/compare-constant.ts'
import { textConst } from '../kit.ts'
import { type SqlForm, tail, testPrim } from '../prim.ts'
import { clickParse, duckParse } from '../sql-number.ts'
import { timeReader } from '../strftime.ts'

const PARTS = ['year', 'month', 'day', 'hour', 'minute']
const DATE = /^[ \t]*(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2}))?/
/** Only the wanted number is a group. */
const PATTERNS = [
  '([0-9]{4})[-/][0-9]{2}[-/][0-9]{2}',
  '[0-9]{4}[-/]([0-9]{2})[-/][0-9]{2}',
  '[0-9]{4}[-/][0-9]{2}[-/]([0-9]{2})',
  '[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ]([0-9]{2}):[0-9]{2}',
  '[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:([0-9]{2})',
]
const readDay = timeReader('%Y-%m-%d', 'UTC')

function numberOf(text: string, part: string): number | null {
  const found = DATE.exec(text)
  if (!found) return null
  if (part === 'week') {
    const day = readDay(found.slice(1, 4).join('-'))
    return day === null ? null : isoWeek(day)
  }
  const digits = found[PARTS.indexOf(part) + 1]
  return digits === undefined || !PARTS.includes(part) ? null : Number(digits)
}

const form =
  (extract: string, number: (sql: SqlTag, text: Sql) => Sql): SqlForm =>
  (sql, [x], c) => {
    const part = textConst(c, 'part')
    if (part === 'week') return tail('the week of a date that is a text')
    const pattern = PATTERNS[PARTS.indexOf(part)]
    if (pattern === undefined) return sql`false`
    const group = sql.raw(extract === 'extract' ? '' : ', 1')
    return compared(sql, number(sql, sql`${sql.raw(extract)}(${x as Sql}, ${sql.str(`^[ \t]*${pattern}`)}${group})`), c)
  }

const partIs = testPrim({
  id: 'time.textPartIs',
  doc: 'Does a part of the date in the text, as it is written (ISO 8601, or with a blank and slashes), compare so with the constant?',
  params: [['text', 'str']],
  consts: {
    part: '`year`, `month`, `day`, `hour`, `minute` or `week` (ISO 8601).',
    op: '`<`, `<=`, `=`, `>` or `>=`.',
    value: 'The number on the right.',
  },
  nulls: 'propagate',
  js: (c) => {
    const holds = comparing(c)
    const part = textConst(c, 'part')
    return (text: string) => holds(numberOf(text, part))
  },
  sql: { duckdb: form('regexp_extract', duckParse), clickhouse: form('extract', clickParse) },
  laws: [
    { args: ['2026-06-21 02:30:00'], consts: { part: 'minute', op: '=', value: 30 }, gives: true },
    { args: ['2026/06/21'], consts: { part: 'day', op: '>=', value: 22 }, gives: false },
    { args: ['2026-06-21'], consts: { part: 'hour', op: '<', value: 24 }, gives: false },
    { args: ['2025-07-08T14:05:00Z'], consts: { part: 'month', op: '<', value: 8 }, gives: true },
    { args: [' 2025-07-08'], consts: { part: 'year', op: '>', value: 2024 }, gives: true },
    { args: ['2027-01-01'], consts: { part: 'week', op: '=', value: 53 }, gives: true },
    { args: ['2026-13-01'], consts: { part: 'week', op: '>', value: 0 }, gives: false },
    { args: ['07'], consts: { part: 'month', op: '=', value: 7 }, gives: false },
    { args: [null], consts: { part: 'year', op: '=', value: 2026 }, gives: false },
  ],
})

export const dateTextPrims = [partIs]
