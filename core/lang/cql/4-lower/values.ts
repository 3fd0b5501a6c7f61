// Conversions between the types of columns and CQL's texts and numbers. Every conversion of a plan is put here, in lowering.
import { and, call, iff, lit, not, or, present, test } from '../../../plan/build.ts'
import type { Expr, Pred, Ty, Value } from '../../../plan/plan.ts'

const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const INTEGER = /^[+-]?[0-9]{1,30}$/

/** The number a text is, or null. The grammar is that of `num.parse`. */
export function numberOf(text: string): number | null {
  if (!NUMBER.test(text)) return null
  const x = Number(text)
  return Number.isFinite(x) ? (x === 0 ? 0 : x) : null
}
export const isInteger = (text: string): boolean => INTEGER.test(text)

/** A number literal of a query, exact if it is whole. */
export function numberLit(text: string): Expr {
  return isInteger(text) ? lit(BigInt(text.replace(/^\+/, '')), 'int') : lit(numberOf(text), 'num')
}

const litText = (value: Value): string | null =>
  value === null
    ? null
    : typeof value === 'string'
      ? value
      : typeof value === 'object'
        ? value.join('\n')
        : String(value)

export function toStr(e: Expr): Expr {
  if (e.kind === 'lit')
    return lit(e.ty === 'time' && typeof e.value === 'bigint' ? String(e.value / 1000n) : litText(e.value), 'str')
  switch (e.ty) {
    case 'str':
      return e
    case 'int':
      return call('int.toText', 'str', [e])
    case 'num':
      return call('num.toText', 'str', [e])
    case 'dec':
      return call('dec.toText', 'str', [e])
    case 'bool':
      return call('bool.toText', 'str', [e])
    case 'time':
      return call('int.toText', 'str', [call('time.toMillis', 'int', [e])])
    case 'list':
      return call('list.join', 'str', [e], { separator: '\n' })
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
    case 'str':
      return call('num.parse', 'num', [e])
    default:
      return call('num.parse', 'num', [toStr(e)])
  }
}

/** Whole number: fractions are cut. */
export function toInt(e: Expr): Expr {
  if (e.ty === 'int') return e
  if (e.kind === 'lit') {
    const text = litText(e.value)
    if (text !== null && isInteger(text)) return lit(BigInt(text.replace(/^\+/, '')), 'int')
  }
  return call('num.toInt', 'int', [toNum(e)])
}

/** As bool: a truth value, or a text that says true or false. */
export function toPred(e: Expr): Pred {
  if (e.kind === 'truth') return e.of
  if (e.ty === 'bool') return { kind: 'holds', expr: e }
  if (e.ty === 'str') return test('str.eq', [e, lit('true', 'str')])
  return not(or(not(present(e)), test('num.eq', [toNum(e), lit(0, 'num')])))
}

/** Brings expressions to one type: their own if they share it, else text. */
export function unified(exprs: readonly Expr[]): Expr[] {
  const real = exprs.filter((e) => !isNull(e))
  const tys = new Set(real.map((e) => e.ty))
  const ty: Ty = tys.size === 1 ? ([...tys][0] as Ty) : tys.size === 0 ? 'str' : numeric(tys)
  return exprs.map((e) => (isNull(e) ? lit(null, ty) : e.ty === ty ? e : ty === 'num' ? toNum(e) : toStr(e)))
}
const numeric = (tys: ReadonlySet<Ty>): Ty => ([...tys].every((t) => t === 'int' || t === 'num') ? 'num' : 'str')

export const isNull = (e: Expr): boolean => e.kind === 'lit' && e.value === null

export const choose = (cond: Pred, then: Expr, otherwise: Expr): Expr => {
  if (cond.kind === 'true') return then
  if (cond.kind === 'false') return otherwise
  const [a, b] = unified([then, otherwise]) as [Expr, Expr]
  return iff(cond, a, b)
}

/** The first that has a value. */
export const orElse = (e: Expr, otherwise: Expr): Expr =>
  isNull(e) ? otherwise : isNull(otherwise) ? e : choose(present(e), e, otherwise)

/** Equality as CQL's `=` and `==` mean it, given that both have a value. */
export function equals(a: Expr, b: Expr, byNumber: boolean): Pred {
  if (isNull(a) || isNull(b)) return { kind: 'false' }
  if (a.kind === 'lit' && b.kind !== 'lit') return equals(b, a, byNumber)
  if (a.ty === 'int' && b.ty === 'int') return test('int.eq', [a, b])
  const right = b.kind === 'lit' ? litText(b.value) : undefined
  if (right !== undefined && right !== null && numberOf(right) === null) return test('str.eq', [toStr(a), toStr(b)])
  if (a.ty === 'int' && right && isInteger(right)) return test('int.eq', [a, toInt(b)])
  const numbers = test('num.eq', [toNum(a), toNum(b)])
  if (a.ty !== 'str' && a.ty !== 'list') return numbers
  const texts = test('str.eq', [toStr(a), toStr(b)])
  return byNumber ? or(texts, numbers) : texts
}

export function ordered(op: '<' | '<=' | '>' | '>=', a: Expr, b: Expr): Pred {
  const name = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' }[op]
  const whole = (e: Expr): boolean =>
    e.ty === 'int' || (e.kind === 'lit' && typeof e.value === 'string' && isInteger(e.value))
  if ((a.ty === 'int' || b.ty === 'int') && whole(a) && whole(b)) return test(`int.${name}`, [toInt(a), toInt(b)])
  return test(`num.${name}`, [toNum(a), toNum(b)])
}

/** Cannot be absent, whatever the row. */
export function neverAbsent(e: Expr, columns: ReadonlySet<string>): boolean {
  if (e.ty === 'list') return true
  switch (e.kind) {
    case 'lit':
      return e.value !== null
    case 'truth':
    case 'env':
      return true
    case 'if':
      return neverAbsent(e.then, columns) && neverAbsent(e.else, columns)
    case 'col':
      return columns.has(e.id)
    case 'call':
      return e.prim === 'str.concat' || (SURE.has(e.prim) && e.args.every((a) => neverAbsent(a, columns)))
  }
}
const SURE = new Set([
  'bool.toText',
  'int.toText',
  'num.toText',
  'dec.toText',
  'num.fromInt',
  'str.lower',
  'str.upper',
  'time.toMillis',
  'str.length',
  'list.length',
  'list.join',
])

export const bothPresent = (a: Expr, b: Expr): Pred =>
  and(...[a, b].filter((e) => e.kind !== 'lit' || e.value === null).map((e) => present(e)))
