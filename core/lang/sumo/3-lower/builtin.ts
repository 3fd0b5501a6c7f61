// The meaning of a function, an aggregate or an operator: what its record carries for the parser and for lowering.
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import type { Builtin } from '../../shared/builtin.ts'
import type { Agg, AggregateStage, Expr as Ast, Place } from '../2-parse/ast.ts'
import type { OperatorGrammar } from '../2-parse/cursor.ts'
import type { Field, Flow } from './flow.ts'
import type { Result } from './result.ts'

export interface FnContext {
  readonly flow: Flow
  readonly args: readonly Result[]
  readonly ast: readonly Ast[]
  readonly at: Span
  /** Argument as it is, as text, finite number, whole number; absent when there is none. */
  expr(i: number): Expr
  str(i: number): Expr
  num(i: number): Expr
  int(i: number): Expr
  /** The elements of an argument that is an array of the messages. */
  list(i: number): Expr | undefined
  /** The text of a literal argument. */
  literal(i: number): string | undefined
}

/** Columns that an aggregate adds: one, or one for each percentile. */
export interface AggregateColumn {
  readonly id: string
  readonly calls: readonly AggCall[]
  /** Computed from the calls after grouping. */
  readonly after?: Expr
  readonly double?: true
}

export interface AggregateContext {
  readonly flow: Flow
  readonly ast: Agg
  /** Name of the column: after `as`, or the default. */
  readonly id: string
  /** The argument; absent when there is none. */
  readonly expr: Expr
  readonly field: Field | undefined
}

export interface Aggregate {
  /** A name without parentheses after the word: the argument, or a field to group by. */
  readonly bare: 'argument' | 'group'
  /** An aggregate that takes no argument, or may go without. */
  readonly optional?: true
  readonly defaultName: string
  columns(c: AggregateContext): readonly AggregateColumn[]
  /** Lowers the whole stage instead, where the aggregate also chooses and orders the rows. */
  table?(f: Flow, stage: AggregateStage, agg: Agg): void
}

/** `parse` makes the node that `lower` reads; nothing else knows its shape. */
export interface Operator<Node = unknown> extends OperatorGrammar {
  readonly kind: SumoBuiltin['kind']
  parse(c: Parameters<OperatorGrammar['parse']>[0]): Node | undefined
  lower(f: Flow, node: Node, at: Place): void
}

export interface Lower {
  /** A scalar function. */
  readonly fn?: (c: FnContext) => Expr | Pred
  /** The arguments are not values of the row: the function reads the tree. */
  readonly lazy?: true
  readonly arity?: readonly [least: number, most: number]
  readonly aggregate?: Aggregate
  readonly operator?: Operator
}

export type SumoBuiltin = Builtin<Lower>

/** The records by name, in lower case. */
export interface Registry {
  function(name: string): SumoBuiltin | undefined
  readonly functionNames: readonly string[]
  aggregate(name: string): Aggregate | undefined
  operator(name: string): Operator | undefined
}
