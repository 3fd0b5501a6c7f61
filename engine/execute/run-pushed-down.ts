// A run whose telemetry is tables and whose plan runs in their engine.
import type { Tuple } from '../../core/eval/sink.ts'
import { candidates } from '../../core/eval/bind.ts'
import { type Column, REST, type Row, type SourceNode } from '../../core/plan/plan.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { elementName, placesOf } from '../../core/tables/column.ts'
import { TableFields } from '../../core/tables/find-field.ts'
import { copiesOf } from '../inputs/table-file.ts'
import type { Profile, ProfileSpec } from '../scan/scan-protocol.ts'
import { RunError } from '../workers/supervised-worker.ts'
import type { EngineUse, RunOptions, RunResult } from './run-options.ts'
import type { RunSession } from './run-session.ts'
import { pushDown, type PushedDown, type TableRun } from './run-tables.ts'
import { type TableInput, tableStats } from './table-input.ts'

interface Task {
  readonly plan: Plan
  readonly events: readonly SourceNode[]
  readonly lookups: readonly SourceNode[]
}

/** Throws RunError. */
export async function runPushedDown(
  task: Task,
  lookups: readonly (readonly Tuple[])[],
  session: RunSession,
  options: RunOptions,
  run: TableRun,
): Promise<Omit<RunResult, 'bounds' | 'env'> | { readonly reasons: readonly string[] }> {
  const start = performance.now()
  const tables = task.lookups.map((s, i) => [s, lookups[i] ?? []] as const)
  options.onProgress?.('query', 0, 1)
  const pushed = await pushDown(task.plan, tables, run)
  if (!('answer' in pushed)) return pushed
  const execution = await finish(pushed, session, run)
  const profiles = (options.profiles ?? []).map((p) => profileOf(p, run.inputs))
  const also = options.also?.when(profiles) ? await second(options.also.plan, tables, session, run) : null
  const isWhole = task.plan.out.stages.length === 0
  return {
    ok: true,
    ...execution,
    diagnostics: pushed.diagnostics,
    files: run.inputs.map((file) => ({ file, stats: tableStats(file.table) })),
    fullCheck: true,
    sources: [
      ...task.events.map((source) => ({ source, rows: isWhole ? execution.rows.length : null })),
      ...tables.map(([source, rows]) => ({ source, rows: rows.length })),
    ],
    profiles,
    also,
    timings: { span: 0, scan: 0, query: performance.now() - start },
  }
}

type Finished = Pick<RunResult, 'columns' | 'engine' | 'rest' | 'rows' | 'steps' | 'tallies'>

async function finish(
  { answer, tail, reasons }: PushedDown,
  session: RunSession,
  { env, inputs }: TableRun,
): Promise<Finished> {
  const { compiled, rows } = answer
  const engine: EngineUse = {
    used: inputs[0]?.table.at.engine ?? 'duckdb',
    why: 'the telemetry is a table',
    sql: compiled.sql,
    tail: tail ? reasons : [],
  }
  if (!tail) return { ...asRows(compiled.columns, compiled.rest, rows), steps: [], tallies: [], engine }
  const done = await session.evaluate({ plan: tail, rows: [rows], env, steps: false })
  return { ...asRows(done.columns, done.rest, done.rows), steps: [], tallies: done.tallies, engine }
}

function asRows(
  columns: readonly Column[],
  rest: boolean,
  rows: readonly Tuple[],
): Pick<Finished, 'columns' | 'rest' | 'rows'> {
  const ids = [...columns.map((c) => c.id), ...(rest ? [REST] : [])]
  return { columns, rest, rows: rows.map((t): Row => Object.fromEntries(ids.map((id, i) => [id, t[i] ?? null]))) }
}

/** A second plan that fails does not fail the run. */
async function second(
  plan: Plan,
  tables: readonly (readonly [SourceNode, readonly Tuple[]])[],
  session: RunSession,
  run: TableRun,
): Promise<readonly Row[] | null> {
  try {
    const pushed = await pushDown(plan, tables, run)
    return 'answer' in pushed ? (await finish(pushed, session, run)).rows : null
  } catch (e) {
    if (e instanceof RunError && !run.supervision.signal?.aborted) return null
    throw e
  }
}

/** By the columns alone: a field that has one may be in every event, a field without one is in none. */
function profileOf({ fields }: ProfileSpec, inputs: readonly TableInput[]): Profile {
  const events = inputs.reduce((n, i) => n + i.table.rows, 0)
  const counts = new Map<string, number>()
  for (const { table, tags } of inputs) {
    const places = placesOf(table.table.columns, table.table.mapping.rest)
    const names = new Set([
      ...places.flatMap((p) => (p.kind === 'scalar' ? [p.name] : [])),
      ...Object.keys({ ...table.tags, ...tags }),
    ])
    const answered = new TableFields(table.table, copiesOf(table.table))
    const isOpen = places.some((p) => p.kind === 'json' || (p.kind === 'map' && p.name === ''))
    const isInside = (n: string): boolean =>
      places.some(
        (p) => p.kind !== 'json' && p.kind !== 'scalar' && n.replace(/\[\d*\]/, '[]').startsWith(elementName(p)),
      )
    for (const field of fields) {
      const of = candidates(field.replace(/\[\]$/, ''), table.aliases)
      if (isOpen || of.some((n) => names.has(n) || answered.columns(n).length > 0 || isInside(n) || isInside(`${n}[]`)))
        counts.set(field, (counts.get(field) ?? 0) + table.rows)
    }
  }
  return { events, fields: counts, values: new Map(), byColumns: true }
}
