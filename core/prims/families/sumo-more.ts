// XML by path, JSON by flat names, tokens of a message, check digits, and values joined in the order of their rows.
import type { Sql } from '../../sql-text/fragment.ts'
import { jsonNamed } from '../json-named.ts'
import { textConst } from '../kit.ts'
import { aggPrim, type Prim, scalar, tail, testPrim } from '../prim.ts'
import { xmlPath } from '../xml-path.ts'
import { xmlGet } from '../xml-text.ts'

const slow = { duckdb: tail('not written in SQL yet'), clickhouse: tail('not written in SQL yet') }

const USERS =
  '<users><user id="123"><first_name>Sally</first_name></user><user id="456"><first_name>Bob &amp; Co</first_name></user></users>'
const PATH = { path: 'A path of XPath 1.0: absolute, forward, with [n], [last()], [@a=v], text() and @a.' }

const xml = scalar({
  id: 'xml.get',
  doc: 'The text or attribute of the first element at a path; absent if there is none.',
  params: [['text', 'str']],
  consts: PATH,
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const path = xmlPath(textConst(c, 'path'))
    return (text: string) => (path ? xmlGet(text, path) : null)
  },
  sql: slow,
  laws: [
    { args: [USERS], consts: { path: '/users/user/first_name/text()' }, gives: 'Sally' },
    { args: [USERS], consts: { path: '/users/user[2]/first_name' }, gives: 'Bob & Co' },
    { args: [USERS], consts: { path: '/users/user[last()]/@id' }, gives: '456' },
    { args: [USERS], consts: { path: '/users/user[@id=456]/first_name/text()' }, gives: 'Bob & Co' },
    { args: [`at 5: <a><![CDATA[<x>]]><!-- no --><b/></a>`], consts: { path: '/a' }, gives: '<x>' },
    { args: ['<a><b>1'], consts: { path: '/a/b' }, gives: '' },
    { args: ['no xml'], consts: { path: '/a' }, gives: null },
    { args: [USERS], consts: { path: '/users/none' }, gives: null },
    { args: [null], consts: { path: '/a' }, gives: null },
  ],
})

const named = scalar({
  id: 'json.named',
  doc: 'The value of the last JSON in the text under a flat name, whose parts stand between dots, in any case, white space being `_`.',
  params: [['text', 'str']],
  consts: {
    name: 'Such as `user.name`.',
    maxDepth: 'How many parts a name has at most; null: any number.',
    arrays: 'Whether elements of arrays have names, `a[0]`.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const depth = c['maxDepth']
    const flat = {
      maxDepth: typeof depth === 'number' || typeof depth === 'bigint' ? Number(depth) : null,
      arrays: c['arrays'] === true,
    }
    const name = textConst(c, 'name')
    return (text: string) => jsonNamed(text, name, flat)
  },
  sql: slow,
  laws: [
    { args: ['at 5: {"a":{"B":1.10}}'], consts: { name: 'a.b', maxDepth: null, arrays: false }, gives: '1.10' },
    { args: ['{"a.b":"dot"}'], consts: { name: 'a.b', maxDepth: null, arrays: false }, gives: 'dot' },
    { args: ['{"x":1} then {"x":2}'], consts: { name: 'x', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"Logon Type":"3"}'], consts: { name: 'logon_type', maxDepth: null, arrays: false }, gives: '3' },
    { args: ['{"ab":1,"a":{"b":2}}'], consts: { name: 'a.b', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"A":1,"a":2}'], consts: { name: 'a', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"a":{"b":{"c":1}}}'], consts: { name: 'a.b', maxDepth: 2, arrays: false }, gives: '{"c":1}' },
    { args: ['{"a":{"b":1}}'], consts: { name: 'a.b', maxDepth: 1, arrays: false }, gives: null },
    { args: ['{"a":[1,{"b":2}]}'], consts: { name: 'a[1].b', maxDepth: null, arrays: true }, gives: '2' },
    { args: ['{"a":[1]}'], consts: { name: 'a[0]', maxDepth: null, arrays: false }, gives: null },
    { args: ['{"a":null}'], consts: { name: 'a', maxDepth: null, arrays: false }, gives: null },
    { args: ['no json'], consts: { name: 'a', maxDepth: null, arrays: false }, gives: null },
    { args: [null], consts: { name: 'a', maxDepth: null, arrays: false }, gives: null },
  ],
})

const WORD = /[\p{L}\p{N}_]/u

const BETWEEN = '\u0001'
const hasPhrases = (text: string, phrases: string): boolean => {
  const all = phrases.split(BETWEEN).filter((p) => p.trim() !== '')
  return all.length > 0 && all.every((p) => hasPhrase(text, p))
}

/** The text of a phrase stands in the message as whole tokens, in any case; its white space is any white space. */
function hasPhrase(text: string, phrase: string): boolean {
  const wanted = phrase.trim().toLowerCase().replace(/\s+/g, ' ')
  if (wanted === '') return false
  const in_ = text.toLowerCase().replace(/\s+/g, ' ')
  for (let at = in_.indexOf(wanted); at >= 0; at = in_.indexOf(wanted, at + 1)) {
    const before = in_[at - 1] ?? ''
    const after = in_[at + wanted.length] ?? ''
    const opens = WORD.test(wanted[0] as string) && WORD.test(before)
    const closes = WORD.test(wanted[wanted.length - 1] as string) && WORD.test(after)
    if (!opens && !closes) return true
  }
  return false
}

const phrase = testPrim({
  id: 'str.hasPhrase',
  doc: 'Does the second text stand in the first as whole tokens, case aside? Letters, digits and `_` make tokens. Several phrases, with U+0001 between them, must all; an empty one does not count.',
  params: [
    ['text', 'str'],
    ['phrase', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => hasPhrases,
  sql: slow,
  laws: [
    { args: ['GET /a user=Bob', 'bob'], gives: true },
    { args: ['user=bobby', 'bob'], gives: false },
    { args: ['bobby and bob', 'bob'], gives: true },
    { args: ['a\n b', 'A B'], gives: true },
    { args: ['x(1)', '(1)'], gives: true },
    { args: ['x', ''], gives: false },
    { args: ['a b', 'b\u0001a'], gives: true },
    { args: ['a b', 'b\u0001c'], gives: false },
    { args: [null, 'x'], gives: false },
    { args: ['x', null], gives: false },
  ],
})

const luhn = testPrim({
  id: 'str.luhn',
  doc: 'Do the digits of the text pass the check of credit card numbers? Spaces and hyphens between them are passed over.',
  params: [['text', 'str']],
  consts: {},
  nulls: 'propagate',
  js: () => (text: string) => {
    const digits = text.replace(/[ -]/g, '')
    if (!/^\d{2,}$/.test(digits)) return false
    const sum = [...digits].reverse().reduce((n, d, i) => {
      const x = Number(d) * (i % 2 === 1 ? 2 : 1)
      return n + (x > 9 ? x - 9 : x)
    }, 0)
    return sum % 10 === 0
  },
  sql: slow,
  laws: [
    { args: ['6666-7777-6666-8888'], gives: true },
    { args: ['6666-7777-6666-8889'], gives: false },
    { args: ['79927398713'], gives: true },
    { args: ['x'], gives: false },
    { args: [null], gives: false },
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

export const prims: readonly Prim[] = [xml, named, phrase, luhn, joined]
