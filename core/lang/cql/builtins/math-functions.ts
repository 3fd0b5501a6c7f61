import type { Expr } from '../../../plan/plan.ts'
import { FIELD, as, page } from '../4-lower/params.ts'
import { call } from '../../../plan/build.ts'
import { toNum } from '../../shared/convert.ts'
import { type CqlBuiltin, builtin } from '../4-lower/builtin.ts'

const math = (name: string, make: (x: Expr) => Expr, doc: string, given: string, gives: string): CqlBuiltin =>
  builtin({
    name: `math:${name}`,
    category: 'number',
    kind: 'transform',
    doc,
    notes: ['Reads a field, not an expression.'],
    params: [FIELD, as(`_${name}`)],
    output: `_${name}`,
    fidelity: 'exact',
    evidence: page(`math:${name}`),
    examples: [
      {
        title: 'Of a field',
        given: [{ x: given }],
        query: `math:${name}(x, as=r) | groupBy(r, function=[])`,
        gives: [{ r: gives }],
        from: page(`math:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: ({ flow, args }) => make(toNum(flow.read(args.field('field')))),
    },
  })

const prim = (name: string) => (x: Expr) => call(`num.${name}`, 'num', [x])

export const mathFunctions: readonly CqlBuiltin[] = [
  math('abs', prim('abs'), 'The value without its sign.', '-2', '2'),
  math('ceil', prim('ceil'), 'The least whole number not below the value.', '1.2', '2'),
  math('floor', prim('floor'), 'The greatest whole number not above the value.', '1.8', '1'),
  math('sqrt', prim('sqrt'), 'The square root.', '9', '3'),
  math('exp', prim('exp'), 'e to the power of the value.', '0', '1'),
  math('log', prim('log'), 'The natural logarithm.', '1', '0'),
  math('log10', prim('log10'), 'The logarithm to base 10.', '1', '0'),
  math('log2', prim('log2'), 'The logarithm to base 2.', '8', '3'),
  math('log1p', prim('log1p'), 'The natural logarithm of 1 and the value.', '0', '0'),
  math('expm1', prim('expm1'), 'e to the power of the value, less 1.', '0', '0'),
  math('sin', prim('sin'), 'The sine of radians.', '0', '0'),
  math('cos', prim('cos'), 'The cosine of radians.', '0', '1'),
  math('tan', prim('tan'), 'The tangent of radians.', '0', '0'),
  math('sinh', prim('sinh'), 'The hyperbolic sine.', '0', '0'),
  math('cosh', prim('cosh'), 'The hyperbolic cosine.', '0', '1'),
  math('tanh', prim('tanh'), 'The hyperbolic tangent.', '0', '0'),
  math('arcsin', prim('asin'), 'The angle in radians whose sine is the value.', '0', '0'),
  math('arccos', prim('acos'), 'The angle in radians whose cosine is the value.', '1', '0'),
  math('arctan', prim('atan'), 'The angle in radians whose tangent is the value.', '0', '0'),
  math('deg2rad', prim('toRadians'), 'Degrees as radians.', '0', '0'),
  math('rad2deg', prim('toDegrees'), 'Radians as degrees.', '0', '0'),
]
