// Plans over the rows of a scan: by the evaluator, or by DuckDB with the evaluator for the stages that SQL cannot express.
import type { Tuple } from '../../core/eval/sink.ts'
import { type Column, type Env, type Plan, REST, type Row, type SourceNode } from '../../core/plan/plan.ts'
import { planSources, sourceKey, widthOf } from '../../core/plan/sources.ts'
import type { DuckResult } from '../duckdb/duckdb.ts'
import type { Evaluated } from '../scan/scan-protocol.ts'
import { SpoolPart } from '../scan/spool.ts'
import type { EngineUse, RunOptions, RunResult } from './run-options.ts'
import type { RunSession } from './run-session.ts'

/** The rows of every source of a run, by its place among the sources: in memory, or in the spool. */
export interface ScannedRows {
  readonly sources: readonly SourceNode[]
  readonly rows: readonly (readonly Tuple[])[]
  /** Numbers of rows in the spool. */
  readonly spooled: readonly number[]
  /** At least the bytes of the longest row in the spool. */
  readonly longest: number
}

export type Execution = Pick<RunResult, 'columns' | 'engine' | 'rest' | 'rows' | 'steps' | 'tallies'>

export class PlanExecutor {
  readonly #session: RunSession
  readonly #scanned: ScannedRows
  readonly #env: Env
  readonly #options: RunOptions
  /** The rows in memory were added to the spool. */
  #isSpooled = false
  #longest: number

  constructor(session: RunSession, scanned: ScannedRows, env: Env, options: RunOptions) {
    this.#session = session
    this.#scanned = scanned
    this.#env = env
    this.#options = options
    this.#longest = scanned.longest
  }

  /** Throws RunError. */
  async execute(plan: Plan): Promise<Execution> {
    const { engine } = this.#options
    const { rows, spooled, sources } = this.#scanned
    if (engine !== 'duckdb' && spooled.every((n) => n === 0)) {
      const values = rows.reduce((n, list, i) => n + list.length * (widthOf(sources[i] as SourceNode) + 1), 0)
      const why = engine === 'evaluator' ? 'asked for' : `${values} values fit into memory`
      return evaluated(await this.#evaluate(plan, this.#rowsFor(plan)), { used: 'evaluator', why, sql: null, tail: [] })
    }
    this.#spoolRows()
    const [{ split }, { tailReason }] = await Promise.all([
      import('../../core/passes/6-split.ts'),
      import('../../core/sql/compile.ts'),
    ])
    const { core, tail, reasons } = split(plan, (prim, consts) => tailReason(prim, consts, 'duckdb'))
    const why = engine === 'duckdb' ? 'asked for' : 'the rows do not fit into memory'
    if (core && !tail) {
      const { columns, rest, rows, sql } = await this.#duckdb(core)
      const use: EngineUse = { used: 'duckdb', why, sql, tail: [] }
      return { columns, rest, rows: asRows(columns, rest, rows), steps: [], tallies: [], engine: use }
    }
    // A source that the tail reads beside the core's rows comes out of the spool by a plan of that source alone.
    const last = tail ?? plan
    const tailRows: (readonly Tuple[])[] = []
    let sql: string | null = null
    for (const source of planSources(last)) {
      const isCore = core !== null && source.name === 'core'
      const answer = await this.#duckdb(isCore ? core : { lets: [], out: { from: source, stages: [] } })
      if (isCore) sql = answer.sql
      tailRows.push(answer.rows)
    }
    const use: EngineUse = { used: core ? 'duckdb' : 'evaluator', why, sql, tail: reasons }
    return evaluated(await this.#evaluate(last, tailRows), use)
  }

  #evaluate(plan: Plan, rows: readonly (readonly Tuple[])[]): Promise<Evaluated> {
    return this.#session.evaluate({ plan, rows, env: this.#env, steps: this.#options.steps === true })
  }

  async #duckdb(plan: Plan): Promise<DuckResult> {
    const { runInDuckdb } = await import('../duckdb/duckdb.ts')
    const { supervision, spool } = this.#session
    const memoryLimit = this.#options.memoryLimit ?? '1GB'
    const options = { ...supervision, spool, memoryLimit, longest: this.#longest }
    return runInDuckdb(plan, this.#scanned.sources, this.#env, options)
  }

  #rowsFor(plan: Plan): (readonly Tuple[])[] {
    const { sources, rows } = this.#scanned
    const places = new Map(sources.map((s, i) => [sourceKey(s), i]))
    return planSources(plan).map((s) => rows[places.get(sourceKey(s)) ?? -1] ?? [])
  }

  #spoolRows(): void {
    if (this.#isSpooled) return
    this.#isSpooled = true
    this.#scanned.rows.forEach((list, i) => {
      if (list.length === 0) return
      const part = new SpoolPart(this.#session.spool, i, 'memory')
      for (const row of list) part.add(row)
      part.close()
      this.#longest = Math.max(this.#longest, part.longest)
    })
  }
}

const evaluated = ({ columns, rest, rows, steps, tallies }: Evaluated, engine: EngineUse): Execution => ({
  columns,
  rest,
  rows: asRows(columns, rest, rows),
  steps,
  tallies,
  engine,
})

function asRows(columns: readonly Column[], rest: boolean, rows: readonly Tuple[]): Row[] {
  const ids = [...columns.map((c) => c.id), ...(rest ? [REST] : [])]
  return rows.map((t) => Object.fromEntries(ids.map((id, i) => [id, t[i] ?? null])))
}
