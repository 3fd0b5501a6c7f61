// Conversions of decimals and truth values; lists.
import { Prec, type Sql } from '../../sql-text/fragment.ts'
import { arg, both, numConst, textConst } from '../kit.ts'
import { type Prim, scalar, testPrim } from '../prim.ts'

const decToNum = scalar({
  id: 'dec.toNum',
  doc: 'The double nearest to a decimal.',
  params: [['x', 'dec']],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => (x: string) => Number(x),
  sql: {
    duckdb: (sql, [x]) => sql`cast(${x as Sql} as double)`,
    clickhouse: (sql, [x]) => sql`toFloat64OrNull(${x as Sql})`,
  },
  laws: [
    { args: ['12.5'], gives: 12.5 },
    { args: ['12345678901234567890'], gives: 12345678901234567000 },
    { args: ['1e+21'], gives: 1e21 },
    { args: [null], gives: null },
  ],
})
const decToText = scalar({
  id: 'dec.toText',
  doc: 'The decimal’s canonical text, which it already is.',
  params: [['x', 'dec']],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (x: string) => x,
  sql: both((_, args) => arg(args, 0)),
  laws: [{ args: ['12.5'], gives: '12.5' }],
})
const boolToText = scalar({
  id: 'bool.toText',
  doc: '`true` or `false`.',
  params: [['x', 'bool']],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (x: boolean) => String(x),
  sql: both((sql, [x]) => sql`case when ${x as Sql} then 'true' when not ${x as Sql} then 'false' end`),
  laws: [
    { args: [true], gives: 'true' },
    { args: [false], gives: 'false' },
    { args: [null], gives: null },
  ],
})

const contains = testPrim({
  id: 'list.contains',
  doc: 'Is the text an element?',
  params: [
    ['list', 'list'],
    ['text', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => (list: readonly string[], text: string) => list.includes(text),
  sql: {
    duckdb: (sql, [l, x]) => sql`list_contains(${l as Sql}, ${x as Sql})`,
    clickhouse: (sql, [l, x]) => sql.at(Prec.and)`${x as Sql} is not null and has(${l as Sql}, ${x as Sql})`,
  },
  laws: [
    { args: [['a', 'b'], 'b'], gives: true },
    { args: [[], 'b'], gives: false },
    { args: [['a'], null], gives: false },
  ],
})
const at = scalar({
  id: 'list.at',
  doc: 'The element at a 0-based position, from the end if negative; absent outside.',
  params: [['list', 'list']],
  consts: { index: 'Position.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const index = numConst(c, 'index', 0)
    return (list: readonly string[]) => list.at(index) ?? null
  },
  sql: {
    duckdb: (sql, args, c) => {
      const index = numConst(c, 'index', 0)
      return sql`list_extract(${arg(args, 0)}, ${sql.num(index < 0 ? index : index + 1)})`
    },
    clickhouse: (sql, args, c) => {
      const index = numConst(c, 'index', 0)
      const needed = index < 0 ? -index : index + 1
      const value = sql`arrayElement(${arg(args, 0)}, ${sql.num(index < 0 ? index : index + 1)})`
      return sql`if(length(${arg(args, 0)}) >= ${sql.num(needed)}, ${value}, null)`
    },
  },
  laws: [
    { args: [['a', 'b']], consts: { index: 0 }, gives: 'a' },
    { args: [['a', 'b']], consts: { index: -1 }, gives: 'b' },
    { args: [['a', 'b']], consts: { index: 2 }, gives: null },
    { args: [['a', 'b']], consts: { index: -3 }, gives: null },
  ],
})
const length = scalar({
  id: 'list.length',
  doc: 'Number of elements.',
  params: [['list', 'list']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (list: readonly string[]) => BigInt(list.length),
  sql: {
    duckdb: (sql, [l]) => sql`cast(len(${l as Sql}) as hugeint)`,
    clickhouse: (sql, [l]) => sql`toInt128(length(${l as Sql}))`,
  },
  laws: [
    { args: [['a', '']], gives: 2n },
    { args: [[]], gives: 0n },
  ],
})
const join = scalar({
  id: 'list.join',
  doc: 'The elements with a separator between; empty text for an empty list.',
  params: [['list', 'list']],
  consts: { separator: 'Literal text.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const separator = textConst(c, 'separator')
    return (list: readonly string[]) => list.join(separator)
  },
  sql: {
    duckdb: (sql, args, c) =>
      sql`coalesce(array_to_string(${arg(args, 0)}, ${sql.str(textConst(c, 'separator'))}), '')`,
    clickhouse: (sql, args, c) => sql`arrayStringConcat(${arg(args, 0)}, ${sql.str(textConst(c, 'separator'))})`,
  },
  laws: [
    { args: [['a', '', 'b']], consts: { separator: ',' }, gives: 'a,,b' },
    { args: [[]], consts: { separator: ',' }, gives: '' },
  ],
})

export const smalls: readonly Prim[] = [decToNum, decToText, boolToText, contains, at, length, join]
