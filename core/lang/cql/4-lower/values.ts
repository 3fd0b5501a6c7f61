// CQL's truth, equality and order, and the one type that several values share.
import { and, iff, lit, not, or, present, test } from '../../../plan/build.ts'
import type { Expr, Pred, Ty } from '../../../plan/plan.ts'
import { isInteger, litText, numberOf, toInt as convertInt, toNum, toStr } from '../../shared/convert.ts'

/** A whole number, fractions cut. */
export const toInt = (e: Expr): Expr => convertInt(e, 'double')

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
  if (a.ty !== 'str' && a.ty !== 'list') return test('num.eq', [toNum(a), toNum(b)])
  const texts = test('str.eq', [toStr(a), toStr(b)])
  if (!byNumber) return texts
  if (typeof right === 'string') {
    const pattern = sameNumber(right)
    return pattern === undefined ? texts : or(texts, test('re.test', [toStr(a)], { pattern, flags: '' }))
  }
  if (b.ty === 'str' || b.ty === 'list') return or(texts, test('str.sameNumber', [toStr(a), toStr(b)]))
  return or(texts, test('num.eq', [toNum(a), toNum(b)]))
}

/**
 * The texts that write the same number digit by digit: a double would take two long ids for one. A text with an exponent is a number only
 * as a literal: a hash such as 0e123456 is none.
 */
function sameNumber(text: string): string | undefined {
  const m = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,2}))?$/.exec(text)
  if (!m) return undefined
  const [, sign, whole = '', part = '', exponent = '0'] = m
  const shift = Number(exponent)
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${part}${'0'.repeat(Math.max(0, shift))}`
  const point = whole.length + Math.max(0, -shift) + shift
  const int = digits.slice(0, point).replace(/^0+/, '')
  const fraction = digits.slice(point).replace(/(?<!0)0+$/, '')
  if (int === '' && fraction === '') return m[4] === undefined ? '^[+-]?(?:0+(?:\\.0*)?|\\.0+)$' : undefined
  const before = sign === '-' ? '-' : '\\+?'
  if (fraction === '') return `^${before}0*${int}(?:\\.0*)?$`
  return `^${before}0*${int}\\.${fraction}0*$`
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
