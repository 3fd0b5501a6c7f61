// Doubles as Java has them: infinity and NaN are values. No other family accepts or returns them; `double.finite` converts back.
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { clickRemainder } from '../forms/remainder.ts'
import { finiteClick, finiteSql } from '../kit.ts'
import { type Law, type Prim, scalar, testPrim } from '../prim.ts'

type Laws = readonly [Law, ...Law[]]
const ARGS = [
  ['a', 'num'],
  ['b', 'num'],
] as const

const special = (sql: SqlTag, text: string): Sql => sql`cast(${sql.str(text)} as double)`
const NAN = Number.NaN
const INF = Number.POSITIVE_INFINITY

const binary = (
  id: Prim['id'],
  doc: string,
  js: (a: number, b: number) => number,
  duckdb: (sql: SqlTag, a: Sql, b: Sql) => Sql,
  clickhouse: (sql: SqlTag, a: Sql, b: Sql) => Sql,
  laws: Laws,
): Prim =>
  scalar({
    id,
    doc,
    params: [...ARGS],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    // -0 is 0, as everywhere.
    js: () => (a: number, b: number) => js(a, b) + 0,
    sql: {
      duckdb: (sql, [a, b]) => sql`(${duckdb(sql, a as Sql, b as Sql)} + 0.0)`,
      clickhouse: (sql, [a, b]) => sql`(${clickhouse(sql, a as Sql, b as Sql)} + toFloat64(0))`,
    },
    laws,
  })

/** DuckDB takes NaN for the greatest number and equal to itself. A comparison with NaN is false here. */
const relation = (id: Prim['id'], op: string, js: (a: number, b: number) => boolean, laws: Laws): Prim =>
  testPrim({
    id,
    doc: `a ${op} b; false if one is NaN.`,
    params: [...ARGS],
    consts: {},
    nulls: 'propagate',
    js: () => js,
    sql: {
      duckdb: (sql, [a, b]) =>
        sql`(${a as Sql} ${sql.raw(op)} ${b as Sql} and not isnan(${a as Sql}) and not isnan(${b as Sql}))`,
      clickhouse: (sql, [a, b]) => sql.at(Prec.compare)`${a as Sql} ${sql.raw(op)} ${b as Sql}`,
    },
    laws,
  })

const law = (gives: boolean | number | null, ...args: (number | null)[]): Law => ({ args, gives }) as Law

const division = (sql: SqlTag, a: Sql, b: Sql): Sql =>
  sql`case when ${b} is null then null when ${b} <> 0 or isnan(${b}) then ${a} / ${b} when isnan(${a}) or ${a} = 0 then ${special(sql, 'nan')} when ${a} > 0 then ${special(sql, 'inf')} when ${a} < 0 then ${special(sql, '-inf')} end`
const remainder = (sql: SqlTag, a: Sql, b: Sql): Sql =>
  sql`case when ${b} = 0 or not isfinite(${a}) or isnan(${b}) then case when ${a} is not null and ${b} is not null then ${special(sql, 'nan')} end when isinf(${b}) then ${a} else ${a} % ${b} end`

const clickMod = (sql: SqlTag, a: Sql, b: Sql): Sql =>
  sql`case when ${a} is null or ${b} is null then null when ${b} = 0 or not isFinite(${a}) or isNaN(${b}) then nan when not isFinite(${b}) then ${a} else ${clickRemainder(sql, a, b)} end`

export const doubles: readonly Prim[] = [
  binary(
    'double.add',
    'a + b.',
    (a, b) => a + b,
    (sql, a, b) => sql`(${a} + ${b})`,
    (sql, a, b) => sql`(${a} + ${b})`,
    [law(5, 2, 3), law(INF, INF, 1), law(NAN, INF, -INF), law(null, null, 1)],
  ),
  binary(
    'double.sub',
    'a - b.',
    (a, b) => a - b,
    (sql, a, b) => sql`(${a} - ${b})`,
    (sql, a, b) => sql`(${a} - ${b})`,
    [law(-1, 2, 3), law(NAN, INF, INF), law(null, 1, null)],
  ),
  binary(
    'double.mul',
    'a × b.',
    (a, b) => a * b,
    (sql, a, b) => sql`(${a} * ${b})`,
    (sql, a, b) => sql`(${a} * ${b})`,
    [law(6, 2, 3), law(INF, 1e200, 1e200), law(NAN, 0, INF), law(null, null, 1)],
  ),
  binary(
    'double.div',
    'a ÷ b: infinite for a zero divisor, NaN for 0 ÷ 0.',
    (a, b) => a / (b === 0 ? 0 : b),
    division,
    (sql, a, b) => sql`${a} / (${b} + toFloat64(0))`,
    [
      law(2.5, 5, 2),
      law(INF, 5, 0),
      law(-INF, -5, 0),
      law(NAN, 0, 0),
      law(0, 5, INF),
      law(NAN, INF, INF),
      law(NAN, 1, NAN),
      law(null, null, 0),
      law(null, 1, null),
    ],
  ),
  binary('double.mod', 'Remainder with the sign of a; NaN for a zero divisor.', (a, b) => a % b, remainder, clickMod, [
    law(1.5, 5.5, 2),
    law(NAN, 5, 0),
    law(5, 5, INF),
    law(NAN, INF, 2),
    law(null, null, 0),
  ]),
  relation('double.eq', '=', (a, b) => a === b, [law(true, INF, INF), law(false, NAN, NAN), law(false, null, 1)]),
  relation('double.lt', '<', (a, b) => a < b, [law(true, 5, INF), law(false, 5, NAN), law(false, null, 1)]),
  relation('double.le', '<=', (a, b) => a <= b, [law(true, INF, INF), law(false, NAN, NAN), law(false, null, 1)]),
  relation('double.gt', '>', (a, b) => a > b, [law(true, INF, 5), law(false, NAN, 5), law(false, null, 1)]),
  relation('double.ge', '>=', (a, b) => a >= b, [law(true, INF, INF), law(false, NAN, 5), law(false, null, 1)]),
  testPrim({
    id: 'double.isNaN',
    doc: 'Is it NaN?',
    params: [['x', 'num']],
    consts: {},
    nulls: 'propagate',
    js: () => (x: number) => Number.isNaN(x),
    sql: { duckdb: (sql, [x]) => sql`isnan(${x as Sql})`, clickhouse: (sql, [x]) => sql`isNaN(${x as Sql})` },
    laws: [law(true, NAN), law(false, INF), law(false, 5), law(false, null)],
  }),
  testPrim({
    id: 'double.isInfinite',
    doc: 'Is it infinite, of either sign?',
    params: [['x', 'num']],
    consts: {},
    nulls: 'propagate',
    js: () => (x: number) => x === INF || x === -INF,
    sql: { duckdb: (sql, [x]) => sql`isinf(${x as Sql})`, clickhouse: (sql, [x]) => sql`isInfinite(${x as Sql})` },
    laws: [law(true, INF), law(true, -INF), law(false, NAN), law(false, 5), law(false, null)],
  }),
  scalar({
    id: 'double.finite',
    doc: 'The number if it is finite, else absent.',
    params: [['x', 'num']],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    js: () => (x: number) => (Number.isFinite(x) ? x : null),
    sql: { duckdb: (sql, [x]) => finiteSql(sql, x as Sql), clickhouse: (sql, [x]) => finiteClick(sql, x as Sql) },
    laws: [law(5, 5), law(null, INF), law(null, NAN), law(null, null)],
  }),
]
