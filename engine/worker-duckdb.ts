// DuckDB in a thread of its own: tables from the spool, one SELECT that we compiled, rows back.
import { parentPort } from 'node:worker_threads'
import { type DuckDBConnection, DuckDBInstance, DuckDBListValue } from '@duckdb/node-api'
import type { Tuple } from '../core/eval/relation.ts'
import type { Value } from '../core/plan/plan.ts'
import type { DuckFrom, DuckJob } from './duckdb-messages.ts'
import { BEATS, STOP } from './messages.ts'

const port = parentPort
if (!port) throw new Error('internal: worker-duckdb is not a program')
const post = (message: DuckFrom): void => port.postMessage(message)

let stop = (): void => port.close()

port.on('message', (job: DuckJob | typeof STOP) => {
  if (job === STOP) return stop()
  const beats = new Int32Array(job.shared, 0, 2)
  // DuckDB computes in threads of its own, so this thread can say that it lives.
  const timer = setInterval(() => {
    beats[BEATS] = ((beats[BEATS] as number) + 1) | 0
  }, 500)
  run(job)
    .catch((e: unknown) => post({ kind: 'refused', reason: e instanceof Error ? e.message : String(e) }))
    .finally(() => clearInterval(timer))
})

async function run(job: DuckJob): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(job.threads),
    memory_limit: job.memoryLimit,
    temp_directory: `${job.spool}/spill`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
  })
  const connection = await instance.connect()
  let stopped = false
  stop = () => {
    stopped = true
    connection.interrupt()
  }
  try {
    for (const statement of job.tables) await connection.run(statement)
    const lock = [
      `set allowed_directories = ['${job.spool.replaceAll("'", "''")}']`,
      'set enable_external_access = false',
      'set lock_configuration = true',
    ]
    for (const statement of lock) await connection.run(statement)
    await answer(connection, job)
  } finally {
    connection.closeSync()
    instance.closeSync()
    if (stopped) port?.close()
    stop = () => port?.close()
  }
}

async function answer(connection: DuckDBConnection, job: DuckJob): Promise<void> {
  const result = await connection.stream(job.sql)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    post({ kind: 'rows', rows: chunk.getRows().map((r): Tuple => r.slice(0, job.width).map(fromDuck)) })
  }
  post({ kind: 'answered' })
}

function fromDuck(v: unknown): Value {
  if (v instanceof DuckDBListValue) return v.items.map((x) => String(x))
  return (v ?? null) as Value
}
