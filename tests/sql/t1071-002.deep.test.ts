// Deep, for a process of its own: in the process of other tests, DuckDB has twice hung here.
// The published LogScale query on every engine: compiled to its SQL and run over the bundled telemetry, equal to the evaluator.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type ReadEvents, readEvents } from '../../core/detect/case/read-events.ts'
import { binder } from '../../core/eval/bind.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import type { Env, Plan, Row, SourceNode } from '../../core/plan/plan.ts'
import { readNdjson as clickhouseNdjson } from '../../core/sql/clickhouse/read.ts'
import { compileSql } from '../../core/sql/compile.ts'
import { readNdjson as duckdbNdjson } from '../../core/sql/duckdb/read.ts'
import { compile, optimised } from '../../core/workbench/compile.ts'
import { applyView } from '../../core/workbench/view.ts'
import { type Engine, openClickhouse, openDuckdb, rowKey, typesOf } from '../../engine/cases/sql-engines.ts'

const FOLDER = 'examples/t1071.002'
const env: Env = { now: 0n, start: -(2n ** 62n), end: 2n ** 62n, zone: 'UTC' }
const spool = mkdtempSync(join(tmpdir(), 'assay-engines-'))
after(() => rmSync(spool, { recursive: true, force: true }))

function telemetry(feed: 'enriched' | 'raw'): ReadEvents[] {
  let from = 0n
  return ['aidmaster', 'events'].map((name) => {
    const text = gunzipSync(readFileSync(`${FOLDER}/${feed}/${name}.ndjson.gz`)).toString()
    const read = readEvents(text, { file: name, context: { zone: 'UTC', year: 2026 }, tags: {}, from })
    from += BigInt(read.events.length)
    return read
  })
}

function planFor(): Plan {
  const compiled = compile({ name: 'logscale.cql', text: readFileSync(`${FOLDER}/logscale.cql`, 'utf8') }, 'cql')
  assert.ok(compiled.plan)
  return optimised(applyView(compiled.plan, 'auto', ['fdr'])?.plan ?? compiled.plan)
}

/** Writes rows in the form of the engine's spool: one JSON object a line, columns c0, c1, … */
function spooled(rows: readonly Row[], source: SourceNode, engine: Engine, name: string) {
  const path = join(spool, `${name}.ndjson`)
  const columns = source.columns.map((c, i) => ({ name: `c${i}`, ty: c.ty }))
  const lines = rows.map((r) =>
    JSON.stringify(Object.fromEntries(source.columns.map((c, i) => [`c${i}`, r[c.id] ?? null])), (_, v: unknown) =>
      typeof v === 'bigint' ? String(v) : v,
    ),
  )
  writeFileSync(path, lines.map((l) => `${l}\n`).join(''))
  return engine.dialect === 'duckdb' ? duckdbNdjson([path], columns) : clickhouseNdjson([path], columns)
}

async function sameAsEvaluator(feed: 'enriched' | 'raw', engine: Engine): Promise<void> {
  const plan = planFor()
  const read = telemetry(feed)
  const rowsOf = (source: SourceNode): Row[] => {
    const all = read.flatMap(({ format, events }) =>
      format ? events.map(({ event, meta }) => binder(source, format.aliases).row(event, meta)) : [],
    )
    return evaluate({ lets: [], out: { from: source, stages: [] } }, () => all, env).rows
  }
  const want = evaluate(plan, rowsOf, env)
  assert.ok(want.rows.length > 10)
  let n = 0
  const compiled = compileSql(plan, engine.dialect, env, (source) =>
    spooled(rowsOf(source), source, engine, `${engine.dialect}-${feed}-${n++}`),
  )
  const types = typesOf(compiled)
  const got = await engine.run(compiled.sql, types)
  const keys = (rows: readonly (readonly (Row[string] | undefined)[])[]) =>
    rows.map((r) =>
      rowKey(
        r.map((v) => v ?? null),
        types,
      ),
    )
  assert.deepEqual(keys(got), keys(want.rows.map((r) => compiled.columns.map((c) => r[c.id]))))
}

for (const feed of ['enriched', 'raw'] as const) {
  test(`DuckDB gives what the evaluator gives: ${feed}`, async () => {
    const engine = await openDuckdb()
    await sameAsEvaluator(feed, engine)
    engine.close()
  })
  test(`ClickHouse gives what the evaluator gives: ${feed}`, async (t) => {
    const engine = openClickhouse()
    if (!engine) return t.skip('chdb is not installed; ASSAY_CHDB names a node_modules folder that holds it')
    await sameAsEvaluator(feed, engine)
    engine.close()
  })
}
