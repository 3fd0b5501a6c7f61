// Texts: comparisons and what makes new texts of them.
import { compareText } from '../../text/compare.ts'
import { literals, lowerText, printRegex, runner, upperText } from '../../regex/regex.ts'
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { globRegex, oneOfRegex } from '../glob.ts'
import { arg, both, compare, flagConst, fn, textConst, textsConst } from '../kit.ts'
import { type Consts, type Law, type Prim, scalar, testPrim } from '../prim.ts'

type Laws = readonly [Law, ...Law[]]
const text1 = [['text', 'str']] as const
const pairOf = [
  ['a', 'str'],
  ['b', 'str'],
] as const
const textPart = [
  ['text', 'str'],
  ['part', 'str'],
] as const

/** lowerUTF8 is ICU's full mapping: a final sigma becomes ς and İ two characters unless they are replaced before. */
const clickLower = (sql: SqlTag, x: Sql): Sql => sql`lowerUTF8(replaceAll(replaceAll(${x}, 'Σ', 'σ'), 'İ', 'i'))`
const lowerSql = {
  duckdb: (sql: SqlTag, x: Sql): Sql => sql`lower(${x})`,
  clickhouse: clickLower,
}

const relation = (id: Prim['id'], doc: string, op: string, js: (order: number) => boolean, laws: Laws): Prim =>
  testPrim({
    id,
    doc,
    params: pairOf,
    consts: {},
    nulls: 'propagate',
    js: () => (a: string, b: string) => js(compareText(a, b)),
    sql: both(compare(op)),
    laws,
  })

const eq = testPrim({
  id: 'str.eq',
  doc: 'The same text, code point by code point.',
  params: pairOf,
  consts: {},
  nulls: 'propagate',
  js: () => (a: string, b: string) => a === b,
  sql: both(compare('=')),
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
  params: text1,
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
    duckdb: (sql, [x], c) => inSql(sql, flagConst(c, 'ignoreCase') ? lowerSql.duckdb(sql, x as Sql) : (x as Sql), c),
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

const globSql =
  (name: string) =>
  (sql: SqlTag, args: readonly Sql[], c: Consts): Sql => {
    const regex = globRegex(textConst(c, 'pattern'), flagConst(c, 'ignoreCase'))
    return sql`${sql.raw(name)}(${arg(args, 0)}, ${sql.str(printRegex(regex, 're2', 'none').pattern)})`
  }
const glob = testPrim({
  id: 'str.glob',
  doc: 'Does the whole text fit the pattern, in which only `*` is special and stands for any text, line breaks included?',
  params: text1,
  consts: { pattern: 'The pattern.', ignoreCase: 'Take letters that lower alike as the same.' },
  nulls: 'propagate',
  js: (c) => {
    const run = runner(globRegex(textConst(c, 'pattern'), flagConst(c, 'ignoreCase')), 'none')
    return (text: string) => run?.test(text) ?? false
  },
  needles: (c) => literals(globRegex(textConst(c, 'pattern'), flagConst(c, 'ignoreCase')).root),
  sql: { duckdb: globSql('regexp_matches'), clickhouse: globSql('match') },
  laws: [
    { args: ['C:\\x\\CMD.EXE'], consts: { pattern: '*\\cmd.exe', ignoreCase: true }, gives: true },
    { args: ['cmd.exe.bak'], consts: { pattern: '*cmd.exe', ignoreCase: false }, gives: false },
    { args: ['a\nb'], consts: { pattern: 'a*b', ignoreCase: false }, gives: true },
    { args: ['abc'], consts: { pattern: 'a?c', ignoreCase: false }, gives: false },
    { args: ['a?c'], consts: { pattern: 'a?c', ignoreCase: false }, gives: true },
    { args: [''], consts: { pattern: '*', ignoreCase: false }, gives: true },
    { args: [''], consts: { pattern: '', ignoreCase: false }, gives: true },
    { args: ['a'], consts: { pattern: '', ignoreCase: false }, gives: false },
    { args: ['aXbYc'], consts: { pattern: 'a**b*c', ignoreCase: false }, gives: true },
    { args: ['100%_'], consts: { pattern: '*%_', ignoreCase: false }, gives: true },
    { args: [null], consts: { pattern: '*', ignoreCase: false }, gives: false },
  ],
})

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
    sql: { duckdb: fn(duck), clickhouse: click },
    laws,
  })

const map = (id: Prim['id'], doc: string, js: (t: string) => string, sql: Prim['sql'], laws: Laws): Prim =>
  scalar({ id, doc, params: text1, consts: {}, returns: 'str', nulls: 'propagate', js: () => js, sql, laws })

/** Upper-cases character by character where the text is not ASCII: upperUTF8 gives SS for ß. */
const clickUpper = (sql: SqlTag, x: Sql): Sql => {
  const from = 'ßᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ'
  const to = [...from].map(upperText).join('')
  const chars = sql`extractAll(translateUTF8(assumeNotNull(${x}), ${sql.str(from)}, ${sql.str(to)}), '(?s).')`
  const each = sql`arrayStringConcat(arrayMap(c -> if(lengthUTF8(upperUTF8(c)) = 1, upperUTF8(c), c), ${chars}))`
  return sql`case when ${x} is null then null when match(${x}, '^[\\x00-\\x7f]*$') then upper(${x}) else ${each} end`
}

const length = scalar({
  id: 'str.length',
  doc: 'Number of code points.',
  params: text1,
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (text: string) => {
    let n = 0
    for (const _ of text) n++
    return BigInt(n)
  },
  sql: {
    duckdb: (sql, [x]) => sql`cast(length(${x as Sql}) as hugeint)`,
    clickhouse: (sql, [x]) => sql`toInt128(lengthUTF8(${x as Sql}))`,
  },
  laws: [
    { args: [''], gives: 0n },
    { args: ['aé\u{1F600}'], gives: 3n },
    { args: ['e\u0301'], gives: 2n },
    { args: [null], gives: null },
  ],
})

const concat = scalar({
  id: 'str.concat',
  doc: 'The texts one after the other; an absent one contributes nothing.',
  params: [['parts...', 'str']],
  consts: {},
  returns: 'str',
  nulls: 'own',
  js:
    () =>
    (...parts: (string | null)[]) =>
      parts.map((p) => p ?? '').join(''),
  sql: {
    duckdb: (sql, args) => (args.length === 0 ? sql.str('') : sql`concat(${sql.join(args, ', ')})`),
    clickhouse: (sql, args) =>
      args.length === 0
        ? sql.str('')
        : sql`concat(${sql.join(
            args.map((a) => sql`ifNull(${a}, '')`),
            ', ',
          )})`,
  },
  laws: [
    { args: ['a', null, 'b'], gives: 'ab' },
    { args: [null], gives: '' },
    { args: ['%', '\\'], gives: '%\\' },
  ],
})

const MAX_AT = 2_000_000_000n
const clamp = (x: bigint): number => Number(x < 0n ? 0n : x > MAX_AT ? MAX_AT : x)
const clampSql = (sql: SqlTag, x: Sql): Sql => sql`least(greatest(${x}, 0), 2000000000)`
const substring = scalar({
  id: 'str.substring',
  doc: 'The code points from `begin` (0-based) to before `end`; absent `end`: to the end. Ends beyond the text are its ends.',
  params: [
    ['text', 'str'],
    ['begin', 'int'],
    ['end', 'int'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'own',
  js: () => (text: string | null, begin: bigint | null, end: bigint | null) => {
    if (text === null || begin === null) return null
    return [...text].slice(clamp(begin), end === null ? undefined : clamp(end)).join('')
  },
  sql: {
    duckdb: (sql, [x, a, b]) => {
      const from = clampSql(sql, a as Sql)
      const to = sql`case when ${b as Sql} is null then 2000000000 else ${clampSql(sql, b as Sql)} end`
      // least and greatest skip nulls.
      return sql`case when ${a as Sql} is not null then substring(${x as Sql}, cast(${from} + 1 as bigint), cast(greatest(${to} - ${from}, 0) as bigint)) end`
    },
    clickhouse: (sql, [x, a, b]) => {
      const from = sql`toInt64(${clampSql(sql, a as Sql)})`
      const to = sql`if(isNull(${b as Sql}), toInt64(2000000000), toInt64(${clampSql(sql, sql`ifNull(${b as Sql}, toInt128(0))`)}))`
      return sql`case when ${a as Sql} is not null then substringUTF8(${x as Sql}, ${from} + 1, greatest(${to} - ${from}, 0)) end`
    },
  },
  laws: [
    { args: ['abcdef', 1n, 3n], gives: 'bc' },
    { args: ['abcdef', 2n, null], gives: 'cdef' },
    { args: ['abc', -5n, 2n], gives: 'ab' },
    { args: ['abc', 2n, 1n], gives: '' },
    { args: ['abc', 9n, null], gives: '' },
    { args: ['\u{1F600}é!', 1n, 2n], gives: 'é' },
    { args: ['abc', 0n, 2n ** 100n], gives: 'abc' },
    { args: ['abc', null, 1n], gives: null },
    { args: [null, 0n, 1n], gives: null },
  ],
})

const replaceFirst = (sql: SqlTag, x: Sql, find: string, by: string): Sql => {
  const regex = oneOfRegex([find], false)
  const pattern = printRegex(regex, 're2', 'none').pattern.replace(/^\\A/, '').replace(/\\z$/, '')
  return sql`regexp_replace(${x}, ${sql.str(pattern)}, ${sql.str(by.replaceAll('\\', '\\\\'))})`
}
const replace = scalar({
  id: 'str.replace',
  doc: 'The literal text `find` replaced, everywhere or once. An empty `find` changes nothing.',
  params: text1,
  consts: { find: 'Literal text.', with: 'Literal text.', all: 'Everywhere (default) or only the first.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const [find, by, all] = [textConst(c, 'find'), textConst(c, 'with'), flagConst(c, 'all', true)]
    if (find === '') return (text: string) => text
    return all ? (text: string) => text.replaceAll(find, () => by) : (text: string) => text.replace(find, () => by)
  },
  sql: {
    duckdb: (sql, args, c) => {
      const [find, by] = [textConst(c, 'find'), textConst(c, 'with')]
      if (find === '') return arg(args, 0)
      if (!flagConst(c, 'all', true)) return replaceFirst(sql, arg(args, 0), find, by)
      return sql`replace(${arg(args, 0)}, ${sql.str(find)}, ${sql.str(by)})`
    },
    clickhouse: (sql, args, c) => {
      const [find, by] = [textConst(c, 'find'), textConst(c, 'with')]
      if (find === '') return arg(args, 0)
      const name = sql.raw(flagConst(c, 'all', true) ? 'replaceAll' : 'replaceOne')
      return sql`${name}(${arg(args, 0)}, ${sql.str(find)}, ${sql.str(by)})`
    },
  },
  laws: [
    { args: ['a.b.c'], consts: { find: '.', with: '$&', all: true }, gives: 'a$&b$&c' },
    { args: ['a.b.c'], consts: { find: '.', with: '\\1', all: false }, gives: 'a\\1b.c' },
    { args: ['abc'], consts: { find: '', with: 'x', all: true }, gives: 'abc' },
    { args: [null], consts: { find: 'a', with: 'x', all: true }, gives: null },
  ],
})

const split = scalar({
  id: 'str.split',
  doc: 'The texts between the separators; an empty separator gives the text itself. Absent text: empty list.',
  params: text1,
  consts: { separator: 'Literal text.' },
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const separator = textConst(c, 'separator')
    return (text: string | null) => (text === null ? [] : separator === '' ? [text] : text.split(separator))
  },
  sql: {
    duckdb: (sql, args, c) => {
      const [x, separator] = [arg(args, 0), textConst(c, 'separator')]
      const value = separator === '' ? sql`[${x}]` : sql`string_split(${x}, ${sql.str(separator)})`
      return sql`case when ${x} is null then cast([] as varchar[]) else ${value} end`
    },
    clickhouse: (sql, args, c) => {
      const [x, separator] = [arg(args, 0), textConst(c, 'separator')]
      const text = sql`assumeNotNull(${x})`
      return sql`if(isNull(${x}), [], ${separator === '' ? sql`[${text}]` : sql`splitByString(${sql.str(separator)}, ${text})`})`
    },
  },
  laws: [
    { args: ['a,b,,c'], consts: { separator: ',' }, gives: ['a', 'b', '', 'c'] },
    { args: [''], consts: { separator: ',' }, gives: [''] },
    { args: ['ab'], consts: { separator: '' }, gives: ['ab'] },
    { args: [null], consts: { separator: ',' }, gives: [] },
  ],
})

const SPACES = '\t\n\u000b\f\r '
const trimmed = (sql: SqlTag): Sql => sql.str(SPACES)

export const strs: readonly Prim[] = [
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
  glob,
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
    fn('startsWith'),
    [
      { args: ['abc', 'ab'], gives: true },
      { args: ['abc', ''], gives: true },
      { args: ['a', 'ab'], gives: false },
    ],
  ),
  part('str.endsWith', 'Does the text end with the part?', (t, p) => t.endsWith(p), 'ends_with', fn('endsWith'), [
    { args: ['abc', 'bc'], gives: true },
    { args: ['abc', ''], gives: true },
    { args: ['c', 'bc'], gives: false },
  ]),
  map(
    'str.lower',
    'Lower case by Unicode’s simple mapping of single code points (see core/regex/fold.ts).',
    lowerText,
    { duckdb: (sql, [x]) => lowerSql.duckdb(sql, x as Sql), clickhouse: (sql, [x]) => clickLower(sql, x as Sql) },
    [
      { args: ['AbC'], gives: 'abc' },
      { args: ['ÀÉ Ж ẞ K'], gives: 'àé ж ß k' },
      { args: ['ΑΣ'], gives: 'ασ' },
      { args: ['İſ'], gives: 'iſ' },
      { args: ['Ǆ'], gives: 'ǆ' },
      { args: [null], gives: null },
    ],
  ),
  map(
    'str.upper',
    'Upper case by Unicode’s simple mapping of single code points; ß becomes ẞ.',
    upperText,
    { duckdb: (sql, [x]) => sql`upper(${x as Sql})`, clickhouse: (sql, [x]) => clickUpper(sql, x as Sql) },
    [
      { args: ['abC'], gives: 'ABC' },
      { args: ['àß ж ŉ ﬁ ς\n'], gives: 'ÀẞЖ'.replace('Ж', ' Ж ŉ ﬁ Σ\n') },
      { args: ['ᾀ'], gives: 'ᾈ' },
      { args: ['ı'], gives: 'I' },
      { args: [null], gives: null },
    ],
  ),
  map(
    'str.trim',
    'Without ASCII white space at both ends.',
    (t) => t.replace(/^[\t-\r ]+|[\t-\r ]+$/g, ''),
    {
      duckdb: (sql, [x]) => sql`trim(${x as Sql}, ${trimmed(sql)})`,
      clickhouse: (sql, [x]) => sql`trimBoth(${x as Sql}, ${trimmed(sql)})`,
    },
    [
      { args: [' \t a b\r\n'], gives: 'a b' },
      { args: ['\u00a0a'], gives: '\u00a0a' },
      { args: [' '], gives: '' },
    ],
  ),
  length,
  concat,
  substring,
  replace,
  split,
]
