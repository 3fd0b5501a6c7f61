// Parts of texts: substrings, splits, replacements, positions.
import { lowerText, printRegex } from '../../regex/regex.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { oneOfRegex } from '../glob.ts'
import { argument, flagConst, noSql, numConst, textConst } from '../kit.ts'
import { clickBetween } from '../forms/between.ts'
import { type Prim, scalar, tail } from '../prim.ts'

const text1 = [['text', 'str']] as const
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
      if (find === '') return argument(args, 0)
      if (!flagConst(c, 'all', true)) return replaceFirst(sql, argument(args, 0), find, by)
      return sql`replace(${argument(args, 0)}, ${sql.str(find)}, ${sql.str(by)})`
    },
    clickhouse: (sql, args, c) => {
      const [find, by] = [textConst(c, 'find'), textConst(c, 'with')]
      if (find === '') return argument(args, 0)
      const name = sql.raw(flagConst(c, 'all', true) ? 'replaceAll' : 'replaceOne')
      return sql`${name}(${argument(args, 0)}, ${sql.str(find)}, ${sql.str(by)})`
    },
  },
  laws: [
    { args: ['a.b.c'], consts: { find: '.', with: '$&', all: true }, gives: 'a$&b$&c' },
    { args: ['a.b.c'], consts: { find: '.', with: '\\1', all: false }, gives: 'a\\1b.c' },
    { args: ['abc'], consts: { find: '', with: 'x', all: true }, gives: 'abc' },
    { args: [null], consts: { find: 'a', with: 'x', all: true }, gives: null },
  ],
})

const replaceOf = scalar({
  id: 'str.replaceOf',
  doc: 'Every occurrence of the second text replaced by the third, both values. An empty second text changes nothing.',
  params: [
    ['text', 'str'],
    ['find', 'str'],
    ['with', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (t: string, find: string, to: string) => (find === '' ? t : t.split(find).join(to)),
  sql: noSql,
  laws: [
    { args: ['a.b.c', '.', '-'], gives: 'a-b-c' },
    { args: ['abc', '', 'x'], gives: 'abc' },
    { args: ['abc', 'a', null], gives: null },
    { args: [null, 'a', 'b'], gives: null },
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
      const [x, separator] = [argument(args, 0), textConst(c, 'separator')]
      const value = separator === '' ? sql`[${x}]` : sql`string_split(${x}, ${sql.str(separator)})`
      return sql`case when ${x} is null then cast([] as varchar[]) else ${value} end`
    },
    clickhouse: (sql, args, c) => {
      const [x, separator] = [argument(args, 0), textConst(c, 'separator')]
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

function positionOf(text: string, part: string, begin: number, occurrence: number): bigint | null {
  const points = [...text]
  const wanted = [...part]
  if (wanted.length === 0) return null
  let left = occurrence
  for (let i = Math.max(0, begin); i + wanted.length <= points.length; i++)
    if (wanted.every((c, j) => points[i + j] === c) && --left <= 0) return BigInt(i)
  return null
}

/** The positions of the texts, one after the other, each as early as possible. Undefined: one text is missing. */
function placesOf(
  text: string,
  texts: readonly string[],
): { readonly start: number; readonly end: number }[] | undefined {
  const places: { start: number; end: number }[] = []
  let from = 0
  for (const t of texts) {
    const start = text.indexOf(t, from)
    if (start < 0) return undefined
    from = start + t.length
    places.push({ start, end: from })
  }
  return places
}

const between = scalar({
  id: 'str.between',
  doc:
    'The text between two neighbours of a list of texts that follow one another, each as early as can be; absent if one is missing. An empty first ' +
    'text is the start, an empty last one the end.',
  params: [
    ['text', 'str'],
    ['texts', 'list'],
  ],
  consts: { gap: '1: behind the first of the texts. 0: from the first to the last.', ignoreCase: 'A truth value.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const gap = numConst(c, 'gap', 0)
    const folded = flagConst(c, 'ignoreCase') ? lowerText : (t: string) => t
    return (text: string, texts: readonly string[]) => {
      const found = placesOf(folded(text), texts.map(folded))
      const [first, last] = gap === 0 ? [found?.[0], found?.at(-1)] : [found?.[gap - 1], found?.[gap]]
      if (!first || !last) return null
      if (gap === 0) return text.slice(first.start, last.end)
      return text.slice(first.end, gap === texts.length - 1 && texts[gap] === '' ? undefined : last.start)
    }
  },
  sql: {
    duckdb: tail('the reduction of a list has a text as its state'),
    clickhouse: (sql, args, c) =>
      clickBetween(sql, argument(args, 0), argument(args, 1), numConst(c, 'gap', 0), flagConst(c, 'ignoreCase')),
  },
  laws: [
    { args: ['id=7; user=ann', ['id=', '; user=']], consts: { gap: 1 }, gives: '7' },
    { args: ['id=7; user=ann', ['id=', '; user=', '']], consts: { gap: 2 }, gives: 'ann' },
    { args: ['x id=7;', ['', 'id=']], consts: { gap: 1 }, gives: 'x ' },
    { args: ['ID=7;', ['id=', ';']], consts: { gap: 0, ignoreCase: true }, gives: 'ID=7;' },
    { args: ['ID=7;', ['id=', ';']], consts: { gap: 0 }, gives: null },
    { args: ['b a', ['a', 'b']], consts: { gap: 0 }, gives: null },
    { args: ['\u{1F600}ÉidK7é', ['é', 'k', '']], consts: { gap: 1, ignoreCase: true }, gives: 'id' },
    { args: ['\u{1F600}ÉidK7é', ['é', 'k', '']], consts: { gap: 2, ignoreCase: true }, gives: '7é' },
    { args: ['aaa', ['a', 'a']], consts: { gap: 0 }, gives: 'aa' },
    { args: ['aaa', ['']], consts: { gap: 0 }, gives: '' },
    { args: ['aaa', ['a', 'b', 'a']], consts: { gap: 1 }, gives: null },
    { args: ['aaa', ['a']], consts: { gap: 1 }, gives: null },
    { args: ['aaa', []], consts: { gap: 0 }, gives: null },
    { args: [null, ['a']], consts: { gap: 0 }, gives: null },
    { args: ['a', null], consts: { gap: 0 }, gives: null },
  ],
})

export const parts: readonly Prim[] = [
  between,
  substring,
  replace,
  replaceOf,
  split,
  scalar({
    id: 'str.positionOf',
    doc: '0-based position, in code points, of the nth occurrence of a text; absent if there are fewer, or for the empty text.',
    params: [
      ['text', 'str'],
      ['part', 'str'],
    ],
    consts: { begin: 'Where the search begins.', occurrence: '1: the first.' },
    returns: 'int',
    nulls: 'propagate',
    js: (c) => {
      const [begin, occurrence] = [numConst(c, 'begin', 0), numConst(c, 'occurrence', 1)]
      return (text: string, part: string) => positionOf(text, part, begin, occurrence)
    },
    sql: noSql,
    laws: [
      { args: ['a.b.c', '.'], consts: { begin: 0, occurrence: 2 }, gives: 3n },
      { args: ['a.b.c', '.'], consts: { begin: 2, occurrence: 1 }, gives: 3n },
      { args: ['\u{1F600}x', 'x'], consts: {}, gives: 1n },
      { args: ['abc', 'x'], consts: {}, gives: null },
      { args: ['abc', null], consts: {}, gives: null },
    ],
  }),
]
