// Numbers in texts, compared with a constant: a test of one text, as the values of a list are tested.
import type { Consts } from '../../plan/plan.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { numConst, textConst } from '../kit.ts'
import { parseNumber } from '../number-text.ts'
import { testPrim } from '../prim.ts'
import { clickParse, duckParse } from '../sql-number.ts'

const COMPARES: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['=', (a, b) => a === b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
])
const opOf = (c: Consts): string => textConst(c, 'op')
const compared = (sql: SqlTag, number: Sql, c: Consts): Sql =>
  sql`(${number} ${sql.raw(COMPARES.has(opOf(c)) ? opOf(c) : '=')} ${sql.raw(numConst(c, 'value', 0).toExponential())})`

const textIs = testPrim({
  id: 'num.textIs',
  doc: 'Is the text a number, in the grammar of `num.parse`, that compares so with the constant?',
  params: [['text', 'str']],
  consts: { op: '`<`, `<=`, `=`, `>` or `>=`.', value: 'The number on the right.' },
  nulls: 'propagate',
  js: (c) => {
    const holds = COMPARES.get(opOf(c))
    const value = numConst(c, 'value', 0)
    return (text: string) => {
      const n = parseNumber(text)
      return n !== null && holds?.(n, value) === true
    }
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
