// Queries of ours in ClickHouse, over HTTP. This file is loaded only when a table there is named; an `import()` of the client in the bundle would
// give no names, because the client is CommonJS.
import { randomUUID } from 'node:crypto'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import * as codes from '../../core/diag/catalogue/clickhouse.ts'
import { aborted, engineFailed } from '../../core/diag/catalogue/run.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Ty, Value } from '../../core/plan/plan.ts'
import type { CompiledSql } from '../../core/sql/compile.ts'
import { clickhouse } from '../../core/sql/clickhouse/dialect.ts'
import { type RunError, runError, type Supervision } from '../workers/supervised-worker.ts'
import { type ClickhouseAddress, password } from './address.ts'

export interface ClickhouseSession {
  /** Rows of texts. For questions about the server and the table. Throws RunError. */
  ask(sql: string): Promise<readonly (readonly string[])[]>
  /** The rows of a plan, compiled with an end mark, as they come. Throws RunError. */
  stream(compiled: CompiledSql, part: (rows: readonly Tuple[]) => void, progress?: Progress): Promise<void>
}

/** Rows read, and rows to read as the server estimates them. */
export type Progress = (done: number, total: number) => void

export interface ServerFacts {
  /** The user may set nothing. */
  readonly isReadonly: boolean
}

/** Throws RunError. */
export async function withClickhouse<T>(
  address: ClickhouseAddress,
  facts: ServerFacts,
  supervision: Supervision,
  use: (session: ClickhouseSession) => Promise<T>,
): Promise<T> {
  const client = createClient({
    url: address.url,
    username: address.user,
    password: password(),
    application: 'assay',
    request_timeout: 24 * 3_600_000,
    log: { LoggerClass: Silent },
  })
  try {
    return await use({
      ask: (sql) => ask(client, address, supervision, sql),
      stream: (compiled, part, progress) => stream({ client, address, supervision, facts, progress }, compiled, part),
    })
  } finally {
    await client.close()
  }
}

/** The client would write to stderr what the diagnostics say. */
class Silent {
  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}

export const placeOf = ({ url, database, table }: ClickhouseAddress): string =>
  `${url.replace(/^https?:\/\//, '')}/${database}/${table}`

async function ask(
  client: ClickHouseClient,
  address: ClickhouseAddress,
  { signal }: Supervision,
  sql: string,
): Promise<readonly (readonly string[])[]> {
  try {
    const answer = await client.query({
      query: sql,
      format: 'JSONCompactEachRow',
      ...(signal && { abort_signal: signal }),
    })
    return (await answer.json<unknown[]>()).map((row) => row.map(String))
  } catch (e) {
    throw asRunError(e, address, signal)
  }
}

/** Milliseconds between two looks at a query, and those that a server has to take note of its end. */
const PROGRESS_MS = 1000
const KILL_MS = 2000

interface Place {
  readonly client: ClickHouseClient
  readonly address: ClickhouseAddress
  readonly supervision: Supervision
  readonly facts: ServerFacts
  readonly progress: Progress | undefined
}

async function stream(
  { client, address, supervision, facts, progress }: Place,
  { sql, columns, rest }: CompiledSql,
  part: (rows: readonly Tuple[]) => void,
): Promise<void> {
  const types: Ty[] = [...columns.map((c) => c.ty), ...(rest ? (['str'] as const) : [])]
  const query = facts.isReadonly ? sql.replace(`\n${clickhouse.settings}`, '') : sql
  const id = `assay-${randomUUID()}`
  const { signal } = supervision
  // An aborted request ends the connection, and the query goes on.
  let killed: Promise<unknown> | undefined
  const kill = (): void => {
    killed = client.command({ query: `kill query where query_id = '${id}'` }).catch(() => {})
  }
  signal?.addEventListener('abort', kill, { once: true })
  // The server sends its progress only to those who may set something.
  const asked = `select toString(read_rows), toString(total_rows_approx) from system.processes where query_id = '${id}'`
  const look = async (): Promise<void> => {
    const [[done = '', total = ''] = []] = await ask(client, address, supervision, asked).catch(() => [])
    if (Number(total) > 0) progress?.(Number(done), Math.max(Number(done), Number(total)))
  }
  const timer = progress && setInterval(() => void look(), PROGRESS_MS)
  let isWhole = false
  try {
    const answer = await client.query({
      query,
      format: 'JSONCompactEachRow',
      query_id: id,
      ...(signal && { abort_signal: signal }),
    })
    for await (const rows of answer.stream<unknown[]>()) {
      const tuples: Tuple[] = []
      for (const row of rows) {
        const values = row.json()
        if (isWhole) throw runError(codes.clickCutOff, { place: placeOf(address) })
        if (values[0] === 1) isWhole = true
        else tuples.push(types.map((ty, i) => decode(values[i + 1], ty)))
      }
      part(tuples)
    }
  } catch (e) {
    throw asRunError(e, address, signal)
  } finally {
    clearInterval(timer)
    if (killed) await Promise.race([killed, new Promise((resolve) => setTimeout(resolve, KILL_MS))])
    signal?.removeEventListener('abort', kill)
  }
  if (!isWhole) throw runError(codes.clickCutOff, { place: placeOf(address) })
}

/** All values but lists come as texts: a JSON number has no more than 53 bits. */
function decode(raw: unknown, ty: Ty): Value {
  if (raw === null || raw === undefined) return ty === 'list' ? [] : null
  if (ty === 'list') return raw as string[]
  const text = String(raw)
  if (ty === 'int' || ty === 'time') return BigInt(text)
  if (ty === 'num') return Number(text.replace('inf', 'Infinity'))
  return ty === 'bool' ? text === 'true' || text === '1' : text
}

/** Numbers of the server's errors. */
const REFUSED = new Set(['193', '192', '194', '516'])
const DENIED = new Set(['497', '164'])
const NO_TABLE = new Set(['60', '81'])
const GONE = new Set(['279', '210', '209', '32', '519'])

function asRunError(e: unknown, address: ClickhouseAddress, signal: AbortSignal | undefined): RunError {
  if (e instanceof Error && 'diagnostic' in e) return e as RunError
  if (signal?.aborted) return runError(aborted, { phase: 'ClickHouse was computing' })
  const place = placeOf(address)
  const error = e as Error & { code?: string; type?: string }
  const reason = (error.message ?? String(e)).split('\n')[0]?.slice(0, 400) ?? ''
  const number = /^\d+$/.test(error.code ?? '') ? (error.code as string) : (/Code: (\d+)/.exec(reason)?.[1] ?? '')
  if (number === '') return runError(codes.clickUnreachable, { place, reason: error.code ?? reason })
  const code = REFUSED.has(number)
    ? codes.clickRefused
    : DENIED.has(number)
      ? codes.clickDenied
      : NO_TABLE.has(number)
        ? codes.clickNoTable
        : GONE.has(number)
          ? codes.clickShardGone
          : undefined
  return code ? runError(code, { place, reason }) : runError(engineFailed, { engine: 'ClickHouse', reason })
}
