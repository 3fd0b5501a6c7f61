import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codesOf, holdsTruth, make, query, remove } from './t1071-002.ts'

const [MB, SKIPS] = [3, { fullCheck: 0 }]

test(`enriched feed, ${MB} MB: exactly the planted groups, on both executors`, async () => {
  const made = await make('enriched', MB)
  try {
    const result = await query(made, SKIPS)
    holdsTruth(result, made.truth.expected)
    assert.ok(
      made.truth.expected.some((g) => g.sent === 10485760) && made.truth.expected.some((g) => g.sent === 10485761),
    )
    assert.ok(result.compiled.wouldBeRefused)
    assert.equal(codesOf(result).filter((c) => c === 'CQL301').length, 3)
    assert.ok(!codesOf(result).includes('LNT101'))
    const onDuckdb = await query(made, { engine: 'duckdb', ...SKIPS })
    assert.equal(onDuckdb.run?.engine.used, 'duckdb')
    assert.deepEqual(onDuckdb.table, result.table)
  } finally {
    remove(made)
  }
})

test(`raw feed, ${MB} MB: host, image and user through the view; no bytes in any feed`, async () => {
  const made = await make('raw', MB)
  try {
    const result = await query(made, SKIPS)
    holdsTruth(result, made.truth.expected)
    assert.equal(result.view?.name, 'falcon')
    const lost = result.diagnostics.find((d) => d.code === 'QIR302' && d.message.includes('process'))
    assert.ok(lost?.message.startsWith(`${made.truth.unresolved} of `), lost?.message)
    for (const code of ['LNT101', 'LNT104', 'LNT105', 'QIR301']) assert.ok(codesOf(result).includes(code), code)
  } finally {
    remove(made)
  }
})

test('raw feed: the view on DuckDB gives the same; without the view nothing is found, and it is said why', async () => {
  const made = await make('raw', 3)
  try {
    const [result, onDuckdb] = [await query(made), await query(made, { engine: 'duckdb' })]
    assert.ok(result.table.rows.length > 0)
    assert.deepEqual(onDuckdb.table, result.table)
    const vendor = await query(made, { view: 'vendor' })
    assert.equal(vendor.table.rows.length, 0)
    assert.ok(codesOf(vendor).includes('LNT103'))
  } finally {
    remove(made)
  }
})

test(`NG-SIEM export: what LogScale would give, and why`, async () => {
  for (const shape of ['ndjson', 'array', 'csv'] as const) {
    const made = await make('ngsiem', shape === 'ndjson' ? 10 : 2, { shape })
    try {
      const result = await query(made)
      assert.ok(result.ok)
      assert.equal(result.table.rows.length, 0)
      const keys = result.diagnostics.find((d) => d.code === 'LNT103')
      assert.match(keys?.message ?? '', /`ImageFileName`, `UserName`/)
      assert.match(keys?.remedy ?? '', /ProcessRollup2/)
      assert.ok(codesOf(result).includes('QIR401'), shape)
      const rule = result.diagnostics.find(
        (d) => d.code === 'QIR201' && (d.data as { id: string }).id === 'group-key-missing',
      )
      assert.ok(rule)
      const kept = await query(made, { semantics: ['group-key-missing=keep'] })
      assert.ok(kept.table.rows.length > 0)
    } finally {
      remove(made)
    }
  }
})

test('a process that started before --from is found, and the interval is half-open', async () => {
  const made = await make('raw', 2)
  try {
    const [group] = [...made.truth.expected].sort((a, b) => b.first - a.first)
    assert.ok(group)
    const from = String(group.first)
    const result = await query(made, { from, to: String(group.last + 1) })
    const row = result.table.rows.find((r) => r.includes(group.remote))
    assert.ok(row?.includes(group.image), 'image of the group')
    const without = await query(made, { from, to: String(group.last) })
    const count = (rows: typeof result.table.rows) => {
      const cell = rows.find((r) => r.includes(group.remote))?.[result.table.columns.indexOf('ConnectionCount')]
      return typeof cell === 'object' && cell !== null && 'number' in cell ? Number(cell.number) : 0
    }
    assert.equal(count(result.table.rows), group.connections)
    assert.ok(count(without.table.rows) < group.connections)
  } finally {
    remove(made)
  }
})

test('strict refuses with the same words', async () => {
  const made = await make('enriched', 0.5)
  try {
    const [lenient, strict] = [await query(made), await query(made, { strict: true })]
    assert.equal(strict.ok, false)
    assert.equal(strict.run, undefined)
    const words = (r: typeof strict) =>
      r.diagnostics.filter((d) => d.code.startsWith('CQL3')).map((d) => `${d.code} ${d.message} ${d.remedy}`)
    assert.deepEqual(words(strict), words(lenient))
    assert.ok(strict.diagnostics.filter((d) => d.code.startsWith('CQL3')).every((d) => d.severity === 'error'))
  } finally {
    remove(made)
  }
})
