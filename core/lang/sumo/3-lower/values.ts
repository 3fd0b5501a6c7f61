// Values and conditions of expressions, and what they are as columns.
import { call, holds, iff, lit, not, present, test, text, truth } from '../../../plan/build.ts'
import type { Expr, Pred, Ty } from '../../../plan/plan.ts'
import { toInt as toWhole, toNum, toStr } from '../../shared/convert.ts'
import type { Cond, Result, Val } from './result.ts'

export const val = (expr: Expr, double = false): Val =>
  double ? { kind: 'val', expr, double: true } : { kind: 'val', expr }
export const cond = (yes: Pred, no: Pred = not(yes)): Cond => ({ kind: 'cond', yes, no })

/** `no` is computed on first use: only then does the result rest on the choice for a negated missing value. */
export const lazyCond = (yes: Pred, no: () => Pred): Cond => ({
  kind: 'cond',
  yes,
  get no() {
    return no()
  },
})

export const isNumeric = (ty: Ty): boolean => ty === 'int' || ty === 'num' || ty === 'dec'
/** An integer literal where the value is whole, else a double. */
export const numberLit = (x: number): Expr => (Number.isSafeInteger(x) ? lit(BigInt(x), 'int') : lit(x, 'num'))

/** Whole number; fractions are cut. */
export const toInt = (e: Expr): Expr => toWhole(e, 'exact')

export const exprOf = (r: Result): Expr => (r.kind === 'cond' ? truth(r.yes) : r.expr)

export function condOf(r: Result): Cond {
  if (r.kind === 'cond') return r
  const { expr } = r
  if (expr.kind === 'truth') return cond(expr.of)
  if (expr.ty === 'bool') return cond(holds(expr))
  if (isNumeric(expr.ty)) return cond(not(test('num.eq', [toNum(expr), lit(0, 'num')])))
  return cond(test('str.in', [toStr(expr)], { values: ['true'], ignoreCase: true }))
}

export const typeName = (ty: Ty): string =>
  ty === 'str' ? 'a string' : ty === 'bool' ? 'a boolean' : ty === 'time' ? 'a time' : 'a number'

/** Computed numbers are ordered as numbers, parsed fields as the strings they are. */
export const sortable = (e: Expr): Expr => (e.ty === 'dec' ? toNum(e) : e)

/** A text read back as the type that it was written from. */
export function fromText(e: Expr, ty: Ty): Expr {
  return ty === 'int' || ty === 'time'
    ? call('int.parse', 'int', [e])
    : ty === 'num' || ty === 'dec'
      ? call('num.parse', 'num', [e])
      : e
}

/** A text that is equal where the value is. A missing value equals another one here, unlike in a join. */
export const joinKey = (e: Expr): Expr => iff(present(e), call('str.concat', 'str', [text('='), toStr(e)]), text(''))

export function columnIds(e: Expr): string[] {
  switch (e.kind) {
    case 'col':
      return [e.id]
    case 'call':
      return e.args.flatMap(columnIds)
    case 'if':
      return [...columnIds(e.then), ...columnIds(e.else)]
    default:
      return []
  }
}
