// Cases of pages on a cluster: the events of each block in a Distributed table, divided by a hash of the event, and the query over it.
import { createHash } from 'node:crypto'
import type { ReadEvents } from '../../core/detect/case/read-events.ts'
import { REST, type Row } from '../../core/plan/plan.ts'
import { columnIds, isLookup, planSources } from '../../core/plan/sources.ts'
import type { Source } from '../../core/text/source.ts'
import { evaluator, expandRest, type Ran } from '../../engine/cases/case-executors.ts'
import { difference } from '../../engine/cases/test-cases.ts'
import { pushDown } from '../../engine/execute/run-tables.ts'
import type { TableInput } from '../../engine/execute/table-input.ts'
import { type CaseQuery, COLUMNS, caseQueries, tableOfEvents } from '../../tools/case-tables.ts'
import type { Servers } from '../../tools/clickhouse-servers.ts'

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
    const answers: ClusterCase[] = []
    for (const c of caseQueries(page)) {
      const wanted = await evaluator.run(c.plan, c.rows, c.env)
      answers.push({ page: c.page, title: c.title, ...(await this.#answer(c, wanted)) })
    }
    return answers
  }

  async #answer(c: CaseQuery, wanted: Ran): Promise<Pick<ClusterCase, 'difference' | 'isPushed' | 'reasons'>> {
    const { plan, env, rows, bounds } = c
    const inputs = await Promise.all(c.telemetry.map((t) => this.#input(t)))
    const lookups = planSources(plan)
      .filter(isLookup)
      .map((s) => {
        const ids = columnIds(s)
        return [s, rows(s).map((r) => ids.map((id) => r[id] ?? null))] as const
      })
    const run = {
      inputs,
      env,
      bounds,
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

  async #input(read: ReadEvents): Promise<TableInput> {
    const text = read.events
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
    return tableOfEvents(read, await made, this.#servers.ports[0] as number)
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
