// The plan. Every language is lowered to it, and every executor runs it. It is frozen data without behaviour.
// A relation is a source or a let, followed by stages. Row stages read one row; relation stages read all rows.
import type { Span } from '../text/source.ts'

/**
 * Types of columns. Absent is the only null, and is not the empty string.
 * - `str`  text
 * - `int`  exact integer; 128 bits in SQL, bigint in JavaScript
 * - `num`  IEEE double, never NaN or infinite (such results are absent)
 * - `dec`  a number kept as canonical decimal text, exact (sums of text fields); printed as a number
 * - `bool` nullable truth value
 * - `time` microseconds since 1970 UTC; int64 in SQL, bigint in JavaScript
 * - `list` list of str
 */
export type Ty = 'bool' | 'dec' | 'int' | 'list' | 'num' | 'str' | 'time'

/** Runtime values: str, dec: string; int, time: bigint; num: number; list: string[]; null: absent. */
export type Value = string | bigint | number | boolean | readonly string[] | null

/** One row: column id → value. A column of the schema that is missing here is absent. */
export type Row = Readonly<Record<string, Value>>

export interface Column {
  readonly id: string
  readonly ty: Ty
}

/** Column with all fields that no visible column of the source holds, as the text of a JSON object of strings. Only the presenter expands it. */
export const REST = '$:rest'
/** Prefix of hidden ids. No language can name them and no presenter shows them. */
export const HIDDEN = '$:'
/** The element of a list, as a column, in the predicates of `list.where` and the expressions of `list.each`. */
export const ELEMENT = '$:element'
/** A value of the row beside the list, as a column there: `$:outer 0` is the first argument behind the list. */
export const OUTER = '$:outer '
export const isHidden = (id: string): boolean => id.startsWith(HIDDEN)

/** A constant argument of a primitive: known when the plan is made. */
export type Const = string | number | bigint | boolean | null | readonly Const[] | { readonly [name: string]: Const }
export type Consts = Readonly<Record<string, Const>>

// ── expressions: may be absent ──

export type Expr = Call | ColumnRef | EnvRef | If | Lit | Truth

export interface Call {
  readonly kind: 'call'
  readonly prim: string
  readonly args: readonly Expr[]
  readonly consts: Consts
  readonly ty: Ty
}
export interface ColumnRef {
  readonly kind: 'col'
  readonly id: string
  readonly ty: Ty
}
/** A fact of the run: `now`, or an end of the query's interval `[start, end)`. */
export interface EnvRef {
  readonly kind: 'env'
  readonly name: 'end' | 'now' | 'start'
  readonly ty: 'time'
}
export interface If {
  readonly kind: 'if'
  readonly cond: Pred
  readonly then: Expr
  readonly else: Expr
  readonly ty: Ty
}
export interface Lit {
  readonly kind: 'lit'
  readonly value: Value
  readonly ty: Ty
}
/** A predicate as a value: true or false, never absent. */
export interface Truth {
  readonly kind: 'truth'
  readonly of: Pred
  readonly ty: 'bool'
}

// ── predicates: two-valued ──

export type Pred = And | Holds | Not | Or | Present | Test | { readonly kind: 'true' } | { readonly kind: 'false' }

export interface And {
  readonly kind: 'and'
  readonly of: readonly Pred[]
}
/** The only bridge from a nullable truth value: absent is false. */
export interface Holds {
  readonly kind: 'holds'
  readonly expr: Expr
}
export interface Not {
  readonly kind: 'not'
  readonly of: Pred
}
export interface Or {
  readonly kind: 'or'
  readonly of: readonly Pred[]
}
export interface Present {
  readonly kind: 'present'
  readonly expr: Expr
}
/** A `test` primitive. If an argument is absent it is false, unless the primitive has `nulls: 'own'`. */
export interface Test {
  readonly kind: 'test'
  readonly prim: string
  readonly args: readonly Expr[]
  readonly consts: Consts
}

// ── relations ──

export interface Plan {
  readonly lets: readonly Let[]
  readonly out: Relation
}
export interface Let {
  readonly name: string
  readonly rel: Relation
}
export interface Relation {
  readonly from: From
  readonly stages: readonly Stage[]
}
export type From = LetRef | SourceNode

export interface LetRef {
  readonly kind: 'let'
  readonly name: string
}

/** Telemetry (or a lookup file) as a relation of closed columns and, if `rest`, one REST column. */
export interface SourceNode {
  readonly kind: 'source'
  /** `events`, or `lookup:NAME` for a file the query names. */
  readonly name: string
  readonly columns: readonly SourceColumn[]
  readonly rest: boolean
  /** `query`: only events within the query's interval. `all`: all events of the telemetry (look-ups of views). */
  readonly interval: 'all' | 'query'
  /** Row filter over the columns, pushed down by a pass; the scan applies it. `{kind:'true'}` when lowered. */
  readonly where: Pred
  /** Bad records are rows too: their text, with the time of the previous record. */
  readonly unparsed?: true
}
export interface SourceColumn extends Column {
  readonly from: Binding
}
export type Binding =
  /** A field of the event by the name that the query's language uses; the source's vocabulary resolves it. */
  | { readonly kind: 'field'; readonly name: string }
  /** time: event time (ty time); seq: position in the input, a total order (ty int); raw: the record's text; tag: source tags. */
  | { readonly kind: 'meta'; readonly name: 'file' | 'raw' | 'seq' | 'time' }
  /** `a[]`: the values of a[0], a[1], … up to the first gap (ty list). */
  | { readonly kind: 'array'; readonly name: string }
  /**
   * The elements of `a[0]`, `a[1]`, `a[1].b`, … up to the first index that no field has, each as a JSON object of texts: member names
   * as they are written after the index and its dot, the element's own value under the empty name (ty list). `kept`: REST has their fields too.
   */
  | { readonly kind: 'elements'; readonly name: string; readonly kept?: true }
  /**
   * Is the primitive test true for any field's value or the raw record? With `of`, only the values of those fields count. A field can have
   * several: elements of its list (`of[0]`), members of its object (`of.a`), or members in a list of objects (`a[0].b` for `a.b`).
   * (ty bool, never absent)
   */
  | {
      readonly kind: 'search'
      readonly of?: readonly string[]
      readonly test: { readonly prim: string; readonly consts: Consts }
      readonly except: readonly string[]
      /** Fields with one of these prefixes are not searched either. */
      readonly exceptPrefixes?: readonly string[]
    }

export type Stage = (
  | Aggregate
  | Filter
  | Join
  | OrderBy
  | Project
  | SetColumns
  | Take
  | Union
  | Unnest
  | WindowStage
) & {
  readonly at?: Place
}

/** The step of the query text that a stage comes from, and the arguments of its call by the names of their parameters. Not part of equality. */
export interface Place extends Span {
  readonly parameters?: Readonly<Record<string, Span>>
}

// row stages

export interface Filter {
  readonly kind: 'filter'
  readonly where: Pred
}
/** Sets columns at once: every expression sees the columns as they were before the stage. */
export interface SetColumns {
  readonly kind: 'set'
  readonly columns: readonly { readonly id: string; readonly expr: Expr }[]
}
/** Keeps exactly these columns, in this order, and REST if `rest`. */
export interface Project {
  readonly kind: 'project'
  readonly columns: readonly string[]
  readonly rest: boolean
}
/** One row per element of a list column; `into` gets the element, `index` its 0-based position. No element: no row, or one with absents if `keep`. */
export interface Unnest {
  readonly kind: 'unnest'
  readonly list: Expr
  readonly into: string
  readonly index: string | null
  readonly keep: boolean
}

// relation stages

export interface Aggregate {
  readonly kind: 'aggregate'
  readonly keys: readonly { readonly id: string; readonly expr: Expr }[]
  /** A row with an absent key: dropped, or in a group whose key is absent. */
  readonly nullKeys: 'drop' | 'keep'
  readonly aggs: readonly AggCall[]
  /** Without keys: one row even for empty input. With keys and no rows: no row. */
  readonly limit: number | null
}
export interface AggCall {
  readonly id: string
  readonly prim: string
  readonly args: readonly Expr[]
  readonly consts: Consts
  readonly where: Pred
  readonly ty: Ty
}
export interface OrderKey {
  readonly expr: Expr
  readonly dir: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}
/** Orders the rows. Ties are broken by the remaining columns in code-point order of their text (a pass adds them). */
export interface OrderBy {
  readonly kind: 'order'
  readonly by: readonly OrderKey[]
}
/** The first `count` rows in the order of `by`, in that order; an empty `by` means the order the relation has. */
export interface Take {
  readonly kind: 'take'
  readonly count: number
  readonly by: readonly OrderKey[]
}
/**
 * Adds columns computed over neighbouring rows: `prim` is an aggregate primitive over the frame, or `win.lag`/`win.lead`/`win.rank`.
 * A frame of rows: `before` and `after` the current one. Null: unbounded. `after: -1`: without the current one.
 * A frame of a range: the rows whose key is equal, or at most `back` below the current one's. The order must then be one ascending key of
 * type time or int. The range of a row without a key holds only rows without a key. `others`: without the row itself.
 */
export interface WindowStage {
  readonly kind: 'window'
  readonly partition: readonly Expr[]
  readonly order: readonly OrderKey[]
  readonly columns: readonly (AggCall & {
    readonly frame: Frame
  })[]
}
export type Frame =
  | { readonly before: number | null; readonly after: number | null }
  | { readonly back: bigint; readonly others?: true }
/**
 * Joins on equality of texts (absent never equals). Left columns stay; `include` adds right columns under new ids.
 * At most `max` right rows for a left row, chosen by `order` (then by the right's remaining columns); null: all.
 * `within`: only right rows for which the test holds between a left and a right expression (as-of joins: right time <= left time).
 */
export interface Join {
  readonly kind: 'join'
  readonly how: 'anti' | 'inner' | 'left' | 'semi'
  readonly right: Relation
  readonly on: readonly { readonly left: Expr; readonly right: Expr }[]
  readonly within: { readonly prim: string; readonly left: Expr; readonly right: Expr } | null
  readonly include: readonly { readonly id: string; readonly from: string }[]
  /** Value of included columns on a left row without a match, and where the right value is absent. */
  readonly missing: '' | null
  readonly max: number | null
  readonly order: readonly OrderKey[]
}
/** All rows of this relation, then of the others; columns by id, missing ones absent. */
export interface Union {
  readonly kind: 'union'
  readonly others: readonly Relation[]
}

/** Facts of a run. `end` is exclusive. All in microseconds UTC. `zone`: the reader's IANA zone. */
export interface Env {
  readonly now: bigint
  readonly start: bigint
  readonly end: bigint
  readonly zone: string
}
