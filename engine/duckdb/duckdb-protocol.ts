import type { Tuple } from '../../core/eval/sink.ts'

export interface DuckJob {
  readonly spool: string
  /** Statements of ours that make the tables; run before everything is locked. */
  readonly tables: readonly string[]
  readonly sql: string
  /** Columns to hand back. */
  readonly width: number
  /** As DuckDB writes it: `1GB`. */
  readonly memoryLimit: string
  readonly threads: number
  readonly shared: SharedArrayBuffer
}

export type DuckFrom =
  | { readonly kind: 'rows'; readonly rows: readonly Tuple[] }
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly reason: string }
