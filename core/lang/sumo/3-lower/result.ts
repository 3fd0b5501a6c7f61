// The value of an expression during lowering: a condition or a column expression.
import type { Expr, Pred } from '../../../plan/plan.ts'

/** A condition: when it is true and when it is false. With a missing value it may be neither. */
export interface Cond {
  readonly kind: 'cond'
  readonly yes: Pred
  readonly no: Pred
}
export interface Val {
  readonly kind: 'val'
  readonly expr: Expr
  /** The vendor holds it as Double though it is exact here. */
  readonly double?: true
}
export type Result = Cond | Val
