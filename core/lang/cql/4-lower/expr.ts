// Expressions and conditions: literals, fields, operators, calls.
import { absent, and, call, iff, lit, not, truth } from '../../../plan/build.ts'
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Call, Expr as AstExpr } from '../3-parse/ast.ts'
import { callOf } from './call.ts'
import type { Flow } from './flow.ts'
import { numberLit, numberOf, toNum } from '../../shared/convert.ts'
import { bothPresent, equals, ordered, toPred } from './values.ts'

export function lowerExpr(flow: Flow, e: AstExpr): Expr {
  switch (e.kind) {
    case 'group':
      return lowerExpr(flow, e.of)
    case 'string':
    case 'duration':
    case 'glob':
      return lit(e.text, 'str')
    case 'number':
      return numberLit(e.text)
    case 'bool':
      return lit(e.value, 'bool')
    case 'field':
      return flow.read(e.name.name)
    case 'param': {
      const value = flow.lowering.parameter(e.name, e.span, e.default)
      return value === undefined ? lit(null, 'str') : numberOf(value) === null ? lit(value, 'str') : numberLit(value)
    }
    case 'unary':
      return e.op === '-' ? negative(lowerExpr(flow, e.of)) : truth(not(lowerCond(flow, e.of)))
    case 'binary':
      return binary(flow, e)
    case 'call':
      return callValue(flow, e.call)
    case 'filter':
      return truth(flow.parts.filterPred(flow, e.filter))
    case 'named':
      return lowerExpr(flow, e.value)
    case 'regex':
    case 'array':
    case 'pipeline':
      flow.lowering.report(codes.notAValue, e.span, {
        name: e.kind === 'regex' ? 'a regular expression' : e.kind === 'array' ? 'a list' : 'a sub-pipeline',
      })
      return absent('str')
  }
}

function negative(e: Expr): Expr {
  if (e.kind === 'lit' && typeof e.value === 'bigint') return lit(-e.value, 'int')
  if (e.kind === 'lit' && typeof e.value === 'number') return lit(-e.value, 'num')
  return call('num.neg', 'num', [toNum(e)])
}

const ARITHMETIC = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod' } as const

function binary(flow: Flow, e: Extract<AstExpr, { kind: 'binary' }>): Expr {
  if (e.op in ARITHMETIC) {
    const name = ARITHMETIC[e.op as keyof typeof ARITHMETIC]
    const a = lowerExpr(flow, e.left)
    const b = lowerExpr(flow, e.right)
    if (a.ty === 'int' && b.ty === 'int' && name !== 'div' && name !== 'mod') return call(`int.${name}`, 'int', [a, b])
    return call(`num.${name}`, 'num', [toNum(a), toNum(b)])
  }
  const { pred, hasValues } = comparison(flow, e)
  return hasValues.kind === 'true' ? truth(pred) : iff(hasValues, truth(pred), absent('bool'))
}

/** A comparison and the condition under which it has a value at all. */
function comparison(flow: Flow, e: Extract<AstExpr, { kind: 'binary' }>): { pred: Pred; hasValues: Pred } {
  const a = lowerExpr(flow, e.left)
  const b = lowerExpr(flow, e.right)
  if (e.op === '==' || e.op === '!=') {
    const hasValues = bothPresent(a, b)
    const same = equals(a, b, flow.lowering.choice('numeric-equality') === 'number')
    return { pred: e.op === '==' ? same : and(hasValues, not(same)), hasValues }
  }
  const hasValues = bothPresent(toNum(a), toNum(b))
  return { pred: ordered(e.op as '<', a, b), hasValues }
}

export function lowerCond(flow: Flow, e: AstExpr): Pred {
  switch (e.kind) {
    case 'group':
      return lowerCond(flow, e.of)
    case 'unary':
      if (e.op === '!') return and(hasValue(flow, e.of), not(lowerCond(flow, e.of)))
      break
    case 'binary':
      if (!(e.op in ARITHMETIC)) return comparison(flow, e).pred
      break
    case 'filter':
      return flow.parts.filterPred(flow, e.filter)
    case 'bool':
      return e.value ? { kind: 'true' } : { kind: 'false' }
    case 'pipeline': {
      const branch = flow.branch(e.span)
      flow.parts.steps(branch, e.pipeline)
      return branch.cond
    }
    case 'call': {
      const found = callOf(flow, e.call)
      if (!found) return { kind: 'false' }
      const { lower } = found.builtin
      if (lower.kind === 'condition') return lower.condition(found.context)
      if (lower.kind === 'value') return toPred(lower.value(found.context))
      flow.lowering.report(codes.notAFilter, e.span, { name: found.builtin.name })
      return { kind: 'false' }
    }
  }
  return toPred(lowerExpr(flow, e))
}

/** True where a condition has a value: a comparison needs both sides. */
export function hasValue(flow: Flow, e: AstExpr): Pred {
  if (e.kind === 'group') return hasValue(flow, e.of)
  if (e.kind === 'binary' && !(e.op in ARITHMETIC)) return comparison(flow, e).hasValues
  return { kind: 'true' }
}

export function callValue(flow: Flow, c: Call): Expr {
  const found = callOf(flow, c)
  if (!found) return absent('str')
  const { lower, name } = found.builtin
  if (lower.kind === 'value') return lower.value(found.context)
  if (lower.kind === 'condition') return truth(lower.condition(found.context))
  flow.lowering.report(codes.notAValue, c.span, { name: `\`${name}()\`` })
  return absent('str')
}
