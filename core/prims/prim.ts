// A primitive is a computation of the executors. Its JavaScript defines it; each SQL dialect has a form for it or answers `tail`.
// Primitives know no language. A family is a file in families/ that exports prims; the registry finds it by folder.
import type { Const, Consts, Ty, Value } from '../plan/plan.ts'
import type { Sql, SqlTag } from '../sql-text/fragment.ts'

export type Dialect = 'clickhouse' | 'duckdb'

/** The engine does not compute this. Its part of the plan ends before the stage, and the evaluator does the rest. */
export interface Tail {
  readonly tail: string
}
export const tail = (reason: string): Tail => ({ tail: reason })

/** The edges of a text in a search for `folded` texts. No text of a real log has these characters. */
export const BEGIN = '\u0002'
export const END = '\u0003'

export type SqlForm = (sql: SqlTag, args: readonly Sql[], consts: Consts) => Sql | Tail

/** Run on every executor. `args` in order; `consts` as in the plan. A `test` gives boolean. Aggregates: `rows` of argument lists. */
export interface Law {
  readonly args: readonly Value[]
  readonly consts?: Consts
  readonly gives: Value
}
export interface AggLaw {
  readonly rows: readonly (readonly Value[])[]
  readonly consts?: Consts
  readonly gives: Value
}

interface Common {
  /** `family.name`, e.g. `str.lower`. */
  readonly id: `${string}.${string}`
  /** The computation, in one sentence. */
  readonly doc: string
  /** Types of the arguments, by name, in order. A trailing `...` name takes any number. */
  readonly params: readonly (readonly [name: string, ty: Ty])[]
  /** Names of the constants it takes and what each is. */
  readonly consts: Readonly<Record<string, string>>
  readonly sql: Readonly<Record<Dialect, SqlForm | Tail>>
}

/** A value per row. `propagate`: any absent argument gives absent. `own`: it gets the absent arguments, and a law must cover one. */
interface Scalar extends Common {
  readonly kind: 'scalar'
  readonly returns: Ty
  readonly nulls: 'own' | 'propagate'
  /** Called once per use with the constants, then once per row. Total: it never throws. NaN or infinite must become null. */
  readonly js: (consts: Consts, primOf: PrimLookup) => (...args: never[]) => Value
  readonly laws: readonly [Law, ...Law[]]
}
/** A two-valued test. `propagate`: an absent argument gives false. SQL forms may yield NULL for false: the compiler guards them. */
export interface TestPrim extends Common {
  readonly kind: 'test'
  readonly nulls: 'own' | 'propagate'
  readonly js: (consts: Consts, primOf: PrimLookup) => (...args: never[]) => boolean
  /** The test is true only if the (first) argument contains at least one of these texts; undefined: none known. */
  readonly needles?: (consts: Consts) => readonly string[] | undefined
  /**
   * For a search that ignores case: the test is true only if the first argument, with all letters lower (`core/regex/fold.ts`) and between
   * the marks BEGIN and END, contains at least one text of each list. Left out or empty: none known.
   */
  readonly folded?: (consts: Consts) => readonly (readonly string[])[]
  /**
   * For a test of two values: it holds exactly when `left` of the first contains `right` of the second. A join then looks the second
   * up by hash instead of trying all of them.
   */
  readonly lookup?: { readonly left: (a: Value) => readonly string[]; readonly right: (b: Value) => string | null }
  readonly laws: readonly [Law, ...Law[]]
}
/** A value per group. `propagate`: rows with an absent argument are ignored. The result must not depend on the order of rows. */
interface AggPrim extends Common {
  readonly kind: 'aggregate'
  readonly returns: Ty
  readonly nulls: 'own' | 'propagate'
  readonly js: (consts: Consts) => Accumulator
  readonly laws: readonly [AggLaw, ...AggLaw[]]
}
export interface Accumulator {
  init(): unknown
  /** Returns the new state (the same object if mutated). */
  add(state: never, ...args: never[]): unknown
  done(state: never): Value
}

export type Prim = AggPrim | Scalar | TestPrim
/** Throws on an unknown id. Primitives whose constants are expressions need it, because expressions name primitives. */
export type PrimLookup = (id: string) => Prim

export const scalar = (p: Omit<Scalar, 'kind'>): Scalar => ({ kind: 'scalar', ...p })
export const testPrim = (p: Omit<TestPrim, 'kind'>): TestPrim => ({ kind: 'test', ...p })
export const aggPrim = (p: Omit<AggPrim, 'kind'>): AggPrim => ({ kind: 'aggregate', ...p })
export type { Const, Consts, Ty, Value }
