// Expressions and conditions. A condition is lowered as two predicates, so that a missing value can be neither true nor false.
import { byName } from '../../../text/by-name.ts'
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { absent, and, call, FALSE, iff, lit, not, or, present, test, text, TRUE } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { numberOf, toNum, toStr } from '../../shared/convert.ts'
import type { Expr as Ast } from '../2-parse/ast.ts'
import type { Flow } from './flow.ts'
import { arithmetic, mayBeSpecial, relation as relationOfNumbers } from './doubles.ts'
import { containsText } from './contains.ts'
import { refuseKeywords, subqueryCond } from './subquery.ts'
import { cond, condOf, lazyCond, exprOf, isNumeric, numberLit, typeName, val } from './values.ts'
import { regexConsts } from './regex.ts'
import type { Cond, Result } from './result.ts'

export const lowerExpr = (f: Flow, e: Ast): Expr => exprOf(lowerAny(f, e))
export const lowerCond = (f: Flow, e: Ast): Cond => condOf(lowerAny(f, e))

export function lowerAny(f: Flow, e: Ast): Result {
  switch (e.kind) {
    case 'group':
      return lowerAny(f, e.of)
    case 'string':
      return val(text(e.text))
    case 'number':
      return val(numberLit(e.value))
    case 'bool':
      return cond(e.value ? TRUE : FALSE)
    case 'null':
      return val(absent('str'))
    case 'field': {
      const found = f.read(e.name)
      return val(found.expr, found.field?.double)
    }
    case 'unary':
      return e.op === '!' ? negate(lowerCond(f, e.of)) : val(minus(f, lowerExpr(f, e.of)))
    case 'if':
      return choice(f, e)
    case 'in':
      return membership(f, e)
    case 'call':
      return f.parts.call(f, e)
    case 'binary':
      return binary(f, e)
    case 'hole':
      return val(absent('str'))
    case 'subquery':
      refuseKeywords(f, e.sub)
      return cond(subqueryCond(f, e.sub))
    default:
      f.lowering.report(codes.sumoNotRun, e.span, { name: `a ${e.kind} here`, reason: 'it is not a value' })
      return val(absent('str'))
  }
}

const negate = (c: Cond): Cond => lazyCond(c.no, () => c.yes)

function minus(f: Flow, e: Expr): Expr {
  if (e.ty === 'int') return call('int.sub', 'int', [lit(0n, 'int'), e])
  const x = toNum(e)
  return mayBeSpecial(f.lowering, x) ? call('double.sub', 'num', [lit(0, 'num'), x]) : call('num.neg', 'num', [x])
}

/** A comparison. With a missing operand it is false, or, by choice, neither true nor false. */
function comparison(f: Flow, yes: Pred, operands: readonly Expr[]): Cond {
  const nullable = operands.filter((o) => o.kind !== 'lit')
  if (nullable.length === 0) return cond(yes)
  return lazyCond(yes, () =>
    f.lowering.choice('negated-null') === 'true' ? not(yes) : and(...nullable.map(present), not(yes)),
  )
}

function binary(f: Flow, e: Extract<Ast, { kind: 'binary' }>): Result {
  switch (e.op) {
    case 'and': {
      const [a, b] = [lowerCond(f, e.left), lowerCond(f, e.right)]
      return lazyCond(and(a.yes, b.yes), () => or(a.no, b.no))
    }
    case 'or': {
      const [a, b] = [lowerCond(f, e.left), lowerCond(f, e.right)]
      return lazyCond(or(a.yes, b.yes), () => and(a.no, b.no))
    }
    case 'matches':
      return matching(f, e)
    case 'contains': {
      const args = [toStr(lowerExpr(f, e.left)), toStr(lowerExpr(f, e.right))] as const
      return comparison(f, containsText(...args), args)
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return val(arithmetic(f.lowering, e.op, lowerExpr(f, e.left), lowerExpr(f, e.right)))
    default:
      return compare(f, e.op, lowerExpr(f, e.left), lowerExpr(f, e.right))
  }
}

const RELATION: Record<string, 'eq' | 'ge' | 'gt' | 'le' | 'lt'> = byName({
  '=': 'eq',
  '!=': 'eq',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
})

function compare(f: Flow, op: string, a: Expr, b: Expr): Cond {
  const relation = RELATION[op] ?? 'eq'
  const positive = relationOf(f, relation, a, b)
  if (op !== '!=') return comparison(f, positive, [a, b])
  // `x != v` is false where x is missing, whatever the choice for `!(x = v)`.
  const nullable = [a, b].filter((o) => o.kind !== 'lit' || o.value === null)
  const yes = and(...nullable.map(present), not(positive))
  return lazyCond(yes, () => (f.lowering.choice('negated-null') === 'true' ? not(yes) : positive))
}

function relationOf(f: Flow, relation: 'eq' | 'ge' | 'gt' | 'le' | 'lt', a: Expr, b: Expr): Pred {
  const numeric = isNumeric(a.ty) || isNumeric(b.ty)
  if (numeric) {
    if (a.ty === 'int' && b.ty === 'int') return test(`int.${relation}`, [a, b])
    const mixed = a.ty === 'str' || b.ty === 'str'
    if (relation === 'eq' && mixed && f.lowering.choice('equals-number') === 'text')
      return test('str.eq', [toStr(a), toStr(b)])
    return relationOfNumbers(f.lowering, relation, a, b)
  }
  if (relation !== 'eq' && f.lowering.choice('text-order') === 'number')
    return test(`num.${relation}`, [toNum(a), toNum(b)])
  return test(`str.${relation}`, [toStr(a), toStr(b)])
}

function membership(f: Flow, e: Extract<Ast, { kind: 'in' }>): Cond {
  const of = lowerExpr(f, e.of)
  const items = e.list.map((i) => ({ ast: i, expr: lowerExpr(f, i) }))
  const fits = items.filter(({ expr }) => isNumeric(expr.ty) === isNumeric(of.ty))
  const odd = items.find((i) => !fits.includes(i))
  if (odd) {
    const [left, right] = [typeName(of.ty), typeName(odd.expr.ty)]
    f.lowering.report(codes.sumoNeverEqual, odd.ast.span, { left: `${left} on the left of \`in\``, right })
  }
  const yes = isNumeric(of.ty)
    ? or(...fits.map((i) => relationOf(f, 'eq', of, i.expr)))
    : inTexts(
        toStr(of),
        fits.map((i) => toStr(i.expr)),
      )
  const found = comparison(f, yes, [of])
  if (!e.negated) return found
  return lazyCond(and(...(of.kind === 'lit' ? [] : [present(of)]), not(yes)), () =>
    f.lowering.choice('negated-null') === 'true' ? or(...(of.kind === 'lit' ? [] : [not(present(of))]), yes) : yes,
  )
}

function inTexts(of: Expr, items: readonly Expr[]): Pred {
  const values = items.flatMap((i) => (i.kind === 'lit' && typeof i.value === 'string' ? [i.value] : []))
  const others = items.filter((i) => i.kind !== 'lit').map((i) => test('str.eq', [of, i]))
  const literal = values.length > 0 ? [test('str.in', [of], { values, ignoreCase: false })] : []
  return or(...literal, ...others)
}

function matching(f: Flow, e: Extract<Ast, { kind: 'binary' }>): Cond {
  const of = toStr(lowerExpr(f, e.left))
  if (e.right.kind === 'regex') {
    const consts = regexConsts(f, e.right.pattern, e.right.flags.includes('i') ? 'i' : '', e.right)
    return consts ? comparison(f, test('re.test', [of], consts), [of]) : cond(FALSE)
  }
  const pattern = toStr(lowerExpr(f, e.right))
  if (pattern.kind === 'lit')
    return comparison(f, test('str.glob', [of], { pattern: String(pattern.value ?? ''), ignoreCase: false }), [of])
  return comparison(f, test('str.globOf', [of, pattern]), [of, pattern])
}

function choice(f: Flow, e: Extract<Ast, { kind: 'if' }>): Result {
  const c = lowerCond(f, e.cond)
  const [a, b] = [lowerAny(f, e.yes), lowerAny(f, e.no)]
  if (a.kind === 'cond' && b.kind === 'cond') {
    const yes = or(and(c.yes, a.yes), and(not(c.yes), b.yes))
    return lazyCond(yes, () => or(and(c.yes, a.no), and(not(c.yes), b.no)))
  }
  const [x, y] = sameType(f, exprOf(a), exprOf(b), e)
  return val(iff(c.yes, x, y))
}

function sameType(f: Flow, a: Expr, b: Expr, e: Extract<Ast, { kind: 'if' }>): [Expr, Expr] {
  if (a.ty === b.ty) return [a, b]
  if (isNull(a)) return [absent(b.ty), b]
  if (isNull(b)) return [a, absent(a.ty)]
  if (isNumeric(a.ty) && isNumeric(b.ty)) return [toNum(a), toNum(b)]
  const number = isNumeric(a.ty) ? a : isNumeric(b.ty) ? b : undefined
  const other = number === a ? b : a
  // Published searches write `if(isBlank(bytes), 0, bytes)`: a field that was read from a text may hold a number.
  const isField = number !== undefined && other.ty === 'str' && other.kind !== 'lit'
  if (e.span.start !== e.span.end && !isField)
    f.lowering.report(codes.sumoMixedIf, e.span, { left: typeName(a.ty), right: typeName(b.ty) })
  const literalText = other.kind === 'lit' && (typeof other.value !== 'string' || numberOf(other.value) === null)
  if (number && !literalText && other.ty === 'str' && f.lowering.choice('if-mixed') === 'number') {
    const convert = number.ty === 'int' ? (x: Expr) => (x.ty === 'int' ? toNum(x) : toNum(x)) : toNum
    return [convert(a), convert(b)]
  }
  return [toStr(a), toStr(b)]
}

const isNull = (e: Expr): boolean => e.kind === 'lit' && e.value === null
