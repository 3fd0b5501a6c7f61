// An abort while DuckDB works ends the run: DuckDB's process is killed at any point of its work.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'

const folder = mkdtempSync(join(tmpdir(), 'abort-duckdb-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const many = join(folder, 'many.json')
const event = (n: number): string =>
  JSON.stringify({ event_simpleName: 'X', timestamp: String(1767225600000 + n * 1000), aid: `a${n}` })
writeFileSync(many, [...Array(3000).keys()].map(event).join('\n'))

// Before it is connected, between its first statements, and while it computes.
for (const wait of [0, 50, 1000])
  test(`an abort ${wait} ms into DuckDB's work ends the run`, async () => {
    const abort = new AbortController()
    let began = 0
    const pairs = 'join({*}, field=event_simpleName, max=100000, include=[aid], limit=200000)'
    const r = await runQuery({
      query: { name: 'query', text: `${pairs} | ${pairs} | groupBy([aid, timestamp])` },
      language: 'cql',
      logs: [many],
      engine: 'duckdb',
      signal: abort.signal,
      onProgress: (phase) => {
        if (phase !== 'query' || began > 0) return
        began = performance.now()
        setTimeout(() => {
          began = performance.now()
          abort.abort()
        }, wait)
      },
    })
    const took = performance.now() - began
    assert.deepEqual(
      r.diagnostics.filter((d) => d.severity === 'error').map((d) => [d.code, d.message]),
      [['RUN101', 'stopped while DuckDB was computing']],
    )
    assert.ok(began > 0 && took < 1500, `${took} ms`)
  })
