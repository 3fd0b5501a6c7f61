// Parquet files as telemetry: fields by a mapping, the whole query in the engine, and input that is wrong.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Cell } from '../../core/workbench/present.ts'
import { runQuery } from '../../engine/query/run-query.ts'
import type { SourceSettings } from '../../engine/tables/open-tables.ts'

let folder = ''
const at = (name: string): string => join(folder, name)

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-tables-'))
  for (const day of [1, 2]) mkdirSync(at(`lake/day=${day}`), { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const db = await instance.connect()
  const write = (sql: string, name: string) => db.run(`copy (${sql}) to '${at(name)}' (format parquet)`)
  const events = (from: number, to: number): string =>
    `select {'hostname': 'host-' || (i % 3), 'ips': ['10.0.0.' || i, '::1']} as device, i as port, 1767225600000 + i * 1000 as at,
      map {'user': 'u' || (i % 2), 'odd name': 'x'} as attrs, 'line ' || i as line from range(${from}, ${to}) t(i)`
  await write(events(0, 6), 'lake/day=1/a.parquet')
  await write(events(6, 9), 'lake/day=2/b.parquet')
  await write(`select 1 as "User"`, 'case-a.parquet')
  await write(`select 2 as "user"`, 'case-b.parquet')
  await write('select 12 as "time", 1 as x', 'unit.parquet')
  await write(`select '990' as dstport, '6' as proto, null::varchar as srcip, '192.0.2.7' as remip`, 'forti.parquet')
  copyFileSync(at('lake/day=1/a.parquet'), at('damaged.parquet'))
  const bytes = readFileSync(at('damaged.parquet'))
  writeFileSync(at('damaged.parquet'), bytes.subarray(0, bytes.length - 100))
  db.closeSync()
})
after(() => rmSync(folder, { recursive: true, force: true }))

const mapped = (more: Partial<SourceSettings[string]> = {}): SourceSettings => ({
  lake: {
    table: at('lake'),
    time: { column: 'at', unit: 'ms' },
    fields: { ComputerName: 'device.hostname', RemotePort: 'port' },
    rest: 'attrs',
    raw: 'line',
    tags: { '#repo': 'lake' },
    ...more,
  },
})

async function run(query: string, logs = 'lake', sources = mapped(), more = {}) {
  const source = { name: 'query', text: query }
  const result = await runQuery({ query: source, language: 'cql', logs: [logs], sources, ...more })
  const codes = result.diagnostics.map((d) => d.code)
  const cell = (c: Cell): string => (typeof c === 'object' && c !== null && 'number' in c ? c.number : String(c))
  const rows = result.table.rows.map((r) => {
    const cells = result.table.columns.map((c, i) => [c, r[i] ?? null] as const)
    return Object.fromEntries(cells.flatMap(([c, v]) => (v === null ? [] : [[c, cell(v)]])))
  })
  return { result, codes, rows }
}

test('a whole query runs in the engine, with names of the mapping, members, map and partition', async () => {
  const { result, rows } = await run('user=u0 RemotePort>1 | groupBy([ComputerName, day, "#repo"])')
  assert.equal(result.run?.engine.used, 'duckdb')
  assert.deepEqual(result.run?.engine.tail, [])
  assert.deepEqual(rows, [
    { ComputerName: 'host-0', day: '2', '#repo': 'lake', _count: '1' },
    { ComputerName: 'host-1', day: '1', '#repo': 'lake', _count: '1' },
    { ComputerName: 'host-2', day: '1', '#repo': 'lake', _count: '1' },
    { ComputerName: 'host-2', day: '2', '#repo': 'lake', _count: '1' },
  ])
})

test('events as they are: all fields, the record, the interval, the order of the input', async () => {
  const found = await run('"line 7"')
  assert.deepEqual(found.rows, [
    {
      '@timestamp': '1767225607000',
      at: '1767225607000',
      day: '2',
      'device.hostname': 'host-1',
      'device.ips[0]': '10.0.0.7',
      'device.ips[1]': '::1',
      line: 'line 7',
      'odd name': 'x',
      port: '7',
      user: 'u1',
    },
  ])
  const times = { from: '2026-01-01T00:00:02Z', to: '2026-01-01T00:00:05Z' }
  assert.deepEqual(
    (await run('select(port)', 'lake', mapped(), times)).rows.map((r) => r['port']),
    ['4', '3', '2'],
  )
})

test('rows for a part that the engine cannot say are pulled, and said', async () => {
  const { rows } = await run('port>6 | array:contains("device.ips[]", value="10.0.0.8")')
  assert.deepEqual(
    rows.map((r) => r['port']),
    ['8'],
  )
})

test('the evaluator gives the same rows as the engine', async () => {
  for (const q of [
    'groupBy([ComputerName, user], function=[count(), sum(port)])',
    'port<4 | sort(port) | select([port, user])',
    'u1 | tail(2)',
  ]) {
    const [a, b] = [await run(q), await run(q, 'lake', mapped(), { engine: 'evaluator' })]
    assert.equal(b.result.run?.engine.used, 'evaluator')
    assert.deepEqual(a.rows, b.rows, q)
  }
})

test('input that is wrong has a code', async () => {
  const codeOf = async (logs: string, sources: SourceSettings = {}): Promise<string[]> => {
    const { result } = await run('x=1', logs, sources)
    assert.equal(result.ok, false)
    return result.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
  }
  assert.deepEqual(await codeOf(at('damaged.parquet')), ['LOG501'])
  assert.deepEqual(await codeOf(at('case-*.parquet')), ['LOG502'])
  assert.deepEqual(await codeOf('lake', mapped({ raw: 'lin' })), ['LOG503'])
  assert.deepEqual(await codeOf('u', { u: { table: at('unit.parquet'), time: 'time' } }), ['LOG504'])
  assert.deepEqual(await codeOf('lake', mapped({ mapping: 'nothing' })), ['LOG509'])
  assert.deepEqual(await codeOf('lake', mapped({ isOutside: true })), ['LOG518'])
  const typed = await run('x=1', at('lake'), mapped({ isOutside: true }))
  assert.equal(typed.result.ok, true)
})

test('a name that copies a field is answered by its column; one that is made of a record is missed with a warning', async () => {
  const sources = { f: { table: at('forti.parquet'), vocabulary: 'fortigate' } }
  const copied = await run('destination.port=990 | Vendor.proto=6 | count()', 'f', sources)
  assert.deepEqual([copied.rows, copied.codes.includes('LOG515')], [[{ _count: '1' }], false])
  const chosen = await run('source.ip=192.0.2.7 | groupBy(source.ip)', 'f', sources)
  assert.deepEqual([chosen.rows, chosen.codes.includes('LOG515')], [[{ 'source.ip': '192.0.2.7', _count: '1' }], false])
  const made = await run('network.transport=tcp | count()', 'f', sources)
  assert.deepEqual([made.rows, made.codes.includes('LOG515')], [[{ _count: '0' }], true])
})
