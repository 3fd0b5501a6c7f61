// Messages between the main thread and the worker that runs DuckDB.
import type { Tuple } from '../../core/eval/sink.ts'

export interface DuckJob {
  readonly spool: string
  /** Statements that create the views. They run before external access is locked. */
  readonly tables: readonly string[]
  readonly sql: string
  /** Number of columns in the answer. */
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
