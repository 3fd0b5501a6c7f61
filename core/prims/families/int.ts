// Integers of 128 bits. A result that does not fit is absent: DuckDB would raise an error, ClickHouse would wrap.
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { both, compareForm, floorDiv, floorMod, int128, whenClick } from '../kit.ts'
import { INTEGER } from '../number-text.ts'
import { type Law, type Prim, scalar, testPrim } from '../prim.ts'
import { clickParseInt, duckParseInt } from '../sql-number.ts'

type Laws = readonly [Law, ...Law[]]
const MAX = 2n ** 127n - 1n

/** 128-bit operands never overflow 256 bits in one operation; the range is checked on the way back. */
const narrow = (sql: SqlTag, wide: Sql): Sql =>
  whenClick(
    sql,
    sql`${wide} between toInt256('-170141183460469231731687303715884105728') and toInt256('170141183460469231731687303715884105727')`,
    sql`toInt128(${wide})`,
  )

const binary = (
  id: Prim['id'],
  doc: string,
  js: (a: bigint, b: bigint) => bigint | null,
  duck: (sql: SqlTag, a: Sql, b: Sql) => Sql,
  click: (sql: SqlTag, a: Sql, b: Sql) => Sql,
  laws: Laws,
): Prim =>
  scalar({
    id,
    doc,
    params: [
      ['a', 'int'],
      ['b', 'int'],
    ],
    consts: {},
    returns: 'int',
    nulls: 'propagate',
    js: () => (a: bigint, b: bigint) => {
      const x = js(a, b)
      return x === null ? null : int128(x)
    },
    sql: {
      duckdb: (sql, [a, b]) => sql`try(${duck(sql, a as Sql, b as Sql)})`,
      clickhouse: (sql, [a, b]) => click(sql, a as Sql, b as Sql),
    },
    laws,
  })
const wide = (op: string) => (sql: SqlTag, a: Sql, b: Sql) =>
  narrow(sql, sql`(toInt256(${a}) ${sql.raw(op)} toInt256(${b}))`)
const plain = (op: string) => (sql: SqlTag, a: Sql, b: Sql) => sql.at(Prec.add)`${a} ${sql.raw(op)} ${b}`

const relation = (id: Prim['id'], doc: string, op: string, js: (a: bigint, b: bigint) => boolean, laws: Laws): Prim =>
  testPrim({
    id,
    doc,
    params: [
      ['a', 'int'],
      ['b', 'int'],
    ],
    consts: {},
    nulls: 'propagate',
    js: () => js,
    sql: both(compareForm(op)),
    laws,
  })
const law = (gives: bigint | null, ...args: (bigint | null)[]): Law => ({ args, gives })

export const ints: readonly Prim[] = [
  scalar({
    id: 'int.parse',
    doc: 'The integer a text is: optional sign and digits, nothing else; absent beyond 128 bits.',
    params: [['text', 'str']],
    consts: {},
    returns: 'int',
    nulls: 'propagate',
    js: () => (text: string) => (INTEGER.test(text) ? int128(BigInt(text.replace(/^\+/, ''))) : null),
    sql: {
      duckdb: (sql, [x]) => duckParseInt(sql, x as Sql),
      clickhouse: (sql, [x]) => clickParseInt(sql, x as Sql),
    },
    laws: [
      { args: ['5'], gives: 5n },
      { args: ['+5'], gives: 5n },
      { args: ['-0'], gives: 0n },
      { args: ['0005'], gives: 5n },
      { args: ['12345678901234567890'], gives: 12345678901234567890n },
      { args: ['9007199254740993'], gives: 9007199254740993n },
      { args: [MAX.toString()], gives: MAX },
      { args: [`00${MAX}`], gives: MAX },
      { args: [(-MAX - 1n).toString()], gives: -MAX - 1n },
      { args: [(MAX + 1n).toString()], gives: null },
      { args: ['9'.repeat(45)], gives: null },
      { args: ['5.0'], gives: null },
      { args: ['1e3'], gives: null },
      { args: ['0x10'], gives: null },
      { args: [' 5'], gives: null },
      { args: ['5\n'], gives: null },
      { args: ['1_000'], gives: null },
      { args: [''], gives: null },
      { args: [null], gives: null },
    ],
  }),
  scalar({
    id: 'int.toText',
    doc: 'Decimal digits, with a minus sign where negative.',
    params: [['x', 'int']],
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => (x: bigint) => x.toString(),
    sql: {
      duckdb: (sql, [x]) => sql`cast(${x as Sql} as varchar)`,
      clickhouse: (sql, [x]) => sql`toString(${x as Sql})`,
    },
    laws: [
      { args: [-5n], gives: '-5' },
      { args: [MAX], gives: MAX.toString() },
      { args: [null], gives: null },
    ],
  }),
  binary('int.add', 'a + b.', (a, b) => a + b, plain('+'), wide('+'), [
    law(5n, 2n, 3n),
    law(null, MAX, 1n),
    law(null, null, 1n),
  ]),
  binary('int.sub', 'a - b.', (a, b) => a - b, plain('-'), wide('-'), [law(-1n, 2n, 3n), law(null, -MAX, 2n)]),
  binary('int.mul', 'a × b.', (a, b) => a * b, plain('*'), wide('*'), [law(6n, 2n, 3n), law(null, MAX, MAX)]),
  binary(
    'int.div',
    'Quotient rounded down; absent for a zero divisor.',
    (a, b) => (b === 0n ? null : floorDiv(a, b)),
    (sql, a, b) =>
      sql`case when ${b} = 0 then null when (${a} % ${b}) <> 0 and (${a} < 0) <> (${b} < 0) then (${a}) // (${b}) - 1 else (${a}) // (${b}) end`,
    (sql, a, b) => {
      const [x, y] = [sql`toInt256(${a})`, sql`if(${b} = 0, toInt256(1), toInt256(${b}))`]
      return sql`case when ${b} = 0 then null else ${narrow(sql, sql`(intDiv(${x}, ${y}) - if(${x} % ${y} <> 0 and (${x} < 0) <> (${y} < 0), 1, 0))`)} end`
    },
    [law(2n, 5n, 2n), law(-3n, -5n, 2n), law(-3n, 5n, -2n), law(2n, -5n, -2n), law(null, 5n, 0n), law(null, null, 2n)],
  ),
  binary(
    'int.mod',
    'Remainder with the sign of the divisor; absent for a zero divisor.',
    (a, b) => (b === 0n ? null : floorMod(a, b)),
    (sql, a, b) => sql`case when ${b} = 0 then null else ((${a}) % (${b}) + (${b})) % (${b}) end`,
    (sql, a, b) => {
      const [x, y] = [sql`toInt256(${a})`, sql`if(${b} = 0, toInt256(1), toInt256(${b}))`]
      return sql`case when ${b} = 0 then null else toInt128((${x} % ${y} + ${y}) % ${y}) end`
    },
    [law(1n, 5n, 2n), law(1n, -5n, 2n), law(-1n, 5n, -2n), law(null, 5n, 0n)],
  ),
  relation('int.eq', 'a = b.', '=', (a, b) => a === b, [
    { args: [1n, 1n], gives: true },
    { args: [null, 1n], gives: false },
  ]),
  relation('int.lt', 'a < b.', '<', (a, b) => a < b, [{ args: [1n, 2n], gives: true }]),
  relation('int.le', 'a ≤ b.', '<=', (a, b) => a <= b, [{ args: [2n, 2n], gives: true }]),
  relation('int.gt', 'a > b.', '>', (a, b) => a > b, [{ args: [2n, 2n], gives: false }]),
  relation('int.ge', 'a ≥ b.', '>=', (a, b) => a >= b, [{ args: [2n, 2n], gives: true }]),
]
