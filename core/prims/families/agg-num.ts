// Aggregates of numbers. Doubles are summed with compensation everywhere: plain sums depend on the order of rows.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { argument, finite, finiteClick, finiteSql, numConst, textConst } from '../kit.ts'
import { type DecParts, decParts, decText, numberText } from '../number-text.ts'
import { type AggLaw, aggPrim, type Prim, type Value } from '../prim.ts'
import { clickDec, clickText, duckDec, duckText } from '../sql-number.ts'

type Laws = readonly [AggLaw, ...AggLaw[]]
const rowsOf = (...values: Value[]): Value[][] => values.map((v) => [v])

/** Neumaier's compensated sum. */
interface Sum {
  n: number
  sum: number
  low: number
}
const newSum = (): Sum => ({ n: 0, sum: 0, low: 0 })
function addTo(s: Sum, x: number): Sum {
  const t = s.sum + x
  s.low += Math.abs(s.sum) >= Math.abs(x) ? s.sum - t + x : x - t + s.sum
  s.sum = t
  s.n++
  return s
}
const total = (s: Sum): number => s.sum + s.low

interface DecSum {
  whole: bigint
  rest: Sum
}
const sum = aggPrim({
  id: 'agg.sum',
  doc:
    'Sum of the texts that are numbers; `0` when none is. Whole numbers below 10^30 are summed exactly, fractions as compensated ' +
    'doubles (equal to 1e-9 relative on all executors); absent if that overflows.',
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
      const all = finite(Number(s.whole) + total(s.rest))
      return all === null ? null : numberText(all)
    },
  }),
  sql: {
    duckdb: (sql, [x]) => {
      const { d, i } = duckDec(sql, x as Sql)
      // The text of each sum is long, so both are written once, in a list of one pair.
      const pair = sql`{w: coalesce(sum(${i}), 0), r: fsum(case when ${i} is null then ${d} end)}`
      const all = finiteSql(sql, sql`(cast(s.w as double) + s.r)`)
      const text = sql`case when s.r is null then cast(cast(s.w as hugeint) as varchar) else ${duckText(sql, all)} end`
      return sql`list_transform([${pair}], lambda s: ${text})[1]`
    },
    clickhouse: (sql, [x]) => {
      const { i, r } = clickDec(sql, x as Sql)
      const whole = sql`[ifNull(sum(${i}), toInt128(0))]`
      const rest = sql`[sumKahan(${r})]`
      const all = finiteClick(sql, sql`(toFloat64(w) + r)`)
      const text = sql`case when r is null then toString(w) else ${clickText(sql, all)} end`
      return sql`arrayMap((w, r) -> ${text}, ${whole}, ${rest})[1]`
    },
  },
  laws: [
    { rows: rowsOf('5', '6', 'x', null, ''), gives: '11' },
    { rows: rowsOf('12345678901234567890', '1'), gives: '12345678901234567891' },
    { rows: rowsOf('9007199254740993', '5.0', '1e3'), gives: '9007199254741998' },
    { rows: rowsOf('1.5', '2'), gives: '3.5' },
    { rows: rowsOf('0.5', '-0.5'), gives: '0' },
    { rows: rowsOf('-3'), gives: '-3' },
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

/** Welford's running mean and sum of squared distances. */
interface Spread {
  n: number
  mean: number
  m2: number
}
const spread = (sample: boolean) => () => ({
  init: (): Spread => ({ n: 0, mean: 0, m2: 0 }),
  add: (s: Spread, x: number) => {
    s.n++
    const delta = x - s.mean
    s.mean += delta / s.n
    s.m2 += delta * (x - s.mean)
    return s
  },
  done: (s: Spread) => {
    const n = sample ? s.n - 1 : s.n
    return n <= 0 ? null : finite(Math.sqrt(s.m2 / n))
  },
})
const averages = () => ({
  init: newSum,
  add: addTo,
  done: (s: Sum) => (s.n === 0 ? null : finite(total(s) / s.n)),
})
const sums = () => ({ init: newSum, add: addTo, done: (s: Sum) => (s.n === 0 ? null : finite(total(s))) })

/** DuckDB raises "out of range" instead of giving infinity. */
const duckSpread = (name: string) => (sql: SqlTag, x: Sql) => sql`${sql.raw(name)}(${x})`
const clickSpread = (name: string) => (sql: SqlTag, x: Sql) => finiteClick(sql, sql`${sql.raw(name)}(${x})`)

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
        return low + (high - low) * (rank - Math.floor(rank))
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
      if (textConst(c, 'method') !== 'nearest') return finiteClick(sql, sql`quantileExactInclusive(${q})(${x})`)
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
    'Compensated sum; absent without values or if it overflows.',
    sums,
    (sql, x) => finiteSql(sql, sql`fsum(${x})`),
    (sql, x) => finiteClick(sql, sql`if(count(${x}) = 0, null, sumKahan(${x}))`),
    [
      { rows: rowsOf(1.5, 2, null), gives: 3.5 },
      { rows: [], gives: null },
    ],
  ),
  stat(
    'agg.avg',
    'Mean; absent without values or if their sum overflows.',
    averages,
    (sql, x) => finiteSql(sql, sql`(fsum(${x}) / count(${x}))`),
    (sql, x) => finiteClick(sql, sql`(sumKahan(${x}) / count(${x}))`),
    [
      { rows: rowsOf(1, 2, null), gives: 1.5 },
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
    'Standard deviation of a sample (n-1); absent below two values.',
    spread(true),
    duckSpread('stddev_samp'),
    clickSpread('stddevSampStable'),
    [
      { rows: rowsOf(1, 2, 3, 4, null), gives: Math.sqrt(5 / 3) },
      { rows: rowsOf(1), gives: null },
      { rows: [], gives: null },
    ],
  ),
  stat(
    'agg.stddevPop',
    'Standard deviation of all values; absent without values.',
    spread(false),
    duckSpread('stddev_pop'),
    clickSpread('stddevPopStable'),
    [
      { rows: rowsOf(2, 4, 4, 4, 5, 5, 7, 9), gives: 2 },
      { rows: rowsOf(1), gives: 0 },
      { rows: [], gives: null },
    ],
  ),
  percentile,
]
