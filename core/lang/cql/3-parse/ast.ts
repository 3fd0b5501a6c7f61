// The tree of a CQL text. Near-misses are rewritten before parsing; the parse result lists them.
import type { Span } from '../../../text/source.ts'

export interface Pipeline {
  readonly steps: readonly Step[]
  readonly span: Span
}

export type Step = Assign | CaseStep | FilterStep | MatchStep | SavedStep | StatsStep

interface FilterStep {
  readonly kind: 'filter'
  readonly filter: Filter
  readonly span: Span
}
/** `target := value`. A call on the right may be any function with an `as` parameter, aggregates too. */
export interface Assign {
  readonly kind: 'assign'
  readonly target: Name
  readonly value: Expr
  readonly span: Span
}
interface CaseStep {
  readonly kind: 'case'
  readonly branches: readonly Pipeline[]
  readonly span: Span
}
export interface MatchStep {
  readonly kind: 'match'
  readonly field: Name
  readonly arms: readonly { readonly guard: Guard; readonly body: Pipeline; readonly span: Span }[]
  readonly span: Span
}
export type Guard =
  | { readonly kind: 'any'; readonly span: Span }
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'call'; readonly negated: boolean; readonly call: Call; readonly span: Span }
/** `[a(), x := b()]` */
interface StatsStep {
  readonly kind: 'stats'
  readonly items: readonly Expr[]
  readonly span: Span
}
/** `$name(arg=value)` */
export interface SavedStep {
  readonly kind: 'saved'
  readonly name: string
  readonly args: readonly Arg[]
  readonly span: Span
}

/** A field name as written, without quotes. Array members keep their index: `a[0].b`; a whole array is `a[]`. */
export interface Name {
  readonly name: string
  readonly quoted: boolean
  readonly span: Span
}

// ── filters ──

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[]; readonly span: Span }
  | { readonly kind: 'not'; readonly of: Filter; readonly span: Span }
  | Compare
  | { readonly kind: 'freeText'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'call'; readonly call: Call; readonly span: Span }
  /** `field =~ fn(...)`; `negated` for `=~ !fn(...)` */
  | {
      readonly kind: 'applied'
      readonly field: Name
      readonly negated: boolean
      readonly call: Call
      readonly span: Span
    }
  | { readonly kind: 'group'; readonly of: Filter; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  /** a bare `*` */
  | { readonly kind: 'everything'; readonly span: Span }
  /** a saved query used as a filter primary */
  | { readonly kind: 'saved'; readonly name: string; readonly args: readonly Arg[]; readonly span: Span }

export interface Compare {
  readonly kind: 'compare'
  readonly field: Name
  readonly op: '!=' | '<' | '<=' | '<=>' | '=' | '>' | '>=' | 'like'
  readonly value: Value
  readonly span: Span
}

export type Value =
  /** a bare pattern: `*` is a wildcard */
  | { readonly kind: 'bare'; readonly text: string; readonly span: Span }
  /** a quoted string, unescaped: `*` is a wildcard here as well */
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  | Regex
  | Param
  | { readonly kind: 'call'; readonly call: Call; readonly span: Span }

/** `pattern` as written between the slashes, with `\/` turned into `/`. */
export interface Regex {
  readonly kind: 'regex'
  readonly pattern: string
  readonly flags: string
  readonly span: Span
}
/** `?name`, `?{name=default}` */
export interface Param {
  readonly kind: 'param'
  readonly name: string
  readonly default?: string
  readonly span: Span
}

// ── calls and expressions ──

export interface Call {
  /** As written. */
  readonly name: string
  readonly nameSpan: Span
  readonly args: readonly Arg[]
  readonly span: Span
}
export interface Arg {
  /** undefined: unnamed */
  readonly name?: string
  readonly nameSpan?: Span
  readonly value: Expr
  readonly span: Span
}

export type Expr =
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr; readonly span: Span }
  | { readonly kind: 'unary'; readonly op: '!' | '-'; readonly of: Expr; readonly span: Span }
  | { readonly kind: 'group'; readonly of: Expr; readonly span: Span }
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  /** `text` is the number as written */
  | { readonly kind: 'number'; readonly text: string; readonly span: Span }
  /** `5m`, `24h`; as written */
  | { readonly kind: 'duration'; readonly text: string; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'field'; readonly name: Name; readonly span: Span }
  /** an unquoted word with a wildcard, as an argument */
  | { readonly kind: 'glob'; readonly text: string; readonly span: Span }
  | Regex
  | Param
  | { readonly kind: 'call'; readonly call: Call; readonly span: Span }
  | { readonly kind: 'array'; readonly items: readonly Expr[]; readonly span: Span }
  /** `x := agg()` inside an array of aggregates */
  | { readonly kind: 'named'; readonly name: Name; readonly value: Expr; readonly span: Span }
  /** `{ … }`, `Label: { … } include: [ … ]` */
  | {
      readonly kind: 'pipeline'
      readonly label?: Name
      readonly pipeline: Pipeline
      readonly attributes: readonly { readonly name: string; readonly value: Expr; readonly span: Span }[]
      readonly span: Span
    }
  /** a comparison or boolean filter given where a condition is expected: `{…}` left out */
  | { readonly kind: 'filter'; readonly filter: Filter; readonly span: Span }

export type BinaryOp = '!=' | '%' | '*' | '+' | '-' | '/' | '<' | '<=' | '==' | '>' | '>='
