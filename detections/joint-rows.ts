// The queries of many cases, each once, with the rows of all its cases in one. So an engine is asked once per query, not once per case.
import { isLookup, planSources, sourceKey } from '../core/plan/sources.ts'
import type { Env, Plan, Row, SourceNode } from '../core/plan/plan.ts'
import { printPlan } from '../core/plan/print.ts'

export interface Joint {
  readonly name: string
  readonly plan: Plan
  readonly rows: (source: SourceNode) => readonly Row[]
  readonly env: Env
  readonly cases: number
}

interface Part {
  readonly name: string
  readonly plan: Plan
  readonly rows: (source: SourceNode) => readonly Row[]
  readonly env: Env
}

export class JointRows {
  readonly #parts = new Map<string, Part[]>()

  add(name: string, plan: Plan, rows: Part['rows'], env: Env): void {
    const lookups = planSources(plan).filter(isLookup).map(rows)
    const key = JSON.stringify([printPlan(plan), env.zone, lookups], (_, v: unknown) =>
      typeof v === 'bigint' ? String(v) : v,
    )
    this.#parts.set(key, [...(this.#parts.get(key) ?? []), { name, plan, rows, env }])
  }

  queries(): Joint[] {
    return [...this.#parts.values()].map((parts) => {
      const [{ name, plan, env }] = parts as [Part]
      return { name, plan, env: { ...env, ...spanOf(parts) }, rows: rowsOf(parts), cases: parts.length }
    })
  }
}

function spanOf(parts: readonly Part[]): Pick<Env, 'end' | 'start'> {
  const [{ env: first }] = parts as [Part]
  return {
    start: parts.reduce((a, { env }) => (env.start < a ? env.start : a), first.start),
    end: parts.reduce((a, { env }) => (env.end > a ? env.end : a), first.end),
  }
}

/** Rows keep their order. Their numbers go on from case to case, because an order by number has no ties. */
function rowsOf(parts: readonly Part[]): Joint['rows'] {
  const kept = new Map<string, readonly Row[]>()
  return (source) => {
    const key = sourceKey(source)
    const rows = kept.get(key) ?? (isLookup(source) ? (parts[0] as Part).rows(source) : inOne(source, parts))
    kept.set(key, rows)
    return rows
  }
}

const NUMBERS = 1_000_000n

function inOne(source: SourceNode, parts: readonly Part[]): Row[] {
  const number = source.columns.find((c) => c.from.kind === 'meta' && c.from.name === 'seq')?.id
  return parts.flatMap(({ plan, rows }, i) => {
    // Each part has its own plan, and the sources of equal plans have the same place.
    const own = planSources(plan).find((s) => sourceKey(s) === sourceKey(source)) ?? source
    const all = rows(own)
    if (number === undefined) return all
    return all.map((r) => ({ ...r, [number]: (r[number] as bigint) + BigInt(i) * NUMBERS }))
  })
}
