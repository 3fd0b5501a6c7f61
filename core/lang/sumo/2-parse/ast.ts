// What the parser makes of a Sumo Logic log search. Near-misses are already turned into what everybody means by them.
import type { Span } from '../../../text/source.ts'
import type { Token } from '../1-lex/lex.ts'

export interface Query {
  /** undefined: the text starts with `|` or is empty */
  readonly scope: Scope | undefined
  readonly stages: readonly Stage[]
  readonly span: Span
}

/** A field name as written, without quotes. Names are case-insensitive; folding is lowering's. */
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

export type Stage = (
  | { readonly kind: 'where'; readonly cond: Expr }
  /** `expr as target`; without target a call of one field overwrites that field */
  | { readonly kind: 'assign'; readonly value: Expr; readonly target: Name | undefined }
  | { readonly kind: 'aggregate'; readonly aggs: readonly Agg[]; readonly by: readonly Name[] }
  | ParseStage
  | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'top'; readonly count: number; readonly fields: readonly Name[]; readonly by: readonly SortKey[] }
  | { readonly kind: 'topk'; readonly count: number; readonly fields: readonly Name[]; readonly by: readonly Name[] }
  | { readonly kind: 'fields'; readonly drop: boolean; readonly fields: readonly Name[] }
  | { readonly kind: 'dedup'; readonly consecutive: boolean; readonly count: number; readonly fields: readonly Name[] }
  | {
      readonly kind: 'timeslice'
      readonly spanMs: number | undefined
      readonly buckets: number | undefined
      readonly target: Name | undefined
    }
  | {
      readonly kind: 'transpose'
      readonly rows: readonly Name[]
      readonly columns: readonly Name[]
      readonly as: readonly (Name | '*')[]
    }
  | {
      readonly kind: 'lookup'
      readonly columns: readonly { readonly from: Name; readonly as: Name }[] | '*'
      readonly path: string
      readonly on: readonly { readonly event: Name; readonly column: Name }[]
      /** Columns that the table lacks are missing values. */
      readonly optional?: true
    }
  | {
      readonly kind: 'rolling'
      readonly op: 'accum' | 'backshift' | 'diff' | 'rollingstd' | 'smooth' | 'total'
      readonly field: Name
      readonly count: number | undefined
      readonly target: Name | undefined
      readonly by: readonly Name[]
    }
  | { readonly kind: 'withtime'; readonly field: Name }
  | {
      readonly kind: 'join'
      readonly tables: readonly { readonly stages: readonly Stage[]; readonly name: Name }[]
      readonly on: readonly { readonly left: Name; readonly right: Name }[]
      readonly timeWindow: boolean
    }
  | {
      readonly kind: 'fillmissing'
      readonly slice: { readonly field: Name | undefined; readonly spanMs: number | undefined } | undefined
      /** `values`: undefined for `values all` */
      readonly values: readonly { readonly field: Name; readonly values: readonly string[] | undefined }[]
      readonly given: readonly { readonly value: string | number; readonly fields: readonly Name[] }[]
      readonly takeLast: boolean
    }
  | { readonly kind: 'compare'; readonly targets: readonly Shift[] }
  | {
      readonly kind: 'outlier'
      readonly field: Name
      readonly by: readonly Name[]
      readonly window: number
      readonly threshold: number
      readonly consecutive: number
      readonly direction: '+' | '+-' | '-'
    }
  | { readonly kind: 'filter'; readonly fields: readonly Name[]; readonly stages: readonly Stage[] }
  | {
      readonly kind: 'bin'
      readonly field: Name
      readonly width: number
      readonly min: number | undefined
      readonly max: number | undefined
    }
  | {
      readonly kind: 'predict'
      readonly field: Name
      readonly spanMs: number | undefined
      readonly model: string
      /** number of rows, or a time */
      readonly forecast: number | undefined
      readonly forecastMs: number | undefined
    }
  | {
      readonly kind: 'transactionize'
      readonly keys: readonly Name[]
      /** options that are read and not run: maxSpan, startsWith, … */
      readonly options: readonly { readonly name: string; readonly span: Span }[]
      readonly merge: readonly Merge[] | undefined
    }
  | {
      readonly kind: 'transaction'
      readonly keys: readonly Name[]
      readonly states: readonly string[]
      readonly field: Name
      readonly results: 'flow' | 'states' | 'transactions'
    }
  | { readonly kind: 'merge'; readonly merge: readonly Merge[] }
  | { readonly kind: 'cat'; readonly path: string }
  | { readonly kind: 'save'; readonly path: string }
  /** an operator that is known and read, but not run */
  | { readonly kind: 'other'; readonly name: string; readonly tokens: readonly Token[] }
  | { readonly kind: 'macro'; readonly name: string }
  | { readonly kind: 'hole'; readonly name: string }
  | { readonly kind: 'error' }
) & { readonly span: Span /** of the operator's word */; readonly head: Span }

export type ParseStage =
  | {
      readonly kind: 'anchor'
      readonly field: Name | undefined
      readonly parts: readonly { readonly pattern: string; readonly names: readonly Name[]; readonly span: Span }[]
      readonly nodrop: boolean
    }
  | {
      readonly kind: 'regex'
      readonly field: Name | undefined
      readonly patterns: readonly { readonly pattern: string; readonly span: Span }[]
      readonly nodrop: boolean
      readonly multi: boolean
    }
  | {
      readonly kind: 'json'
      readonly field: Name | undefined
      readonly paths: readonly { readonly path: string; readonly as: Name | undefined; readonly span: Span }[]
      readonly nodrop: boolean
    }
  | {
      readonly kind: 'jsonAuto'
      readonly field: Name | undefined
      readonly keys: readonly { readonly path: string; readonly as: Name | undefined; readonly span: Span }[]
      readonly maxDepth: number | undefined
      readonly arrays: boolean
      readonly nodrop: boolean
    }
  | {
      readonly kind: 'kv'
      readonly mode: 'auto' | 'infer' | 'regex'
      readonly regex: string | undefined
      readonly delimiter: string | undefined
      readonly field: Name | undefined
      readonly keys: readonly { readonly path: string; readonly as: Name | undefined; readonly span: Span }[]
      readonly nodrop: boolean
    }
  | {
      readonly kind: 'columns'
      readonly op: 'csv' | 'split'
      readonly field: Name
      readonly delimiter: string
      readonly escape: string
      readonly quote: string
      readonly columns: readonly { readonly index: number; readonly as: Name }[]
    }
  | {
      readonly kind: 'xml'
      readonly field: Name | undefined
      readonly paths: readonly { readonly path: string; readonly as: Name | undefined; readonly span: Span }[]
      readonly nodrop: boolean
    }

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

/** `timeshift -1d 7 avg as week` */
export interface Shift {
  readonly ms: number
  /** the step as written, `1d`: names of columns are made of it */
  readonly count: number
  readonly unit: string
  readonly times: number
  readonly agg: 'avg' | 'max' | 'min' | undefined
  readonly as: Name | undefined
  readonly span: Span
}

export interface Merge {
  readonly field: Name
  readonly how: 'distinct' | 'first' | 'join' | 'last'
  readonly separator: string
  readonly as: Name | undefined
}
