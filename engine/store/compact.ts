// `assay store --compact`: one part in place of many small ones of the same kind.
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { notStore } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { quoteString } from '../../core/sql/duckdb/dialect.ts'
import { columnName, hiddenColumn, ORDER_COLUMN, RAW_COLUMN, TIME_COLUMN } from '../../core/tables/column-name.ts'
import { RunSession } from '../execute/run-session.ts'
import { type Manifest, type StoredPart, writeManifest } from '../tables/store-manifest.ts'
import { isStore } from '../tables/store-place.ts'
import { storeError } from './store-error.ts'
import { lockStore, sweep, sweepIfPossible } from './store-lock.ts'
import { type Loaded, partWriter } from './write-parts.ts'

export interface CompactOptions {
  readonly folder: string
  readonly memoryLimit?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'query' | 'scan' | 'span', done: number, total: number) => void
}

export interface Compacted {
  readonly ok: boolean
  readonly manifest: Manifest | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** A part of so many rows is large. */
const LARGE = 5_000_000

/** Never throws on files. */
export async function compactStore(o: CompactOptions): Promise<Compacted> {
  const folder = resolve(o.folder)
  const failed = (d: Diagnostic): Compacted => ({ ok: false, manifest: undefined, diagnostics: [d] })
  if (!isStore(folder)) return failed(diagnostic(notStore, inLog(o.folder), { path: o.folder }))
  const locked = lockStore(folder)
  if (!locked.ok) return { ok: false, manifest: undefined, diagnostics: locked.diagnostics }
  const { manifest, release } = locked.value
  const session = new RunSession(o)
  let list = manifest
  try {
    const spool = join(session.spool, 'store')
    mkdirSync(spool, { recursive: true })
    const writer = partWriter(folder, spool, o.memoryLimit ?? '1GB', session.supervision)
    try {
      const sets = setsOf(manifest.parts)
      for (const [i, set] of sets.entries()) {
        o.onProgress?.('query', i, sets.length)
        const made = await writer.write(merged(folder, set))
        // The new list comes first: a reader that has the old one may then miss a file, which it reports.
        list = { ...list, parts: [...list.parts.filter((p) => !set.includes(p)), made] }
        writeManifest(folder, list)
      }
    } finally {
      await writer.end()
      rmSync(spool, { recursive: true, force: true })
    }
    sweep(folder, list)
    return { ok: true, manifest: list, diagnostics: [] }
  } catch (e) {
    sweepIfPossible(folder, list)
    return failed(storeError(o.folder, e))
  } finally {
    await session.close()
    release()
  }
}

/** Parts that become one: of a kind, each small, in order of time. */
function setsOf(parts: readonly StoredPart[]): StoredPart[][] {
  const kinds = new Map<string, StoredPart[]>()
  for (const p of parts) {
    if (p.rows >= LARGE) continue
    const key = JSON.stringify([p.format, p.tags, p.type, p.raw, p.named])
    kinds.set(key, [...(kinds.get(key) ?? []), p])
  }
  return [...kinds.values()].flatMap((of) => {
    const sets: StoredPart[][] = []
    let rows = LARGE
    for (const p of of.toSorted((a, b) => ((a.first ?? '') < (b.first ?? '') ? -1 : 1))) {
      if (rows + p.rows > LARGE) {
        sets.push([])
        rows = 0
      }
      sets.at(-1)?.push(p)
      rows += p.rows
    }
    return sets.filter((s) => s.length > 1)
  })
}

function merged(folder: string, parts: readonly StoredPart[]): Loaded {
  const [one] = parts as readonly [StoredPart, ...StoredPart[]]
  const names = [...new Set(parts.flatMap((p) => p.names))].sort()
  const answers = [...new Set(parts.flatMap((p) => p.answers))].sort()
  const own = [TIME_COLUMN, ORDER_COLUMN, ...(one.raw ? [RAW_COLUMN] : [])]
  const columns = [...own, ...answers.map(hiddenColumn), ...names.map(columnName)]
  const files = parts.map((p) => quoteString(join(folder, p.path))).join(', ')
  const times = parts.flatMap((p) => [p.first, p.last].flatMap((t) => (t === null ? [] : [BigInt(t)])))
  const end = (isBetter: (a: bigint, b: bigint) => boolean): string | null => {
    const [first, ...others] = times
    return first === undefined ? null : String(others.reduce((a, b) => (isBetter(b, a) ? b : a), first))
  }
  return {
    sql: `select ${columns.join(', ')} from read_parquet([${files}], union_by_name = true, hive_partitioning = false) order by ${TIME_COLUMN}`,
    part: {
      format: one.format,
      tags: one.tags,
      type: one.type,
      raw: one.raw,
      names,
      named: one.named,
      answers,
      rows: parts.reduce((n, p) => n + p.rows, 0),
      first: end((a, b) => a < b),
      last: end((a, b) => a > b),
    },
  }
}
