// The record of a CQL function, and the kinds of functions that lowering tells apart.
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import type { Builtin } from '../../shared/builtin.ts'
import type { Call } from '../3-parse/ast.ts'
import type { Args } from './args.ts'
import type { Flow } from './flow.ts'

export interface CallContext {
  readonly flow: Flow
  readonly args: Args
  /** Name of the output: `as`, the target of `:=`, or undefined. */
  readonly as: string | undefined
  /** Written as `!f(…)` or `not f(…)`. */
  readonly negated: boolean
}

/** Columns of an aggregate. `calls` have ids of their own; `outputs` are computed from them after the grouping. */
export interface Aggregates {
  readonly calls: readonly AggCall[]
  /** If left out, the calls are the outputs. */
  readonly outputs?: readonly { readonly id: string; readonly expr: Expr }[]
  /** Runs after the grouping, on its rows. */
  readonly after?: (flow: Flow) => void
  /** Without input there is no row, not a row of absent values. */
  readonly noneIsNoRow?: true
}

type Lower =
  /** One value. As a step it sets the output field, unless `asStep` puts it elsewhere. */
  | {
      readonly kind: 'value'
      readonly value: (c: CallContext) => Expr
      readonly asStep?: (c: CallContext, value: Expr) => void
    }
  /** A condition. As a step it is a filter, unless `asStep` also sets fields. */
  | {
      readonly kind: 'condition'
      readonly condition: (c: CallContext) => Pred
      /** As a step this call may give several rows for one. */
      readonly severalRows?: (call: Call) => boolean
      readonly asStep?: (c: CallContext) => void
    }
  /** A change to the flow of events. */
  | {
      readonly kind: 'step'
      readonly step: (c: CallContext) => void
      /** It reads `negated`; otherwise its negation is that of its filters. */
      readonly negatable?: true
      /** It needs all events at once, so it cannot be in a branch. */
      readonly whole?: true
    }
  /** Columns of a grouping. As a step it is a grouping without keys. */
  | {
      readonly kind: 'aggregate'
      readonly aggregate: (c: CallContext) => Aggregates
      /** This call may give several rows. */
      readonly severalRows?: (call: Call) => boolean
    }

export type CqlBuiltin = Builtin<Lower>

/** Functions by name and alias, in lower case. */
export interface Registry {
  readonly byName: ReadonlyMap<string, CqlBuiltin>
  readonly names: readonly string[]
}

export const builtin = (b: CqlBuiltin): CqlBuiltin => b
