// The rules of an engine's SQL. A new engine is one folder with one such record and one line in dialects.ts.
import type { Dialect } from '../prims/prim.ts'
import type { Ty, Value } from '../plan/plan.ts'
import type { Sql, SqlTag } from '../sql-text/fragment.ts'

export interface Arm {
  readonly when: Sql
  readonly value: Sql
}

export interface SqlDialect {
  readonly name: Dialect
  readonly sql: SqlTag
  /** The physical type of a column, nullable if the engine distinguishes that. */
  readonly types: Readonly<Record<Ty, string>>
  /** A typed literal; null is a typed null, and the empty list for `list`. */
  readonly literal: (value: Value, ty: Ty) => Sql
  /** The value of the first condition that holds, which may be null for false; at least one. */
  readonly choice: (arms: readonly Arm[], otherwise: Sql) => Sql
  /** A guarded predicate as a value of type bool. */
  readonly truth: (pred: Sql) => Sql
  /** The expression for GROUP BY and PARTITION BY. Values that are equal in the evaluator must be equal here. */
  readonly groupKey: (expr: Sql, ty: Ty) => Sql
  /** Tests that come before a number in an order, so that NaN is behind infinity. */
  readonly beforeNumber: readonly string[]
  /** HAVING for engines that return a group for no rows. Empty: not needed. */
  readonly someRow: string
  /** A computed key of a join, in a form that also works for a constant. */
  readonly joinKey: (expr: Sql) => Sql
  /** Before the words of a join. */
  readonly join: string
  /** Joins that keep each left row at most once. */
  readonly semiJoin: string
  readonly antiJoin: string
  /** A column of the right side of a left join, for a row without a match. */
  readonly unmatched: (expr: Sql, ty: Ty) => Sql
  /** The same value in a nullable type, so that an aggregate over no row, or a lag beyond the end, is null. Not for lists. */
  readonly nullable: (expr: Sql) => Sql
  /** SELECT items and the text after FROM for one row per element. `list` is a column. */
  readonly unnest: (list: Sql, into: string, index: string | null, keep: boolean) => { items: string[]; after: string }
  /** Names of aggregate functions. In a form over a window, each of them gets the OVER. */
  readonly aggregates: ReadonlySet<string>
  /** The source of a regex for a quoted text. */
  readonly quoted: string
  /** The optimiser moves a filter below the columns that it reads, and writes their expressions out for each reading. */
  readonly writesOut: boolean
  /** Text at the end of every query. */
  readonly settings: string
}
