// Cases of pages on a cluster: the events of each block in a Distributed table, divided by a hash of the event, and the query over it.
import { createHash } from 'node:crypto'
import { openCase, prepareQuery, queryBlocks } from '../../core/detect/case/case.ts'
import { compileOnce } from '../../core/detect/case/compile-text.ts'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import type { ReadEvents } from '../../core/detect/case/read-events.ts'
import { type Env, type Plan, REST, type Row, type SourceNode } from '../../core/plan/plan.ts'
import { columnIds, isLookup, planSources } from '../../core/plan/sources.ts'
import type { TableColumn } from '../../core/tables/column.ts'
import type { TableMapping } from '../../core/tables/mapping.ts'
import type { Source } from '../../core/text/source.ts'
import { evaluator, expandRest, type Ran } from '../../engine/cases/case-executors.ts'
import { difference } from '../../engine/cases/test-cases.ts'
import { pushDown } from '../../engine/execute/run-tables.ts'
import type { TableInput } from '../../engine/execute/table-input.ts'
import { readInside } from '../../engine/files/open-inside.ts'
import { TABLE } from '../../engine/inputs/table-file.ts'
import type { Servers } from '../../tools/clickhouse-servers.ts'

/** Ours and no fields: a field may have the name of a column. */
const COLUMNS: readonly (TableColumn & { readonly sql: string })[] = [
  { name: ' t', physical: 't', sql: "Nullable(DateTime64(6, 'UTC'))", type: { kind: 'stamp' }, isOwn: true },
  { name: ' s', physical: 's', sql: 'UInt64', type: { kind: 'whole' }, isOwn: true },
  { name: ' raw', physical: 'raw', sql: 'String', type: { kind: 'text' }, isOwn: true },
  { name: 'rest', sql: 'Map(String, String)', type: { kind: 'map', of: { kind: 'text' } } },
]
const MAPPING: TableMapping = { time: { column: ' t' }, order: ' s', raw: ' raw', rest: 'rest', fields: {}, tags: {} }

export interface ClusterCase {
  readonly page: string
  readonly title: string
  /** False: the cluster cannot compute all of it, for the `reasons`. */
  readonly isPushed: boolean
  readonly reasons: readonly string[]
  /** Lines in which its rows differ from those of the evaluator. */
  readonly difference: readonly string[]
}

export class ClusterCases {
  readonly #servers: Servers
  readonly #made = new Map<string, Promise<string>>()

  constructor(servers: Servers) {
    this.#servers = servers
  }

  /** The cases of a page that have events: one answer for each query. */
  async run(page: Source): Promise<ClusterCase[]> {
    const file = parseCaseFile(page)
    const compile = compileOnce()
    const reach = { from: page.name.replace(/\/[^/]*$/, ''), roots: ['.'] }
    const answers: ClusterCase[] = []
    for (const c of file.cases) {
      if (c.skip !== undefined || c.todo !== undefined) continue
      const open = openCase(file, c, (path) => {
        const read = readInside(reach, path)
        return read.ok ? read.value : read.diagnostics[0]
      })
      if (open.telemetry.every((t) => t.events.length === 0)) continue
      for (const block of queryBlocks(open)) {
        const path = block.options.get('file')
        const read = path === undefined ? undefined : readInside(reach, path)
        const { plan, env, rows } = prepareQuery(open, block, read?.ok ? read.value : '', compile)
        if (!plan) continue
        const at = { page: page.name, title: c.title }
        const wanted = await evaluator.run(plan, rows, env)
        answers.push({ ...at, ...(await this.#answer({ plan, env, rows, telemetry: open.telemetry, wanted, open })) })
      }
    }
    return answers
  }

  async #answer(of: {
    plan: Plan
    env: Env
    rows: (s: SourceNode) => Row[]
    telemetry: readonly ReadEvents[]
    wanted: Ran
    open: ReturnType<typeof openCase>
  }): Promise<Pick<ClusterCase, 'difference' | 'isPushed' | 'reasons'>> {
    const { plan, env, rows, telemetry, wanted } = of
    const inputs = await Promise.all(telemetry.filter((t) => t.format).map((t) => this.#input(t)))
    const sources = planSources(plan)
    const hasClock = of.open.blocks.some((b) => b.kind === 'clock' && /^\s*(?:from|to):/m.test(b.source.text))
    const lookups = sources.filter(isLookup).map((s) => {
      const ids = columnIds(s)
      return [s, rows(s).map((r) => ids.map((id) => r[id] ?? null))] as const
    })
    const run = {
      inputs,
      env,
      bounds: hasClock ? { start: env.start, end: env.end } : null,
      memoryLimit: '1GB',
      supervision: { signal: undefined, patience: 60 },
    }
    const pushed = await pushDown(plan, lookups, run)
    if (!('answer' in pushed) || pushed.tail) return { isPushed: false, reasons: pushed.reasons, difference: [] }
    const { compiled, rows: tuples } = pushed.answer
    const ids = [...compiled.columns.map((c) => c.id), ...(compiled.rest ? [REST] : [])]
    const got = tuples.map((t): Row => Object.fromEntries(ids.map((id, i) => [id, t[i] ?? null])))
    const { columns, rest } = compiled
    const ran: Ran = { ...expandRest({ columns, rest, rows: got }), sql: compiled.sql, tail: [] }
    const lines = difference(wanted, ran, false)
    return { isPushed: true, reasons: [], difference: lines.length === 0 ? [] : [...lines, compiled.sql] }
  }

  async #input({ events, format, tags }: ReadEvents): Promise<TableInput> {
    const text = events
      .map(({ event, meta }) => {
        const time = event.time
        const t = time === undefined ? null : `${time / 1_000_000n}.${String(time % 1_000_000n).padStart(6, '0')}`
        const rest = Object.fromEntries(event.fields)
        return JSON.stringify({ t, s: Number(meta.seq), raw: event.raw ?? meta.raw, rest })
      })
      .join('\n')
    const key = createHash('sha256').update(text).digest('hex').slice(0, 16)
    const made = this.#made.get(key) ?? this.#make(`cases_${key}`, text)
    this.#made.set(key, made)
    const table = await made
    const times = events.flatMap(({ event: { time } }) => (time === undefined ? [] : [time]))
    const at = {
      engine: 'clickhouse' as const,
      address: { url: `http://127.0.0.1:${this.#servers.ports[0]}`, user: 'default', database: 'logs', table },
      isReadonly: false,
      joinNulls: false,
    }
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
        at,
        rows: events.length,
        first: times[0] ?? null,
        last: times.at(-1) ?? null,
        aliases: format?.aliases ?? {},
        tags,
      },
    }
  }

  async #make(name: string, text: string): Promise<string> {
    const s = this.#servers
    const columns = COLUMNS.map((c) => `${c.physical ?? c.name} ${c.sql}`).join(', ')
    await Promise.all(
      [0, 1].map((i) => s.run(i, `create table logs.${name}_local (${columns}) engine = MergeTree order by s`)),
    )
    await s.run(0, `create table logs.${name} as logs.${name}_local engine = Distributed(pair, logs, ${name}_local, s)`)
    if (text !== '')
      await s.run(0, `insert into logs.${name} settings distributed_foreground_insert = 1 format JSONEachRow ${text}`)
    return name
  }
}
