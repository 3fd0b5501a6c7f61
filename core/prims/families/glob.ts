// Wildcard patterns, in which only `*` is special.
import { literals, lowerText, printRegex } from '../../regex/regex.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { globRegex, globTest, globTester } from '../glob.ts'
import { argument, flagConst, textConst } from '../kit.ts'
import { BEGIN, type Consts, END, type Prim, tail, testPrim } from '../prim.ts'

const globSql =
  (name: string) =>
  (sql: SqlTag, args: readonly Sql[], c: Consts): Sql => {
    const regex = globRegex(textConst(c, 'pattern'), flagConst(c, 'ignoreCase'))
    return sql`${sql.raw(name)}(${argument(args, 0)}, ${sql.str(printRegex(regex, 're2', 'none').pattern)})`
  }

const glob = testPrim({
  id: 'str.glob',
  doc: 'Does the whole text fit the pattern, in which only `*` is special and stands for any text, line breaks included?',
  params: [['text', 'str']],
  consts: { pattern: 'The pattern.', ignoreCase: 'Take letters that lower alike as the same.' },
  nulls: 'propagate',
  js: (c) => {
    const pattern = textConst(c, 'pattern')
    if (!flagConst(c, 'ignoreCase')) return globTester(pattern)
    const fits = globTester(lowerText(pattern))
    return (text: string) => fits(lowerText(text))
  },
  needles: (c) => literals(globRegex(textConst(c, 'pattern'), flagConst(c, 'ignoreCase')).root),
  folded: (c) => {
    const parts = (BEGIN + lowerText(textConst(c, 'pattern')) + END).split(/\*+/)
    return parts.filter((part) => part !== BEGIN && part !== END && part !== '').map((part) => [part])
  },
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

const globOf = testPrim({
  id: 'str.globOf',
  doc: 'Does the whole text fit the pattern, which is a value, and in which only `*` is special?',
  params: [
    ['text', 'str'],
    ['pattern', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => globTest,
  sql: { duckdb: tail('the pattern is data'), clickhouse: tail('the pattern is data') },
  laws: [
    { args: ['abc', 'a*c'], gives: true },
    { args: ['abc', 'b'], gives: false },
    { args: ['a.c', 'a.c'], gives: true },
    { args: ['abc', 'a.c'], gives: false },
    { args: ['a\nc', '*'], gives: true },
    { args: [null, '*'], gives: false },
    { args: ['', null], gives: false },
  ],
})

export const globs: readonly Prim[] = [glob, globOf]
