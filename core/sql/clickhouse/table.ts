// Tables in ClickHouse.
import { clickText } from '../../prims/sql-number.ts'
import type { Sql } from '../../sql-text/fragment.ts'
import type { ColumnType } from '../../tables/column.ts'
import type { Table, TimeUnit } from '../../tables/mapping.ts'
import type { TableDialect, TablePlace } from '../tables/table-sql.ts'
import { PER_UNIT, wholeWithin, within } from '../tables/time-bounds.ts'
import { clickhouse } from './dialect.ts'

const { sql } = clickhouse

const filled = (list: Sql): Sql => sql`arrayMap(lf -> assumeNotNull(lf), ${list})`

function text(value: Sql, type: ColumnType): Sql {
  if (type.kind === 'text')
    return type.isEmptyAbsent ? sql`nullIf(toString(${value}), '')` : sql`toNullable(toString(${value}))`
  if (type.kind === 'double') return sql`if(isFinite(${value}), ${clickText(sql, sql`toFloat64(${value})`)}, null)`
  if (type.kind !== 'stamp') return sql`toNullable(toString(${value}))`
  const iso = sql`concat(replaceOne(toString(toDateTime64(${value}, 6, 'UTC')), ' ', 'T'), 'Z')`
  return sql`toNullable(replaceRegexpOne(${iso}, '000Z$', 'Z'))`
}

function micros(value: Sql, kind: ColumnType['kind'], unit: TimeUnit | undefined): Sql {
  const asTime = (x: Sql): Sql => sql`cast(${x} as Nullable(Int64))`
  if (kind === 'stamp') return asTime(sql`toUnixTimestamp64Micro(toDateTime64(${value}, 6, 'UTC'))`)
  const per = sql.raw(String(PER_UNIT[unit ?? 'ms']))
  if (kind === 'whole')
    return asTime(unit === 'ns' ? sql`intDiv(toInt64(${value}), 1000)` : sql`toInt64(${value}) * ${per}`)
  const exact = sql`toDecimal128OrNull(toString(${value}), 9)`
  return asTime(unit === 'ns' ? sql`floor(${exact} / 1000)` : sql`floor(${exact} * ${per})`)
}

/** The years 1900 to 2299: beyond them a DateTime64 wraps. */
const EARLIEST = -2_208_988_800_000_000n
const LATEST = 10_413_791_999_000_000n

const valueAt = (map: Sql, key: Sql, type: ColumnType): Sql =>
  sql`if(mapContains(${map}, ${key}), ${text(sql`arrayElement(${map}, ${key})`, type)}, null)`

export const clickhouseTable: TableDialect = {
  base: clickhouse,
  member: (of, name) => sql`tupleElement(${of}, ${sql.str(name)})`,
  text,
  each: (list, of) => sql`arrayMap(le -> ${of(sql.raw('le'))}, ${list})`,
  eachAt: (list, of) =>
    sql`arrayMap((le, li) -> ${of(sql.raw('le'), sql.raw('toString(li - 1)'))}, ${list}, arrayEnumerate(${list}))`,
  keep: (list, holds) => sql`arrayFilter(lk -> ${holds(sql.raw('lk'))}, ${list})`,
  at: (list, index) => sql`if(length(${list}) > ${sql.num(index)}, arrayElement(${list}, ${sql.num(index + 1)}), null)`,
  value: (map, key, type) => valueAt(map, sql.str(key), type),
  keyed: (map, before, after, type) => {
    const key = sql`concat(${sql.str(before)}, toString(ln), ${sql.str(after)})`
    const keys = sql`length(arrayFilter(lk -> startsWith(lk, ${sql.str(before)}), mapKeys(${map})))`
    return sql`arrayMap(ln -> ${valueAt(map, key, type)}, range(${keys}))`
  },
  entries: (map) => sql`arrayZip(mapKeys(${map}), mapValues(${map}))`,
  key: (entry) => sql`tupleElement(${entry}, 1)`,
  entryValue: (entry) => sql`tupleElement(${entry}, 2)`,
  list: (of) => sql`[${sql.join(of, ', ')}]`,
  untilNull: (list) => {
    const gap = sql`arrayFirstIndex(ln -> ln is null, arrayPushBack(${list}, null))`
    return filled(sql`arraySlice(${list}, 1, toInt64(${gap}) - 1)`)
  },
  isSome: (list) => sql`toNullable(notEmpty(${list}))`,
  joined: (list) => sql`nullIf(arrayStringConcat(${filled(list)}, ','), '')`,
  commas: (of) =>
    of.length === 0
      ? sql`''`
      : sql`arrayStringConcat(${filled(sql`arrayFilter(lk -> lk is not null, [${sql.join(of, ', ')}])`)}, ',')`,
  join: (of) => sql`concat(${sql.join(of, ', ')})`,
  // The engine escapes a slash, which JSON.stringify does not.
  quote: (x) => sql`replaceAll(toJSONString(${x}), ${sql.str('\\/')}, '/')`,
  json: (list) => sql`toJSONString(${list})`,
  pair: (key, value) => sql`[toNullable(toString(${key})), ${value}]`,
  isOneOf: (x, { names, prefixes }) => {
    const tests = prefixes.map((p) => sql`startsWith(${x}, ${sql.str(p)})`)
    if (names.length > 0) tests.push(sql`has([${sql.join(names.map(sql.str), ', ')}], ${x})`)
    return sql`(${sql.join(tests, ' or ')})`
  },
  isBelow: (x, names) => {
    const bare = sql`replaceRegexpAll(${x}, ${sql.str('\\[[0-9]+\\]')}, '')`
    const tests = names.map(
      (n) => sql`startsWith(${bare}, ${sql.str(`${n}.`)}) or ${bare} = ${sql.str(n)} and ${x} != ${bare}`,
    )
    return sql`(multiSearchAny(${x}, ['.', '[']) and (${sql.join(tests, ' or ')}))`
  },
  micros: (value, { kind }, unit) => micros(value, kind, unit),
  within: (value, { kind }, unit, from, to) => {
    if (kind === 'whole') return wholeWithin(sql, value, unit, from, to)
    if (kind !== 'stamp') return within(sql, micros(value, kind, unit), `${from}`, `${to}`)
    const ends = [
      ...(from > EARLIEST ? [sql`${value} >= fromUnixTimestamp64Micro(${sql.raw(String(from))}, 'UTC')`] : []),
      ...(to < LATEST ? [sql`${value} < fromUnixTimestamp64Micro(${sql.raw(String(to))}, 'UTC')`] : []),
    ]
    return ends.length === 0 ? sql.raw('true') : sql`(${sql.join(ends, ' and ')})`
  },
}

/** A table has no order of its own. Without a column that orders them, events of equal times are in the order of a hash of their values. */
export function clickhousePlace(database: string, name: string, { columns }: Table): TablePlace {
  const all = columns.map((c) => sql`toString(${sql.id(c.physical ?? c.name)})`)
  return {
    from: `${sql.id(database).text}.${sql.id(name).text}`,
    file: sql.str(`${database}.${name}`),
    order: sql`cast(cityHash64(${sql.join(all, ', ')}) as Nullable(Int128))`,
  }
}
