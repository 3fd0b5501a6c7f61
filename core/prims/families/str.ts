// New texts from whole ones: case, white space, concatenation; and their length.
import { lowerText, upperText } from '../../regex/regex.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { clickLower, noSql, textConst } from '../kit.ts'
import { type Law, type Prim, scalar } from '../prim.ts'

type Laws = readonly [Law, ...Law[]]
const text1 = [['text', 'str']] as const

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

const SPACES = '\t\n\u000b\f\r '
const trimmed = (sql: SqlTag): Sql => sql.str(SPACES)

const ANSI = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_])`, 'g')

export const strs: readonly Prim[] = [
  map(
    'str.lower',
    'Lower case by Unicode’s simple mapping of single code points (see core/regex/fold.ts).',
    lowerText,
    { duckdb: (sql, [x]) => sql`lower(${x as Sql})`, clickhouse: (sql, [x]) => clickLower(sql, x as Sql) },
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
  scalar({
    id: 'str.stripAnsi',
    doc: 'The text without the escape sequences by which terminals colour and move.',
    params: [['text', 'str']],
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => (text: string) => text.replace(ANSI, ''),
    sql: noSql,
    laws: [
      { args: ['\u001b[1;31mred\u001b[0m'], gives: 'red' },
      { args: ['plain [0m'], gives: 'plain [0m' },
    ],
  }),
  scalar({
    id: 'str.trimSide',
    doc: 'The text without white space at its start, its end or both.',
    params: [['text', 'str']],
    consts: { side: 'start, end or both.' },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const side = textConst(c, 'side', 'both')
      return (text: string) => (side === 'start' ? text.trimStart() : side === 'end' ? text.trimEnd() : text.trim())
    },
    sql: noSql,
    laws: [
      { args: [' a '], consts: { side: 'start' }, gives: 'a ' },
      { args: [' a '], consts: { side: 'end' }, gives: ' a' },
      { args: [' a '], consts: { side: 'both' }, gives: 'a' },
    ],
  }),
]
