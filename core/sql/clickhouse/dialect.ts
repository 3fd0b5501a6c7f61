// ClickHouse 26, for more telemetry than one machine can process.
import type { Ty, Value } from '../../plan/plan.ts'
import type { SqlDialect } from '../dialect.ts'
import { Prec, type Sql, sqlTag } from '../../sql-text/fragment.ts'

// Backslash escapes; a raw NUL ends the statement.
const escaped = (value: string, quote: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\0', '\\0')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
export const quoteString = (value: string): string => `'${escaped(value, "'")}'`
export const quoteName = (name: string): string => `\`${escaped(name, '`')}\``

const sql = sqlTag(quoteString, quoteName)

// An array cannot be nullable: an absent list is the empty one.
const types: Readonly<Record<Ty, string>> = {
  bool: 'Nullable(Bool)',
  dec: 'Nullable(String)',
  int: 'Nullable(Int128)',
  list: 'Array(String)',
  num: 'Nullable(Float64)',
  str: 'Nullable(String)',
  time: 'Nullable(Int64)',
}

/** ClickHouse analyses them in half the time of a cast. */
const MAKERS = { int: 'toInt128', num: 'toFloat64', time: 'toInt64' } as const

function literal(value: Value, ty: Ty): Sql {
  const type = sql.raw(types[ty])
  if (ty === 'list') {
    const elements = (value ?? []) as readonly string[]
    return sql`cast([${sql.join(elements.map(sql.str), ', ')}] as ${type})`
  }
  if (value === null) return sql`cast(null as ${type})`
  if (ty === 'bool') return sql.raw(value === true ? 'true' : 'false')
  if (ty === 'str' || ty === 'dec') return sql.str(String(value))
  // A bare 7 is UInt8, and its arithmetic wraps accordingly.
  if (Number.isSafeInteger(Number(value)) && !Object.is(value, -0))
    return sql`${sql.raw(MAKERS[ty])}(${sql.num(Number(value))})`
  return sql`cast(${sql.str(String(value))} as ${type})`
}

function unnest(list: Sql, into: string, index: string | null, keep: boolean): { items: string[]; after: string } {
  const array = (type: string, some: string): string => {
    const cast = `cast(${some} as Array(${type}))`
    return keep ? `if(empty(${list.text}), cast([null] as Array(${type})), ${cast})` : cast
  }
  const joined = [`${array(types.str, list.text)} as ${into}`]
  if (index !== null) joined.push(`${array(types.int, `range(length(${list.text}))`)} as ${index}`)
  return {
    items: index === null ? [into] : [into, index],
    after: `array join ${joined.join(', ')}`,
  }
}

export const clickhouse: SqlDialect = {
  name: 'clickhouse',
  sql,
  types,
  literal,
  // Faster to analyse than a CASE.
  choice: ([first, ...more], otherwise) =>
    first && more.length === 0
      ? sql`if(${first.when}, ${first.value}, ${otherwise})`
      : sql`case ${sql.join(
          [...(first ? [first] : []), ...more].map(({ when, value }) => sql`when ${when} then ${value}`),
          ' ',
        )} else ${otherwise} end`,
  // A comparison gives UInt8, which prints as 1.
  truth: (pred) => sql`cast(${pred} as Nullable(Bool))`,
  // ClickHouse groups by bits, and the bits of -0 and 0 differ.
  groupKey: (expr, ty) => (ty === 'num' ? sql.at(Prec.add)`${expr} + toFloat64(0)` : expr),
  // ClickHouse puts NaN where it puts null.
  beforeNumber: ['isNaN'],
  // ClickHouse drops a key that folds to a constant. Grouping without keys then returns a row for an empty input.
  someRow: 'count() > 0',
  // A key that folds to a constant fails with INVALID_JOIN_ON_EXPRESSION.
  joinKey: (expr) => sql`materialize(${expr})`,
  // On a Distributed table each shard would join its rows with those of its own.
  join: 'global ',
  semiJoin: 'global left semi join',
  antiJoin: 'global left anti join',
  unmatched: (expr) => expr,
  // Otherwise the minimum of no rows is 0 or '', and so is the row before the first.
  nullable: (expr) => sql`toNullable(${expr})`,
  unnest,
  aggregates: new Set(
    (
      'any anyLast anyOrNull argMax argMaxIf argMaxOrNull argMin argMinIf argMinOrNull avg avgOrNull count countIf groupArray groupArrayIf groupArraySorted ' +
      'groupUniqArray groupUniqArrayIf max maxOrNull min minOrNull quantile quantileExact quantileExactExclusive quantileExactHigh ' +
      'quantileExactInclusive quantileExactLow quantilesExact stddevPop stddevPopStable stddevSamp stddevSampStable sum ' +
      'sumIf sumKahan sumKahanOrNull sumOrNull sumWithOverflow uniqExact varPop varPopStable varSamp varSampStable'
    ).split(' '),
  ),
  quoted: "'(?:[^'\\\\]|\\\\.)*'",
  // Without join_use_nulls a row without a match holds 0 and ''. The reordering of chained joins inlines their sides, and a constant key
  // then belongs to neither ("Cannot determine join keys", 25.x). The order of joins is the plan's, so nothing is lost without it.
  // Compiled expressions compare Int128 without its sign: greatest(-5, 0) inside least() becomes a large number (26.7).
  // The pass over functions in ORDER BY finds nothing here, and takes a quarter of the time to analyse a long statement (26.7).
  writesOut: false,
  settings:
    'settings join_use_nulls = 1, aggregate_functions_null_for_empty = 0, transform_null_in = 0, ' +
    'query_plan_optimize_join_order_limit = 0, compile_expressions = 0, optimize_redundant_functions_in_order_by = 0',
}
