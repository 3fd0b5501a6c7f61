// Numbers in texts, compared with a constant: a test of one text, as the values of a list are tested.
import type { Sql } from '../../sql-text/fragment.ts'
import { compared, comparing } from '../forms/compare-constant.ts'
import { parseNumber } from '../number-text.ts'
import { testPrim } from '../prim.ts'
import { clickParse, duckParse } from '../sql-number.ts'

const textIs = testPrim({
  id: 'num.textIs',
  doc: 'Is the text a number, in the grammar of `num.parse`, that compares so with the constant?',
  params: [['text', 'str']],
  consts: { op: '`<`, `<=`, `=`, `>` or `>=`.', value: 'The number on the right.' },
  nulls: 'propagate',
  js: (c) => {
    const holds = comparing(c)
    return (text: string) => holds(parseNumber(text))
  },
  sql: {
    duckdb: (sql, [x], c) => compared(sql, duckParse(sql, x as Sql), c),
    clickhouse: (sql, [x], c) => compared(sql, clickParse(sql, x as Sql), c),
  },
  laws: [
    { args: ['1'], consts: { op: '<=', value: 1 }, gives: true },
    { args: ['1.5'], consts: { op: '<=', value: 1 }, gives: false },
    { args: ['-2e3'], consts: { op: '<', value: 0.5 }, gives: true },
    { args: ['10'], consts: { op: '>', value: 9 }, gives: true },
    { args: ['9'], consts: { op: '>=', value: 9 }, gives: true },
    { args: ['9.0'], consts: { op: '=', value: 9 }, gives: true },
    { args: ['10.0.0.1'], consts: { op: '>', value: 9 }, gives: false },
    { args: [''], consts: { op: '<', value: 1 }, gives: false },
    { args: [null], consts: { op: '<', value: 1 }, gives: false },
  ],
})

export const numTextPrims = [textIs]
