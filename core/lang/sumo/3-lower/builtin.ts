// What a Sumo Logic function, aggregate or operator is to lowering.
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import type { Builtin } from '../../shared/builtin.ts'
import type { Flow } from './flow.ts'
import type { Expr as Ast, Stage } from '../2-parse/ast.ts'

/** A condition: when it is true and when it is false; with a missing value it may be neither. */
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

export interface FnContext {
  readonly flow: Flow
  readonly args: readonly Result[]
  readonly ast: readonly Ast[]
  readonly at: Span
  /** Argument as text, number, whole number; absent when there is none. */
  str(i: number): Expr
  num(i: number): Expr
  int(i: number): Expr
  /** The text of a literal argument. */
  literal(i: number): string | undefined
}

export interface Lower {
  /** A scalar function. */
  readonly fn?: (c: FnContext) => Expr | Pred
  /** The arguments are not values of the row: the function reads the tree. */
  readonly lazy?: true
  readonly arity?: readonly [least: number, most: number]
  /** An operator whose meaning stands beside its record; its name is the kind of the stage. */
  readonly stage?: (f: Flow, s: Stage) => void
  /** Aggregates and other operators are lowered by their own files; the record describes them. */
  readonly word?: true
}

export type SumoBuiltin = Builtin<Lower>
