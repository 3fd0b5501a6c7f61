// Queries of conformance cases over tables: the events of a case as a Distributed table of ClickHouse.
import { openCase, prepareQuery, queryBlocks } from '../core/detect/case/case.ts'
import { parseCaseFile } from '../core/detect/case/case-file.ts'
import { compileOnce } from '../core/detect/case/compile-text.ts'
import type { ReadEvents } from '../core/detect/case/read-events.ts'
import type { Env, Plan, Row, SourceNode } from '../core/plan/plan.ts'
import type { TableColumn } from '../core/tables/column.ts'
import type { TableMapping } from '../core/tables/mapping.ts'
import type { Source } from '../core/text/source.ts'
import type { TableInput } from '../engine/execute/table-input.ts'
import { readInside } from '../engine/files/open-inside.ts'
import { TABLE } from '../engine/inputs/table-file.ts'
import type { Bounds } from '../engine/scan/bounds.ts'

/** Ours and no fields: a field may have the name of a column. */
export const COLUMNS: readonly (TableColumn & { readonly sql: string })[] = [
  { name: ' t', physical: 't', sql: "Nullable(DateTime64(6, 'UTC'))", type: { kind: 'stamp' }, isOwn: true },
  { name: ' s', physical: 's', sql: 'UInt64', type: { kind: 'whole' }, isOwn: true },
  { name: ' raw', physical: 'raw', sql: 'String', type: { kind: 'text' }, isOwn: true },
  { name: 'rest', sql: 'Map(String, String)', type: { kind: 'map', of: { kind: 'text' } } },
]
const MAPPING: TableMapping = { time: { column: ' t' }, order: ' s', raw: ' raw', rest: 'rest', fields: {}, tags: {} }

/** Pages about facts that no table has. */
export const NOT_IN_A_TABLE: readonly (readonly [page: RegExp, why: string])[] = [
  [/ngsiem-names/, 'the names of Next-Gen SIEM are made of the record when it is read'],
  [/sumo\/exports/, 'the time of receipt of an export is a text, and its reader makes the number; a store keeps it'],
  [/sumo\/unparsed/, 'records that could not be read are no events'],
]

/** A query of a case, and its events. */
export interface CaseQuery {
  readonly page: string
  readonly title: string
  readonly plan: Plan
  readonly env: Env
  readonly bounds: Bounds
  readonly rows: (s: SourceNode) => Row[]
  readonly telemetry: readonly ReadEvents[]
}

/** The queries of the cases of a page that have events. */
export function* caseQueries(page: Source): Iterable<CaseQuery> {
  const compile = compileOnce()
  const file = parseCaseFile(page)
  const reach = { from: page.name.replace(/\/[^/]*$/, ''), roots: ['.'] }
  for (const c of file.cases) {
    if (c.skip !== undefined || c.todo !== undefined) continue
    const open = openCase(file, c, (path) => {
      const read = readInside(reach, path)
      return read.ok ? read.value : read.diagnostics[0]
    })
    const { telemetry } = open
    if (telemetry.every((t) => t.events.length === 0)) continue
    const hasClock = open.blocks.some((b) => b.kind === 'clock' && /^\s*(?:from|to):/m.test(b.source.text))
    for (const block of queryBlocks(open)) {
      const path = block.options.get('file')
      const read = path === undefined ? undefined : readInside(reach, path)
      const { plan, env, rows } = prepareQuery(open, block, read?.ok ? read.value : '', compile)
      const bounds = hasClock ? { start: env.start, end: env.end } : null
      const withFormat = telemetry.filter((t) => t.format)
      if (plan) yield { page: page.name, title: c.title, plan, env, bounds, rows, telemetry: withFormat }
    }
  }
}

/** The events as the Distributed table of that name. */
export function tableOfEvents({ events, format, tags }: ReadEvents, table: string, port: number): TableInput {
  const times = events.flatMap(({ event: { time } }) => (time === undefined ? [] : [time]))
  return {
    name: table,
    path: table,
    size: 0,
    tags: {},
    gzip: false,
    charset: 'utf-8',
    bom: 0,
    head: [],
    format: format?.name ?? TABLE,
    why: '',
    others: [],
    table: {
      table: { columns: COLUMNS, mapping: MAPPING },
      at: {
        engine: 'clickhouse',
        address: { url: `http://127.0.0.1:${port}`, user: 'default', database: 'logs', table },
        isReadonly: false,
        joinNulls: false,
      },
      rows: events.length,
      first: times[0] ?? null,
      last: times.at(-1) ?? null,
      aliases: format?.aliases ?? {},
      tags,
    },
  }
}
