// Names that an event answers without having them as fields: a store answers to them as the logs do.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'
import { compactStore } from '../../engine/store/compact.ts'
import { storeLogs } from '../../engine/store/store.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-names-'))
after(() => rmSync(root, { recursive: true, force: true }))

const MISSION = 'detections/T1071.002-file-transfer-protocols'
const published = ['logscale.cql', 'sumo.sumo'].map((name) => ({
  name,
  text: readFileSync(join(MISSION, name), 'utf8'),
}))
const QUERIES = [
  'destination.port=990 | groupBy([#Vendor, network.transport, source.ip, source.address], function=count())',
  'array:contains("event.category[]", value="network") | groupBy([#event.kind], function=[count(), sum(source.bytes)])',
  'Vendor.dstport=990 OR Vendor.dest_port=990 OR Vendor.id.resp_p=990 | count()',
  'network.transport=tcp | groupBy([destination.ip, destination.port], function=max(@timestamp))',
  'dest_ip=* action=* | groupBy([action, dest_port], function=count())',
].map((text) => ({ name: 'q.cql', text }))

const options = { tz: 'UTC', sourceTz: 'UTC' } as const

async function rows(
  query: { name: string; text: string },
  logs: readonly string[],
  engine: 'auto' | 'evaluator' = 'auto',
): Promise<{ rows: unknown[] }> {
  const language = query.name.endsWith('.sumo') ? 'sumo' : 'cql'
  const { ok, table, diagnostics } = await runQuery({ query, language, logs: [...logs], engine, ...options })
  assert.ok(ok, diagnostics.map((d) => d.message).join('\n'))
  return { ...table, rows: [...table.rows] }
}

async function compare(name: string, logs: readonly string[], queries: typeof QUERIES): Promise<void> {
  const folder = join(root, name)
  const stored = await storeLogs({ folder, logs: [...logs], raw: true, ...options })
  assert.ok(stored.ok, stored.diagnostics.map((d) => d.message).join('\n'))
  let found = 0
  for (const q of queries) {
    const wanted = await rows(q, logs)
    if (wanted.rows.length > 0) found++
    assert.deepEqual(await rows(q, [folder]), wanted, q.text)
  }
  assert.ok(found > 3)
}

test('a store of the logs of several vendors answers to the names of Next-Gen SIEM, and to those of connections', () => {
  const vendors = ['asa', 'fortigate', 'panos', 'zeek', 'suricata', 'ngsiem', 'enriched']
  const logs = vendors.map((v) => join('examples/t1071.002', v))
  return compare('vendors', logs, [...QUERIES, ...published])
})

const FORTIGATE =
  'date=2026-01-05 time=10:00:01 devname="edge" logid="0000000013" type="traffic" subtype="forward" level="notice" eventtime=1767607201000000000 tz="+0000" srcip=10.1.1.5 srcport=50123 dstip=198.51.100.7 dstport=990 proto=6 action="accept" policyid=1 sentbyte=1200 rcvdbyte=3400'
const ASA =
  '<166>Jan 05 2026 10:00:02 edge : %ASA-6-302013: Built outbound TCP connection 77 for outside:198.51.100.7/990 (198.51.100.7/990) to inside:10.1.1.5/50124 (10.1.1.5/50124)'

test('in a file of several devices each event answers to the names of its own', async () => {
  const logs = join(root, 'mixed.log')
  writeFileSync(logs, `${FORTIGATE}\n${ASA}\n`.repeat(20))
  await compare('mixed', [logs], QUERIES)
  const folder = join(root, 'mixed')
  const [ports] = QUERIES as [{ name: string; text: string }]
  const before = await rows(ports, [folder])
  assert.deepEqual(await rows(ports, [folder], 'evaluator'), before)
  await storeLogs({ folder, logs: ['examples/t1071.002/fortigate'], raw: true, ...options })
  await compactStore({ folder })
  const narrowed = { ...ports, text: `destination.ip="198.51.100.7" | ${ports.text}` }
  assert.deepEqual(await rows(narrowed, [folder]), before)
})

test('a field that a reader adds to the record is in the store', async () => {
  const logs = join(root, 'records.json')
  const record = { metadata_vendor: 'a', objectType: 'NetworkFlow', srcDevice_ip: '10.1.1.5', dstDevice_ip: '10.1.1.6' }
  writeFileSync(logs, `${JSON.stringify(record)}\n`.repeat(3))
  const indexed = { name: 'q.sumo', text: '_index=sec_record_network | count' }
  const folder = join(root, 'records')
  await storeLogs({ folder, logs: [logs], raw: true, ...options })
  const counted = await rows(indexed, [logs])
  assert.deepEqual(JSON.stringify(counted.rows), '[[{"number":"3"}]]')
  assert.deepEqual(await rows(indexed, [folder]), counted)
})
