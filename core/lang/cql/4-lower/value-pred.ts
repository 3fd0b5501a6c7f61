// The right side of `field=value` in filters and guards.
import { FALSE, test } from '../../../plan/build.ts'
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Value } from '../3-parse/ast.ts'
import type { Flow } from './flow.ts'
import { textPred } from './ordering.ts'
import { patternOf } from './regex.ts'
import { equals, isNull } from './values.ts'

/** A value equals a pattern. `*` is a wildcard that nothing can escape. `inFilter`: named groups of a regex make no fields here. */
export function valuePred(flow: Flow, subject: Expr, v: Value, inFilter: boolean): Pred {
  if (v.kind === 'regex') {
    const p = patternOf(flow, v.pattern, v.flags, v.span)
    if (!p) return FALSE
    if (inFilter && p.groups.length > 0)
      flow.lowering.report(codes.captureLost, v.span, { names: p.groups.map((g) => g.name) })
    return isNull(subject) ? FALSE : test('re.test', [toStr(subject)], p.consts)
  }
  if (v.kind === 'call') {
    const right = flow.parts.callValue(flow, v.call)
    return equals(subject, right, flow.lowering.choice('numeric-equality') === 'number')
  }
  const text = v.kind === 'param' ? (flow.lowering.parameter(v.name, v.span, v.default) ?? '*') : v.text
  return textPred(flow, subject, text)
}
