import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asPrinted, foundGroups, HAS_BYTES, make, mended, query, remove, sameGroups, VENDORS } from './firewalls.ts'

const MB = 60

for (const format of VENDORS) {
  test(`${format}, ${MB} MB: exactly the planted groups, by connections in the network view, by lines as a tenant counts them`, async () => {
    const made = await make(format, MB)
    try {
      const { truth } = made
      sameGroups(foundGroups(await query(made, { view: 'network' })), asPrinted(truth.sessions, HAS_BYTES[format]))
      assert.ok(truth.tenant.length > 0)
      sameGroups(foundGroups(await query(made, { query: mended(format) })), asPrinted(truth.tenant, HAS_BYTES[format]))
    } finally {
      remove(made)
    }
  })
}

test('the same connections, seen by five sensors, are the same groups', async () => {
  // What no answer tells apart from a denial is not comparable between a firewall and a sensor.
  const seen = async (format: 'asa' | 'fortigate' | 'panos' | 'suricata' | 'zeek') => {
    const made = await make(format, 1)
    try {
      const found = await query(made, { view: 'network' })
      const { rows, columns } = found.table
      assert.ok(rows.length > 0, format)
      // Rows came out, so no step is one that nothing can pass; a category that the sensor lacks is said to come from the view.
      const said = found.diagnostics.filter((d) => ['LNT102', 'LNT106'].includes(d.code))
      assert.deepEqual(
        said.map((d) => d.message).filter((m) => m.includes('_sourceCategory')),
        [],
        format,
      )
      const supplied = found.diagnostics.find((d) => d.code === 'QIR301')?.message.includes('`_sourceCategory`')
      assert.equal(supplied, format === 'suricata' || format === 'zeek', format)
      const named = ['src_ip', 'dest_ip', 'dest_port', 'Protocol', 'ConnectionCount', 'FirstSeen', 'LastSeen'].map(
        (c) => columns.indexOf(c),
      )
      const unanswered = made.truth.sessions.find((g) => g.why === 'allowed but never answered')?.dst
      return rows
        .filter((r) => !r.includes(unanswered ?? ''))
        .map((r) => JSON.stringify(named.map((i) => r[i])))
        .sort()
    } finally {
      remove(made)
    }
  }
  const panos = await seen('panos')
  assert.ok(panos.length >= 6)
  for (const format of ['asa', 'fortigate', 'suricata', 'zeek'] as const)
    assert.deepEqual(await seen(format), panos, format)
})

test('the tenant: PAN-OS counts start and end rows, and has bytes under other names', async () => {
  const made = await make('panos', 1)
  try {
    const result = await query(made)
    const found = foundGroups(result)
    assert.ok(found.length > made.truth.sessions.length, 'start rows lift groups over the threshold')
    assert.ok(found.every((g) => g.sent === 0 && g.received === 0))
    const absent = result.diagnostics.find((d) => d.code === 'LNT102')
    assert.match(
      absent?.remedy ?? '',
      /`bytes_out`: this telemetry calls it `bytes_sent`: put `\| bytes_sent as bytes_out`/,
    )
  } finally {
    remove(made)
  }
})

test('the tenant: the ASA says Built, and the query asks for built', async () => {
  const made = await make('asa', 1)
  try {
    const result = await query(made)
    assert.equal(result.table.rows.length, 0)
    const values = result.diagnostics.find((d) => d.code === 'QIR404')
    assert.match(values?.remedy ?? '', /compare with "Built"/)
    const text = result.compiled.source.text.replace('"built"', '"Built"')
    const mended = await query(made, { query: { name: 'mended.sumo', text } })
    const expected = asPrinted(made.truth.sessions, false)
    sameGroups(foundGroups(mended), expected)
  } finally {
    remove(made)
  }
})

test("the tenant: FortiGate's names are not the query's, and the rename is ready to paste", async () => {
  const made = await make('fortigate', 1)
  try {
    const result = await query(made)
    assert.equal(result.table.rows.length, 0)
    const absent = result.diagnostics.find((d) => d.code === 'LNT102')
    assert.match(absent?.remedy ?? '', /\| dstport as dest_port/)
  } finally {
    remove(made)
  }
})

test('network view: intervals side by side share no connection and lose none, in both engines', async () => {
  const made = await make('asa', 0.2)
  try {
    const text = '* | where dest_port in ("443", "445") | count as n, sum(bytes) as b by dest_port, action'
    const counts = async (more: object): Promise<Map<string, bigint>> => {
      const { ok, table } = await query(made, { query: { name: 'q.sumo', text }, view: 'network', ...more })
      assert.ok(ok)
      const at = (row: readonly unknown[], name: string): unknown => row[table.columns.indexOf(name)]
      const number = (cell: unknown): bigint =>
        BigInt(typeof cell === 'object' && cell !== null && 'number' in cell ? String(cell.number) : String(cell ?? 0))
      return new Map(
        table.rows.flatMap((r) =>
          ['n', 'b'].map((name) => [`${at(r, 'dest_port')} ${at(r, 'action')} ${name}`, number(at(r, name))] as const),
        ),
      )
    }
    // Early in the afternoon many connections are open.
    const border = '2026-03-02T13:00:00Z'
    for (const engine of ['evaluator', 'duckdb']) {
      const [whole, before, after] = await Promise.all([
        counts({ engine }),
        counts({ engine, to: border }),
        counts({ engine, from: border }),
      ])
      assert.ok(whole.size >= 4)
      for (const [key, n] of whole)
        assert.equal((before.get(key) ?? 0n) + (after.get(key) ?? 0n), n, `${engine} ${key}`)
      assert.ok([...before.keys()].length > 0 && [...after.keys()].length > 0)
    }
  } finally {
    remove(made)
  }
})
