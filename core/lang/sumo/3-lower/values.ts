// Conversions between the types of columns. Every conversion of a plan is put here, in lowering.
import { call, holds, iff, lit, not, present, test, text, truth } from '../../../plan/build.ts'
import type { Expr, Pred, Ty, Value } from '../../../plan/plan.ts'
import type { Cond, Result, Val } from './result.ts'

const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/

export const val = (expr: Expr, double = false): Val =>
  double ? { kind: 'val', expr, double: true } : { kind: 'val', expr }
export const cond = (yes: Pred, no: Pred = not(yes)): Cond => ({ kind: 'cond', yes, no })

/** `no` is made when it is asked for: only then does the meaning rest on what a negation of a missing value is. */
export const lazyCond = (yes: Pred, no: () => Pred): Cond => ({
  kind: 'cond',
  yes,
  get no() {
    return no()
  },
})

export const isNumeric = (ty: Ty): boolean => ty === 'int' || ty === 'num' || ty === 'dec'
export function numberOf(text: string): number | null {
  if (!NUMBER.test(text)) return null
  const x = Number(text)
  return Number.isFinite(x) ? x : null
}

/** An integer literal where the value is whole, else a double. */
export const numberLit = (x: number): Expr => (Number.isSafeInteger(x) ? lit(BigInt(x), 'int') : lit(x, 'num'))

const litText = (v: Value): string | null => (v === null ? null : typeof v === 'object' ? v.join('\n') : String(v))

export function toStr(e: Expr): Expr {
  if (e.kind === 'lit') return lit(litText(e.value), 'str')
  switch (e.ty) {
    case 'str':
      return e
    case 'time':
      return call('int.toText', 'str', [call('time.toMillis', 'int', [e])])
    case 'list':
      return call('list.join', 'str', [e], { separator: '\n' })
    default:
      return call(`${e.ty}.toText`, 'str', [e])
  }
}

export function toNum(e: Expr): Expr {
  if (e.kind === 'lit') {
    const text = litText(e.value)
    return lit(text === null ? null : numberOf(text), 'num')
  }
  switch (e.ty) {
    case 'num':
      return e
    case 'int':
      return call('num.fromInt', 'num', [e])
    case 'dec':
      return call('dec.toNum', 'num', [e])
    case 'time':
      return call('num.fromInt', 'num', [call('time.toMillis', 'int', [e])])
    default:
      return call('num.parse', 'num', [toStr(e)])
  }
}

/** Whole number; fractions are cut. Digits beyond 2^53 survive where the text is an integer. */
export function toInt(e: Expr): Expr {
  if (e.ty === 'int') return e
  if (e.ty === 'time') return call('time.toMillis', 'int', [e])
  const text = e.kind === 'lit' ? litText(e.value) : null
  if (text !== null && /^[+-]?[0-9]{1,30}$/.test(text)) return lit(BigInt(text.replace(/^\+/, '')), 'int')
  const cut = call('num.toInt', 'int', [toNum(e)])
  if (e.ty !== 'str') return cut
  const exact = call('int.parse', 'int', [e])
  return iff(present(exact), exact, cut)
}

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
export const tagged = (e: Expr): Expr => iff(present(e), call('str.concat', 'str', [text('='), toStr(e)]), text(''))

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
