// A cluster of two real servers: generated and bundled logs, divided by host, give there what they give as files.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import type { Event } from '../../core/logs/format.ts'
import { listInputs } from '../../engine/inputs/files.ts'
import { formatOf } from '../../engine/inputs/format-of.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { runQuery } from '../../engine/query/run-query.ts'
import { readAddress } from '../../engine/tables/address.ts'
import type { SourceSettings } from '../../engine/tables/open-tables.ts'
import { type Servers, startServers } from '../../tools/clickhouse-servers.ts'

let servers: Servers | undefined
const address = (table: string, user = 'default'): string =>
  `clickhouse://${user}@127.0.0.1:${servers?.ports[0]}/logs/${table}`

/** All fields in a map, the time, the record and its place, as docs/guide/clickhouse.md makes the table. */
async function load(name: string, path: string): Promise<void> {
  const s = servers as Servers
  const columns =
    "t Nullable(DateTime64(6, 'UTC')), s UInt64, raw String, type LowCardinality(String), host String, rest Map(String, String)"
  for (const shard of [0, 1]) {
    await s.run(shard, 'create database if not exists logs')
    await s.run(shard, `create table logs.${name}_local (${columns}) engine = MergeTree order by (type, s)`)
  }
  await s.run(
    0,
    `create table logs.${name} as logs.${name}_local engine = Distributed(pair, logs, ${name}_local, cityHash64(host))`,
  )
  const { files } = recogniseInputs((await listInputs([path])).inputs)
  const rows = files.flatMap((file, f) => {
    const reader = formatOf(file)?.reader({ zone: 'UTC', year: 2026 }, file.head)
    const bytes = readFileSync(file.path)
    return (file.gzip ? gunzipSync(bytes) : bytes)
      .toString()
      .split('\n')
      .flatMap((line, i) => {
        const event = reader?.read(line)
        if (!event || !('fields' in event)) return []
        const { fields, time } = event as Event
        const micros = time === undefined ? null : `${time / 1_000_000n}.${String(time % 1_000_000n).padStart(6, '0')}`
        const host = fields.get('aid') ?? fields.get('serial') ?? ''
        return [
          JSON.stringify({
            t: micros,
            s: f * 1_000_000 + i,
            raw: line,
            type: fields.get('event_simpleName') ?? '',
            host,
            rest: Object.fromEntries(fields),
          }),
        ]
      })
  })
  assert.ok(rows.length > 0)
  await s.run(
    0,
    `insert into logs.${name} settings distributed_foreground_insert = 1 format JSONEachRow ${rows.join('\n')}`,
  )
}

const source = (table: string, vocabulary: string, user?: string): SourceSettings => ({
  [table]: { table: address(table, user), time: 't', order: 's', raw: 'raw', rest: 'rest', vocabulary },
})

async function answer(query: string, language: string, logs: string, sources: SourceSettings = {}) {
  const r = await runQuery({ query: { name: 'q', text: query }, language, logs: [logs], sources })
  const errors = r.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
  return { ok: r.ok, errors, table: r.table, engine: r.run?.engine, diagnostics: r.diagnostics.map((d) => d.code) }
}

const FDR = 'examples/t1071.002/raw'
const text = (path: string): string => readFileSync(path, 'utf8')

before(async () => {
  servers = await startServers()
  if (servers) await load('fdr', FDR)
})
after(() => servers?.close())

const QUERIES: readonly (readonly [name: string, query: string])[] = [
  ['the published query', text('examples/t1071.002/logscale.cql')],
  ['the query of the detection', text('detections/T1071.002-file-transfer-protocols/logscale.cql')],
  ['events', '#event_simpleName=NetworkConnectIP4 | tail(3) | table([@timestamp, aid, RemotePort, @rawstring])'],
  ['groups', 'groupBy([#event_simpleName], function=[count(), count(aid, distinct=true), min(@timestamp)])'],
  ['free text', 'filezilla | count()'],
  [
    'a join',
    '#event_simpleName=NetworkConnectIP4 | join({#event_simpleName=ProcessRollup2 | groupBy(aid, function=count(as=n))}, field=aid, include=n) | groupBy([aid, n])',
  ],
]

for (const [name, query] of QUERIES) {
  test(`two shards give what the files give: ${name}`, async (t) => {
    if (!servers) return t.skip('chdb is not installed (ASSAY_CHDB)')
    const wanted = await answer(query, 'cql', FDR)
    const got = await answer(query, 'cql', 'fdr', source('fdr', 'fdr'))
    assert.deepEqual([got.ok, got.errors], [true, []])
    assert.deepEqual(got.table, wanted.table)
    if (got.engine?.sql) assert.ok(!/(?<!global )(?:left|inner) join/.test(got.engine.sql), 'every join is global')
  })
}

test('no such table, no server, a password in the address', async (t) => {
  if (!servers) return t.skip('chdb is not installed (ASSAY_CHDB)')
  const errorsOf = async (place: string): Promise<string[]> => (await answer('count()', 'cql', place)).errors
  assert.deepEqual(await errorsOf(address('nothing')), ['CLK104'])
  assert.deepEqual(await errorsOf(address('fdr', 'nobody_knows')), ['CLK101'])
  assert.deepEqual(await errorsOf('clickhouse://a:b@h/d/t'), ['CLK103'])
  assert.deepEqual(await errorsOf('clickhouse://127.0.0.1:1/logs/fdr'), ['CLK105'])
})

test('a shard that is gone is an error', async (t) => {
  if (!servers) return t.skip('chdb is not installed (ASSAY_CHDB)')
  await servers.stop(1)
  const lost = await answer('count()', 'cql', 'fdr', source('fdr', 'fdr'))
  assert.deepEqual([lost.ok, lost.errors], [false, ['CLK106']])
})

test('an address has no password, and its parts are decoded', () => {
  const read = readAddress('clickhouses://us%20er@h/d/t%2F1')
  assert.deepEqual(read.ok && read.value, { url: 'https://h:8443', user: 'us er', database: 'd', table: 't/1' })
  const wrong = readAddress('clickhouse://user:hidden@h/d/t')
  assert.ok(!wrong.ok && !JSON.stringify(wrong.diagnostics).includes('hidden'))
})
