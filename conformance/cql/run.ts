// For tests: runs a query on the evaluator over events that are records.
import { bindEvent } from '../../core/eval/bind.ts'
import { evaluate, type Result } from '../../core/eval/evaluate.ts'
import type { Env, Row, SourceNode } from '../../core/plan/plan.ts'
import type { Table } from '../../core/workbench/present.ts'
import { lower } from '../../core/lang/cql/lower.ts'
import type { CompileContext, Lowered } from '../../core/lang/shared/lowered.ts'
import { parse } from '../../core/lang/cql/3-parse/parse.ts'

export type Given = Readonly<Record<string, string | number>>

export const NOON = 1_700_000_000_000n
export const ENV: Env = { now: NOON * 1000n, start: 0n, end: NOON * 1000n, zone: 'UTC' }

/** Events have their time in `@timestamp`, epoch milliseconds. The interval ends at `now`. */
export function run(
  text: string,
  given: readonly Given[],
  known: CompileContext = {},
  lookups: Readonly<Record<string, readonly Given[]>> = {},
): { lowered: Lowered; result: Result<Row> } {
  const source = { name: 'test.cql', text }
  const parsed = parse(source)
  const lowered = lower(parsed.pipeline, source, known)
  const diagnostics = [...parsed.diagnostics, ...lowered.diagnostics]
  const tables = (s: SourceNode): Row[] => {
    const rows = s.name.startsWith('lookup:') ? (lookups[s.name.slice('lookup:'.length)] ?? []) : given
    return rows.map((g, i) => bind(g, i, s))
  }
  return { lowered: { ...lowered, diagnostics }, result: evaluate(lowered.plan, tables, ENV) }
}

export function bind(g: Given, i: number, s: SourceNode): Row {
  const { '@timestamp': time, '@rawstring': raw, ...rest } = g
  const fields = new Map(Object.entries(rest).map(([k, v]) => [k, String(v)]))
  const event = { fields, time: time === undefined ? undefined : BigInt(time) * 1000n }
  return bindEvent(
    event,
    { file: 'test', raw: raw === undefined ? JSON.stringify(rest) : String(raw), seq: BigInt(i) },
    s,
    {},
  )
}

/** Rows as plain records, absent cells left out. */
export function rowsOf(table: Table): Record<string, unknown>[] {
  return table.rows.map((cells) =>
    Object.fromEntries(
      cells.flatMap((cell, i) => {
        if (cell === null) return []
        const value = typeof cell === 'object' && 'number' in cell ? Number(cell.number) : cell
        return [[table.columns[i] as string, value]]
      }),
    ),
  )
}
