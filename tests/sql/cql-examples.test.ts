// Every example of every function: DuckDB returns the rows of the evaluator.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { evaluateTuples, tuplesOf } from '../../core/eval/evaluate.ts'
import { builtins } from '../../core/lang/cql/registry.ts'
import { semantics } from '../../core/lang/cql/semantics.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import { split } from '../../core/passes/6-split.ts'
import { compileSql, tailReason } from '../../core/sql/compile.ts'
import { type Engine, literalTable, openDuckdb, rowKey, typesOf } from '../../engine/cases/sql-engines.ts'
import { bind, ENV, run } from '../../conformance/cql/run.ts'

describe('examples of CQL functions: evaluator = duckdb', () => {
  let engine: Engine | undefined
  before(async () => {
    engine = await openDuckdb()
  })
  after(() => engine?.close())

  for (const b of builtins) {
    for (const example of b.examples) {
      it(`${b.name}: ${example.title}`, async (t) => {
        const { plan } = run(example.query, example.given).lowered
        const tail = split(plan, (prim, consts) => tailReason(prim, consts, 'duckdb'), undefined, {
          engineFilters: true,
        }).reasons
        if (tail.length > 0) return t.skip(tail.join('; '))
        const rows = (s: SourceNode) => example.given.map((g, i) => bind(g, i, s))
        const compiled = compileSql(plan, 'duckdb', ENV, (s) => literalTable(s, rows(s), 'duckdb'))
        const types = typesOf(compiled)
        const got = (await (engine as Engine).run(compiled.sql, types)).map((r) => rowKey(r, types))
        const wanted = evaluateTuples(plan, (s) => tuplesOf(s, rows(s)), ENV).rows.map((r) => rowKey(r, types))
        assert.deepEqual(got.toSorted(), wanted.toSorted(), compiled.sql)
      })
    }
  }
})

describe('semantics of CQL', () => {
  it('defaults are choices, and what queries rest on is listed', () => {
    for (const s of semantics) assert.ok(s.default in s.choices, s.id)
    const known = new Set(semantics.map((s) => s.id))
    for (const b of builtins) {
      for (const e of b.examples)
        for (const id of run(e.query, e.given).lowered.assumptions) assert.ok(known.has(id), id)
    }
  })
})
