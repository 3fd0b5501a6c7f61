// The telemetry of t1071-002.test.ts, in a size at which the prefilter skips lines.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codesOf, holdsTruth, make, query, remove } from './t1071-002.ts'

const MB = 60

test(`enriched feed, ${MB} MB: exactly the planted groups, on both executors`, async () => {
  const made = await make('enriched', MB)
  try {
    const result = await query(made)
    holdsTruth(result, made.truth.expected)
    assert.ok(
      made.truth.expected.some((g) => g.sent === 10485760) && made.truth.expected.some((g) => g.sent === 10485761),
    )
    assert.ok(result.compiled.wouldBeRefused)
    assert.equal(codesOf(result).filter((c) => c === 'CQL301').length, 3)
    assert.ok(!codesOf(result).includes('LNT101'))
    const onDuckdb = await query(made, { engine: 'duckdb' })
    assert.equal(onDuckdb.run?.engine.used, 'duckdb')
    assert.deepEqual(onDuckdb.table, result.table)
  } finally {
    remove(made)
  }
})

test(`raw feed, ${MB} MB: host, image and user through the view; no bytes in any feed`, async () => {
  const made = await make('raw', MB)
  try {
    const result = await query(made)
    holdsTruth(result, made.truth.expected)
    assert.equal(result.view?.name, 'falcon')
    const lost = result.diagnostics.find((d) => d.code === 'QIR302' && d.message.includes('process'))
    assert.ok(lost?.message.startsWith(`${made.truth.unresolved} of `), lost?.message)
    for (const code of ['LNT101', 'LNT104', 'LNT105', 'QIR301']) assert.ok(codesOf(result).includes(code), code)
  } finally {
    remove(made)
  }
})
