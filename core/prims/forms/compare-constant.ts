// A number beside a constant, with a sign that the plan names.
import type { Consts } from '../../plan/plan.ts'
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { numConst, textConst } from '../kit.ts'

const COMPARES: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['=', (a, b) => a === b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
])
const opOf = (c: Consts): string => textConst(c, 'op')
export const compared = (sql: SqlTag, number: Sql, c: Consts): Sql =>
  sql`(${number} ${sql.raw(COMPARES.has(opOf(c)) ? opOf(c) : '=')} ${sql.raw(numConst(c, 'value', 0).toExponential())})`

/** How a number compares. */
export function comparing(c: Consts): (n: number | null) => boolean {
  const holds = COMPARES.get(opOf(c))
  const value = numConst(c, 'value', 0)
  return (n) => n !== null && holds?.(n, value) === true
}
