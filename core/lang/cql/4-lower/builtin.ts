// What a CQL function is to the lowering. A record has one or more of these forms; where a form is missing the function cannot stand.
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import type { Builtin } from '../../shared/builtin.ts'
import type { Args } from './args.ts'
import type { Flow } from './flow.ts'

export interface CallContext {
  readonly flow: Flow
  readonly args: Args
  /** Name of the output: `as`, the target of `:=`, or undefined. */
  readonly as: string | undefined
  /** Given as `!f(…)` or `not f(…)`; only steps with `negatable` see it. */
  readonly negated: boolean
}

/** Columns of an aggregate. `calls` have ids of their own; `outputs` are computed from them after the grouping. */
export interface Aggregates {
  readonly calls: readonly AggCall[]
  /** Left out: the calls are the outputs. */
  readonly outputs?: readonly { readonly id: string; readonly expr: Expr }[]
  /** Runs behind the grouping, on its rows. */
  readonly after?: (flow: Flow) => void
  /** Without any input there is no row at all, not one with absents. */
  readonly noneIsNoRow?: true
}

export interface Lower {
  /** One value; as a step it sets its output field. */
  readonly value?: (c: CallContext) => Expr
  /** A condition. */
  readonly filter?: (c: CallContext) => Pred
  /** Anything that changes the flow of events. */
  readonly step?: (c: CallContext) => void
  readonly negatable?: true
  /** Sees all events at once: not in branches. */
  readonly whole?: true
  /** Columns of a grouping. As a step without `step`: a grouping without keys. */
  readonly aggregate?: (c: CallContext) => Aggregates
}

export type CqlBuiltin = Builtin<Lower>

/** Functions by name and alias, in lower case. */
export interface Registry {
  readonly byName: ReadonlyMap<string, CqlBuiltin>
  readonly names: readonly string[]
}

export const builtin = (b: CqlBuiltin): CqlBuiltin => b
