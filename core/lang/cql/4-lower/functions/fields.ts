// Conditions on fields.
import type { Expr, Pred } from '../../../../plan/plan.ts'
import { present, not, test, lit } from '../../../../plan/build.ts'

export const notEmpty = (value: Expr): Pred => ({
  kind: 'and',
  of: [present(value), not(test('str.eq', [value, lit('', 'str')]))],
})
