// Messages between a run and the process that runs DuckDB.
import type { Tuple } from '../../core/eval/sink.ts'

export type ToDuckdb =
  /** The first message: opens the database, then shuts off files, network and settings. */
  | { readonly kind: 'open'; readonly database: Database }
  /** One SELECT. Its rows come in parts, then `answered`, or `refused`. */
  | { readonly kind: 'select'; readonly sql: string; readonly width: number }

export interface Database {
  /** Folder that SQL may read, and where DuckDB spills. Null: no folder at all. */
  readonly spool: string | null
  /** Files that SQL may read besides. */
  readonly files?: readonly string[]
  /** Another folder that SQL may read and write: the one of a store. */
  readonly store?: string
  /** Statements that create the views. They run before external access is locked. */
  readonly views: readonly string[]
  /** As DuckDB writes it: `1GB`. */
  readonly memoryLimit: string
  readonly threads: number
}

export type FromDuckdb =
  | { readonly kind: 'rows'; readonly rows: readonly Tuple[] }
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** A sign of life while DuckDB computes. */
  | { readonly kind: 'beat' }
