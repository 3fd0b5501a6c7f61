// The worker that runs DuckDB: views over the spool, one SELECT, rows back.
import { parentPort } from 'node:worker_threads'
import { type DuckDBConnection, DuckDBInstance, DuckDBListValue } from '@duckdb/node-api'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Value } from '../../core/plan/plan.ts'
import type { DuckFrom, DuckJob } from './duckdb-protocol.ts'
import { BEATS, STOP } from '../workers/shared-memory.ts'

const port = parentPort
if (!port) throw new Error('internal: worker-duckdb is not a program')
const post = (message: DuckFrom): void => port.postMessage(message)

let stopped = false
let running: DuckDBConnection | undefined

/** Interrupts again and again: between two statements an interrupt has no effect, and the next one would run to its end. */
function stop(): void {
  stopped = true
  const asking = setInterval(() => running?.interrupt(), 20)
  asking.unref()
  running?.interrupt()
}

let jobs = 0
port.on('message', (job: DuckJob | typeof STOP) => {
  if (job === STOP) {
    stop()
    if (jobs === 0) port.close()
    return
  }
  jobs++
  const beats = new Int32Array(job.shared, 0, 2)
  // DuckDB computes in threads of its own, so this thread is free to give signs of life.
  const timer = setInterval(() => {
    beats[BEATS] = ((beats[BEATS] as number) + 1) | 0
  }, 500)
  run(job)
    .catch((e: unknown) => post({ kind: 'refused', reason: e instanceof Error ? e.message : String(e) }))
    .finally(() => {
      clearInterval(timer)
      jobs--
      if (stopped) port.close()
    })
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
  running = connection
  try {
    const lock = [
      `set allowed_directories = ['${job.spool.replaceAll("'", "''")}']`,
      'set enable_external_access = false',
      'set lock_configuration = true',
    ]
    for (const statement of [...job.tables, ...lock]) {
      if (stopped) return
      await connection.run(statement)
    }
    if (!stopped) await answer(connection, job)
  } finally {
    running = undefined
    connection.closeSync()
    instance.closeSync()
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
