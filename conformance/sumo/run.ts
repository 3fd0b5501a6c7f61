// For tests: runs a search on the evaluator, text → parse → lower → evaluate → printed rows.
import { binder } from '../../core/eval/bind.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { lower } from '../../core/lang/sumo/lower.ts'
import type { Example } from '../../core/lang/shared/builtin.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import { parse } from '../../core/lang/sumo/parse.ts'
import type { Event } from '../../core/logs/format.ts'
import type { Env, Plan, Row, SourceNode } from '../../core/plan/plan.ts'
import { type Cell, present } from '../../core/workbench/present.ts'

export type Given = Readonly<Record<string, string | number>>

export interface Ran {
  readonly plan: Plan
  readonly rows: Record<string, unknown>[]
  readonly errors: string[]
  readonly diagnostics: readonly Diagnostic[]
  readonly assumptions: readonly string[]
  readonly ordered: boolean
}

const DAY = 86_400_000_000n
export const ENV: Env = { now: 20_000n * DAY, start: 19_999n * DAY, end: 20_000n * DAY, zone: 'UTC' }

/** Lookup tables for the examples of builtins. */
export const EXAMPLE_TABLES: Readonly<Record<string, readonly Row[]>> = {
  'path:///names': [{ id: 'AL', name: 'Alice' }],
  'geo://location': [{ ip: '8.8.8.8', country_code: 'US', country_name: 'United States', city: 'Ashburn' }],
  'sumo://threat/i471': [{ indicator: '203.0.113.9', confidence: '90', threat_type: 'c2' }],
  'sumo://threat/cs': [{ threat: '203.0.113.9', actor: 'Panda', threatlevel: 'high', raw: '{}', type: 'ip_address' }],
}
const knownTables: CompileContext = {
  lookups: Object.fromEntries(
    Object.entries(EXAMPLE_TABLES).map(([name, [first]]) => [name, { columns: Object.keys(first ?? {}) }]),
  ),
}

export const knownFor = ({ semantics }: Example): CompileContext => ({
  ...knownTables,
  ...(semantics && { semantics }),
})

/** `_raw` and `_messageTime` (ms) of an event are its text and time; the rest are fields. Later events are newer if no time is given. */
export function run(
  query: string,
  events: readonly Given[],
  known: CompileContext = {},
  lookups: Readonly<Record<string, readonly Row[]>> = {},
  interval?: Interval,
): Ran {
  const parsed = parse({ name: 'test', text: query })
  const lowered = lower(parsed.query, parsed.source, known)
  const diagnostics = [...parsed.diagnostics, ...parsed.nearMisses.map((n) => n.diagnostic), ...lowered.diagnostics]
  const table = (source: SourceNode): Iterable<Row> => tableOf(source, events, lookups, interval)
  const result = evaluate(lowered.plan, table, envOf(interval))
  const { columns, ordered } = lowered.presentation
  const shown = present(result.columns, result.rows, { ordered, ...(columns ? { columns } : {}) })
  const rows = shown.rows.map((r) =>
    Object.fromEntries(shown.columns.flatMap((c, i) => ((r[i] ?? null) === null ? [] : [[c, plain(r[i] as Cell)]]))),
  )
  return {
    plan: lowered.plan,
    rows,
    errors: diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`),
    diagnostics,
    assumptions: lowered.assumptions,
    ordered,
  }
}

type Interval = readonly [start: number, end: number]

/** The facts of a run over an interval in epoch milliseconds. */
export const envOf = (interval: Interval | undefined): Env =>
  interval ? { ...ENV, start: BigInt(interval[0]) * 1000n, end: BigInt(interval[1]) * 1000n } : ENV

/** Without an interval every event is in it. */
export function tableOf(
  source: SourceNode,
  events: readonly Given[],
  lookups: Readonly<Record<string, readonly Row[]>> = {},
  interval?: Interval,
): Row[] {
  if (source.name.startsWith('lookup:'))
    return (lookups[source.name.slice(7)] ?? []).map((row, i) => ({ ...row, '$:seq': BigInt(i) }))
  const bind = binder(source, {})
  const within = (e: Given): boolean =>
    !interval ||
    source.interval === 'all' ||
    (Number(e['_messageTime']) >= interval[0] && Number(e['_messageTime']) < interval[1])
  return events
    .filter(within)
    .map((e, i) =>
      bind.row(eventOf(e, i), { file: 'test', raw: String(e['_raw'] ?? JSON.stringify(e)), seq: BigInt(i) }),
    )
}

function eventOf(e: Given, i: number): Event {
  const time = e['_messageTime'] === undefined ? ENV.start + BigInt(i) * 1_000_000n : BigInt(e['_messageTime']) * 1000n
  const fields = Object.entries(e).filter(([k]) => k !== '_raw' && k !== '_messageTime')
  return { fields: new Map(fields.map(([k, v]) => [k, String(v)])), time }
}

const plain = (c: Cell): unknown =>
  typeof c === 'object' && c !== null && 'number' in c
    ? Number.isSafeInteger(Number(c.number)) || !/^-?\d+$/.test(c.number)
      ? Number(c.number)
      : c.number
    : c
