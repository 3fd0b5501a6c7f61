// The tree of a log search. A near-miss is already read as its valid form.
import type { Span } from '../../../text/source.ts'

export interface Query {
  /** undefined: the text starts with `|` or is empty */
  readonly scope: Scope | undefined
  readonly stages: readonly Stage[]
  readonly span: Span
}

/** A field name as written, without quotes. Lowering ignores its case. */
export interface Name {
  readonly name: string
  readonly quoted: boolean
  readonly span: Span
}

// ── scope ──

export type Scope =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Scope[]; readonly span: Span }
  | { readonly kind: 'not'; readonly of: Scope; readonly span: Span }
  | { readonly kind: 'group'; readonly of: Scope; readonly span: Span }
  | { readonly kind: 'term'; readonly text: string; readonly quoted: boolean; readonly span: Span }
  | { readonly kind: 'field'; readonly field: Name; readonly value: ScopeValue; readonly span: Span }
  | { readonly kind: 'subquery'; readonly sub: Subquery; readonly span: Span }
  /** a bare `*` */
  | { readonly kind: 'everything'; readonly span: Span }
  /** a template variable that has no value: `{{name}}`, `$$name` */
  | { readonly kind: 'hole'; readonly name: string; readonly span: Span }

export interface ScopeValue {
  readonly text: string
  readonly quoted: boolean
  readonly span: Span
}

/** `[subquery from=(-15m): query | compose f1, f2 keywords]` */
export interface Subquery {
  readonly query: Query
  readonly from?: string
  readonly to?: string
  readonly compose: readonly Name[]
  readonly maxResults?: number
  readonly keywords: boolean
  readonly span: Span
}

// ── expressions ──

export type Expr =
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr; readonly span: Span }
  | { readonly kind: 'unary'; readonly op: '!' | '-'; readonly of: Expr; readonly span: Span }
  | {
      readonly kind: 'in'
      readonly negated: boolean
      readonly of: Expr
      readonly list: readonly Expr[]
      readonly span: Span
    }
  | { readonly kind: 'if'; readonly cond: Expr; readonly yes: Expr; readonly no: Expr; readonly span: Span }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly nameSpan: Span
      readonly args: readonly Expr[]
      readonly span: Span
    }
  | { readonly kind: 'group'; readonly of: Expr; readonly span: Span }
  | { readonly kind: 'field'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  /** `value` is scaled by the suffix: `10k`, `1.5s` (milliseconds), `2Mi` */
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string; readonly span: Span }
  /** a lookup table's path, as an argument of lookupContains */
  | { readonly kind: 'path'; readonly text: string; readonly span: Span }
  | { readonly kind: 'subquery'; readonly sub: Subquery; readonly span: Span }
  | { readonly kind: 'hole'; readonly name: string; readonly span: Span }

export type BinaryOp =
  | '!='
  | '%'
  | '*'
  | '+'
  | '-'
  | '/'
  | '<'
  | '<='
  | '='
  | '>'
  | '>='
  | 'and'
  | 'contains'
  | 'matches'
  | 'or'

// ── stages ──

/** Where a stage is in the text. */
export interface Place {
  readonly span: Span
  /** Span of the word that begins it. */
  readonly head: Span
}

export type Stage = AggregateStage | OperatorStage | OtherStage

export interface AggregateStage extends Place {
  readonly kind: 'aggregate'
  readonly aggs: readonly Agg[]
  readonly by: readonly Name[]
}

/** Any operator. Its record in builtins/ makes the node and is the only one to read it. */
export interface OperatorStage extends Place {
  readonly kind: 'operator'
  /** Name of the record. */
  readonly name: string
  readonly node: unknown
}

export type OtherStage = (
  | /** `expr as target`; without target a call of one field overwrites that field */
  { readonly kind: 'assign'; readonly value: Expr; readonly target: Name | undefined }
  /** an operator that Assay knows and does not run */
  | { readonly kind: 'notRun'; readonly name: string; readonly reason: string }
  | { readonly kind: 'macro'; readonly name: string }
  | { readonly kind: 'hole'; readonly name: string }
  | { readonly kind: 'error' }
) &
  Place

export interface Agg {
  /** lower case */
  readonly name: string
  readonly nameSpan: Span
  /** undefined: none or `*` */
  readonly field: Name | undefined
  readonly numbers: readonly number[]
  readonly as: Name | undefined
  readonly span: Span
}
export interface SortKey {
  readonly field: Name
  readonly dir: 'asc' | 'desc'
}
