// Aggregates of texts, times and integers, and counts. Rows with an absent argument are ignored. No result depends on the order of rows.
import { compareText } from '../../text/compare.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { argument, int128, numConst, textConst } from '../kit.ts'
import {
  type Accumulator,
  type AggLaw,
  aggPrim,
  type Const,
  type Prim,
  type SqlForm,
  type Ty,
  type Value,
} from '../prim.ts'

type Laws = readonly [AggLaw, ...AggLaw[]]
const rowsOf = (...values: Value[]): Value[][] => values.map((v) => [v])
const fold = (better: (a: never, b: never) => boolean): Accumulator => ({
  init: () => null,
  add: (state: Value, x: Value) => (state === null || better(x as never, state as never) ? x : state),
  done: (state: Value) => state,
})

/** A compiler may express `where` as the only argument, which is null for a row that does not count. */
const count = aggPrim({
  id: 'agg.count',
  doc: 'Number of rows.',
  params: [],
  consts: {},
  returns: 'int',
  nulls: 'own',
  js: () => ({ init: () => 0n, add: (n: bigint) => n + 1n, done: (n: bigint) => n }),
  sql: {
    duckdb: (sql, args) => sql`cast(count(${args[0] ?? sql.raw('*')}) as hugeint)`,
    clickhouse: (sql, args) => sql`toInt128(count(${args[0] ?? sql.raw('')}))`,
  },
  laws: [
    { rows: [[], [], []], gives: 3n },
    { rows: [], gives: 0n },
  ],
})

const countDistinct = aggPrim({
  id: 'agg.countDistinct',
  doc: 'Exact number of different texts.',
  params: [['text', 'str']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => ({
    init: () => new Set<string>(),
    add: (seen: Set<string>, text: string) => seen.add(text),
    done: (seen: Set<string>) => BigInt(seen.size),
  }),
  sql: {
    duckdb: (sql, [x]) => sql`cast(count(distinct ${x as Sql}) as hugeint)`,
    clickhouse: (sql, [x]) => sql`toInt128(uniqExact(${x as Sql}))`,
  },
  laws: [
    { rows: rowsOf('a', 'A', 'a', '', null), gives: 3n },
    { rows: [], gives: 0n },
  ],
})

const extreme = (id: Prim['id'], ty: Ty, max: boolean, laws: Laws): Prim => {
  const order = ty === 'str' ? (a: string, b: string) => compareText(a, b) : (a: bigint, b: bigint) => (a < b ? -1 : 1)
  const better = (a: never, b: never): boolean => (max ? order(a, b) > 0 : order(a, b) < 0)
  const form: SqlForm = (sql, [x]) => sql`${sql.raw(max ? 'max' : 'min')}(${x as Sql})`
  return aggPrim({
    id,
    doc: `The ${max ? 'greatest' : 'least'} value${ty === 'str' ? ' in code-point order' : ''}; absent if there is none.`,
    params: [['x', ty]],
    consts: {},
    returns: ty,
    nulls: 'propagate',
    js: () => fold(better),
    sql: { duckdb: form, clickhouse: form },
    laws,
  })
}

const LIMIT_NOTE = 'At most so many, the first in code-point order; null: all.'
const limitOf = (c: Readonly<Record<string, Const>>): number => numConst(c, 'limit', 2_000_000_000)
const distinct = (done: (sorted: readonly string[]) => Value): Accumulator => ({
  init: () => new Set<string>(),
  add: (seen: Set<string>, text: string) => seen.add(text),
  done: (seen: Set<string>) => done([...seen].sort(compareText)),
})
const duckList = (sql: SqlTag, x: Sql, limit: number): Sql =>
  sql`list_slice(list_sort(list(distinct ${x}) filter (where ${x} is not null)), 1, ${sql.num(limit)})`
const clickList = (sql: SqlTag, x: Sql, limit: number): Sql =>
  sql`arraySlice(arraySort(groupUniqArray(${x})), 1, ${sql.num(limit)})`

const collect = aggPrim({
  id: 'agg.collect',
  doc: 'The different texts in code-point order, joined; absent if there is none.',
  params: [['text', 'str']],
  consts: { limit: LIMIT_NOTE, separator: 'Between two texts.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) =>
    distinct((all) => (all.length === 0 ? null : all.slice(0, limitOf(c)).join(textConst(c, 'separator', '\n')))),
  sql: {
    duckdb: (sql, args, c) =>
      sql`array_to_string(${duckList(sql, argument(args, 0), limitOf(c))}, ${sql.str(textConst(c, 'separator', '\n'))})`,
    clickhouse: (sql, args, c) =>
      sql`if(count(${argument(args, 0)}) = 0, null, arrayStringConcat(${clickList(sql, argument(args, 0), limitOf(c))}, ${sql.str(textConst(c, 'separator', '\n'))}))`,
  },
  laws: [
    { rows: rowsOf('b', 'a', 'b', null, ''), consts: { limit: 2, separator: ',' }, gives: ',a' },
    { rows: rowsOf('\u{1F600}', '\uE000'), consts: { limit: null, separator: '\n' }, gives: '\uE000\n\u{1F600}' },
    { rows: rowsOf(null), consts: { limit: 2, separator: ',' }, gives: null },
    { rows: [], consts: { limit: 2, separator: ',' }, gives: null },
  ],
})
const list = aggPrim({
  id: 'agg.list',
  doc: 'The different texts in code-point order.',
  params: [['text', 'str']],
  consts: { limit: LIMIT_NOTE },
  returns: 'list',
  nulls: 'propagate',
  js: (c) => distinct((all) => all.slice(0, limitOf(c))),
  sql: {
    duckdb: (sql, args, c) => sql`coalesce(${duckList(sql, argument(args, 0), limitOf(c))}, cast([] as varchar[]))`,
    clickhouse: (sql, args, c) => clickList(sql, argument(args, 0), limitOf(c)),
  },
  laws: [
    { rows: rowsOf('b', 'a', 'b', null), consts: { limit: 5 }, gives: ['a', 'b'] },
    { rows: [], consts: { limit: 5 }, gives: [] },
  ],
})

interface Best {
  readonly value: string
  readonly key: number | bigint
  readonly seq: bigint
}
/** Value of the row with the greatest or least (key, seq). */
const byKey = (id: Prim['id'], doc: string, ty: 'num' | 'time', max: boolean, laws: Laws): Prim =>
  aggPrim({
    id,
    doc,
    params: [
      ['value', 'str'],
      [ty === 'time' ? 'time' : 'key', ty],
      ['seq', 'int'],
    ],
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => ({
      init: () => null,
      add: (s: Best | null, value: string, key: number | bigint, seq: bigint) => {
        if (s !== null) {
          const order = key < s.key ? -1 : key > s.key ? 1 : seq < s.seq ? -1 : 1
          if (max ? order < 0 : order > 0) return s
        }
        return { value, key, seq }
      },
      done: (s: Best | null) => s?.value ?? null,
    }),
    sql: {
      duckdb: (sql, [v, k, s]) => {
        const seen = sql`${v as Sql} is not null and ${k as Sql} is not null and ${s as Sql} is not null`
        return sql`${sql.raw(max ? 'arg_max' : 'arg_min')}(${v as Sql}, {k: ${k as Sql}, s: ${s as Sql}}) filter (where ${seen})`
      },
      clickhouse: (sql, [v, k, s]) => {
        const seen = sql`isNotNull(${v as Sql}) and isNotNull(${k as Sql}) and isNotNull(${s as Sql})`
        return sql`${sql.raw(max ? 'argMaxIf' : 'argMinIf')}(toNullable(${v as Sql}), tuple(${k as Sql}, ${s as Sql}), ${seen})`
      },
    },
    laws,
  })

const sumInt = aggPrim({
  id: 'agg.sumInt',
  doc: 'Exact sum; absent without values or beyond 128 bits. Values are counts and durations: far from the limit.',
  params: [['x', 'int']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => ({
    init: () => null,
    add: (s: bigint | null, x: bigint) => (s ?? 0n) + x,
    done: (s: bigint | null) => (s === null ? null : int128(s)),
  }),
  sql: {
    duckdb: (sql, [x]) => sql`sum(cast(${x as Sql} as hugeint))`,
    // Over no row ClickHouse's sum of a Nullable is null, but of a plain column 0.
    clickhouse: (sql, [x]) => sql`sum(toNullable(toInt128(${x as Sql})))`,
  },
  laws: [
    { rows: rowsOf(9007199254740993n, 1n, null), gives: 9007199254740994n },
    { rows: rowsOf(2n ** 100n, -(2n ** 99n)), gives: 2n ** 99n },
    { rows: [], gives: null },
  ],
})

const joined = aggPrim({
  id: 'agg.joinInOrder',
  doc: 'The texts of all rows, joined in the order of their positions; absent if there is none.',
  params: [
    ['text', 'str'],
    ['position', 'int'],
  ],
  consts: { separator: 'Between two texts.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => ({
    init: (): [string, bigint][] => [],
    add: (all: [string, bigint][], text: string, position: bigint) => {
      all.push([text, position])
      return all
    },
    done: (all: [string, bigint][]) =>
      all.length === 0
        ? null
        : all
            .sort(([a, p], [b, q]) => (p < q ? -1 : p > q ? 1 : a < b ? -1 : 1))
            .map(([t]) => t)
            .join(textConst(c, 'separator', '\n')),
  }),
  sql: {
    duckdb: (sql, [x, p], c) => {
      const seen = sql`${x as Sql} is not null and ${p as Sql} is not null`
      return sql`string_agg(${x as Sql}, ${sql.str(textConst(c, 'separator', '\n'))} order by ${p as Sql}, ${x as Sql}) filter (where ${seen})`
    },
    clickhouse: (sql, [x, p], c) => {
      const seen = sql`isNotNull(${x as Sql}) and isNotNull(${p as Sql})`
      const pairs = sql`arraySort(groupArrayIf((assumeNotNull(${p as Sql}), assumeNotNull(${x as Sql})), ${seen}))`
      const texts = sql`arrayStringConcat(arrayMap(t -> t.2, ${pairs}), ${sql.str(textConst(c, 'separator', '\n'))})`
      return sql`if(countIf(${seen}) = 0, null, ${texts})`
    },
  },
  laws: [
    {
      rows: [
        ['b', 2n],
        ['a', 3n],
        ['b', 1n],
        [null, 0n],
        ['x', null],
      ],
      consts: { separator: ',' },
      gives: 'b,b,a',
    },
    { rows: [], consts: { separator: ',' }, gives: null },
  ],
})

export const aggs: readonly Prim[] = [
  joined,
  count,
  countDistinct,
  sumInt,
  extreme('agg.minInt', 'int', false, [
    { rows: rowsOf(3n, -1n, null), gives: -1n },
    { rows: [], gives: null },
  ]),
  extreme('agg.maxInt', 'int', true, [{ rows: rowsOf(3n, 2n ** 100n), gives: 2n ** 100n }]),
  extreme('agg.minTime', 'time', false, [
    { rows: rowsOf(3n, 1n), gives: 1n },
    { rows: [], gives: null },
  ]),
  extreme('agg.maxTime', 'time', true, [{ rows: rowsOf(3n, 1n), gives: 3n }]),
  extreme('agg.minText', 'str', false, [
    { rows: rowsOf('b', '\u{1F600}', 'B', null), gives: 'B' },
    { rows: [], gives: null },
  ]),
  extreme('agg.maxText', 'str', true, [{ rows: rowsOf('b', '\u{1F600}', '\uFFFD'), gives: '\u{1F600}' }]),
  extreme('agg.any', 'str', false, [
    { rows: rowsOf('b', 'a', null), gives: 'a' },
    { rows: rowsOf(null), gives: null },
  ]),
  collect,
  list,
  byKey('agg.latest', 'The value of the row with the greatest (time, seq) that has a value.', 'time', true, [
    {
      rows: [
        ['a', 1n, 9n],
        ['b', 2n, 1n],
        ['c', 2n, 3n],
        [null, 3n, 4n],
      ],
      gives: 'c',
    },
    { rows: [], gives: null },
  ]),
  byKey('agg.earliest', 'The value of the row with the least (time, seq) that has a value.', 'time', false, [
    {
      rows: [
        ['a', 2n, 9n],
        ['b', 1n, 3n],
        ['c', 1n, 2n],
        [null, 0n, 1n],
      ],
      gives: 'c',
    },
  ]),
  byKey('agg.argMax', 'The value of the row with the greatest (key, seq).', 'num', true, [
    {
      rows: [
        ['a', 1.5, 1n],
        ['b', -2, 2n],
        ['c', 1.5, 3n],
        ['d', null, 4n],
      ],
      gives: 'c',
    },
    { rows: [], gives: null },
  ]),
  byKey('agg.argMin', 'The value of the row with the least (key, seq).', 'num', false, [
    {
      rows: [
        ['a', 1.5, 1n],
        ['b', -2, 2n],
        ['c', -2, 3n],
      ],
      gives: 'b',
    },
  ]),
]
