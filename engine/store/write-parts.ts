// Parquet parts of a store, written by DuckDB from files of events or from other parts.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { quoteName, quoteString } from '../../core/sql/duckdb/dialect.ts'
import { columnName, hiddenColumn, ORDER_COLUMN, RAW_COLUMN, TIME_COLUMN } from '../../core/tables/column-name.ts'
import { type DuckdbWorker, openWorker, select } from '../duckdb/duckdb.ts'
import type { StorePart } from '../scan/store-consumer.ts'
import type { StoredPart } from '../tables/store-manifest.ts'
import { syncFolder } from '../tables/store-manifest.ts'
import { PARTS } from '../tables/store-place.ts'
import type { Supervision } from '../workers/supervised-worker.ts'

export interface Loaded {
  /** SELECT whose columns are those of the part. */
  readonly sql: string
  readonly part: Omit<StoredPart, 'bytes' | 'full' | 'only' | 'path'>
}

export interface PartWriter {
  /** Writes and keeps a part. Throws if its rows are not as many as were counted, or the disk refuses. */
  write(loaded: Loaded): Promise<StoredPart>
  end(): Promise<void>
}

/** Of the dictionaries of all columns of a part. DuckDB reserves a whole one for each column, however few its rows: 1 MiB if it may. */
const DICTIONARIES = 256 << 20
const MOST_DICTIONARY = 1 << 20

/** Columns of a part times threads: each thread of DuckDB has buffers of its own for each column, 150 KB of them. */
const MOST_BUFFERS = 4000

/** Time, order and record. */
const OWN_COLUMNS = 3

const threadsFor = (columns: number): number =>
  Math.max(1, Math.min(availableParallelism(), Math.floor(MOST_BUFFERS / columns)))

/** `folder`: of the store. `spool`: a private folder. */
export function partWriter(folder: string, spool: string, memoryLimit: string, supervision: Supervision): PartWriter {
  let opened: { readonly worker: DuckdbWorker; readonly threads: number } | undefined
  const workerFor = async (columns: number): Promise<DuckdbWorker> => {
    const threads = threadsFor(columns)
    if (opened?.threads === threads) return opened.worker
    await opened?.worker.end()
    opened = { threads, worker: openWorker({ spool, store: folder, views: [], memoryLimit, threads }) }
    return opened.worker
  }
  return {
    write: async ({ sql, part }) => {
      const path = join(PARTS, folderName(part.type), `${dayOf(part.first)}-${randomBytes(8).toString('hex')}.parquet`)
      const whole = join(folder, path)
      mkdirSync(dirname(whole), { recursive: true })
      const before = join(dirname(whole), `.${randomBytes(8).toString('hex')}.part`)
      const names = JSON.stringify(Object.fromEntries(part.names.map((n) => [columnName(n), n])))
      const answers = JSON.stringify(Object.fromEntries(part.answers.map((n) => [hiddenColumn(n), n])))
      const columns = part.names.length + part.answers.length + OWN_COLUMNS
      const dictionary = Math.min(MOST_DICTIONARY, Math.floor(DICTIONARIES / columns))
      const options = `format parquet, compression zstd, compression_level 1, string_dictionary_page_size_limit ${dictionary}, kv_metadata {assay_columns: ${quoteString(names)}, assay_answers: ${quoteString(answers)}, assay_format: ${quoteString(part.format)}}`
      const worker = await workerFor(columns)
      const [written] = await select(worker, `copy (${sql}) to ${quoteString(before)} (${options})`, 1, supervision)
      const rows = Number(written?.[0])
      if (rows !== part.rows) throw new Error(`${rows} of ${part.rows} events were written`)
      const facts = await factsIn(before, part.names, (sql) => select(worker, sql, 2, supervision))
      const fd = openSync(before, 'r')
      try {
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
      renameSync(before, whole)
      syncFolder(dirname(whole))
      return { ...part, ...facts, path, bytes: statSync(whole).size }
    },
    end: async () => opened?.worker.end(),
  }
}

/** Characters of a text that the list repeats. */
const MOST_REPEATED = 60

/** By the least and greatest values in the footer. */
async function factsIn(
  path: string,
  names: readonly string[],
  ask: (sql: string) => Promise<readonly (readonly unknown[])[]>,
): Promise<Pick<StoredPart, 'full' | 'only'>> {
  const found = await ask(`select path_in_schema, case when min(stats_min_value) = max(stats_max_value)
      and length(min(stats_min_value)) <= ${MOST_REPEATED} then min(stats_min_value) end
    from parquet_metadata(${quoteString(path)}) group by 1
    having bool_and(coalesce(stats_null_count = 0 and stats_min_value <> '' and stats_max_value is not null, false))`)
  const nameOf = new Map(names.map((n) => [columnName(n), n]))
  const full = found.flatMap(([column, text]) => {
    const name = nameOf.get(String(column))
    return name === undefined ? [] : [[name, text] as const]
  })
  return {
    full: full.map(([name]) => name).sort(),
    only: Object.fromEntries(full.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : []))),
  }
}

const folderName = (type: string): string => `type=${type.replace(/[^A-Za-z0-9_.-]/g, '_')}`
const dayOf = (first: string | null): string =>
  first === null ? 'no-time' : new Date(Number(BigInt(first) / 1000n)).toISOString().slice(0, 10)

/** Fewer events of a kind do not get a part of their own. */
const SMALL = 5000

export interface PartGroup {
  readonly format: string
  readonly tags: Readonly<Record<string, string>>
}

/** The files of events by kind; the few of rare kinds together. No two fields of a part differ only in case if they have their own names. */
export function loadsOf(parts: readonly StorePart[], groups: readonly PartGroup[], raw: boolean): Loaded[] {
  const byKind = new Map<string, StorePart[]>()
  const total = new Map<string, number>()
  for (const p of parts) total.set(`${p.group} ${p.type}`, (total.get(`${p.group} ${p.type}`) ?? 0) + p.rows)
  for (const p of parts) {
    const type = (total.get(`${p.group} ${p.type}`) as number) < SMALL ? 'other' : p.type
    const key = JSON.stringify([p.group, type, p.asLogged, p.isNamed])
    byKind.set(key, [...(byKind.get(key) ?? []), { ...p, type }])
  }
  return [...byKind.values()].flatMap((of) => withoutClashes(of)).map((of) => loadOf(of, groups, raw))
}

function withoutClashes(parts: readonly StorePart[]): StorePart[][] {
  interface PartSet {
    readonly parts: StorePart[]
    readonly spelling: Map<string, string>
  }
  const sets: PartSet[] = []
  for (const p of parts) {
    const fits = sets.find((s) => !p.asLogged || p.names.every((n) => (s.spelling.get(n.toLowerCase()) ?? n) === n))
    const set: PartSet = fits ?? { parts: [], spelling: new Map() }
    if (!fits) sets.push(set)
    set.parts.push(p)
    for (const n of p.names) set.spelling.set(n.toLowerCase(), n)
  }
  return sets.map((s) => s.parts)
}

function loadOf(parts: readonly StorePart[], groups: readonly PartGroup[], raw: boolean): Loaded {
  const [one] = parts as readonly [StorePart, ...StorePart[]]
  const names = [...new Set(parts.flatMap((p) => p.names))].sort()
  const read = (n: string): string => (one.asLogged ? n : columnName(n))
  const answers = [...new Set(parts.flatMap((p) => p.answers))].sort()
  const hidden = answers.map(hiddenColumn)
  const own = [TIME_COLUMN, ORDER_COLUMN, ...(raw ? [RAW_COLUMN] : []), ...hidden]
  const columns = [...own, ...names.map(read)].map((c) => `${quoteName(c)}: 'varchar'`)
  const items = [
    `cast(${TIME_COLUMN} as bigint) as ${TIME_COLUMN}`,
    `cast(${ORDER_COLUMN} as bigint) as ${ORDER_COLUMN}`,
    ...(raw ? [RAW_COLUMN] : []),
    ...hidden,
    ...names.map((n) => `${quoteName(read(n))} as ${columnName(n)}`),
  ]
  const longest = Math.max(1 << 20, ...parts.map((p) => p.longest))
  const files = parts.map((p) => quoteString(p.path)).join(', ')
  const from = `read_json([${files}], format = 'newline_delimited', records = true, maximum_object_size = ${longest}, columns = {${columns.join(', ')}})`
  const group = groups[one.group] as PartGroup
  return {
    sql: `select ${items.join(', ')} from ${from}`,
    part: { ...factsOf(parts), ...group, type: one.type, raw, names, named: one.isNamed, answers },
  }
}

function factsOf(parts: readonly StorePart[]): Pick<StoredPart, 'first' | 'last' | 'rows'> {
  const firsts = parts.flatMap((p) => (p.first === null ? [] : [p.first]))
  const lasts = parts.flatMap((p) => (p.last === null ? [] : [p.last]))
  const least = firsts.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null)
  const most = lasts.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null)
  return {
    rows: parts.reduce((n, p) => n + p.rows, 0),
    first: least === null ? null : String(least),
    last: most === null ? null : String(most),
  }
}
