// Times: microseconds since 1970 UTC, int64 in SQL. A result outside of int64 is absent.
import type { Worded } from '../forms/engines.ts'
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { fromLocal, isUtc, isoWeek, offsetOf, onlyOffset, calendarParts } from '../calendar.ts'
import { LocalTime } from '../forms/local-time.ts'
import { argument, both, compareForm, floorDiv, floorMod, textConst, whenClick } from '../kit.ts'
import { type Consts, type Law, type Prim, type SqlForm, scalar, type Tail, tail, testPrim } from '../prim.ts'
import { formatTime, timeReader } from '../strftime.ts'

const int64 = (x: bigint): bigint | null => (x >= -(2n ** 63n) && x < 2n ** 63n ? x : null)
const time1 = [['time', 'time']] as const
const ZONE = 'IANA name, `UTC` (default) or an offset such as `+02:00`.'
const zoneOf = (c: Consts): string => textConst(c, 'zone', 'UTC')
const zoned: Tail = tail('engines have other offsets of named zones in far years')

/** The form over local times, where the zone has but one offset. */
const localForm = (
  of: (local: LocalTime, c: Consts) => Sql | undefined,
  otherwise: string,
): Readonly<Record<Worded, SqlForm>> => {
  const form =
    (dialect: Worded): SqlForm =>
    (sql, args, c) => {
      const offset = onlyOffset(zoneOf(c))
      if (offset === undefined) return zoned
      const made = of(new LocalTime(sql, dialect, argument(args, 0), offset), c)
      return made ?? tail(otherwise)
    }
  return { duckdb: form('duckdb'), clickhouse: form('clickhouse') }
}

const bigintConst = (c: Consts, name: string): bigint => {
  const v = c[name]
  return typeof v === 'bigint' ? v : typeof v === 'number' ? BigInt(Math.trunc(v)) : 0n
}
/** Rounded down; both engines' integer division rounds towards zero. `d` > 0. */
const floorSql = (
  sql: SqlTag,
  x: Sql,
  d: bigint,
  int: (sql: SqlTag, x: Sql) => Sql,
  div: (sql: SqlTag, a: Sql, b: Sql) => Sql,
): Sql => {
  const by = int(sql, sql.num(d))
  const wide = int(sql, x)
  return div(sql, sql`(${wide} - ((${wide} % ${by}) + ${by}) % ${by})`, by)
}
const duckInt = (sql: SqlTag, x: Sql): Sql => sql`cast(${x} as hugeint)`
const duckDiv = (sql: SqlTag, a: Sql, b: Sql): Sql => sql.at(Prec.multiply)`${a} // ${b}`
const clickInt = (sql: SqlTag, x: Sql): Sql => sql`toInt128(${x})`
const clickDiv = (sql: SqlTag, a: Sql, b: Sql): Sql => sql`intDiv(${a}, ${b})`

/** With 128 bits: of 64, positiveModulo takes a number below zero for a large one beside a divisor from 2^32 on (26.7). */
const floorClick = (sql: SqlTag, t: Sql, d: bigint): Sql =>
  sql`intDiv(${clickInt(sql, t)} - positiveModulo(${clickInt(sql, t)}, ${sql.num(d)}), ${sql.num(d)})`

const toMillis = scalar({
  id: 'time.toMillis',
  doc: 'Whole milliseconds since 1970 UTC, rounded down.',
  params: time1,
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (t: bigint) => floorDiv(t, 1000n),
  sql: {
    duckdb: (sql, [t]) => floorSql(sql, t as Sql, 1000n, duckInt, duckDiv),
    clickhouse: (sql, [t]) => floorClick(sql, t as Sql, 1000n),
  },
  laws: [
    { args: [1_700_000_000_123_456n], gives: 1_700_000_000_123n },
    { args: [-1n], gives: -1n },
    { args: [null], gives: null },
  ],
})
/** An integer that fits int64, as int64. */
const narrow = {
  duckdb: (sql: SqlTag, x: Sql): Sql => sql`try_cast(${x} as bigint)`,
  clickhouse: (sql: SqlTag, x: Sql): Sql =>
    whenClick(
      sql,
      sql`${x} between toInt128('-9223372036854775808') and toInt128('9223372036854775807')`,
      sql`toInt64(${x})`,
    ),
}
const fromMillis = scalar({
  id: 'time.fromMillis',
  doc: 'The time so many milliseconds after 1970 UTC; absent beyond int64 microseconds.',
  params: [['millis', 'int']],
  consts: {},
  returns: 'time',
  nulls: 'propagate',
  js: () => (x: bigint) => int64(x * 1000n),
  sql: {
    duckdb: (sql, [x]) => narrow.duckdb(sql, sql`try(${x as Sql} * 1000)`),
    clickhouse: (sql, [x]) => {
      const safe = sql`${x as Sql} between -9223372036854775 and 9223372036854775`
      return sql`toInt64(${whenClick(sql, safe, sql`(${x as Sql} * 1000)`)})`
    },
  },
  laws: [
    { args: [1_700_000_000_123n], gives: 1_700_000_000_123_000n },
    { args: [2n ** 62n], gives: null },
    { args: [2n ** 120n], gives: null },
    { args: [null], gives: null },
  ],
})
const fromInt = scalar({
  id: 'time.fromInt',
  doc: 'Microseconds as a time; absent beyond int64.',
  params: [['micros', 'int']],
  consts: {},
  returns: 'time',
  nulls: 'propagate',
  js: () => int64,
  sql: {
    duckdb: (sql, [x]) => narrow.duckdb(sql, x as Sql),
    clickhouse: (sql, [x]) => narrow.clickhouse(sql, x as Sql),
  },
  laws: [
    { args: [5n], gives: 5n },
    { args: [2n ** 63n], gives: null },
  ],
})
const toInt = scalar({
  id: 'time.toInt',
  doc: 'Microseconds since 1970 UTC.',
  params: time1,
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (t: bigint) => t,
  sql: { duckdb: (sql, [t]) => duckInt(sql, t as Sql), clickhouse: (sql, [t]) => clickInt(sql, t as Sql) },
  laws: [{ args: [5n], gives: 5n }],
})

const format = scalar({
  id: 'time.format',
  doc: 'The time written with a pattern of directives (core/prims/strftime.ts lists them) in a zone; absent for an unknown zone.',
  params: time1,
  consts: { pattern: 'Pattern with % directives.', zone: ZONE },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const [pattern, zone] = [textConst(c, 'pattern'), zoneOf(c)]
    return (t: bigint) => formatTime(t, pattern, zone)
  },
  sql: {
    ...localForm(
      (local, c) => local.format(textConst(c, 'pattern'), zoneOf(c)),
      'the pattern has a directive without SQL',
    ),
  },
  laws: [
    {
      args: [1_700_000_000_123_456n],
      consts: { pattern: '%Y-%m-%dT%H:%M:%S.%L%z', zone: 'UTC' },
      gives: '2023-11-14T22:13:20.123+0000',
    },
    {
      args: [1_700_000_000_000_000n],
      consts: { pattern: '%a %e %b %I:%M %p %j', zone: 'Europe/Zurich' },
      gives: 'Tue 14 Nov 11:13 PM 318',
    },
    { args: [-1n], consts: { pattern: '%F %T.%f', zone: 'UTC' }, gives: '1969-12-31 23:59:59.999999' },
    {
      args: [1_700_000_000_123_456n],
      consts: { pattern: '%A, %e %B %Y (%-d.%-m.%y), %k:%M %-I%p %l|%L|%N|%s|%Q|%j%% %:z %Z %q', zone: '+05:30' },
      gives:
        'Wednesday, 15 November 2023 (15.11.23),  3:43 3AM  3|123|123456000|1700000000|1700000000123|319% +05:30 +05:30 %q',
    },
    { args: [-70_000_000_000_000_000n], consts: { pattern: '%Y|%y|%a', zone: 'UTC' }, gives: '-0249|51|Fri' },
    { args: [400_000_000_000_000_000n], consts: { pattern: '%Y-%m-%d', zone: 'UTC' }, gives: '14645-06-30' },
    { args: [0n], consts: { pattern: '%Y', zone: 'No/Where' }, gives: null },
    { args: [null], consts: { pattern: '%Y', zone: 'UTC' }, gives: null },
    { args: [null], consts: { pattern: 'at %z', zone: '+02:00' }, gives: null },
  ],
})
const parse = scalar({
  id: 'time.parse',
  doc: 'The time a text says when read whole with a pattern; absent if it does not fit. An offset in the text beats the zone.',
  params: [['text', 'str']],
  consts: { pattern: 'Pattern with % directives.', zone: ZONE },
  returns: 'time',
  nulls: 'propagate',
  js: (c) => {
    const read = timeReader(textConst(c, 'pattern'), zoneOf(c))
    return (text: string) => read(text)
  },
  sql: { duckdb: zoned, clickhouse: zoned },
  laws: [
    {
      args: ['2023-11-14T22:13:20.123Z'],
      consts: { pattern: '%Y-%m-%dT%H:%M:%S.%L%z', zone: 'UTC' },
      gives: 1_700_000_000_123_000n,
    },
    {
      args: ['14/Nov/2023:23:13:20'],
      consts: { pattern: '%d/%b/%Y:%H:%M:%S', zone: 'Europe/Zurich' },
      gives: 1_700_000_000_000_000n,
    },
    { args: ['2023-02-30'], consts: { pattern: '%F', zone: 'UTC' }, gives: null },
    { args: ['12:00 AM'], consts: { pattern: '%I:%M %p', zone: 'UTC' }, gives: 0n },
    { args: ['x'], consts: { pattern: '%F', zone: 'UTC' }, gives: null },
    { args: [null], consts: { pattern: '%F', zone: 'UTC' }, gives: null },
  ],
})

const parts: Readonly<Record<string, (local: bigint) => number>> = {
  year: (t) => calendarParts(t).year,
  month: (t) => calendarParts(t).month,
  day: (t) => calendarParts(t).day,
  hour: (t) => calendarParts(t).hour,
  minute: (t) => calendarParts(t).minute,
  second: (t) => calendarParts(t).second,
  millisecond: (t) => Math.floor(calendarParts(t).micro / 1000),
  weekday: (t) => calendarParts(t).weekday || 7,
  yearday: (t) => calendarParts(t).yearDay,
  week: isoWeek,
}
const part = scalar({
  id: 'time.part',
  doc: 'A part of the local time: year month day hour minute second millisecond weekday (1 Monday to 7) yearday week (ISO).',
  params: time1,
  consts: { part: 'Which.', zone: ZONE },
  returns: 'int',
  nulls: 'propagate',
  js: (c) => {
    const [get, zone] = [parts[textConst(c, 'part')], zoneOf(c)]
    return (t: bigint) => {
      const offset = offsetOf(t, zone)
      return offset === null || !get ? null : BigInt(get(t + offset))
    }
  },
  sql: { ...localForm((local, c) => local.part(textConst(c, 'part')), 'no such part of a time') },
  laws: [
    { args: [1_700_000_000_000_000n], consts: { part: 'hour', zone: 'Asia/Kolkata' }, gives: 3n },
    { args: [1_700_000_000_000_000n], consts: { part: 'weekday', zone: 'UTC' }, gives: 2n },
    { args: [1_704_067_200_000_000n], consts: { part: 'week', zone: 'UTC' }, gives: 1n },
    { args: [-1n], consts: { part: 'millisecond', zone: 'UTC' }, gives: 999n },
    { args: [-70_000_000_000_000_000n], consts: { part: 'year', zone: '-01:00' }, gives: -249n },
    { args: [0n], consts: { part: 'nonsense', zone: 'UTC' }, gives: null },
  ],
})

const bucketForm =
  (int: typeof duckInt, out: (sql: SqlTag, x: Sql) => Sql): SqlForm =>
  (sql, args, c) => {
    const span = bigintConst(c, 'span')
    const offset = onlyOffset(zoneOf(c))
    if (offset === undefined) return zoned
    if (span <= 0n) return tail('a bucket needs a length')
    const wide = int(sql, argument(args, 0))
    const local = offset === 0n ? wide : sql`(${wide} + ${int(sql, sql.num(offset))})`
    const by = int(sql, sql.num(span))
    return out(sql, sql`(${wide} - ((${local} % ${by}) + ${by}) % ${by})`)
  }
const bucket = scalar({
  id: 'time.bucket',
  doc: 'The start of the bucket of length `span` µs, counted from 1970-01-01 00:00 of the zone’s local time; absent for an unknown zone.',
  params: time1,
  consts: { span: 'Microseconds, above 0.', zone: ZONE },
  returns: 'time',
  nulls: 'propagate',
  js: (c) => {
    const [span, zone] = [bigintConst(c, 'span'), zoneOf(c)]
    return (t: bigint) => {
      const offset = offsetOf(t, zone)
      if (offset === null || span <= 0n) return null
      const start = t + offset - floorMod(t + offset, span)
      if (offset === 0n && isUtc(zone)) return int64(start)
      // Within one offset plain arithmetic keeps the two passes of a repeated hour apart.
      const near = start - offset
      return offsetOf(near, zone) === offset ? int64(near) : fromLocal(start, zone)
    }
  },
  sql: { duckdb: bucketForm(duckInt, narrow.duckdb), clickhouse: bucketForm(clickInt, narrow.clickhouse) },
  laws: [
    { args: [1_700_000_123_456_789n], consts: { span: 300_000_000n, zone: 'UTC' }, gives: 1_700_000_100_000_000n },
    { args: [-1n], consts: { span: 1_000_000n, zone: 'UTC' }, gives: -1_000_000n },
    {
      args: [1_700_000_000_000_000n],
      consts: { span: 86_400_000_000n, zone: 'Europe/Zurich' },
      gives: 1_699_916_400_000_000n,
    },
    {
      args: [1_700_000_000_000_000n],
      consts: { span: 86_400_000_000n, zone: '+05:30' },
      gives: 1_699_986_600_000_000n,
    },
    { args: [null], consts: { span: 1n, zone: 'UTC' }, gives: null },
  ],
})

const slots = scalar({
  id: 'time.slots',
  doc: 'Starts of the UTC buckets that an interval touches, in milliseconds as text; none if there would be more than `most`.',
  params: [
    ['start', 'time'],
    ['end', 'time'],
  ],
  consts: { span: 'Microseconds, a multiple of 1000.', most: 'The most buckets.' },
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const [span, most] = [bigintConst(c, 'span'), bigintConst(c, 'most')]
    return (start: bigint | null, end: bigint | null) => {
      if (start === null || end === null || span <= 0n) return []
      const first = start - floorMod(start, span)
      if (first + most * span < end) return []
      const out: string[] = []
      for (let t = first; t < end; t += span) out.push((t / 1000n).toString())
      return out
    }
  },
  sql: {
    duckdb: (sql, [a, b], c) => {
      const [span, most] = [bigintConst(c, 'span'), bigintConst(c, 'most')]
      if (span <= 0n) return tail('a bucket needs a length')
      const by = duckInt(sql, sql.num(span))
      const start = duckInt(sql, a as Sql)
      const end = duckInt(sql, b as Sql)
      const first = sql`(${start} - ((${start} % ${by}) + ${by}) % ${by})`
      const at = sql`list_transform(range(${sql.num(most)}), lambda i: ${first} + i * ${by})`
      const inside = sql`list_filter(${at}, lambda t: t < ${end})`
      const texts = sql`list_transform(${inside}, lambda t: cast(t // 1000 as varchar))`
      return sql`case when ${first} + ${sql.num(most)} * ${by} >= ${end} then ${texts} else cast([] as varchar[]) end`
    },
    clickhouse: (sql, [a, b], c) => {
      const [span, most] = [bigintConst(c, 'span'), bigintConst(c, 'most')]
      if (span <= 0n) return tail('a bucket needs a length')
      const by = clickInt(sql, sql.num(span))
      // A list is never absent, and an absent edge gives none.
      const edge = (x: Sql): Sql => sql`toInt128(ifNull(${x}, 0))`
      const [start, end] = [edge(a as Sql), edge(b as Sql)]
      const first = sql`(${start} - ((${start} % ${by}) + ${by}) % ${by})`
      const touched = clickDiv(sql, sql`(${end} - ${first} + ${by} - 1)`, by)
      const isSome = sql`(${a as Sql}) is not null and (${b as Sql}) is not null and ${end} > ${first} and ${touched} <= ${sql.num(most)}`
      const count = sql`if(${isSome}, toInt64(${touched}), 0)`
      return sql`arrayMap(i -> toString(intDiv(${first} + i * ${by}, 1000)), range(toUInt64(${count})))`
    },
  },
  laws: [
    { args: [1_500_000n, 3_500_000n], consts: { span: 1_000_000n, most: 10n }, gives: ['1000', '2000', '3000'] },
    { args: [0n, 2_000_000n], consts: { span: 1_000_000n, most: 10n }, gives: ['0', '1000'] },
    { args: [-1n, 1n], consts: { span: 1_000_000n, most: 10n }, gives: ['-1000', '0'] },
    { args: [0n, 20_000_000n], consts: { span: 1_000_000n, most: 10n }, gives: [] },
    { args: [null, 1n], consts: { span: 1_000_000n, most: 10n }, gives: [] },
  ],
})

const relation = (id: Prim['id'], doc: string, op: string, js: (a: bigint, b: bigint) => boolean, law: Law): Prim =>
  testPrim({
    id,
    doc,
    params: [
      ['a', 'time'],
      ['b', 'time'],
    ],
    consts: {},
    nulls: 'propagate',
    js: () => js,
    sql: both(compareForm(op)),
    laws: [law, { args: [null, 1n], gives: false }],
  })

export const times: readonly Prim[] = [
  toMillis,
  fromMillis,
  fromInt,
  toInt,
  format,
  parse,
  part,
  bucket,
  slots,
  relation('time.eq', 'a = b.', '=', (a, b) => a === b, { args: [1n, 1n], gives: true }),
  relation('time.lt', 'a before b.', '<', (a, b) => a < b, { args: [1n, 2n], gives: true }),
  relation('time.le', 'a not after b.', '<=', (a, b) => a <= b, { args: [2n, 2n], gives: true }),
  relation('time.gt', 'a after b.', '>', (a, b) => a > b, { args: [2n, 2n], gives: false }),
  relation('time.ge', 'a not before b.', '>=', (a, b) => a >= b, { args: [2n, 2n], gives: true }),
]
