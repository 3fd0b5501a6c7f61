// Engines for tests of compiled SQL: rows in as literals, rows out as values of the plan's types.
import { type Executor, sqlExecutor } from './case-executors.ts'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Dialect } from '../../core/prims/prim.ts'
import { REST, type Row, type SourceNode, type Ty, type Value } from '../../core/plan/plan.ts'
import type { CompiledSql, Table } from '../../core/sql/compile.ts'
import { dialects } from '../../core/sql/dialects.ts'

export interface Engine {
  readonly dialect: Dialect
  readonly run: (sql: string, types: readonly Ty[]) => Promise<Value[][]>
  readonly close: () => void
}

export async function openDuckdb(): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  return {
    dialect: 'duckdb',
    run: async (sql, types) => {
      const rows = (await connection.runAndReadAll(sql)).getRows()
      return rows.map((r) => types.map((ty, i) => decode(r[i], ty)))
    },
    close: () => connection.closeSync(),
  }
}

interface ChdbSession {
  query: (sql: string, format: string) => string
  cleanup?: () => void
}

let session: ChdbSession | null | undefined

/**
 * The one session of this process: chdb allows no second one beside it. Undefined: chdb is not installed. It is half a gigabyte, so it is no
 * dependency: ASSAY_CHDB names a node_modules folder that holds it.
 */
export function chdbSession(): ChdbSession | undefined {
  if (session !== undefined) return session ?? undefined
  session = null
  const folder = process.env['ASSAY_CHDB']
  try {
    const require = createRequire(folder ? join(folder, 'x.js') : import.meta.url)
    const { Session } = require(folder ? join(folder, 'chdb') : 'chdb') as { Session: new () => ChdbSession }
    const opened = new Session()
    // Cases write their rows into the statement, and 256 kB, the default, are soon full.
    opened.query('set max_query_size = 100000000', 'CSV')
    session = opened
    process.once('exit', () => opened.cleanup?.())
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw e
  }
  return session ?? undefined
}

/** ClickHouse in this process. Undefined: chdb is not installed. */
export function openClickhouse(): Engine | undefined {
  const session = chdbSession()
  if (!session) return undefined
  return {
    dialect: 'clickhouse',
    run: async (sql, types) => {
      const quoted = `${sql}${/\nsettings /.test(sql) ? ',' : '\nsettings'} output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 1`
      const lines = String(session.query(quoted, 'JSONCompactEachRow')).split('\n')
      return lines
        .filter((l) => l !== '')
        .map((l) => {
          const row = JSON.parse(l) as unknown[]
          return types.map((ty, i) => decode(row[i], ty))
        })
    },
    // The session stays for the next one who asks.
    close: () => {},
  }
}

function decode(raw: unknown, ty: Ty): Value {
  if (raw === null || raw === undefined) return null
  if (ty === 'int' || ty === 'time') return BigInt(raw as string)
  if (ty === 'list') return Array.isArray(raw) ? (raw as string[]) : ((raw as { items: string[] }).items ?? [])
  // ClickHouse writes numbers that JSON lacks as texts.
  if (ty === 'num' && typeof raw === 'string') return Number(raw.replace('inf', 'Infinity'))
  return raw as Value
}

/** ClickHouse as an executor of cases; none where it is not installed. */
export function clickhouseExecutor(): Executor[] {
  const engine = openClickhouse()
  if (!engine) return []
  const table = (s: SourceNode, rows: readonly Row[]) => literalTable(s, rows, 'clickhouse')
  return [sqlExecutor('clickhouse', engine.run, table, engine.close)]
}

/** Rows as a derived table of literals, its columns named by `name`. */
export function literalTable(
  source: SourceNode,
  rows: readonly Row[],
  dialect: Dialect,
  name: (i: number) => string = (i) => `c${i}`,
): Table {
  const { literal, sql, types } = dialects[dialect]
  const columns: [string, Ty][] = source.columns.map((c) => [c.id, c.ty])
  if (source.rest) columns.push([REST, 'str'])
  const names = columns.map((_, i) => name(i))
  const select = (row: Row | undefined): string => {
    const items = columns.map(([id, ty], i) => {
      const value = literal(row?.[id] ?? null, ty).text
      return `cast(${value} as ${types[ty]}) as ${sql.id(names[i] as string).text}`
    })
    return `select ${items.length > 0 ? items.join(', ') : '1 as z'}${row ? '' : ' where 1 = 0'}`
  }
  if (dialect === 'clickhouse' && rows.length > 0 && columns.length > 0) {
    // ClickHouse reads its format Values in a hundredth of the time that it needs for as many SELECTs or typed literals.
    const declared = columns.map(([, ty], i) => `${sql.id(names[i] as string).text} ${types[ty]}`).join(', ')
    const plain = (value: Value): string => {
      if (value === null) return 'NULL'
      if (typeof value === 'string') return sql.str(value).text
      return Array.isArray(value) ? `[${value.map(plain).join(', ')}]` : String(value).replace('Infinity', 'inf')
    }
    const item = (row: Row, [id, ty]: [string, Ty]): string => plain(row[id] ?? (ty === 'list' ? [] : null))
    const text = rows.map((row) => `(${columns.map((c) => item(row, c)).join(', ')})`).join(', ')
    return { from: `format(Values, ${sql.str(declared).text}, ${sql.str(text).text})`, columns: names }
  }
  const all = rows.length > 0 ? rows.map(select) : [select(undefined)]
  return { from: `(${all.join(' union all ')})`, columns: names }
}

export const typesOf = (compiled: CompiledSql): Ty[] => [
  ...compiled.columns.map((c) => c.ty),
  ...(compiled.rest ? (['str'] as const) : []),
]

/** A row as text: an absent list is the empty one, doubles are rounded to 9 digits, -0 is 0. */
export function rowKey(values: readonly Value[], types: readonly Ty[]): string {
  return JSON.stringify(
    values.map((v, i) => {
      if (v === null) return types[i] === 'list' ? [] : null
      if (typeof v === 'number') return `${v === 0 ? 0 : Number(v.toPrecision(9))}f`
      if (typeof v === 'bigint') return `${v}n`
      return v
    }),
  )
}
