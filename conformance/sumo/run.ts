// A search over events on the evaluator, for tests: text → parse → lower → evaluate → rows as printed.
import { binder } from '../../core/eval/bind.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { type Known, lower } from '../../core/lang/sumo/3-lower.ts'
import { parse } from '../../core/lang/sumo/2-parse.ts'
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

/** `_raw` and `_messageTime` (ms) of an event are its text and time; the rest are fields. Later events are newer if no time is given. */
export function run(
  query: string,
  events: readonly Given[],
  known: Known = {},
  lookups: Readonly<Record<string, readonly Row[]>> = {},
): Ran {
  const parsed = parse({ name: 'test', text: query })
  const lowered = lower(parsed.query, parsed.source, known)
  const diagnostics = [...parsed.diagnostics, ...parsed.nearMisses.map((n) => n.diagnostic), ...lowered.diagnostics]
  const table = (source: SourceNode): Iterable<Row> => tableOf(source, events, lookups)
  const result = evaluate(lowered.plan, table, ENV)
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

export function tableOf(
  source: SourceNode,
  events: readonly Given[],
  lookups: Readonly<Record<string, readonly Row[]>> = {},
): Row[] {
  if (source.name.startsWith('lookup:')) return [...(lookups[source.name.slice(7)] ?? [])]
  const bind = binder(source, {})
  return events.map((e, i) =>
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
