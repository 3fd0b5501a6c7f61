// Comparisons of texts.
import { compareText } from '../../text/compare.ts'
import { literals, lowerText } from '../../regex/regex.ts'
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { oneOfRegex } from '../glob.ts'
import { both, clickLower, compareForm, flagConst, callForm, textsConst } from '../kit.ts'
import { BEGIN, type Consts, END, type Law, type Prim, testPrim } from '../prim.ts'

type Laws = readonly [Law, ...Law[]]
const pairOf = [
  ['a', 'str'],
  ['b', 'str'],
] as const
const textPart = [
  ['text', 'str'],
  ['part', 'str'],
] as const

const relation = (id: Prim['id'], doc: string, op: string, js: (order: number) => boolean, laws: Laws): Prim =>
  testPrim({
    id,
    doc,
    params: pairOf,
    consts: {},
    nulls: 'propagate',
    js: () => (a: string, b: string) => js(compareText(a, b)),
    sql: both(compareForm(op)),
    laws,
  })

const eq = testPrim({
  id: 'str.eq',
  doc: 'The same text, code point by code point.',
  params: pairOf,
  consts: {},
  nulls: 'propagate',
  js: () => (a: string, b: string) => a === b,
  sql: both(compareForm('=')),
  laws: [
    { args: ['a', 'a'], gives: true },
    { args: ['a', 'A'], gives: false },
    { args: ['', ''], gives: true },
    { args: ['e\u0301', '\u00e9'], gives: false },
    { args: ['a', 'a '], gives: false },
    { args: ['a\u0000b', 'a'], gives: false },
    { args: [null, null], gives: false },
  ],
})

const inValues = (c: Consts): readonly string[] => {
  const values = textsConst(c, 'values')
  return flagConst(c, 'ignoreCase') ? [...new Set(values.map(lowerText))] : [...new Set(values)]
}
const isIn = testPrim({
  id: 'str.in',
  doc: 'Is the text one of the values?',
  params: [['text', 'str']],
  consts: { values: 'List of texts.', ignoreCase: 'Take letters that lower alike as the same.' },
  nulls: 'propagate',
  js: (c) => {
    const values = new Set(inValues(c))
    return flagConst(c, 'ignoreCase')
      ? (text: string) => values.has(lowerText(text))
      : (text: string) => values.has(text)
  },
  needles: (c) => {
    const values = inValues(c)
    if (values.includes('')) return undefined
    if (!flagConst(c, 'ignoreCase')) return values
    return values.length === 0 ? [] : literals(oneOfRegex(values, true).root)
  },
  folded: (c) => [inValues(c).map((v) => BEGIN + lowerText(v) + END)],
  sql: {
    duckdb: (sql, [x], c) => inSql(sql, flagConst(c, 'ignoreCase') ? sql`lower(${x as Sql})` : (x as Sql), c),
    clickhouse: (sql, [x], c) => inSql(sql, flagConst(c, 'ignoreCase') ? clickLower(sql, x as Sql) : (x as Sql), c),
  },
  laws: [
    { args: ['b'], consts: { values: ['a', 'b'], ignoreCase: false }, gives: true },
    { args: ['B'], consts: { values: ['a', 'b'], ignoreCase: false }, gives: false },
    { args: ['B'], consts: { values: ['a', 'b'], ignoreCase: true }, gives: true },
    { args: ['ÉÇ'], consts: { values: ['éç'], ignoreCase: true }, gives: true },
    { args: ['ΣΑΣ'], consts: { values: ['σασ'], ignoreCase: true }, gives: true },
    { args: ['a'], consts: { values: [], ignoreCase: false }, gives: false },
    { args: ["'\\"], consts: { values: ["'\\"], ignoreCase: false }, gives: true },
    { args: [null], consts: { values: ['a'], ignoreCase: false }, gives: false },
  ],
})
function inSql(sql: SqlTag, x: Sql, c: Consts): Sql {
  const values = inValues(c)
  if (values.length === 0) return sql.raw('false')
  return sql.at(Prec.compare)`${x} in (${sql.join(
    values.map((v) => sql.str(v)),
    ', ',
  )})`
}

const part = (
  id: Prim['id'],
  doc: string,
  js: (t: string, p: string) => boolean,
  duck: string,
  click: Prim['sql']['clickhouse'],
  laws: Laws,
): Prim =>
  testPrim({
    id,
    doc,
    params: textPart,
    consts: {},
    nulls: 'propagate',
    js: () => js,
    sql: { duckdb: callForm(duck), clickhouse: click },
    laws,
  })

const PLAIN = '^[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)$'
const plainNumber = new RegExp(PLAIN)
/** The digits of a plain number without those that say nothing: `+01.50` → `1.5`. */
function digitsOf(text: string): string | undefined {
  if (!plainNumber.test(text)) return undefined
  const signed = text.replace(/^\+/, '').replace(/^(-?)0+/, '$1')
  const short = signed.includes('.') ? signed.replace(/0+$/, '').replace(/\.$/, '') : signed
  return short === '-' ? '' : short
}
const sameNumber = testPrim({
  id: 'str.sameNumber',
  doc: 'Do both texts write the same number, digit by digit? A text with an exponent is no number here.',
  params: pairOf,
  consts: {},
  nulls: 'propagate',
  js: () => (a: string, b: string) => {
    const digits = digitsOf(a)
    return digits !== undefined && digits === digitsOf(b)
  },
  sql: {
    duckdb: (sql, [a, b]) => {
      const plain = (x: Sql): Sql => sql`regexp_matches(${x}, ${sql.str(PLAIN)})`
      const signed = (x: Sql): Sql => sql`regexp_replace(ltrim(${x}, '+'), '^(-?)0+', '\\1')`
      const short = (x: Sql): Sql =>
        sql`case when contains(${x}, '.') then regexp_replace(rtrim(${signed(x)}, '0'), '\\.$', '') else ${signed(x)} end`
      const digits = (x: Sql): Sql => sql`(case when (${short(x)}) = '-' then '' else ${short(x)} end)`
      const [x, y] = [a as Sql, b as Sql]
      return sql.at(Prec.and)`${plain(x)} and ${plain(y)} and ${digits(x)} = ${digits(y)}`
    },
    clickhouse: (sql, [a, b]) => {
      const plain = (x: Sql): Sql => sql`match(${x}, ${sql.str(PLAIN)})`
      const signed = (x: Sql): Sql => sql`replaceRegexpOne(trim(leading '+' from ${x}), '^(-?)0+', '\\\\1')`
      const short = (x: Sql): Sql =>
        sql`if(position(${x}, '.') > 0, replaceRegexpOne(trim(trailing '0' from ${signed(x)}), '[.]$', ''), ${signed(x)})`
      const digits = (x: Sql): Sql => sql`if((${short(x)}) = '-', '', ${short(x)})`
      const [x, y] = [a as Sql, b as Sql]
      return sql.at(Prec.and)`${plain(x)} and ${plain(y)} and ${digits(x)} = ${digits(y)}`
    },
  },
  laws: [
    { args: ['1', '1.0'], gives: true },
    { args: ['+01.50', '1.5'], gives: true },
    { args: ['-0', '0.00'], gives: true },
    { args: ['100', '10'], gives: false },
    { args: ['-1', '1'], gives: false },
    { args: ['273883498450274112', '273883498450274113'], gives: false },
    { args: ['0e1', '0e2'], gives: false },
    { args: ['x', 'x'], gives: false },
    { args: ['', ''], gives: false },
    { args: ['.', '0'], gives: false },
    { args: [null, '1'], gives: false },
  ],
})

export const comparisons: readonly Prim[] = [
  sameNumber,
  eq,
  relation('str.lt', 'a before b in code-point order.', '<', (o) => o < 0, [
    { args: ['a', 'b'], gives: true },
    { args: ['10', '9'], gives: true },
    { args: ['\uE000', '\u{1F600}'], gives: true },
    { args: ['Z', 'a'], gives: true },
    { args: [null, 'a'], gives: false },
  ]),
  relation('str.le', 'a before b or the same.', '<=', (o) => o <= 0, [{ args: ['a', 'a'], gives: true }]),
  relation('str.gt', 'a after b.', '>', (o) => o > 0, [{ args: ['\u{1F600}', '\uFFFD'], gives: true }]),
  relation('str.ge', 'a after b or the same.', '>=', (o) => o >= 0, [{ args: ['a', 'b'], gives: false }]),
  isIn,
  part(
    'str.contains',
    'Does the text contain the part?',
    (t, p) => t.includes(p),
    'contains',
    (sql, [t, p]) => sql`position(${t as Sql}, ${p as Sql}) > 0`,
    [
      { args: ['a%b', '%'], gives: true },
      { args: ['abc', ''], gives: true },
      { args: ['', 'a'], gives: false },
      { args: ['ABC', 'b'], gives: false },
      { args: [null, ''], gives: false },
    ],
  ),
  part(
    'str.startsWith',
    'Does the text start with the part?',
    (t, p) => t.startsWith(p),
    'starts_with',
    callForm('startsWith'),
    [
      { args: ['abc', 'ab'], gives: true },
      { args: ['abc', ''], gives: true },
      { args: ['a', 'ab'], gives: false },
    ],
  ),
  part('str.endsWith', 'Does the text end with the part?', (t, p) => t.endsWith(p), 'ends_with', callForm('endsWith'), [
    { args: ['abc', 'bc'], gives: true },
    { args: ['abc', ''], gives: true },
    { args: ['c', 'bc'], gives: false },
  ]),
]
