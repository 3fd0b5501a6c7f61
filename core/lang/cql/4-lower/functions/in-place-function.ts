// Functions that change a field in place unless `as` names another.
import type { Expr } from '../../../../plan/plan.ts'
import { FIELD, param, page } from '../params.ts'
import { toStr } from '../../../shared/convert.ts'
import { type CqlBuiltin, type CallContext, builtin } from '../builtin.ts'

/** Functions that change the field itself unless they are given another name. */
export const inPlaceFunction = (f: {
  readonly name: string
  readonly doc: string
  readonly notes?: readonly string[]
  readonly params: CqlBuiltin['params']
  readonly fidelity?: CqlBuiltin['fidelity']
  readonly from?: CqlBuiltin['evidence']
  readonly make: (value: Expr, c: CallContext) => Expr
  readonly given: string
  readonly call: string
  readonly gives: string
}): CqlBuiltin => {
  return builtin({
    name: f.name,
    category: 'number',
    kind: 'transform',
    doc: f.doc,
    notes: f.notes ?? [],
    params: [
      FIELD,
      ...f.params,
      param('as', 'field', 'Name of the output field; without it the field itself changes.'),
    ],
    fidelity: f.fidelity ?? 'exact',
    evidence: page(f.name),
    examples: [
      {
        title: 'In place',
        given: [{ x: f.given }],
        query: `${f.call} | groupBy(x, function=[])`,
        gives: [{ x: f.gives }],
        from: f.from ?? page(f.name),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) => f.make(toStr(c.flow.read(c.args.field('field'))), c),
      asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field'), value),
    },
  })
}
