// Groupings and single aggregates.
import type { AggCall, Expr } from '../../../../plan/plan.ts'
import type { Aggregates, CallContext } from '../builtin.ts'
import type { Expr as AstExpr } from '../../3-parse/ast.ts'
import { aggCall } from '../group/select-event.ts'
import { toStr } from '../../../shared/convert.ts'

export const singleCall = (a: AggCall): Aggregates => ({ calls: [a] })

export const countCall = (c: CallContext): AstExpr => ({
  kind: 'call',
  call: { name: 'count', nameSpan: c.args.call.nameSpan, args: [], span: c.args.call.span },
  span: c.args.call.span,
})

export const aggregatesOrCount = (c: CallContext): readonly AstExpr[] =>
  c.args.has('function') ? c.args.items('function') : [countCall(c)]

export const DEFAULT_GROUPS = 20_000

/** Least or greatest; whole numbers and texts keep their exact digits. */
export function extreme(id: string, which: 'max' | 'min', value: Expr): AggCall {
  if (value.ty === 'int') return aggCall(id, `agg.${which}Int`, 'int', [value])
  if (value.ty === 'num') return aggCall(id, `agg.${which}Num`, 'num', [value])
  return aggCall(id, `agg.${which}Dec`, 'dec', [toStr(value)])
}
