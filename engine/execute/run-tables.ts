// Tables in a run: the whole plan in their engine, or else the rows that the plan needs pulled out of it.
import { renameSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { clickReadonly } from '../../core/diag/catalogue/clickhouse.ts'
import { pulled, tooManyPulled } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { split } from '../../core/passes/6-split.ts'
import { TRUE } from '../../core/plan/build.ts'
import type { AggCall, Consts, Env, Plan, Relation, SourceNode } from '../../core/plan/plan.ts'
import type { Dialect } from '../../core/prims/prim.ts'
import { isLookup, planSources, sourceKey } from '../../core/plan/sources.ts'
import { literalRows } from '../../core/sql/clickhouse/literal-rows.ts'
import { compileSql, type CompiledSql, stageTailReason, tailReason, type Tables } from '../../core/sql/compile.ts'
import type { TableBinder } from '../../core/tables/bind-table.ts'
import { wholeRow } from '../../core/tables/event.ts'
import { spooledTable } from '../duckdb/duckdb.ts'
import type { Recognised } from '../inputs/input.ts'
import type { Bounds } from '../scan/bounds.ts'
import { BlockWriter } from '../scan/block-writer.ts'
import { SpoolPart } from '../scan/spool.ts'
import { parquetPaths } from '../tables/open-parquet.ts'
import { withParquet } from '../tables/parquet-engine.ts'
import { RunError, type Supervision } from '../workers/supervised-worker.ts'
import type { TableInput } from './table-input.ts'
import { bindPlan, BoundTables, warnLacking } from './table-plan.ts'

/** Rows that leave an engine for the rest of a query. */
export const MOST_PULLED = 1_000_000

export interface TableRun {
  readonly inputs: readonly TableInput[]
  readonly env: Env
  readonly bounds: Bounds
  readonly memoryLimit: string
  readonly supervision: Supervision
  readonly onProgress?: (done: number, total: number) => void
}

export interface Answer {
  readonly compiled: CompiledSql
  readonly rows: readonly Tuple[]
}

export interface PushedDown {
  /** The rows of the plan, or of its core. */
  readonly answer: Answer
  /** For the evaluator, over the rows of the core. Null: the engine ran the whole plan. */
  readonly tail: Plan | null
  readonly reasons: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** An engine with the tables of a run. */
interface TableEngine {
  readonly dialect: Dialect
  /** For rows of lookup files. Undefined: the engine reads no files of ours. */
  readonly folder: string | undefined
  stream(compiled: CompiledSql, part: (rows: readonly Tuple[]) => void): Promise<void>
  /** Writes a file of `lineOf` into `folder`. Undefined: the rows come out only. */
  readonly write?: (compiled: CompiledSql, elements: readonly (number | null)[], path: string) => Promise<void>
}

const dialectOf = (inputs: readonly TableInput[]): Dialect => inputs[0]?.table.at.engine ?? 'duckdb'

/** One engine has all of them: files, or tables of one server. */
const isOneEngine = (inputs: readonly TableInput[]): boolean =>
  new Set(inputs.map(({ table: { at } }) => (at.engine === 'duckdb' ? '' : `${at.address.url} ${at.address.user}`)))
    .size <= 1

async function use<T>(
  { inputs, memoryLimit, supervision, onProgress }: TableRun,
  work: (engine: TableEngine) => Promise<T>,
): Promise<T> {
  const at = inputs[0]?.table.at
  if (at?.engine === 'clickhouse') {
    const { withClickhouse } = await import('../tables/clickhouse.ts')
    return withClickhouse(at.address, at, supervision, ({ stream }) =>
      work({ dialect: 'clickhouse', folder: undefined, stream: (c, part) => stream(c, part, onProgress) }),
    )
  }
  const files = inputs.flatMap(({ table }) => (table.at.engine === 'duckdb' ? table.at.paths : []))
  const paths = parquetPaths(files.map((path) => ({ path })))
  return withParquet(paths, memoryLimit, supervision, (engine) =>
    work({
      dialect: 'duckdb',
      folder: engine.folder,
      stream: (c, part) => engine.stream(c.sql, width(c), part),
      write: (c, elements, path) => engine.write(c.sql, width(c), elements, path),
    }),
  )
}

const compiledFor = (plan: Plan, { dialect }: TableEngine, env: Env, sqlOf: Tables): CompiledSql =>
  compileSql(plan, dialect, env, sqlOf, { endMark: dialect === 'clickhouse' })

async function allRows(engine: TableEngine, compiled: CompiledSql): Promise<readonly Tuple[]> {
  const rows: Tuple[] = []
  await engine.stream(compiled, (part) => {
    for (const row of part) rows.push(row)
  })
  return rows
}

const width = (compiled: CompiledSql): number => compiled.columns.length + (compiled.rest ? 1 : 0)

/** Settings without which a read-only user of ClickHouse would get another answer. Throws RunError. */
function checkReadonly({ sql }: CompiledSql, inputs: readonly TableInput[]): void {
  const at = inputs[0]?.table.at
  if (at?.engine !== 'clickhouse' || !at.isReadonly) return
  const settings = [
    ...(!at.joinNulls && /\bleft join\b/.test(sql) ? ['join_use_nulls = 1'] : []),
    ...(/\b(?:greatest|least)\(/.test(sql) ? ['compile_expressions = 0'] : []),
  ]
  const place = inputs[0]?.name ?? ''
  if (settings.length > 0) throw new RunError(diagnostic(clickReadonly, inLog(place), { place, settings }))
}

/** The plan in the engine of the tables. Undefined with the reasons: it cannot be. Throws RunError. `lookups`: rows by source. */
export async function pushDown(
  plan: Plan,
  lookups: readonly (readonly [SourceNode, readonly Tuple[]])[],
  run: TableRun,
): Promise<PushedDown | { readonly reasons: readonly string[] }> {
  if (!isOneEngine(run.inputs)) return { reasons: ['the tables are in several engines'] }
  const dialect = dialectOf(run.inputs)
  const literal = dialect === 'clickhouse' ? lookups.map(([s, rows]) => literalRows(s, rows)) : []
  if (literal.includes(undefined)) return { reasons: ['a lookup file is larger than a statement may be'] }
  const tables = new BoundTables(run.bounds, dialect)
  const bound = bindPlan(plan, run.inputs, tables)
  if (!bound.plan) return { reasons: bound.reasons }
  const isTail = (prim: string, consts: Consts) => tailReason(prim, consts, dialect)
  const { core, tail, reasons } = split(bound.plan, isTail, (stage) => stageTailReason(stage, dialect))
  const isAlone = tail === null || planSources(tail).every((s) => s.name === 'core')
  if (!core || !isAlone) return { reasons }
  return use(run, async (engine) => {
    const places = engine.folder === undefined ? literal : spoolLookups(lookups, engine.folder)
    const sqlOf: Tables = (source) => {
      const at = lookups.findIndex(([s]) => sourceKey(s) === sourceKey(source))
      return at < 0 ? tables.sql(source) : (places[at] as ReturnType<Tables>)
    }
    const diagnostics: Diagnostic[] = run.inputs.flatMap((i) => warnLacking(i, planSources(plan)))
    if (tail) {
      const rows = await count(core, run.env, sqlOf, engine)
      const names = [...new Set(run.inputs.map((i) => i.name))].join(', ')
      checkPull(names, rows, reasons)
      diagnostics.push(diagnostic(pulled, inLog(names), { path: names, rows, reasons }))
    }
    const compiled = compiledFor(core, engine, run.env, sqlOf)
    checkReadonly(compiled, run.inputs)
    const rows = await allRows(engine, compiled)
    return { answer: { compiled, rows }, tail, reasons, diagnostics }
  })
}

/** Throws RunError. */
function checkPull(path: string, rows: number, reasons: readonly string[]): void {
  if (rows > MOST_PULLED)
    throw new RunError(diagnostic(tooManyPulled, inLog(path), { path, rows, limit: MOST_PULLED, reasons }))
}

let spooled = 0

/** Their rows as tables of the engine, in the order of the sources. */
function spoolLookups(
  lookups: readonly (readonly [SourceNode, readonly Tuple[]])[],
  folder: string,
): ReturnType<Tables>[] {
  return lookups.map(([source, rows]) => {
    const number = spooled++
    const part = new SpoolPart(folder, number, 'lookup')
    for (const row of rows) part.add(row)
    part.close()
    const { columns, rest } = source
    const names = Array.from({ length: columns.length + (rest ? 1 : 0) }, (_, i) => `c${i}`)
    return { from: `(${spooledTable(source, number, { spool: folder, longest: part.longest })})`, columns: names }
  })
}

async function count(core: Plan, env: Env, sqlOf: Tables, engine: TableEngine): Promise<number> {
  const counted: Relation = {
    ...core.out,
    stages: [
      ...core.out.stages,
      {
        kind: 'aggregate',
        keys: [],
        nullKeys: 'keep',
        aggs: [{ id: 'rows', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }],
        limit: null,
      },
    ],
  }
  const [row] = await allRows(engine, compiledFor({ ...core, out: counted }, engine, env, sqlOf))
  return Number(row?.[0] ?? 0)
}

/** First and last time of the events of one table; it is read only if no footer told. Throws RunError. */
export async function tableSpan(
  run: TableRun,
): Promise<{ readonly first: bigint | null; readonly last: bigint | null }> {
  const [input] = run.inputs as readonly [TableInput]
  const { first, last } = input.table
  if (first !== undefined && last !== undefined) return { first, last }
  const tables = new BoundTables(null, dialectOf(run.inputs))
  const time = { kind: 'col', id: 't', ty: 'time' } as const
  const end = (id: string, prim: string): AggCall => ({ id, prim, args: [time], consts: {}, where: TRUE, ty: 'time' })
  const plan: Plan = {
    lets: [],
    out: {
      from: {
        kind: 'source',
        name: 'events',
        columns: [{ id: 't', ty: 'time', from: { kind: 'meta', name: 'time' } }],
        rest: false,
        interval: 'all',
        where: TRUE,
      },
      stages: [
        {
          kind: 'aggregate',
          keys: [],
          nullKeys: 'keep',
          aggs: [end('first', 'agg.minTime'), end('last', 'agg.maxTime')],
          limit: null,
        },
      ],
    },
  }
  const bound = bindPlan(plan, run.inputs, tables).plan as Plan
  const sqlOf: Tables = (source) => tables.sql(source)
  return use(run, async (engine) => {
    const [[least, most] = []] = await allRows(engine, compiledFor(bound, engine, run.env, sqlOf))
    const instant = (v: unknown): bigint | null => (typeof v === 'bigint' ? v : null)
    return { first: instant(least), last: instant(most) }
  })
}

export interface PulledFile {
  /** Its path has the rows, as the format of the table reads them. */
  readonly file: Recognised
  readonly rows: number
}

/**
 * The rows of a table that may match one of the sources, in a file of `folder`, with the fields that the sources read. Without sources: all.
 * Throws RunError.
 */
export async function pull(
  input: TableInput,
  place: number,
  sources: readonly SourceNode[] | undefined,
  { folder, reasons, run }: { readonly folder: string; readonly reasons: readonly string[]; readonly run: TableRun },
): Promise<PulledFile & { readonly diagnostics: readonly Diagnostic[] }> {
  const one = { ...run, inputs: [input] }
  const tables = new BoundTables(run.bounds, dialectOf([input]))
  const binder: TableBinder = tables.binder(input)
  const asked = (sources ?? []).filter((s) => !isLookup(s))
  const needed = binder.needed(asked)
  const all = wholeRow(input.table.table)
  const taken = all.flatMap((_, i) => (i < 2 || sources === undefined || needed.has(i - 2) ? [i] : []))
  const narrowed = binder.narrow(asked, [{ kind: 'order' }, ...taken.map((i) => all[i] as (typeof all)[number])], '')
  const name = tables.add(
    input,
    place,
    narrowed.reads,
    asked.length === 0 || asked.some((s) => s.interval === 'all') ? 'all' : 'query',
  )
  const from = { ...(narrowed.relation.from as SourceNode), name }
  const order = narrowed.reads[0]?.id as string
  const stages: Relation['stages'] = [
    ...narrowed.relation.stages,
    { kind: 'order', by: [{ expr: { kind: 'col', id: order, ty: 'int' }, dir: 'asc', nulls: 'first' }] },
  ]
  const plan: Plan = { lets: [], out: { from, stages } }
  const sqlOf: Tables = (source) => tables.sql(source)
  return use(one, async (engine) => {
    const rows = await count({ lets: [], out: { from, stages: narrowed.relation.stages } }, run.env, sqlOf, engine)
    checkPull(input.name, rows, reasons)
    const path = join(folder, `pulled-${place}-${spooled++}.ndjson`)
    const compiled = compiledFor(plan, engine, run.env, sqlOf)
    const elements = all.map((_, at) => (taken.includes(at) ? taken.indexOf(at) + 1 : null))
    if (engine.write && engine.folder !== undefined) {
      const written = join(engine.folder, basename(path))
      await engine.write(compiled, elements, written)
      renameSync(written, path)
    } else await writeLines(engine, compiled, elements, path)
    const { size } = statSync(path)
    const file: Recognised = { ...input, path, size, isPulled: true }
    const told = diagnostic(pulled, inLog(input.name), { path: input.name, rows, reasons })
    return { file, rows, diagnostics: [told, ...warnLacking(input, asked)] }
  })
}

async function writeLines(
  engine: TableEngine,
  compiled: CompiledSql,
  elements: readonly (number | null)[],
  path: string,
): Promise<void> {
  const file = new BlockWriter(path)
  try {
    await engine.stream(compiled, (part) => {
      for (const row of part) file.add(`${lineOf(row, elements)}\n`)
    })
  } finally {
    file.close()
  }
}

/** The row as `rowReader` reads it: nulls for the places that were not read. */
function lineOf(row: Tuple, elements: readonly (number | null)[]): string {
  const text = (value: Tuple[number]): string | null => (value === null ? null : String(value))
  return JSON.stringify(elements.map((i) => (i === null ? null : text(row[i] ?? null))))
}
