// Random plans over random rows give the same rows in SQL as on the evaluator, which defines them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../tools/property-runs.ts'
import { evaluateTuples, tuplesOf } from '../../core/eval/evaluate.ts'
import { arbitraryPlan } from '../../core/plan/arbitrary.ts'
import { type Env, isHidden, type Plan, type Row, type SourceNode, type Value } from '../../core/plan/plan.ts'
import { auditSql, compileSql } from '../../core/sql/compile.ts'
import {
  type Engine,
  literalTable,
  openClickhouse,
  openDuckdb,
  rowKey,
  typesOf,
} from '../../engine/cases/sql-engines.ts'
import { arbitraryTables } from '../../core/plan/arbitrary-rows.ts'

const env: Env = { now: 1_700_000_100_000_000n, start: 0n, end: 1_700_000_100_000_000n, zone: 'UTC' }
const RUNS = runs(900)

async function same(engine: Engine, plan: Plan, tables: (s: SourceNode) => Row[]): Promise<void> {
  // Physical names overlap with the compiler's own, to find an alias that captures one.
  const table = (s: SourceNode) => literalTable(s, tables(s), engine.dialect, (i) => `c${9 - i < 0 ? i + 20 : 9 - i}`)
  const compiled = compileSql(plan, engine.dialect, env, table)
  const types = typesOf(compiled)
  const got = await engine.run(compiled.sql, types)
  const counts: number[] = []
  const hooks = {
    stage: (path: string, _: unknown, rowsIn: number, rowsOut: number): void => {
      const i = /^out\.(\d+)$/.exec(path)?.[1]
      if (i === undefined) return
      counts[Number(i)] ??= rowsIn
      counts[Number(i) + 1] = rowsOut
    },
  }
  const wanted = evaluateTuples(plan, (s) => tuplesOf(s, tables(s)), env, hooks)
  // Of two rows that tie in all needed columns, either may get a neighbour's value. Hidden columns would show the difference.
  const shown = types.map((_, i) => !isHidden(compiled.columns[i]?.id ?? ''))
  const key = (r: readonly Value[]): string =>
    rowKey(
      r.filter((_, i) => shown[i]),
      types.filter((_, i) => shown[i]),
    )
  const a = got.map(key)
  const b = wanted.rows.map(key)
  // Rows that tie in all needed columns are equal, so an ordered result must have the same sequence.
  const last = plan.out.stages.at(-1)
  const ordered = last?.kind === 'order' || (last?.kind === 'take' && last.by.length > 0) || last?.kind === 'aggregate'
  if (!ordered) {
    a.sort()
    b.sort()
  }
  assert.deepEqual(a, b, compiled.sql)
  if (plan.out.stages.length === 0) return
  const audit = await engine.run(auditSql(plan, engine.dialect, env, table), ['int', 'int'])
  assert.deepEqual(
    audit.map((r) => Number(r[1])),
    counts,
  )
}

const engines: readonly { name: string; open: () => Promise<Engine> | Engine | undefined; runs: number }[] = [
  { name: 'duckdb', open: openDuckdb, runs: RUNS },
  { name: 'clickhouse', open: openClickhouse, runs: Math.ceil(RUNS / 2) },
]

for (const { name, open, runs } of engines) {
  describe(`random plans: evaluator = ${name}`, () => {
    let engine: Engine | undefined
    before(async () => {
      engine = await open()
    })
    after(() => engine?.close())

    it('gives the same rows and counts', async (t) => {
      if (!engine) return t.skip('chdb is not installed (ASSAY_CHDB)')
      const e = engine
      await fc.assert(
        fc.asyncProperty(arbitraryPlan(), arbitraryTables(8), async (plan, tables) => same(e, plan, tables)),
        { numRuns: runs, endOnFailure: process.env['ASSAY_SHRINK'] === undefined },
      )
    })
  })
}
