// Executors for cases. Cases have few rows and many queries, so one engine serves all of them and rows are SQL literals.
import { evaluate } from '../../core/eval/evaluate.ts'
import { CORE, split } from '../../core/passes/6-split.ts'
import {
  type Column,
  type Env,
  type Plan,
  REST,
  type Row,
  type SourceNode,
  type Ty,
  type Value,
} from '../../core/plan/plan.ts'
import type { Dialect } from '../../core/prims/prim.ts'
import { compileSql, stageTailReason, type Table, tailReason } from '../../core/sql/compile.ts'
import { dialects } from '../../core/sql/dialects.ts'
import { columnIds } from '../../core/plan/sources.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { type DuckdbWorker, openWorker, select } from '../duckdb/duckdb.ts'

export interface Ran {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** The SQL that the engine ran. Null: it ran none. */
  readonly sql: string | null
  /** Why the evaluator finished, or did all of it. */
  readonly tail: readonly string[]
}

export interface Executor {
  readonly name: string
  run(plan: Plan, rows: (source: SourceNode) => readonly Row[], env: Env): Promise<Ran>
  close(): void
}

export const evaluator: Executor = {
  name: 'evaluator',
  run: async (plan, rows, env) => ({ ...expandRest(evaluate(plan, rows, env)), sql: null, tail: [] }),
  close: () => {},
}

export type RunSql = (sql: string, types: readonly Ty[]) => Promise<readonly (readonly Value[])[]>
export type MakeTable = (source: SourceNode, rows: readonly Row[]) => Table

/** The engine computes as much as it can, including the filters of the source. The evaluator computes the rest. */
export function sqlExecutor(dialect: Dialect, run: RunSql, table: MakeTable, close: () => void): Executor {
  return {
    name: dialect,
    close,
    run: async (plan, rows, env) => {
      const isTail = (prim: string, consts: Parameters<typeof tailReason>[1]) => tailReason(prim, consts, dialect)
      const { core, tail, reasons } = split(plan, isTail, (s) => stageTailReason(s, dialect), { engineFilters: true })
      if (!core) return { ...expandRest(evaluate(plan, rows, env)), sql: null, tail: reasons }
      const compiled = compileSql(core, dialect, env, (s) => table(s, rows(s)))
      const types = [...compiled.columns.map((c) => c.ty), ...(compiled.rest ? (['str'] as const) : [])]
      const ids = [...compiled.columns.map((c) => c.id), ...(compiled.rest ? [REST] : [])]
      const engineRows = (await run(compiled.sql, types)).map(
        (r): Row => Object.fromEntries(ids.map((id, i) => [id, r[i] ?? null])),
      )
      const { columns, rest, sql } = compiled
      if (!tail) return { ...expandRest({ columns, rest, rows: engineRows }), sql, tail: [] }
      const finished = evaluate(tail, (s) => (s.name === CORE ? engineRows : rows(s)), env)
      return { ...expandRest(finished), sql, tail: reasons }
    },
  }
}

/** Turns the fields in REST into columns, in order of name, as a user sees them. */
export function expandRest(result: { columns: readonly Column[]; rest: boolean; rows: readonly Row[] }) {
  const { columns, rows } = result
  if (!result.rest) return { columns, rows }
  const declared = new Set(columns.map((c) => c.id))
  const rests = rows.map((r) => {
    const text = r[REST]
    return typeof text === 'string' ? (JSON.parse(text) as Record<string, string>) : {}
  })
  const extra = [...new Set(rests.flatMap((r) => Object.keys(r)))].filter((n) => !declared.has(n)).sort()
  return {
    columns: [...columns, ...extra.map((id): Column => ({ id, ty: 'str' }))],
    rows: rows.map((r, i): Row => ({ ...Object.fromEntries(extra.map((id) => [id, rests[i]?.[id] ?? null])), ...r })),
  }
}

/** DuckDB in a process of its own, without access to files or network. A statement that ends the process ends no other statement. */
export async function openDuckdb(): Promise<Executor> {
  const open = () => openWorker({ spool: null, views: [], memoryLimit: '1GB', threads: 1 })
  let worker: DuckdbWorker | undefined = open()
  // One statement at a time: answers do not say to which statement they belong.
  let last: Promise<unknown> = Promise.resolve()
  const answer = async (sql: string, width: number): Promise<readonly Tuple[]> => {
    worker ??= open()
    try {
      return await select(worker, sql, width, { signal: undefined, patience: PATIENCE })
    } catch (e) {
      void worker.end()
      worker = undefined
      throw e
    }
  }
  const run: RunSql = (sql, types) => {
    const rows = last.then(() => answer(sql, types.length))
    last = rows.catch(() => {})
    return rows
  }
  // Its start is on no case's budget. If it fails, each case says so.
  await run('select 1', ['int']).catch(() => {})
  return sqlExecutor('duckdb', run, valuesTable, () => void worker?.end())
}

/** Seconds without a sign of life. */
const PATIENCE = 30

function valuesTable(source: SourceNode, rows: readonly Row[]): Table {
  const { literal, types } = dialects.duckdb
  const ids = columnIds(source)
  const tys = ids.map((id): Ty => source.columns.find((c) => c.id === id)?.ty ?? 'str')
  const names = ids.map((_, i) => `c${i}`)
  const tuple = (row: Row): string =>
    `(${ids.length === 0 ? '1' : ids.map((id, i) => literal(row[id] ?? null, tys[i] as Ty).text).join(', ')})`
  const all = rows.length > 0 ? rows.map(tuple) : [tuple({})]
  const cast = names.map((n, i) => `cast(${n} as ${types[tys[i] as Ty]}) as ${n}`)
  const from = `select ${cast.join(', ') || '1 as z'} from (values ${all.join(', ')}) as v(${names.join(', ') || 'z'})`
  return { from: `(${from}${rows.length > 0 ? '' : ' where false'})`, columns: names }
}
