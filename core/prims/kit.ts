// Helpers that families share: constants, integers of 128 bits, SQL forms that both dialects have.
import type { Const, Consts } from '../plan/plan.ts'
import { Prec, type Sql, type SqlTag } from '../sql-text/fragment.ts'
import { type Dialect, type Prim, type SqlForm, type Tail, scalar, tail } from './prim.ts'

export const textConst = (consts: Consts, name: string, otherwise = ''): string => {
  const v = consts[name]
  return typeof v === 'string' ? v : v === undefined || v === null ? otherwise : String(v)
}
export const numConst = (consts: Consts, name: string, otherwise: number): number => {
  const v = consts[name]
  return typeof v === 'number' || typeof v === 'bigint' ? Number(v) : otherwise
}
export const flagConst = (consts: Consts, name: string, otherwise = false): boolean => {
  const v = consts[name]
  return typeof v === 'boolean' ? v : otherwise
}
export const listConst = (consts: Consts, name: string): readonly Const[] => {
  const v = consts[name]
  return Array.isArray(v) ? (v as readonly Const[]) : []
}
export const textsConst = (consts: Consts, name: string): readonly string[] => listConst(consts, name).map(String)

export const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)
export const LIMIT = 2n ** 127n
/** An integer of 128 bits, or absent. */
export const int128 = (x: bigint): bigint | null => (x >= -LIMIT && x < LIMIT ? x : null)
export const floorDiv = (a: bigint, b: bigint): bigint => {
  const q = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q
}
export const floorMod = (a: bigint, b: bigint): bigint => a - floorDiv(a, b) * b

export const argument = (args: readonly Sql[], i: number): Sql => {
  const found = args[i]
  if (!found) throw new RangeError(`argument ${i} is missing`)
  return found
}
/** `name(arg0, arg1, …)`, the same in both dialects. */
export const callForm =
  (name: string): SqlForm =>
  (sql, args) =>
    sql`${sql.raw(name)}(${sql.join(args, ', ')})`
export const infixForm =
  (op: string, prec: number): SqlForm =>
  (sql, [a, b]) =>
    sql.at(prec)`${a as Sql} ${sql.raw(op)} ${b as Sql}`
export const compareForm = (op: string): SqlForm => infixForm(op, Prec.compare)
/** The same form, or the same reason for `tail`, in every dialect. */
export const both = <F extends SqlForm | Tail>(form: F): Readonly<Record<Dialect, F>> => ({
  duckdb: form,
  clickhouse: form,
})

export const whenSql = (sql: SqlTag, cond: Sql, then: Sql): Sql => sql`case when ${cond} then ${then} end`
/** ClickHouse analyses a CASE of one condition for half as long again. */
export const whenClick = (sql: SqlTag, cond: Sql, then: Sql): Sql => sql`if(${cond}, ${then}, null)`
/** The double if it is finite, else absent. */
export const finiteSql = (sql: SqlTag, value: Sql): Sql => whenSql(sql, sql`isfinite(${value})`, value)
export const finiteClick = (sql: SqlTag, value: Sql): Sql => whenClick(sql, sql`isFinite(${value})`, value)
/** lowerUTF8 is ICU's full mapping: a final sigma becomes ς and İ two characters unless they are replaced before. */
export const clickLower = (sql: SqlTag, x: Sql): Sql =>
  sql`lowerUTF8(replaceAll(replaceAll(${x}, '\u03a3', '\u03c3'), '\u0130', 'i'))`

/** The answer of both dialects for a primitive that has no SQL yet. */
export const noSql = both(tail('not written in SQL yet'))

/** A function from text to text. `laws`: argument and result. The law of an absent argument is added. */
export function textMap(
  id: Prim['id'],
  doc: string,
  js: (text: string) => string | null,
  laws: readonly (readonly [string, string | null])[],
  sql: Prim['sql'] = noSql,
): Prim {
  return scalar({
    id,
    doc,
    params: [['text', 'str']],
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => js,
    sql,
    laws: [{ args: [null], gives: null }, ...laws.map(([text, gives]) => ({ args: [text], gives }))],
  })
}
