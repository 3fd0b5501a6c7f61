// Doubles. A result that is not finite is absent.
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { callForm, compareForm, finite, finiteClick, finiteSql, infixForm, LIMIT } from '../kit.ts'
import { numberText, parseNumber } from '../number-text.ts'
import { both, whenClick, whenSql } from '../kit.ts'
import { clickRemainder } from '../forms/remainder.ts'
import { type Law, type Prim, scalar, type SqlForm, tail, testPrim } from '../prim.ts'
import { clickParse, clickText, clickWhole, duckParse, duckText } from '../sql-number.ts'

type Laws = readonly [Law, ...Law[]]
const guarded = (form: (sql: SqlTag, args: readonly Sql[]) => Sql): Prim['sql'] => ({
  duckdb: (sql, args) => finiteSql(sql, form(sql, args)),
  clickhouse: (sql, args) => finiteClick(sql, form(sql, args)),
})
const asSql = (form: SqlForm) => (sql: SqlTag, args: readonly Sql[]) => form(sql, args, {}) as Sql

const binary = (id: Prim['id'], doc: string, js: (a: number, b: number) => number, form: SqlForm, laws: Laws): Prim =>
  scalar({
    id,
    doc,
    params: [
      ['a', 'num'],
      ['b', 'num'],
    ],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    js: () => (a: number, b: number) => finite(js(a, b)),
    sql: guarded(asSql(form)),
    laws,
  })
/** `domain`: SQL condition outside which the value is absent; DuckDB raises errors there instead of giving NaN. */
const unary = (
  id: Prim['id'],
  doc: string,
  js: (a: number) => number,
  form: SqlForm,
  laws: Laws,
  domain?: (sql: SqlTag, x: Sql) => Sql,
): Prim => {
  const inside = (sql: SqlTag, args: readonly Sql[]): Sql => {
    const value = form(sql, args, {}) as Sql
    return domain ? sql`case when ${domain(sql, args[0] as Sql)} then ${value} end` : value
  }
  return scalar({
    id,
    doc,
    params: [['x', 'num']],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    js: () => (a: number) => finite(js(a)),
    sql: guarded(inside),
    laws,
  })
}
const relation = (id: Prim['id'], doc: string, op: string, js: (a: number, b: number) => boolean, laws: Laws): Prim =>
  testPrim({
    id,
    doc,
    params: [
      ['a', 'num'],
      ['b', 'num'],
    ],
    consts: {},
    nulls: 'propagate',
    js: () => js,
    sql: both(compareForm(op)),
    laws,
  })

const parse = scalar({
  id: 'num.parse',
  doc:
    'The number a text is, or absent. Grammar: optional sign, digits with optional fraction (`5`, `5.`, `.5`), optional exponent; no ' +
    'spaces, separators, hexadecimal, infinity or NaN; beyond the doubles is absent; negative zero is zero.',
  params: [['text', 'str']],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => parseNumber,
  sql: {
    duckdb: (sql, [x]) => duckParse(sql, x as Sql),
    clickhouse: (sql, [x]) => clickParse(sql, x as Sql),
  },
  laws: [
    { args: ['404'], gives: 404 },
    { args: ['1.10'], gives: 1.1 },
    { args: ['5.'], gives: 5 },
    { args: ['.5'], gives: 0.5 },
    { args: ['+1e3'], gives: 1000 },
    { args: ['-0'], gives: 0 },
    { args: ['9007199254740993'], gives: 9007199254740992 },
    ...[
      '',
      ' ',
      ' 5',
      '5 ',
      '-',
      '.',
      '1,024',
      '0x10',
      '1_000',
      'NaN',
      'inf',
      '1e400',
      '5\n',
      '٣',
      '1e',
      'e5',
      '--1',
    ].map((t): Law => ({ args: [t], gives: null })),
    { args: [null], gives: null },
  ],
})

const named = (sql: SqlTag, x: Sql, is: 'isfinite' | 'isFinite', nan: 'isnan' | 'isNaN', text: Sql): Sql =>
  sql`case when ${sql.raw(is)}(${x}) then ${text} when ${sql.raw(nan)}(${x}) then 'NaN' when ${x} > 0 then 'Infinity' when ${x} < 0 then '-Infinity' end`

const toText = scalar({
  id: 'num.toText',
  doc: 'The shortest text that reads back as the same double: no decimals where whole, exponents from 1e21 and below 1e-6. `Infinity`, `-Infinity` and `NaN` of the family `double` are these words.',
  params: [['x', 'num']],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => numberText,
  sql: {
    duckdb: (sql, [x]) => named(sql, x as Sql, 'isfinite', 'isnan', duckText(sql, x as Sql)),
    clickhouse: (sql, [x]) => named(sql, x as Sql, 'isFinite', 'isNaN', clickText(sql, x as Sql)),
  },
  laws: [
    5, 0, -5, 0.1, 100.5, 1e14, 1e15, 1e16, 123456789012345680, 1.5e20, 1e21, -1.2345e22, 0.0001, 0.00012345, 1.5e-5,
    1e-6, 1.5e-7, 1.7976931348623157e308, 5e-324, 9007199254740992,
  ].map((x): Law => ({ args: [x], gives: String(x) })) as unknown as Laws,
})

const fromInt = scalar({
  id: 'num.fromInt',
  doc: 'The double nearest to an integer.',
  params: [['x', 'int']],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => (x: bigint) => Number(x),
  sql: {
    duckdb: (sql, [x]) => sql`cast(${x as Sql} as double)`,
    clickhouse: (sql, [x]) => sql`toFloat64(${x as Sql})`,
  },
  laws: [
    { args: [5n], gives: 5 },
    { args: [-9007199254740992n], gives: -9007199254740992 },
    { args: [null], gives: null },
  ],
})

const toInt = scalar({
  id: 'num.toInt',
  doc: 'The whole part, towards zero; absent beyond 128 bits.',
  params: [['x', 'num']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (x: number) => (Math.abs(x) < Number(LIMIT) ? BigInt(Math.trunc(x)) : null),
  sql: {
    duckdb: (sql, [x]) =>
      sql`case when abs(${x as Sql}) < 170141183460469231731687303715884105728. then try_cast(trunc(${x as Sql}) as hugeint) end`,
    clickhouse: (sql, [x]) =>
      whenClick(
        sql,
        sql`abs(${x as Sql}) < 170141183460469231731687303715884105728.`,
        clickWhole(sql, sql`trunc(assumeNotNull(${x as Sql}))`),
      ),
  },
  laws: [
    { args: [5.9], gives: 5n },
    { args: [-5.9], gives: -5n },
    { args: [1e20], gives: 100000000000000000000n },
    { args: [-1e30], gives: BigInt(-1e30) },
    { args: [1e39], gives: null },
    { args: [null], gives: null },
  ],
})

const mod = scalar({
  id: 'num.mod',
  doc: 'Remainder with the sign of a; absent for a zero divisor.',
  params: [
    ['a', 'num'],
    ['b', 'num'],
  ],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => (a: number, b: number) => finite(a % b),
  sql: {
    duckdb: (sql, [a, b]) => finiteSql(sql, sql.at(Prec.multiply)`${a as Sql} % ${b as Sql}`),
    clickhouse: (sql, [a, b]) =>
      whenSql(sql, sql`${a as Sql} is not null and ${b as Sql} <> 0`, clickRemainder(sql, a as Sql, b as Sql)),
  },
  laws: [
    { args: [5.5, 2], gives: 1.5 },
    { args: [-5.5, 2], gives: -1.5 },
    { args: [1e300, 7], gives: 1e300 % 7 },
    { args: [-0.3, 0.1], gives: -0.3 % 0.1 },
    { args: [1.7e308, 5e-324], gives: 0 },
    { args: [1.7976931348623157e308, 3e-308], gives: 1.7976931348623157e308 % 3e-308 },
    { args: [5, 0], gives: null },
    { args: [null, 2], gives: null },
  ],
})
/** ln(1 + x) and exp(x) - 1 lose all digits near zero, where these functions are needed. */
const nearZero = (id: Prim['id'], doc: string, js: (x: number) => number, laws: Laws): Prim =>
  scalar({
    id,
    doc,
    params: [['x', 'num']],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    js: () => (x: number) => finite(js(x)),
    sql: {
      duckdb: tail('DuckDB has neither log1p nor expm1, and their formulas lose the digits near zero'),
      clickhouse: tail('no form was compared yet'),
    },
    laws,
  })

const domainPositive = (sql: SqlTag, x: Sql): Sql => sql.at(Prec.compare)`${x} > 0`
const law = (gives: number | null, ...args: (number | null)[]): Law => ({ args, gives })

/** A step of Newton's method: DuckDB's cube root of 27 is 3.0000000000000004. */
const cubeRoot: SqlForm = (sql, [x]) => {
  const root = sql`cbrt(${x as Sql})`
  return sql`case when ${x as Sql} = 0 then 0.0 else ${root} - (${root} * ${root} * ${root} - ${x as Sql}) / (3 * ${root} * ${root}) end`
}

export const nums: readonly Prim[] = [
  parse,
  toText,
  fromInt,
  toInt,
  binary('num.add', 'a + b.', (a, b) => a + b, infixForm('+', Prec.add), [
    law(5, 2, 3),
    law(null, 1e308, 1e308),
    law(null, null, 1),
  ]),
  binary('num.sub', 'a - b.', (a, b) => a - b, infixForm('-', Prec.add), [law(-1, 2, 3)]),
  binary('num.mul', 'a × b.', (a, b) => a * b, infixForm('*', Prec.multiply), [law(6, 2, 3), law(null, 1e200, 1e200)]),
  binary('num.div', 'a ÷ b; absent for a zero divisor.', (a, b) => a / b, infixForm('/', Prec.multiply), [
    law(2.5, 5, 2),
    law(null, 5, 0),
    law(null, 0, 0),
  ]),
  mod,
  binary('num.pow', 'a to the power b.', (a, b) => a ** b, callForm('pow'), [
    law(8, 2, 3),
    law(null, -8, 0.5),
    law(null, 0, -1),
  ]),
  binary('num.atan2', 'Angle of the point (b, a).', Math.atan2, callForm('atan2'), [law(Math.PI / 4, 1, 1)]),
  unary(
    'num.neg',
    '-x.',
    (x) => 0 - x,
    (sql, [x]) => sql.at(Prec.add)`0.0 - ${x as Sql}`,
    [law(-5, 5), law(null, null)],
  ),
  unary('num.abs', 'Magnitude.', Math.abs, callForm('abs'), [law(5, -5)]),
  unary('num.floor', 'Greatest whole number not above x.', Math.floor, callForm('floor'), [law(-6, -5.5), law(5, 5.5)]),
  unary('num.ceil', 'Least whole number not below x.', Math.ceil, callForm('ceil'), [law(-5, -5.5), law(6, 5.5)]),
  unary(
    'num.round',
    'Nearest whole number, halves away from zero. (ClickHouse rounds halves to even, Java up; hence the formula.)',
    (x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
    (sql, [x]) => sql.at(Prec.multiply)`sign(${x as Sql}) * floor(abs(${x as Sql}) + 0.5)`,
    [law(3, 2.5), law(-3, -2.5), law(2, 2.4)],
  ),
  unary('num.trunc', 'Whole part, towards zero.', Math.trunc, callForm('trunc'), [law(-5, -5.9)]),
  unary(
    'num.sqrt',
    'Square root.',
    Math.sqrt,
    callForm('sqrt'),
    [law(3, 9), law(null, -1)],
    (sql, x) => sql.at(Prec.compare)`${x} >= 0`,
  ),
  unary('num.cbrt', 'Cube root.', Math.cbrt, cubeRoot, [law(3, 27), law(-2, -8), law(0, 0)]),
  unary('num.exp', 'e to the power x.', Math.exp, callForm('exp'), [law(1, 0), law(null, 1000)]),
  nearZero('num.expm1', 'e to the power x, less 1.', Math.expm1, [law(0, 0), law(1e-20, 1e-20)]),
  unary(
    'num.log',
    'Natural logarithm.',
    Math.log,
    callForm('ln'),
    [law(0, 1), law(null, 0), law(null, -1)],
    domainPositive,
  ),
  unary(
    'num.log10',
    'Logarithm to base 10.',
    Math.log10,
    callForm('log10'),
    [law(3, 1000), law(null, 0)],
    domainPositive,
  ),
  unary('num.log2', 'Logarithm to base 2.', Math.log2, callForm('log2'), [law(3, 8), law(null, 0)], domainPositive),
  nearZero('num.log1p', 'Natural logarithm of 1 + x.', Math.log1p, [law(0, 0), law(null, -1), law(1e-20, 1e-20)]),
  unary('num.sin', 'Sine.', Math.sin, callForm('sin'), [law(0, 0)]),
  unary('num.cos', 'Cosine.', Math.cos, callForm('cos'), [law(1, 0)]),
  unary('num.tan', 'Tangent.', Math.tan, callForm('tan'), [law(0, 0)]),
  unary(
    'num.asin',
    'Arc sine.',
    Math.asin,
    callForm('asin'),
    [law(0, 0), law(null, 2)],
    (sql, x) => sql.at(Prec.compare)`abs(${x}) <= 1`,
  ),
  unary(
    'num.acos',
    'Arc cosine.',
    Math.acos,
    callForm('acos'),
    [law(0, 1), law(null, 2)],
    (sql, x) => sql.at(Prec.compare)`abs(${x}) <= 1`,
  ),
  unary('num.atan', 'Arc tangent.', Math.atan, callForm('atan'), [law(0, 0)]),
  unary('num.sinh', 'Hyperbolic sine.', Math.sinh, callForm('sinh'), [law(0, 0)]),
  unary('num.cosh', 'Hyperbolic cosine.', Math.cosh, callForm('cosh'), [law(1, 0)]),
  unary('num.tanh', 'Hyperbolic tangent.', Math.tanh, callForm('tanh'), [law(0, 0)]),
  unary('num.toDegrees', 'Radians to degrees.', (x) => (x * 180) / Math.PI, callForm('degrees'), [law(180, Math.PI)]),
  unary('num.toRadians', 'Degrees to radians.', (x) => (x * Math.PI) / 180, callForm('radians'), [law(Math.PI, 180)]),
  unary('num.sign', '-1, 0 or 1.', Math.sign, (sql, [x]) => sql`sign(${x as Sql}) * 1.0`, [law(-1, -5), law(0, 0)]),
  relation('num.eq', 'a = b.', '=', (a, b) => a === b, [
    { args: [1, 1], gives: true },
    { args: [null, 1], gives: false },
  ]),
  relation('num.lt', 'a < b.', '<', (a, b) => a < b, [{ args: [1, 2], gives: true }]),
  relation('num.le', 'a ≤ b.', '<=', (a, b) => a <= b, [{ args: [2, 2], gives: true }]),
  relation('num.gt', 'a > b.', '>', (a, b) => a > b, [{ args: [2, 2], gives: false }]),
  relation('num.ge', 'a ≥ b.', '>=', (a, b) => a >= b, [{ args: [2, 2], gives: true }]),
]
