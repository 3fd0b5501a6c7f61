// Calls of functions.
import { nearest } from '../../../text/nearest.ts'
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { absent, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Expr as Ast } from '../2-parse/ast.ts'
import type { FnContext, Registry } from './builtin.ts'
import { finiteNum } from './doubles.ts'
import { lowerAny } from './expr.ts'
import type { Flow } from './flow.ts'
import type { Result } from './result.ts'
import { cond, exprOf, toInt, val } from './values.ts'

/** Functions of an array, which the messages may have as such and not as its JSON text. */
const ARRAYS = /^jsonarray(?:contains|size)$/i

export function lowerCall(registry: Registry, f: Flow, e: Extract<Ast, { kind: 'call' }>): Result {
  const found = registry.function(e.name)
  if (!found?.lower.fn) {
    f.lowering.report(codes.sumoUnknownFunction, e.nameSpan, {
      name: e.name,
      similar: nearest(e.name, registry.functionNames),
    })
    for (const a of e.args) lowerAny(f, a)
    return val(absent('str'))
  }
  const [least, most] = found.lower.arity ?? [1, 1]
  if (e.args.length < least || e.args.length > most) {
    const takes =
      least === most
        ? `${least} argument${least === 1 ? '' : 's'}`
        : most > 100
          ? `${least} or more arguments`
          : `${least} to ${most} arguments`
    f.lowering.report(codes.sumoArguments, e.span, { name: e.name, takes, given: e.args.length })
    return val(absent('str'))
  }
  // Reading an argument makes it a field, so arrays are found before.
  const arrays = e.args.map((a) => (a.kind === 'field' && ARRAYS.test(e.name) ? f.array(a.name) : undefined))
  const args = (found.lower.lazy ? [] : e.args).map((a) =>
    a.kind === 'regex' || a.kind === 'path' ? val(text(a.kind === 'regex' ? a.pattern : a.text)) : lowerAny(f, a),
  )
  const at = (i: number): Expr => {
    const a = args[i]
    return a ? exprOf(a) : absent('str')
  }
  const context: FnContext = {
    flow: f,
    args,
    ast: e.args,
    at: e.span,
    str: (i) => toStr(at(i)),
    num: (i) => finiteNum(f.lowering, at(i)),
    expr: at,
    int: (i) => toInt(at(i)),
    list: (i) => arrays[i],
    literal: (i) => {
      const x = at(i)
      return x.kind === 'lit' && x.value !== null ? String(x.value) : undefined
    },
  }
  const result = found.lower.fn(context)
  // A predicate of a function answers for a missing value itself.
  return 'ty' in result ? val(result) : cond(result)
}
