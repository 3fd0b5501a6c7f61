// A store as tables: its parts of one format and the same tags are one.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { tableUnreadable } from '../../core/diag/catalogue/table.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import type { TableColumn } from '../../core/tables/column.ts'
import { columnName, hiddenColumn, ORDER_COLUMN, RAW_COLUMN, TIME_COLUMN } from '../../core/tables/column-name.ts'
import type { Table } from '../../core/tables/mapping.ts'
import type { Recognised, Tags } from '../inputs/input.ts'
import { TABLE } from '../inputs/table-file.ts'
import { absolute, type OpenedTables, tableFile } from './open-parquet.ts'
import { readManifest, type StoredPart } from './store-manifest.ts'

/** Never throws on files. `tags`: of the command line. */
export function openStore(folder: string, tags: Tags): OpenedTables {
  const read = readManifest(folder)
  if (!read.ok) return { files: [], diagnostics: read.diagnostics }
  const groups = new Map<string, StoredPart[]>()
  for (const p of read.value.parts) {
    const key = JSON.stringify([p.format, p.tags, p.raw, p.named])
    groups.set(key, [...(groups.get(key) ?? []), p])
  }
  const lost = read.value.parts.filter((p) => !existsSync(join(folder, p.path)))
  if (lost.length > 0) {
    const path = join(folder, lost[0]?.path ?? '')
    return {
      files: [],
      diagnostics: [diagnostic(tableUnreadable, inLog(path), { path, reason: 'the store lists it, but it is gone' })],
    }
  }
  const files = [...groups.values()].map((parts) => recognised(folder, parts, tags))
  return { files, diagnostics: [] }
}

function recognised(folder: string, parts: readonly StoredPart[], tags: Tags): Recognised {
  const { format, raw, named, tags: own } = parts[0] as StoredPart
  const names = [...new Set(parts.flatMap((p) => p.names))].sort()
  const answers = [...new Set(parts.flatMap((p) => p.answers))].sort()
  const text = { kind: 'text' } as const
  const columns: TableColumn[] = [
    { name: ` ${TIME_COLUMN}`, physical: TIME_COLUMN, type: { kind: 'whole' }, isOwn: true },
    { name: ` ${ORDER_COLUMN}`, physical: ORDER_COLUMN, type: { kind: 'whole' }, isOwn: true },
    ...(raw ? [{ name: ` ${RAW_COLUMN}`, physical: RAW_COLUMN, type: text, isOwn: true } as const] : []),
    ...answers.map(
      (of): TableColumn => ({
        name: ` ${hiddenColumn(of)}`,
        physical: hiddenColumn(of),
        type: text,
        isOwn: true,
        answers: of,
      }),
    ),
    ...names.map((name): TableColumn => ({ name, physical: columnName(name), type: text })),
  ]
  const table: Table = {
    columns,
    mapping: {
      time: { column: ` ${TIME_COLUMN}`, unit: 'us' },
      order: ` ${ORDER_COLUMN}`,
      ...(raw && { raw: ` ${RAW_COLUMN}` }),
      ...(formatNamed(format) && { format }),
      fields: {},
      tags: own,
      stored: { isNamed: named },
    },
  }
  const paths = parts.map((p) => absolute(join(folder, p.path)))
  const spans = parts.map((p) =>
    p.first === null || p.last === null ? null : ([BigInt(p.first), BigInt(p.last)] as const),
  )
  const times = spans.flatMap((s) => s ?? [])
  const least = times.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null)
  const most = times.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null)
  const rows = parts.reduce((n, p) => n + p.rows, 0)
  const facts = parts.map((p) => ({
    columns: new Set([...p.names, ...p.answers.map((n) => ` ${hiddenColumn(n)}`)]),
    full: new Set(p.full),
    only: new Map(Object.entries(p.only)),
  }))
  const at = { engine: 'duckdb' as const, paths, offsets: parts.map(() => 0), spans, facts }
  return {
    name: folder,
    path: resolve(paths[0] ?? folder),
    size: parts.reduce((n, p) => n + p.bytes, 0),
    tags,
    gzip: false,
    charset: 'utf-8',
    bom: 0,
    head: [],
    format: formatNamed(format) ? format : TABLE,
    why: `a store of ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}`,
    others: [],
    table: tableFile(table, at, rows, [least, most]),
  }
}
