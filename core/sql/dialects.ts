import type { Dialect } from '../prims/prim.ts'
import { clickhouse } from './clickhouse/dialect.ts'
import type { SqlDialect } from './dialect.ts'
import { duckdb } from './duckdb/dialect.ts'

export const dialects: Readonly<Record<Dialect, SqlDialect>> = { clickhouse, duckdb }
