// DuckDB 1.5: embedded, the default engine.
import type { Ty, Value } from '../../plan/plan.ts'
import type { Arm, SqlDialect } from '../dialect.ts'
import { type Sql, sqlTag } from '../../sql-text/fragment.ts'

// The parser ends a statement at a NUL, and E'\x00' is not implemented; chr(0) is the only way in.
const plain = (value: string): string => `'${value.replaceAll("'", "''")}'`
export const quoteString = (value: string): string =>
  value.includes('\0') ? `concat(${value.split('\0').map(plain).join(', chr(0), ')})` : plain(value)

// No identifier can hold a NUL. Assay makes the names; the removal keeps a wrong caller from ending the statement.
export const quoteName = (name: string): string => `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`

const sql = sqlTag(quoteString, quoteName)

const types: Readonly<Record<Ty, string>> = {
  bool: 'boolean',
  dec: 'varchar',
  int: 'hugeint',
  list: 'varchar[]',
  num: 'double',
  str: 'varchar',
  time: 'bigint',
}

function literal(value: Value, ty: Ty): Sql {
  const type = sql.raw(types[ty])
  if (ty === 'list') {
    const elements = (value ?? []) as readonly string[]
    return sql`cast([${sql.join(elements.map(sql.str), ', ')}] as ${type})`
  }
  if (value === null) return sql`cast(null as ${type})`
  if (ty === 'bool') return sql.raw(value === true ? 'true' : 'false')
  if (ty === 'str' || ty === 'dec') return sql.str(String(value))
  // Through a text, because the lexer reads the minus of the least 128-bit integer as an operator, and 1.5 as a decimal.
  return sql`cast(${sql.str(String(value))} as ${type})`
}

function unnest(list: Sql, into: string, index: string | null, keep: boolean): { items: string[]; after: string } {
  const none = (empty: string, some: string): string =>
    keep ? `case when len(${list.text}) = 0 then ${empty} else ${some} end` : some
  const items = [`unnest(${none('cast([null] as varchar[])', list.text)}) as ${into}`]
  if (index !== null) {
    const positions = none('cast([null] as hugeint[])', `cast(range(len(${list.text})) as hugeint[])`)
    items.push(`unnest(${positions}) as ${index}`)
  }
  return { items, after: '' }
}

const choice = (arms: readonly Arm[], otherwise: Sql): Sql =>
  sql`case ${sql.join(
    arms.map(({ when, value }) => sql`when ${when} then ${value}`),
    ' ',
  )} else ${otherwise} end`

export const duckdb: SqlDialect = {
  name: 'duckdb',
  sql,
  types,
  literal,
  choice,
  truth: (pred) => pred,
  groupKey: (expr) => expr,
  beforeNumber: [],
  someRow: '',
  joinKey: (expr) => expr,
  join: '',
  semiJoin: 'semi join',
  antiJoin: 'anti join',
  unmatched: (expr, ty) => (ty === 'list' ? sql`coalesce(${expr}, ${literal(null, ty)})` : expr),
  nullable: (expr) => expr,
  unnest,
  aggregates: new Set(
    (
      'any_value approx_count_distinct arg_max arg_min array_agg avg bit_and bit_or bool_and bool_or count count_if countif ' +
      'favg first fsum kahan_sum last list max max_by mean median min min_by mode product quantile quantile_cont ' +
      'quantile_disc sumkahan stddev stddev_pop stddev_samp string_agg sum var_pop var_samp'
    ).split(' '),
  ),
  quoted: "'(?:[^']|'')*'",
  writesOut: true,
  settings: '',
}
