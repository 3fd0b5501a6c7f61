// Prints which conformance cases with events a cluster of ClickHouse computes alone, and what stops the others. No server is needed.
//   node --import tsx tools/pushed-down.ts [PAGE…]
import { split } from '../core/passes/6-split.ts'
import type { Consts, Plan } from '../core/plan/plan.ts'
import { isLookup, planSources } from '../core/plan/sources.ts'
import { visitPlan } from '../core/plan/walk.ts'
import { literalRows } from '../core/sql/clickhouse/literal-rows.ts'
import { stageTailReason, tailReason } from '../core/sql/compile.ts'
import { bindPlan, BoundTables } from '../engine/execute/table-plan.ts'
import { listPages } from '../engine/project/list-files.ts'
import { type CaseQuery, caseQueries, NOT_IN_A_TABLE, tableOfEvents } from './case-tables.ts'

/** Primitives without a form, and reasons of the binding, each once. */
function stoppersOf({ plan, telemetry, bounds, rows }: CaseQuery): string[] {
  const inputs = telemetry.map((t, i) => tableOfEvents(t, `t${i}`, 0))
  const found = new Set<string>()
  for (const s of planSources(plan).filter(isLookup)) {
    const ids = [...s.columns.map((c) => c.id)]
    if (
      !literalRows(
        s,
        rows(s).map((r) => ids.map((id) => r[id] ?? null)),
      )
    )
      found.add('a large lookup file')
  }
  const bound = bindPlan(plan, inputs, new BoundTables(bounds, 'clickhouse'))
  for (const reason of bound.reasons) found.add(reason)
  for (const stopper of tailsOf(bound.plan ?? plan)) found.add(stopper)
  return [...found]
}

function tailsOf(plan: Plan): string[] {
  const found: string[] = []
  const ask = (prim: string, consts: Consts): string | undefined => {
    const reason = tailReason(prim, consts, 'clickhouse')
    if (reason !== undefined) found.push(`${prim}: ${reason}`)
    return reason
  }
  const stage: Parameters<typeof split>[2] = (s) => {
    const reason = stageTailReason(s, 'clickhouse')
    if (reason !== undefined) found.push(reason)
    return reason
  }
  split(plan, ask, stage, { engineFilters: true })
  visitPlan(plan, {
    expr: (e) => {
      if (e.kind === 'call') ask(e.prim, e.consts)
    },
    pred: (p) => {
      if (p.kind === 'test') ask(p.prim, p.consts)
    },
  })
  return found
}

const asked = process.argv.slice(2)
const { pages } = listPages(asked.length > 0 ? asked : ['conformance', 'core/lint/rules'])
const counts = new Map<string, { all: number; alone: number }>()
let pushed = 0
let all = 0
for (const page of pages.filter((p) => !NOT_IN_A_TABLE.some(([name]) => name.test(p.name))))
  for (const query of caseQueries(page)) {
    const stoppers = stoppersOf(query)
    all++
    if (stoppers.length === 0) pushed++
    else process.stdout.write(`${query.page}: ${query.title}\n${stoppers.map((s) => `    ${s}\n`).join('')}`)
    for (const s of stoppers) {
      const n = counts.get(s) ?? { all: 0, alone: 0 }
      counts.set(s, { all: n.all + 1, alone: n.alone + (stoppers.length === 1 ? 1 : 0) })
    }
  }
const sorted = [...counts].sort(([, a], [, b]) => b.all - a.all)
process.stdout.write(`\n${pushed} of ${all} queries run on the shards alone\n`)
for (const [stopper, n] of sorted) process.stdout.write(`${n.all} (alone ${n.alone})  ${stopper}\n`)
