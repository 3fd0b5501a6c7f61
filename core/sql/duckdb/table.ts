// Tables in DuckDB: Parquet files.
import { duckText } from '../../prims/sql-number.ts'
import type { Sql } from '../../sql-text/fragment.ts'
import type { TimeUnit } from '../../tables/mapping.ts'
import type { TableDialect, TablePlace } from '../tables/table-sql.ts'
import { PER_UNIT, wholeWithin, within } from '../tables/time-bounds.ts'
import { duckdb, quoteString } from './dialect.ts'

const { sql } = duckdb

/** A JSON string as JSON.stringify writes it. The engine writes the digits of rare control characters in capitals. */
function quote(text: Sql): Sql {
  const rare = sql`regexp_matches(${text}, ${sql.raw("'[\\x0B\\x0E\\x0F\\x1A-\\x1F]'")})`
  const json = sql`cast(to_json(${text}) as varchar)`
  const slow = sql`list_reduce(list_transform(regexp_extract_all(${text}, '(?s).'), lambda qc: case when ascii(qc) < 32 then lower(cast(to_json(qc) as varchar)) else cast(to_json(qc) as varchar) end), lambda qa, qb: qa[:-2] || qb[2:])`
  return sql`case when ${rare} then ${slow} else ${json} end`
}

function micros(value: Sql, kind: string, unit: TimeUnit | undefined): Sql {
  if (kind === 'stamp') return sql`epoch_us(cast(${value} as timestamp))`
  const per = sql.raw(String(PER_UNIT[unit ?? 'ms']))
  if (kind === 'whole')
    return unit === 'ns' ? sql`cast(${value} // 1000 as bigint)` : sql`cast(${value} * ${per} as bigint)`
  const exact = sql`try_cast(${value} as decimal(38, 9))`
  return unit === 'ns'
    ? sql`try_cast(floor(${exact} / 1000) as bigint)`
    : sql`try_cast(floor(${exact} * ${per}) as bigint)`
}

export const duckdbTable: TableDialect = {
  base: duckdb,
  member: (of, name) => sql`struct_extract(${of}, ${sql.str(name)})`,
  text: (value, { kind }) => {
    if (kind === 'text') return value
    if (kind === 'double') return sql`case when isfinite(${value}) then ${duckText(sql, value)} end`
    if (kind !== 'stamp') return sql`cast(${value} as varchar)`
    return sql`regexp_replace(strftime(cast(${value} as timestamp), '%Y-%m-%dT%H:%M:%S.%fZ'), '000Z$', 'Z')`
  },
  each: (list, of) => sql`list_transform(${list}, lambda le: ${of(sql.raw('le'))})`,
  eachAt: (list, of) =>
    sql`list_transform(${list}, lambda le, li: ${of(sql.raw('le'), sql.raw('cast(li - 1 as varchar)'))})`,
  keep: (list, holds) => sql`list_filter(${list}, lambda lk: ${holds(sql.raw('lk'))})`,
  at: (list, index) => sql`list_extract(${list}, ${sql.num(index + 1)})`,
  value: (map, key, type) => duckdbTable.text(sql`map_extract_value(${map}, ${sql.str(key)})`, type),
  keyed: (map, before, after, type) => {
    const key = sql`${sql.str(before)} || ln || ${sql.str(after)}`
    const keys = sql`len(list_filter(map_keys(${map}), lambda lk: starts_with(lk, ${sql.str(before)})))`
    return sql`list_transform(range(${keys}), lambda ln: ${duckdbTable.text(sql`map_extract_value(${map}, ${key})`, type)})`
  },
  entries: (map) => sql`map_entries(${map})`,
  key: (entry) => sql`struct_extract(${entry}, 'key')`,
  entryValue: (entry) => sql`struct_extract(${entry}, 'value')`,
  list: (of) => sql`[${sql.join(of, ', ')}]`,
  untilNull: (list) => {
    const gap = sql`list_position(list_transform(${list}, lambda ln: ln is null), true)`
    return sql`coalesce(case when ${gap} is null or ${gap} = 0 then ${list} else list_slice(${list}, 1, ${gap} - 1) end, cast([] as varchar[]))`
  },
  isSome: (list) => sql`coalesce(len(${list}), 0) > 0`,
  joined: (list) => sql`nullif(array_to_string(${list}, ','), '')`,
  commas: (of) => (of.length === 0 ? sql`''` : sql`concat_ws(',', ${sql.join(of, ', ')})`),
  join: (of) => sql`(${sql.join(of, ' || ')})`,
  quote,
  json: (list) => sql`cast(to_json(${list}) as varchar)`,
  pair: (key, value) => sql`[${key}, ${value}]`,
  isOneOf: (text, { names, prefixes }) => {
    const tests = prefixes.map((p) => sql`starts_with(${text}, ${sql.str(p)})`)
    if (names.length > 0) tests.push(sql`list_contains([${sql.join(names.map(sql.str), ', ')}], ${text})`)
    return sql`(${sql.join(tests, ' or ')})`
  },
  isBelow: (x, names) => {
    const bare = sql`regexp_replace(${x}, ${sql.str('\\[[0-9]+\\]')}, '', 'g')`
    const tests = names.map(
      (n) => sql`starts_with(${bare}, ${sql.str(`${n}.`)}) or ${bare} = ${sql.str(n)} and ${x} != ${bare}`,
    )
    return sql`((contains(${x}, '.') or contains(${x}, '[')) and (${sql.join(tests, ' or ')}))`
  },
  micros: (value, { kind }, unit) => micros(value, kind, unit),
  within: (value, { kind }, unit, from, to) => {
    if (kind === 'whole') return wholeWithin(sql, value, unit, from, to)
    if (kind === 'stamp' && from > -(2n ** 62n) && to < 2n ** 62n)
      return within(sql, value, `make_timestamp(${from})`, `make_timestamp(${to})`)
    return within(sql, micros(value, kind, unit), `${from}`, `${to}`)
  },
}

export interface ParquetFiles {
  readonly paths: readonly string[]
  /** Rows before those of each file. */
  readonly offsets: readonly (bigint | number)[]
  /** Place in the order of the input of the first row. */
  readonly base: bigint
}

/** `isOrdered`: some read is about the file or its order. Without it, the reader is spared the columns. */
export function parquetPlace({ paths, offsets, base }: ParquetFiles, isOrdered: boolean): TablePlace {
  const files = `[${paths.map(quoteString).join(', ')}]`
  const more = isOrdered ? ', filename = true, file_row_number = true' : ''
  const offset = paths.length === 1 ? '0' : `list_extract([${offsets.join(', ')}], list_position(${files}, filename))`
  return {
    from: `read_parquet(${files}, union_by_name = true, hive_partitioning = true${more})`,
    file: sql.raw('filename'),
    order: sql.raw(`cast(${base} + ${offset} + file_row_number as hugeint)`),
  }
}
