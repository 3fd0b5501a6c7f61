// Parquet files as a table: columns, rows, time span, and how the columns name fields.
import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { tableUnreadable, caseClash } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { quoteString } from '../../core/sql/duckdb/dialect.ts'
import { duckdbTable } from '../../core/sql/duckdb/table.ts'
import type { TableColumn } from '../../core/tables/column.ts'
import { duckdbType } from '../../core/tables/column-type.ts'
import { placeOfPath, type Table } from '../../core/tables/mapping.ts'
import type { Input, Recognised } from '../inputs/input.ts'
import { TABLE, type TableFile } from '../inputs/table-file.ts'
import { RunError, type Supervision } from '../workers/supervised-worker.ts'
import { chooseMapping, type SourceSetting } from './choose-mapping.ts'
import { type ParquetEngine, withParquet } from './parquet-engine.ts'

export interface OpenedTables {
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface TableGroup {
  /** As the user named it. */
  readonly name: string
  readonly inputs: readonly Input[]
  readonly setting: SourceSetting | undefined
}

export const absolute = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** Files with the same tags are one table. */
export function groupsOf(
  inputs: readonly Input[],
  settingOf: (input: Input) => SourceSetting | undefined,
): TableGroup[] {
  const groups = new Map<string, { inputs: Input[]; setting: SourceSetting | undefined }>()
  for (const input of inputs) {
    const setting = settingOf(input)
    const key = JSON.stringify([input.tags, setting])
    const group = groups.get(key) ?? { inputs: [], setting }
    group.inputs.push(input)
    groups.set(key, group)
  }
  return [...groups.values()].map((g) => ({ ...g, name: nameOf(g.inputs) }))
}

/** The file, or the folder that all of them are in. */
function nameOf(inputs: readonly Input[]): string {
  const [first, ...others] = inputs.map((i) => i.name)
  if (first === undefined || others.length === 0) return first ?? ''
  let folder = dirname(first)
  while (folder !== '.' && folder !== '/' && !others.every((n) => n.startsWith(`${folder}/`))) folder = dirname(folder)
  return folder
}

/** Never throws on files. */
export async function openParquet(
  groups: readonly TableGroup[],
  memoryLimit: string,
  supervision: Supervision,
): Promise<OpenedTables> {
  const files: Recognised[] = []
  const diagnostics: Diagnostic[] = []
  const paths = parquetPaths(groups.flatMap((g) => g.inputs))
  if (paths.length === 0) return { files, diagnostics }
  for (const group of groups) {
    try {
      const found = await withParquet(paths, memoryLimit, supervision, (engine) => openGroup(group, engine))
      files.push(...found.files)
      diagnostics.push(...found.diagnostics)
    } catch (e) {
      if (!(e instanceof RunError)) throw e
      diagnostics.push(await nameDamaged(group, e, paths, memoryLimit, supervision))
    }
  }
  return { files, diagnostics }
}

/** The paths that an engine over these inputs opens. */
export const parquetPaths = (inputs: readonly { readonly path: string }[]): string[] =>
  [...new Set(inputs.map((i) => absolute(i.path)))].sort()

async function openGroup(group: TableGroup, engine: ParquetEngine): Promise<OpenedTables> {
  const { name, inputs } = group
  const paths = inputs.map((i) => absolute(i.path))
  const list = `[${paths.map(quoteString).join(', ')}]`
  const described = await engine.select(
    `describe select * from read_parquet(${list}, union_by_name = true, hive_partitioning = true)`,
    2,
  )
  const columns = described.map(
    ([column, type]): TableColumn => ({ name: String(column), type: duckdbType(String(type)) }),
  )
  const clash = await clashes(engine, list)
  if (clash.length > 0)
    return { files: [], diagnostics: [diagnostic(caseClash, inLog(name), { path: name, names: clash })] }
  const counts = await engine.select(`select file_name, num_rows from parquet_file_metadata(${list})`, 2)
  const rowsOf = new Map(counts.map(([file, rows]) => [String(file), Number(rows)]))
  const offsets: number[] = []
  let rows = 0
  for (const p of paths) {
    offsets.push(rows)
    rows += rowsOf.get(p) ?? 0
  }
  const sample = async (column: string): Promise<string | null> => {
    const [row] = await engine.select(
      `select cast(${sqlName(column)} as varchar) from read_parquet(${list}, union_by_name = true, hive_partitioning = true) where ${sqlName(column)} is not null limit 1`,
      1,
    )
    return (row?.[0] as string | null | undefined) ?? null
  }
  const chosen = await chooseMapping({ name, columns, setting: group.setting, sample })
  if (!chosen.mapping) return { files: [], diagnostics: chosen.diagnostics }
  const { mapping, why } = chosen
  const table: Table = { columns: chosen.columns, mapping }
  const span = mapping.time ? await spanIn(engine, list, table) : NO_SPAN
  const file = tableFile(table, { engine: 'duckdb', paths, offsets }, rows, span)
  const size = inputs.reduce((n, i) => n + i.size, 0)
  const [first] = inputs
  const recognised: Recognised = {
    name,
    path: first?.path ?? name,
    size,
    tags: first?.tags ?? {},
    gzip: false,
    charset: 'utf-8',
    bom: 0,
    head: [],
    format: mapping.format ?? TABLE,
    why: `${paths.length === 1 ? 'a Parquet file' : `${paths.length} Parquet files`}, ${why}`,
    others: [],
    table: file,
  }
  return { files: [recognised], diagnostics: chosen.diagnostics }
}

/** By the least and greatest values in the footers. Undefined: a part of the files has none, or the column has members or texts. */
async function spanIn(engine: ParquetEngine, list: string, table: Table): Promise<Span | undefined> {
  const { time } = table.mapping
  const place = time && placeOfPath(table, time.column)
  if (!place || place.members.length > 0 || !['stamp', 'whole'].includes(place.type.kind)) return undefined
  const { raw } = duckdbTable.base.sql
  const type = place.type.kind === 'stamp' ? 'timestamp' : 'bigint'
  const end = (of: string): string => duckdbTable.micros(raw(`try_cast(${of} as ${type})`), place.type, time.unit).text
  const [row] = await engine.select(
    `select min(a), max(b), count(*) - count(a), count(*) from (
      select ${end('stats_min_value')} as a, ${end('stats_max_value')} as b
      from parquet_metadata(${list})
      where path_in_schema = ${quoteString(place.column)} and stats_null_count is distinct from num_values)`,
    4,
  )
  const [first, last, unknown, groups] = row ?? []
  if (typeof first !== 'bigint' || typeof last !== 'bigint' || Number(unknown) > 0 || Number(groups) === 0)
    return undefined
  return [first, last]
}

type Span = readonly [first: bigint | null, last: bigint | null]
const NO_SPAN: Span = [null, null]

/** `span`: undefined if it is not known. */
export function tableFile(table: Table, at: TableFile['at'], rows: number, span: Span | undefined): TableFile {
  const { mapping } = table
  const own = mapping.format === undefined ? undefined : formatNamed(mapping.format)
  return {
    table,
    at,
    rows,
    ...(span && { first: span[0], last: span[1] }),
    aliases: { ...own?.aliases, ...mapping.fields },
    tags: { ...own?.tags, ...mapping.tags },
  }
}

const sqlName = (name: string): string => duckdbTable.base.sql.id(name).text

/** Names of columns that are one name for the engine. Members of different columns may have the same name. */
async function clashes(engine: ParquetEngine, list: string): Promise<string[]> {
  const rows = await engine.select(`select file_name, name, coalesce(num_children, 0) from parquet_schema(${list})`, 3)
  const spellings = new Map<string, Set<string>>()
  let file: unknown
  let inside = 0
  for (const [of, name, children] of rows) {
    // The first element of a file is its root; elements come in depth-first order.
    if (of !== file) {
      file = of
      inside = 0
      continue
    }
    if (inside === 0) {
      const low = String(name).toLowerCase()
      const known = spellings.get(low) ?? new Set()
      spellings.set(low, known.add(String(name)))
    } else inside--
    inside += Number(children)
  }
  return [...spellings.values()].flatMap((s) => (s.size > 1 ? [...s] : []))
}

/** The engine's message names no file if a footer is damaged, so each is tried alone. */
async function nameDamaged(
  { inputs, name }: TableGroup,
  e: RunError,
  paths: readonly string[],
  memoryLimit: string,
  supervision: Supervision,
): Promise<Diagnostic> {
  if (e.diagnostic.code !== 'RUN105') return e.diagnostic
  for (const input of inputs) {
    try {
      const sql = `select num_rows from parquet_file_metadata(${quoteString(absolute(input.path))})`
      await withParquet(paths, memoryLimit, supervision, (engine) => engine.select(sql, 1))
    } catch (inner) {
      if (!(inner instanceof RunError)) throw inner
      return diagnostic(tableUnreadable, inLog(input.name), { path: input.name, reason: reasonIn(inner) })
    }
  }
  return diagnostic(tableUnreadable, inLog(name), { path: name, reason: reasonIn(e) })
}

const reasonIn = (e: RunError): string => e.diagnostic.message.replace(/^DuckDB: /, '')
