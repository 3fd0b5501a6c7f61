// Aggregates of numbers. Doubles are summed exactly: plain sums depend on the order of rows.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import {
  addTo,
  addToSpread,
  deviation,
  exactTotal,
  exactTotalWith,
  type ExactSum,
  MOST_SQUARED,
  newSpread,
  newSum,
  type Spread,
} from '../exact-sum.ts'
import { exactSum, exactSumText } from '../forms/exact-sum.ts'
import { argument, finite, finiteClick, finiteSql, numConst, textConst } from '../kit.ts'
import { type DecParts, decParts, decText, numberText } from '../number-text.ts'
import { type AggLaw, aggPrim, type Prim, type Value } from '../prim.ts'
import { clickDec, clickNamed, clickSummand, clickText, duckDec, duckSummand, duckText } from '../sql-number.ts'

type Laws = readonly [AggLaw, ...AggLaw[]]
const rowsOf = (...values: Value[]): Value[][] => values.map((v) => [v])

interface DecSum {
  whole: bigint
  rest: ExactSum
}
const sum = aggPrim({
  id: 'agg.sum',
  doc:
    'Sum of the texts that are numbers; `0` when none is. It is exact: whole numbers below 10^30 as integers, others as the nearest ' +
    'double of the sum; absent if that overflows.',
  params: [['text', 'str']],
  consts: {},
  returns: 'dec',
  nulls: 'propagate',
  js: () => ({
    init: (): DecSum => ({ whole: 0n, rest: newSum() }),
    add: (s: DecSum, text: string) => {
      const parts = decParts(text)
      if (parts?.i != null) s.whole += parts.i
      else if (parts) addTo(s.rest, parts.d)
      return s
    },
    done: (s: DecSum) => {
      if (s.rest.n === 0) return s.whole.toString()
      const all = finite(exactTotalWith(s.rest, s.whole))
      return all === null ? null : numberText(all)
    },
  }),
  sql: {
    duckdb: (sql, [x]) => {
      const summand = duckSummand(sql, x as Sql)
      return exactSumText(sql, 'duckdb', summand, (all) => duckText(sql, finiteSql(sql, all)))
    },
    clickhouse: (sql, [x]) => {
      const summand = clickSummand(sql, x as Sql)
      return exactSumText(sql, 'clickhouse', summand, (all) =>
        clickNamed(sql, all, (x) => clickText(sql, finiteClick(sql, x))),
      )
    },
  },
  laws: [
    { rows: rowsOf('5', '6', 'x', null, ''), gives: '11' },
    { rows: rowsOf('12345678901234567890', '1'), gives: '12345678901234567891' },
    { rows: rowsOf('9007199254740993', '5.0', '1e3'), gives: '9007199254741998' },
    { rows: rowsOf('1.5', '2'), gives: '3.5' },
    { rows: rowsOf('0.5', '-0.5'), gives: '0' },
    { rows: rowsOf('-3'), gives: '-3' },
    { rows: rowsOf('1e20', '0.5', '-1e20'), gives: '0.5' },
    { rows: rowsOf('1e300', '0.5', '7', '-1e300'), gives: '7.5' },
    { rows: rowsOf('1,024', '0x10'), gives: '0' },
    { rows: [], gives: '0' },
  ],
})

/** By value. Exact integers break ties of equal doubles. */
const less = (a: DecParts, b: DecParts): boolean => a.d < b.d || (a.d === b.d && (a.i ?? 0n) < (b.i ?? 0n))
const extremeDec = (id: Prim['id'], max: boolean, laws: Laws): Prim =>
  aggPrim({
    id,
    doc: `The ${max ? 'greatest' : 'least'} of the texts that are numbers, as canonical decimal; absent if none is.`,
    params: [['text', 'str']],
    consts: {},
    returns: 'dec',
    nulls: 'propagate',
    js: () => ({
      init: () => null,
      add: (s: DecParts | null, text: string) => {
        const x = decParts(text)
        if (!x) return s
        return !s || (max ? less(s, x) : less(x, s)) ? x : s
      },
      done: (s: DecParts | null) => (s ? decText(s) : null),
    }),
    sql: {
      duckdb: (sql, [x]) => {
        const { d, i } = duckDec(sql, x as Sql)
        const best = sql`${sql.raw(max ? 'max' : 'min')}({d: ${d}, z: coalesce(${i}, 0), i: ${i}}) filter (where ${d} is not null)`
        return sql`coalesce(cast(${sql`(${best})`}.i as varchar), ${duckText(sql, sql`(${best}).d`)})`
      },
      clickhouse: (sql, [x]) => {
        const { d, i } = clickDec(sql, x as Sql)
        const f = sql.raw(max ? 'maxIf' : 'minIf')
        const best = sql`${f}(tuple(ifNull(${d}, 0), ifNull(${i}, toInt128(0)), isNotNull(${i})), isNotNull(${d}))`
        return sql`case when count(${d}) = 0 then null when tupleElement(${best}, 3) then toString(tupleElement(${best}, 2)) else ${clickText(sql, sql`tupleElement(${best}, 1)`)} end`
      },
    },
    laws,
  })

const stat = (
  id: Prim['id'],
  doc: string,
  js: () => ReturnType<Parameters<typeof aggPrim>[0]['js']>,
  duck: (sql: SqlTag, x: Sql) => Sql,
  click: (sql: SqlTag, x: Sql) => Sql,
  laws: Laws,
): Prim =>
  aggPrim({
    id,
    doc,
    params: [['x', 'num']],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    js,
    sql: {
      duckdb: (sql, [x]) => duck(sql, x as Sql),
      clickhouse: (sql, [x]) => click(sql, sql`toNullable(${x as Sql})`),
    },
    laws,
  })

const extremeNum = (id: Prim['id'], max: boolean, laws: Laws): Prim => {
  const form = (sql: SqlTag, x: Sql): Sql => sql`${sql.raw(max ? 'max' : 'min')}(${x})`
  const js = () => ({
    init: () => null,
    add: (s: number | null, x: number) => (s === null || (max ? x > s : x < s) ? x : s),
    done: (s: number | null) => s,
  })
  return stat(id, `The ${max ? 'greatest' : 'least'} number; absent if there is none.`, js, form, form, laws)
}

const spread = (isSample: boolean) => () => ({
  init: newSpread,
  add: addToSpread,
  done: (s: Spread) => deviation(s, isSample),
})
const averages = () => ({
  init: newSum,
  add: addTo,
  done: (s: ExactSum) => (s.n === 0 ? null : finite(exactTotal(s) / s.n)),
})
const sums = () => ({ init: newSum, add: addTo, done: (s: ExactSum) => (s.n === 0 ? null : finite(exactTotal(s))) })

/** DuckDB raises "out of range" instead of giving infinity. */
const spreadForm = (name: string) => (sql: SqlTag, x: Sql) => {
  const most = sql.raw(MOST_SQUARED.toExponential())
  return sql`case when max(abs(${x})) < ${most} then ${sql.raw(name)}(case when abs(${x}) < ${most} then ${x} end) end`
}

const percentile = aggPrim({
  id: 'agg.percentile',
  doc:
    'The p-th percentile. `linear`: between neighbours at rank p/100·(n-1). `nearest`: the least value that at least p percent of the ' +
    'values do not exceed.',
  params: [['x', 'num']],
  consts: { p: '0 to 100.', method: '`linear` (default) or `nearest`.' },
  returns: 'num',
  nulls: 'propagate',
  js: (c) => {
    const q = numConst(c, 'p', 50) / 100
    const nearest = textConst(c, 'method') === 'nearest'
    return {
      init: () => [],
      add: (all: number[], x: number) => {
        all.push(x)
        return all
      },
      done: (all: number[]) => {
        if (all.length === 0) return null
        const sorted = Float64Array.from(all).sort()
        if (nearest) return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null
        const rank = q * (sorted.length - 1)
        const low = sorted[Math.floor(rank)] as number
        const high = sorted[Math.ceil(rank)] as number
        const part = rank - Math.floor(rank)
        const gap = high - low
        return Number.isFinite(gap) ? low + gap * part : low * (1 - part) + high * part
      },
    }
  },
  sql: {
    duckdb: (sql, args, c) => {
      const name = sql.raw(textConst(c, 'method') === 'nearest' ? 'quantile_disc' : 'quantile_cont')
      return sql`${name}(${argument(args, 0)}, ${sql.num(numConst(c, 'p', 50) / 100)})`
    },
    clickhouse: (sql, args, c) => {
      const q = sql.num(numConst(c, 'p', 50) / 100)
      const x = sql`toNullable(${argument(args, 0)})`
      // Halves, because the distance of two large numbers can be infinite.
      if (textConst(c, 'method') !== 'nearest')
        return finiteClick(sql, sql`(quantileExactInclusive(${q})(${x} / 2) * 2)`)
      const rank = sql`toInt64(greatest(1, ceil(${q} * count(${x}))))`
      return sql`if(count(${x}) = 0, null, arrayElement(arraySort(groupArray(${x})), ${rank}))`
    },
  },
  laws: [
    { rows: rowsOf(1, 2, 3, 4, null), consts: { p: 50, method: 'linear' }, gives: 2.5 },
    { rows: rowsOf(1, 2, 3, 4), consts: { p: 50, method: 'nearest' }, gives: 2 },
    { rows: rowsOf(1, 2, 3, 4), consts: { p: 100, method: 'nearest' }, gives: 4 },
    { rows: rowsOf(4, 1), consts: { p: 0, method: 'nearest' }, gives: 1 },
    { rows: rowsOf(7), consts: { p: 99, method: 'linear' }, gives: 7 },
    { rows: rowsOf(1e308, -1e308), consts: { p: 50, method: 'linear' }, gives: 0 },
    { rows: [], consts: { p: 50, method: 'linear' }, gives: null },
    { rows: [], consts: { p: 50, method: 'nearest' }, gives: null },
  ],
})

export const aggNums: readonly Prim[] = [
  sum,
  extremeDec('agg.minDec', false, [
    { rows: rowsOf('10', '9', 'x', null), gives: '9' },
    { rows: rowsOf('9007199254740993', '9007199254740992'), gives: '9007199254740992' },
    { rows: rowsOf('1.10', '1.2'), gives: '1.1' },
    { rows: rowsOf('x'), gives: null },
    { rows: [], gives: null },
  ]),
  extremeDec('agg.maxDec', true, [
    { rows: rowsOf('10', '9'), gives: '10' },
    { rows: rowsOf('9007199254740993', '9007199254740992'), gives: '9007199254740993' },
    { rows: rowsOf('-0.5', '-1e400'), gives: '-0.5' },
  ]),
  stat(
    'agg.sumNum',
    'Exact sum, rounded once; absent without values or if it overflows.',
    sums,
    (sql, x) => finiteSql(sql, exactSum(sql, 'duckdb', x)),
    (sql, x) => clickNamed(sql, exactSum(sql, 'clickhouse', x), (all) => finiteClick(sql, all)),
    [
      { rows: rowsOf(1.5, 2, null), gives: 3.5 },
      { rows: rowsOf(1e20, 1, -1e20), gives: 1 },
      { rows: rowsOf(12, 0.34643665561209369, -0.78663518557496892), gives: 11.559801470037124 },
      { rows: rowsOf(1e308, 1e308, 5e-324, 1e-300, -1e308, -1e308), gives: 1e-300 },
      { rows: rowsOf(1e308, 1e308), gives: null },
      { rows: rowsOf(2 ** 70, 0.1, -(2 ** 70), -1), gives: -0.9 },
      { rows: [], gives: null },
    ],
  ),
  stat(
    'agg.avg',
    'Mean; absent without values or if their sum overflows.',
    averages,
    (sql, x) => finiteSql(sql, sql`(${exactSum(sql, 'duckdb', x)} / count(${x}))`),
    (sql, x) => clickNamed(sql, sql`(${exactSum(sql, 'clickhouse', x)} / count(${x}))`, (all) => finiteClick(sql, all)),
    [
      { rows: rowsOf(1, 2, null), gives: 1.5 },
      { rows: rowsOf(1e20, 1, -1e20), gives: 1 / 3 },
      { rows: rowsOf(12, 0.34643665561209369, -0.78663518557496892), gives: 3.8532671566790415 },
      { rows: [], gives: null },
    ],
  ),
  extremeNum('agg.minNum', false, [
    { rows: rowsOf(3, -1.5, null), gives: -1.5 },
    { rows: [], gives: null },
  ]),
  extremeNum('agg.maxNum', true, [{ rows: rowsOf(3, -1.5), gives: 3 }]),
  stat(
    'agg.stddevSamp',
    'Standard deviation of a sample (n-1); absent below two values, and if one is 1e140 or more.',
    spread(true),
    spreadForm('stddev_samp'),
    (sql, x) => finiteClick(sql, spreadForm('stddevSampStable')(sql, x)),
    [
      { rows: rowsOf(1, 2, 3, 4, null), gives: Math.sqrt(5 / 3) },
      { rows: rowsOf(1), gives: null },
      { rows: rowsOf(1e308, -1e308), gives: null },
      { rows: rowsOf(1e20, 1, -1e20), gives: 1e20 },
      { rows: [], gives: null },
    ],
  ),
  stat(
    'agg.stddevPop',
    'Standard deviation of all values; absent without values, and if one is 1e140 or more.',
    spread(false),
    spreadForm('stddev_pop'),
    (sql, x) => finiteClick(sql, spreadForm('stddevPopStable')(sql, x)),
    [
      { rows: rowsOf(2, 4, 4, 4, 5, 5, 7, 9), gives: 2 },
      { rows: rowsOf(1), gives: 0 },
      { rows: [], gives: null },
    ],
  ),
  percentile,
]
