// A plan in DuckDB: views over the spool, the core as SQL.
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { engineFailed } from '../../core/diag/catalogue/run.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Column, Env, Plan, SourceNode, Ty } from '../../core/plan/plan.ts'
import { compileSql, physicalType } from '../../core/sql/compile.ts'
import type { Database, FromDuckdb, ToDuckdb } from './duckdb-protocol.ts'
import { sourceKey, widthOf } from '../../core/plan/sources.ts'
import { processChannel } from '../workers/channel.ts'
import { SupervisedWorker, runError, type Supervision } from '../workers/supervised-worker.ts'

export interface DuckOptions extends Supervision {
  readonly spool: string
  readonly memoryLimit: string
  /** At least the bytes of the longest row in the spool. */
  readonly longest: number
}

export interface DuckResult {
  readonly columns: readonly Column[]
  readonly rest: boolean
  readonly rows: readonly Tuple[]
  readonly sql: string
}

/** `sources`: the sources in the spool, in the order of their numbers there. Throws RunError. */
export async function runInDuckdb(
  plan: Plan,
  sources: readonly SourceNode[],
  env: Env,
  options: DuckOptions,
): Promise<DuckResult> {
  // Not s0, s1, …: the compiler uses those names for CTEs, which would hide the views.
  const numbers = new Map(sources.map((s, i) => [sourceKey(s), i]))
  const compiled = compileSql(plan, 'duckdb', env, (source) => ({
    from: `source${numbers.get(sourceKey(source)) ?? -1}`,
    columns: Array.from({ length: widthOf(source) }, (_, i) => `c${i}`),
    // The scan applied the filter of the source, which may even contain tests that DuckDB lacks.
    filtered: true,
  }))
  const database = {
    spool: options.spool,
    views: sources.map((s, i) => tableOf(s, i, options)),
    memoryLimit: options.memoryLimit,
    threads: availableParallelism(),
  }
  const width = compiled.columns.length + (compiled.rest ? 1 : 0)
  const worker = openWorker(database)
  try {
    const rows = await select(worker, compiled.sql, width, options)
    return { columns: compiled.columns, rest: compiled.rest, rows, sql: compiled.sql }
  } finally {
    await worker.end()
  }
}

export type DuckdbWorker = SupervisedWorker<ToDuckdb, FromDuckdb>

/** A process of its own with a database in memory, without access to network or settings, and to files of the spool only. */
export function openWorker(database: Database): DuckdbWorker {
  const worker: DuckdbWorker = new SupervisedWorker(processChannel('process-duckdb'))
  worker.send({ kind: 'open', database })
  return worker
}

/** All rows of a statement that we compiled. Throws RunError. */
export async function select(
  worker: DuckdbWorker,
  sql: string,
  width: number,
  supervision: Supervision,
): Promise<readonly Tuple[]> {
  const rows: Tuple[] = []
  await stream(worker, { sql, width, part: (of) => void rows.push(...of) }, supervision)
  return rows
}

interface Streamed {
  readonly sql: string
  readonly width: number
  /** Gets the rows as they come. */
  readonly part: (rows: readonly Tuple[]) => void
}

/** Throws RunError. */
export async function stream(
  worker: DuckdbWorker,
  { sql, width, part }: Streamed,
  supervision: Supervision,
): Promise<void> {
  const on = (m: FromDuckdb): boolean => {
    if (m.kind === 'rows') part(m.rows)
    if (m.kind === 'refused') throw runError(engineFailed, { engine: 'DuckDB', reason: m.reason })
    return m.kind === 'answered'
  }
  await worker.request({ kind: 'select', sql, width }, { phase: 'DuckDB was computing', on }, supervision)
}

const tableOf = (source: SourceNode, number: number, options: Pick<DuckOptions, 'longest' | 'spool'>): string =>
  `create view source${number} as ${spooledTable(source, number, options)}`

/** Reads all columns as text and casts them (see spool.ts). A source without rows has no part and becomes an empty table. */
export function spooledTable(
  source: SourceNode,
  number: number,
  { spool, longest }: Pick<DuckOptions, 'longest' | 'spool'>,
): string {
  const types: Ty[] = [...source.columns.map((c) => c.ty), ...(source.rest ? (['str'] as const) : [])]
  const physical = (ty: Ty): string => physicalType(ty, 'duckdb')
  const has = existsSync(spool) && readdirSync(spool).some((f) => f.startsWith(`s${number}-`))
  if (!has || types.length === 0) {
    const items = types.length === 0 ? ['1 as c0'] : types.map((ty, i) => `cast(null as ${physical(ty)}) as c${i}`)
    if (!has) return `select ${items.join(', ')} where false`
  }
  const list = (ty: Ty, i: number): string =>
    ty === 'list'
      ? `coalesce(c${i}, cast([] as varchar[])) as c${i}`
      : ty === 'str' || ty === 'dec'
        ? `c${i}`
        : `cast(c${i} as ${physical(ty)}) as c${i}`
  const items = types.length === 0 ? '1 as c0' : types.map(list).join(', ')
  const names =
    types.length === 0
      ? `c0: 'varchar'`
      : types.map((ty, i) => `c${i}: '${ty === 'list' ? 'varchar[]' : 'varchar'}'`).join(', ')
  const files = `'${spool.replaceAll("'", "''")}/s${number}-*.ndjson'`
  // Each thread of DuckDB allocates twice this limit, so it is no higher than the rows need.
  const most = Math.max(1 << 20, longest)
  const read = `read_json(${files}, format = 'newline_delimited', records = true, maximum_object_size = ${most}, columns = {${names}})`
  return `select ${items} from ${read}`
}
