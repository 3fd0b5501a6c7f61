// DuckDB over Parquet files: a process that may read these files and its own folder, and nothing else.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { engineFailed } from '../../core/diag/catalogue/run.ts'
import { tableUnreadable } from '../../core/diag/catalogue/table.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { quoteString } from '../../core/sql/duckdb/dialect.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { makeTemp, removeTemp } from '../files/temp.ts'
import { type DuckdbWorker, openWorker, select, stream } from '../duckdb/duckdb.ts'
import { RunError, type Supervision } from '../workers/supervised-worker.ts'

export interface ParquetEngine {
  /** For rows of lookup files; DuckDB spills there. */
  readonly folder: string
  /** All rows of a statement that we compiled. Throws RunError. */
  select(sql: string, width: number): Promise<readonly Tuple[]>
  /** The rows in parts, as they come. */
  stream(sql: string, width: number, part: (rows: readonly Tuple[]) => void): Promise<void>
  /** Writes some columns of the rows as JSON arrays of texts, a line each, into a file of its folder. Null: the element is null in all rows. */
  write(sql: string, width: number, elements: readonly (number | null)[], path: string): Promise<void>
}

/** JSON has no line ends and no other control characters, so the lines of CSV without quotes are its texts. */
function copyText(sql: string, width: number, elements: readonly (number | null)[], path: string): string {
  const names = Array.from({ length: width }, (_, i) => `x${i}`)
  const list = elements.map((i) => (i === null ? 'null' : `cast(${names[i]} as varchar)`))
  const line = `cast(to_json(cast([${list.join(', ')}] as varchar[])) as varchar)`
  return `copy (select ${line} from (${sql}) as r(${names.join(', ')})) to ${quoteString(path)} (format csv, header false, quote '', escape '')`
}

interface Opened {
  readonly worker: DuckdbWorker
  readonly folder: string
  users: number
}

const opened = new Map<string, Opened>()

/** Starting takes half a second, so an engine stays for the next query over the same files. It does not keep the process alive. */
export async function withParquet<T>(
  files: readonly string[],
  memoryLimit: string,
  supervision: Supervision,
  use: (engine: ParquetEngine) => Promise<T>,
): Promise<T> {
  const key = JSON.stringify([memoryLimit, files])
  const engine = opened.get(key) ?? open(files, memoryLimit)
  opened.set(key, engine)
  engine.users++
  engine.worker.idle(false)
  try {
    const answer = await use({
      folder: engine.folder,
      select: (sql, width) => select(engine.worker, sql, width, supervision),
      stream: (sql, width, part) => stream(engine.worker, { sql, width, part }, supervision),
      write: async (sql, width, elements, path) =>
        void (await select(engine.worker, copyText(sql, width, elements, path), 1, supervision)),
    })
    engine.users--
    engine.worker.idle(engine.users === 0)
    await endOthers(key)
    return answer
  } catch (e) {
    // It may be ended, or have an answer on the way.
    engine.users--
    if (opened.get(key) === engine) opened.delete(key)
    await end(engine)
    throw badFile(files, e) ?? e
  }
}

/** A file that the message names. Where one went while the engine was at work, the message names none. */
function badFile(files: readonly string[], e: unknown): RunError | undefined {
  if (!(e instanceof RunError) || e.diagnostic.code !== engineFailed.id) return undefined
  const { message } = e.diagnostic
  const gone = files.find((f) => !existsSync(f))
  const path = gone ?? files.find((f) => message.includes(f))
  if (path === undefined) return undefined
  const reason = gone === undefined ? message.replace(/^DuckDB: /, '') : 'it went while the query ran'
  return new RunError(diagnostic(tableUnreadable, inLog(path), { path, reason }))
}

function open(files: readonly string[], memoryLimit: string): Opened {
  const folder = makeTemp()
  const worker = openWorker({ spool: folder, files, views: [], memoryLimit, threads: availableParallelism() })
  return { worker, folder, users: 0 }
}

async function end({ worker, folder }: Opened): Promise<void> {
  await worker.end()
  removeTemp(folder)
}

async function endOthers(key: string): Promise<void> {
  for (const [other, engine] of [...opened]) {
    if (other === key || engine.users > 0) continue
    opened.delete(other)
    await end(engine)
  }
}
