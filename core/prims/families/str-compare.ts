// Comparisons of texts.
import { compareText } from '../../text/compare.ts'
import { literals, lowerText } from '../../regex/regex.ts'
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { oneOfRegex } from '../glob.ts'
import { both, clickLower, compareForm, flagConst, callForm, textsConst } from '../kit.ts'
import { type Consts, type Law, type Prim, testPrim } from '../prim.ts'

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

export const comparisons: readonly Prim[] = [
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
