// Patterns in a vendor's syntax. Parsed once by core/regex, run on V8 or re2js here and on RE2 in both engines.
// A pattern that does not parse, or that no engine can run, matches nothing. Languages check it (parseRegex, support) before they lower.
import {
  foldedLiterals,
  definite,
  groupIndex,
  groupNode,
  literals,
  lowerText,
  matches,
  nullable,
  parseRegex,
  printRegex,
  type Regex,
  replacement,
  type Runner,
  runner,
  support,
} from '../../regex/regex.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { flagConst, textConst } from '../kit.ts'
import { type Consts, type Dialect, type Prim, type SqlForm, scalar, type Tail, tail, testPrim } from '../prim.ts'

const regexOf = (consts: Consts): Regex | undefined => {
  const parsed = parseRegex(textConst(consts, 'pattern'), textConst(consts, 'flags'))
  return parsed.ok ? parsed.regex : undefined
}
const indexOf = (regex: Regex, consts: Consts): number | undefined => {
  const group = consts['group']
  return groupIndex(
    regex,
    typeof group === 'bigint' ? Number(group) : typeof group === 'string' || typeof group === 'number' ? group : 0,
  )
}
/** The regex, or the reason why RE2 cannot run it. */
function forRe2(consts: Consts): Regex | Tail {
  const regex = regexOf(consts)
  if (!regex) return tail('the pattern cannot be read')
  const why = support(regex).re2[0]
  return why ? tail(why.reason) : regex
}
const isTail = (x: object): x is Tail => 'tail' in x

const testForm =
  (name: string): SqlForm =>
  (sql, [text], consts) => {
    const regex = forRe2(consts)
    if (isTail(regex)) return regex
    return sql`${sql.raw(name)}(${text as Sql}, ${sql.str(printRegex(regex, 're2', 'none').pattern)})`
  }

/** The pattern with only the wanted group capturing, as group 1; group 0 is wrapped. */
function captured(regex: Regex, index: number): { pattern: string; empty: boolean; certain: boolean } {
  if (index === 0) {
    const { pattern } = printRegex(regex, 're2', 'none')
    return { pattern: `(${pattern})`, empty: nullable(regex.root), certain: true }
  }
  const node = groupNode(regex.root, index)
  return {
    pattern: printRegex(regex, 're2', [index]).pattern,
    empty: node ? nullable(node) : true,
    certain: definite(regex.root, index),
  }
}

/** Both engines return '' for "no match" and for "group took no part". Both must be absent, unlike a captured ''. */
function groupForm(extract: (sql: SqlTag, text: Sql, pattern: Sql) => Sql, test: string): SqlForm {
  return (sql, [text], consts) => {
    const regex = forRe2(consts)
    if (isTail(regex)) return regex
    const index = indexOf(regex, consts)
    if (index === undefined) return tail('the pattern has no such group')
    const { pattern, empty, certain } = captured(regex, index)
    const value = extract(sql, text as Sql, sql.str(pattern))
    const isEmpty = flagConst(consts, 'empty')
    if (!empty && !(isEmpty && !certain)) return sql`nullif(${value}, '')`
    if (!certain && !isEmpty)
      return tail('the engine cannot tell a group that took no part from one that matched nothing')
    return sql`case when ${sql.raw(test)}(${text as Sql}, ${sql.str(pattern)}) then ${value} end`
  }
}

const groupAllForm =
  (dialect: Dialect): SqlForm =>
  (sql, [text], consts) => {
    const regex = forRe2(consts)
    if (isTail(regex)) return regex
    const index = indexOf(regex, consts)
    if (index === undefined) return tail('the pattern has no such group')
    const { pattern, empty, certain } = captured(regex, index)
    if (empty || !certain) return tail('engines differ on groups that are empty or take no part')
    const x = text as Sql
    return dialect === 'duckdb'
      ? sql`case when ${x} is null then cast([] as varchar[]) else regexp_extract_all(${x}, ${sql.str(pattern)}, 1) end`
      : sql`if(isNull(${x}), [], extractAll(assumeNotNull(${x}), ${sql.str(pattern)}))`
  }

const splitForm =
  (dialect: Dialect): SqlForm =>
  (sql, [text], consts) => {
    const regex = forRe2(consts)
    if (isTail(regex)) return regex
    if (nullable(regex.root)) return tail('engines differ on separators that can be empty')
    const pattern = sql.str(printRegex(regex, 're2', 'none').pattern)
    const x = text as Sql
    return dialect === 'duckdb'
      ? sql`case when ${x} is null then cast([] as varchar[]) else regexp_split_to_array(${x}, ${pattern}) end`
      : sql`if(isNull(${x}), [], splitByRegexp(${pattern}, assumeNotNull(${x})))`
  }

const replaceForm =
  (build: (sql: SqlTag, text: Sql, pattern: string, by: Sql) => Sql): SqlForm =>
  (sql, [text], consts) => {
    const regex = forRe2(consts)
    if (isTail(regex)) return regex
    if (nullable(regex.root)) return tail('engines differ on replacing empty matches')
    const pieces = replacement(regex, textConst(consts, 'with'))
    const wanted = [...new Set(pieces.filter((p) => typeof p === 'number' && p > 0))] as number[]
    const printed = printRegex(regex, 're2', wanted)
    if (wanted.length > 9) return tail('RE2 replaces by at most nine groups')
    const by = pieces
      .map((p) => (typeof p === 'number' ? `\\${printed.group.get(p) ?? 0}` : p.replaceAll('\\', '\\\\')))
      .join('')
    return build(sql, text as Sql, printed.pattern, sql.str(by))
  }

const consts = { pattern: 'The pattern, in the vendor’s syntax.', flags: 'Any of i, m, s.' }
const runOf = (c: Consts, captures: Parameters<typeof runner>[1]): [Regex, Runner] | undefined => {
  const regex = regexOf(c)
  const run = regex && runner(regex, captures)
  return regex && run ? [regex, run] : undefined
}

/** A search for a few texts that a match needs is much quicker than the pattern. */
const MOST_SEARCHED = 4
/** A search in lower case makes another text, so it is worth the while for a text that few have. */
const LEAST_LOWERED = 3

function testerOf(c: Consts): (text: string) => boolean {
  const found = runOf(c, 'none')
  if (!found) return () => false
  const [regex, run] = found
  const exact = fewTexts(literals(regex.root), 1)
  const lowered = exact?.every((t) => t.length >= LEAST_LOWERED)
    ? undefined
    : fewTexts(foldedLiterals(regex.root), LEAST_LOWERED)
  if (!exact && !lowered) return run.test
  return (text: string) => {
    if (exact && !hasOne(text, exact)) return false
    if (lowered && !hasOne(lowerText(text), lowered)) return false
    return run.test(text)
  }
}

const fewTexts = (texts: readonly string[] | undefined, least: number): readonly string[] | undefined =>
  texts && texts.length <= MOST_SEARCHED && texts.every((t) => t.length >= least) ? texts : undefined

function hasOne(text: string, parts: readonly string[]): boolean {
  for (const part of parts) if (text.includes(part)) return true
  return false
}

const test = testPrim({
  id: 're.test',
  doc: 'Does the pattern match anywhere in the text?',
  params: [['text', 'str']],
  consts,
  nulls: 'propagate',
  // Most patterns of thousands of rules never meet a text.
  js: (c) => {
    let tester: ((text: string) => boolean) | undefined
    return (text: string) => {
      tester ??= testerOf(c)
      return tester(text)
    }
  },
  needles: (c) => {
    const regex = regexOf(c)
    return regex ? literals(regex.root) : undefined
  },
  folded: (c) => {
    const regex = regexOf(c)
    const texts = regex && foldedLiterals(regex.root)
    return texts ? [texts] : []
  },
  sql: { duckdb: testForm('regexp_matches'), clickhouse: testForm('match') },
  laws: [
    { args: ['Powershell.EXE'], consts: { pattern: 'powershell\\.exe$', flags: 'i' }, gives: true },
    { args: ['a\nb'], consts: { pattern: 'a.b', flags: '' }, gives: false },
    { args: ['a\nb'], consts: { pattern: 'a.b', flags: 's' }, gives: true },
    { args: ['a\nb'], consts: { pattern: '^b$', flags: 'm' }, gives: true },
    { args: ['a\nb'], consts: { pattern: '^b$', flags: '' }, gives: false },
    { args: ['b\n'], consts: { pattern: 'b$', flags: '' }, gives: false },
    { args: ['a\r'], consts: { pattern: 'a.', flags: '' }, gives: true },
    { args: ['\u000b'], consts: { pattern: '\\s', flags: '' }, gives: true },
    { args: ['é'], consts: { pattern: '\\w', flags: '' }, gives: false },
    { args: ['٣'], consts: { pattern: '\\d', flags: '' }, gives: false },
    { args: ['K'], consts: { pattern: 'k', flags: 'i' }, gives: true },
    { args: ['ſ'], consts: { pattern: 's', flags: 'i' }, gives: false },
    { args: ['\u{1F600}'], consts: { pattern: '^.$', flags: '' }, gives: true },
    { args: ['a\\b'], consts: { pattern: '\\\\', flags: '' }, gives: true },
    { args: ["it's"], consts: { pattern: "'", flags: '' }, gives: true },
    { args: [''], consts: { pattern: '', flags: '' }, gives: true },
    { args: ['foobar'], consts: { pattern: 'foo(?=bar)', flags: '' }, gives: true },
    { args: [null], consts: { pattern: '', flags: '' }, gives: false },
  ],
})

const group = scalar({
  id: 're.group',
  doc: 'The text of a group in the first match; absent without a match or if the group took no part.',
  params: [['text', 'str']],
  consts: {
    ...consts,
    group: 'Name or number of the group; 0 or left out: the whole match.',
    empty: 'A group that took no part is the empty text.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const regex = regexOf(c)
    const index = regex && indexOf(regex, c)
    if (!regex || index === undefined) return () => null
    const run = runner(regex, [index])
    const none = flagConst(c, 'empty') ? '' : null
    return (text: string) => {
      const match = run?.exec(text, 0)
      return match ? (match.group(index) ?? none) : null
    }
  },
  sql: {
    duckdb: groupForm((sql, text, pattern) => sql`regexp_extract(${text}, ${pattern}, 1)`, 'regexp_matches'),
    clickhouse: groupForm((sql, text, pattern) => sql`extract(${text}, ${pattern})`, 'match'),
  },
  laws: [
    { args: ['user=bob x'], consts: { pattern: 'user=(?<u>\\w+)', flags: '', group: 'u' }, gives: 'bob' },
    { args: ['user='], consts: { pattern: 'user=(\\w*)', flags: '', group: 1 }, gives: '' },
    { args: ['none'], consts: { pattern: 'user=(\\w*)', flags: '', group: 1 }, gives: null },
    { args: ['b'], consts: { pattern: '(a)|(b)', flags: '', group: 1 }, gives: null },
    { args: ['b'], consts: { pattern: '(a)|(b)', flags: '', group: 2 }, gives: 'b' },
    { args: ['ab'], consts: { pattern: '(?:(a)|b)*', flags: '', group: 1 }, gives: 'a' },
    { args: ['b'], consts: { pattern: '(a*)|b', flags: '', group: 1, empty: true }, gives: '' },
    { args: ['b'], consts: { pattern: 'c(a*)|b', flags: '', group: 1, empty: true }, gives: '' },
    { args: ['b'], consts: { pattern: '(a)|b', flags: '', group: 1, empty: true }, gives: '' },
    { args: ['d'], consts: { pattern: 'c(a*)|b', flags: '', group: 1, empty: true }, gives: null },
    { args: ['xay'], consts: { pattern: 'a', flags: '' }, gives: 'a' },
    { args: [null], consts: { pattern: 'a', flags: '' }, gives: null },
  ],
})

const replace = scalar({
  id: 're.replace',
  doc: 'Every match replaced. `$1`, `${1}` and `${name}` insert groups, `$$` and `\\$` a dollar; a group that took no part inserts nothing.',
  params: [['text', 'str']],
  consts: { ...consts, with: 'The replacement.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const found = runOf(c, 'all')
    if (!found) return (text: string) => text
    const [regex, run] = found
    const pieces = replacement(regex, textConst(c, 'with'))
    return (text: string) => {
      let out = ''
      let last = 0
      for (const m of matches(run, text)) {
        out += text.slice(last, m.start)
        for (const p of pieces) out += typeof p === 'number' ? (m.group(p) ?? '') : p
        last = m.end
      }
      return out + text.slice(last)
    }
  },
  sql: {
    duckdb: replaceForm((sql, text, pattern, by) => sql`regexp_replace(${text}, ${sql.str(pattern)}, ${by}, 'g')`),
    // ClickHouse 26.7 replaces a pattern that is plain text without reading the escapes of the replacement. A group makes it a pattern.
    clickhouse: replaceForm(
      (sql, text, pattern, by) => sql`replaceRegexpAll(${text}, ${sql.str(`(?:${pattern})`)}, ${by})`,
    ),
  },
  laws: [
    { args: ['a1b22'], consts: { pattern: '\\d+', flags: '', with: '#' }, gives: 'a#b#' },
    { args: ['k=v'], consts: { pattern: '(?<k>\\w)=(\\w)', flags: '', with: '$2:${k}' }, gives: 'v:k' },
    { args: ['a'], consts: { pattern: 'a', flags: '', with: '\\\\x$$' }, gives: '\\x$' },
    { args: ['baac'], consts: { pattern: 'a*', flags: '', with: 'x' }, gives: 'xbxcx' },
    { args: ['b'], consts: { pattern: '(a)|b', flags: '', with: '[$1]' }, gives: '[]' },
    { args: [null], consts: { pattern: 'a', flags: '', with: '' }, gives: null },
  ],
})

const groupAll = scalar({
  id: 're.groupAll',
  doc: 'The texts of a group in all matches, in order; matches in which it took no part give nothing. Absent text: empty.',
  params: [['text', 'str']],
  consts: { ...consts, group: 'Name or number of the group; 0 or left out: the whole match.' },
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const regex = regexOf(c)
    const index = regex && indexOf(regex, c)
    const run = regex && index !== undefined ? runner(regex, [index]) : undefined
    return (text: string | null) => {
      if (!run || index === undefined || text === null) return []
      return [...matches(run, text)].map((m) => m.group(index)).filter((t) => t !== null)
    }
  },
  sql: { duckdb: groupAllForm('duckdb'), clickhouse: groupAllForm('clickhouse') },
  laws: [
    { args: ['a1b2'], consts: { pattern: '[a-z](\\d)', flags: '', group: 1 }, gives: ['1', '2'] },
    { args: ['xx'], consts: { pattern: '\\d', flags: '' }, gives: [] },
    { args: [null], consts: { pattern: '\\d', flags: '' }, gives: [] },
  ],
})

const split = scalar({
  id: 're.split',
  doc: 'The texts between the matches; an empty match at either end of the text cuts nothing. Absent text: empty.',
  params: [['text', 'str']],
  consts,
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const found = runOf(c, [])
    return (text: string | null) => {
      if (text === null) return []
      if (!found) return [text]
      const out: string[] = []
      let last = 0
      for (const m of matches(found[1], text)) {
        if (m.end === m.start && (m.start === 0 || m.start === text.length)) continue
        out.push(text.slice(last, m.start))
        last = m.end
      }
      return [...out, text.slice(last)]
    }
  },
  sql: { duckdb: splitForm('duckdb'), clickhouse: splitForm('clickhouse') },
  laws: [
    { args: ['a, b,c'], consts: { pattern: ', *', flags: '' }, gives: ['a', 'b', 'c'] },
    { args: ['abc'], consts: { pattern: '(?!^)(?=.)', flags: '' }, gives: ['a', 'b', 'c'] },
    { args: ['ab1'], consts: { pattern: '\\d*', flags: '' }, gives: ['a', 'b', ''] },
    { args: [''], consts: { pattern: ',', flags: '' }, gives: [''] },
    { args: [','], consts: { pattern: ',', flags: '' }, gives: ['', ''] },
    { args: [null], consts: { pattern: ',', flags: '' }, gives: [] },
  ],
})

export const res: readonly Prim[] = [test, group, replace, groupAll, split]
