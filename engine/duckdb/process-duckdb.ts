// The process that runs DuckDB: views over the spool, SELECTs, rows back. Its parent ends it at any moment, by force.
import './keep-bom.ts'
import { type DuckDBConnection, DuckDBInstance, DuckDBListValue } from '@duckdb/node-api'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Value } from '../../core/plan/plan.ts'
import type { Database, FromDuckdb, ToDuckdb } from './duckdb-protocol.ts'

const send = (message: FromDuckdb): void => void process.send?.(message)

// A terminal sends Ctrl-C to every process of a command. The parent decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// Without its parent the answer has no reader. An orderly exit would wait for the engine's threads.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

let connection: DuckDBConnection | undefined
let last: Promise<void> = Promise.resolve()

process.on('message', (message: ToDuckdb) => {
  last = last.then(() => answer(message))
})

async function answer(message: ToDuckdb): Promise<void> {
  // DuckDB computes in threads of its own, so this thread is free to give signs of life.
  const beats = setInterval(() => send({ kind: 'beat' }), 500)
  try {
    if (message.kind === 'open') connection = await open(message.database)
    else await select(connection, message.sql, message.width)
  } catch (e) {
    send({ kind: 'refused', reason: e instanceof Error ? e.message : String(e) })
  } finally {
    clearInterval(beats)
  }
}

async function open({ spool, files = [], store, views, memoryLimit, threads }: Database): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memoryLimit,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    ...(spool === null ? {} : { temp_directory: `${spool}/spill` }),
  })
  const opened = await instance.connect()
  const text = (path: string): string => `'${path.replaceAll("'", "''")}'`
  const lock = [
    ...(spool === null
      ? []
      : [`set allowed_directories = [${[spool, ...(store ? [store] : [])].map(text).join(', ')}]`]),
    ...(files.length === 0 ? [] : [`set allowed_paths = [${files.map(text).join(', ')}]`]),
    'set enable_external_access = false',
    'set lock_configuration = true',
  ]
  for (const statement of [...views, ...lock]) await opened.run(statement)
  return opened
}

async function select(connection: DuckDBConnection | undefined, sql: string, width: number): Promise<void> {
  // The database could not be opened, and that was reported.
  if (!connection) return
  const result = await connection.stream(sql)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    send({ kind: 'rows', rows: chunk.getRows().map((r): Tuple => r.slice(0, width).map(fromDuckdb)) })
  }
  send({ kind: 'answered' })
}

function fromDuckdb(v: unknown): Value {
  if (v instanceof DuckDBListValue) return v.items.map((x) => String(x))
  return (v ?? null) as Value
}
