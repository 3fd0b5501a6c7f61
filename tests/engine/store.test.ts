// A store answers as the logs that were put into it do.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'
import { compactStore } from '../../engine/store/compact.ts'
import { storeInfo } from '../../engine/store/info.ts'
import { type Stored, storeLogs } from '../../engine/store/store.ts'

let root = ''
const at = (name: string): string => join(root, name)
const put = (folder: string, logs: readonly string[], raw = false): Promise<Stored> =>
  storeLogs({ folder: at(folder), logs: logs.map(at), raw })

const falcon = (n: number, more: Record<string, unknown>): string =>
  `${JSON.stringify({ event_simpleName: n % 2 ? 'DnsRequest' : 'NetworkConnectIP4', aid: 'a'.repeat(32), cid: 'c'.repeat(32), timestamp: String(1767225600000 + n), ...more })}\n`

before(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-store-'))
  writeFileSync(
    at('a.json'),
    Array.from({ length: 40 }, (_, n) => falcon(n, { RemotePort: String(n), ComputerName: `H${n % 3}` })).join(''),
  )
  // Names that differ in case only, a number, a list, an escape, and a line that is no event.
  writeFileSync(
    at('b.json'),
    [
      falcon(50, { Case: 'x', case: 'y' }),
      falcon(51, { Size: 1.1, List: ['p', 'q'] }),
      falcon(52, { Text: '\ud83d\ude00 \u0001 "' }),
      '{"event_simpleName":\n',
    ].join(''),
  )
})
after(() => rmSync(root, { recursive: true, force: true }))

const QUERIES = [
  'groupBy([event_simpleName, ComputerName], function=[count(), sum(RemotePort)])',
  'RemotePort>35 | sort(RemotePort)',
  'Case=x OR case=y OR Size=* OR Text=* | table([Case, case, Size, "List[1]", Text])',
  'tail(5)',
  'H1 | count()',
]

async function rows(query: string, logs: readonly string[]): Promise<unknown> {
  const source = { name: 'query', text: query }
  const { ok, table, diagnostics } = await runQuery({ query: source, language: 'cql', logs: logs.map(at) })
  assert.ok(ok, JSON.stringify(diagnostics))
  return table
}

test('the same rows as the logs, before and after parts become one', async () => {
  const logs = ['a.json', 'b.json']
  const wanted = await Promise.all(QUERIES.map((q) => rows(q, logs)))
  for (const log of logs) assert.equal((await put('s', [log])).ok, true)
  for (const [i, q] of QUERIES.entries()) assert.deepEqual(await rows(q, ['s']), wanted[i], q)
  const compacted = await compactStore({ folder: at('s') })
  assert.ok(compacted.ok)
  for (const [i, q] of QUERIES.entries()) assert.deepEqual(await rows(q, ['s']), wanted[i], q)
  const files = readdirSync(at('s/parts'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.parquet'))
  assert.equal(files.length, compacted.manifest?.parts.length)
})

test('a content is stored once, whatever its name, and records on request', async () => {
  writeFileSync(at('copy.json'), readFileSync(at('a.json')))
  const first = await put('raw', ['a.json'], true)
  assert.equal(first.events, 40)
  const again = await put('raw', ['copy.json'], true)
  assert.deepEqual([again.ok, again.events, again.diagnostics.map((d) => d.code)], [true, 0, ['LOG514']])
  assert.deepEqual(
    await rows('RemotePort=7 | table(@rawstring)', ['raw']),
    await rows('RemotePort=7 | table(@rawstring)', ['a.json']),
  )
})

test('a query that reads records gets a warning where the store has none', async () => {
  for (const [folder, raw] of [
    ['with', true],
    ['without', false],
  ] as const) {
    await put(folder, ['a.json'], raw)
    for (const text of ['H1 | count()', 'table(@rawstring)', 'ComputerName=H1 | count()']) {
      const { diagnostics } = await runQuery({ query: { name: 'q', text }, language: 'cql', logs: [at(folder)] })
      const isWarned = diagnostics.some((d) => d.code === 'LOG516')
      assert.equal(isWarned, !raw && !text.startsWith('ComputerName'), `${folder}: ${text}`)
    }
  }
})

test('a store that keeps nothing of events without fields says so', async () => {
  writeFileSync(at('lines.txt'), 'tcp conn open\nno form at all\nanother line\n')
  const lost = async (folder: string, raw: boolean): Promise<readonly string[]> => {
    const { ok, diagnostics } = await put(folder, ['lines.txt', 'a.json'], raw)
    assert.ok(ok)
    return diagnostics.flatMap((d) => (d.code === 'LOG517' ? [d.message] : []))
  }
  assert.deepEqual(await lost('lines', true), [])
  const [message, ...others] = await lost('no-lines', false)
  assert.deepEqual(others, [])
  assert.match(message ?? '', /^3 events of .*lines\.txt \(format text\) without fields/)
})

test('free text in each language gets the warning about records that the store does not have', async () => {
  writeFileSync(at('words.txt'), 'tcp conn open\nno form at all\n')
  await put('words', ['words.txt'])
  const asked = [
    ['cql', '/tcp|conn/i | count()', true],
    ['cql', '@rawstring=/tcp/ | count()', true],
    ['cql', 'count()', false],
    ['sumo', 'tcp | count', true],
    ['sumo', '_sourceCategory=* conn', true],
    ['sumo', '* | where _raw matches "*tcp*" | count', true],
    ['sumo', '* | parse "* conn" as x | count', true],
    ['sumo', '* | count', false],
  ] as const
  for (const [language, text, isWarned] of asked) {
    const { ok, diagnostics } = await runQuery({ query: { name: 'q', text }, language, logs: [at('words')] })
    assert.ok(ok, text)
    const codes = diagnostics.map((d) => d.code)
    assert.equal(codes.includes('LOG516'), isWarned, `${text}: ${codes.join(' ')}`)
  }
})

test('events of more fields than the memory has room for dictionaries', async () => {
  const fields = (n: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`Field${i}`, `${n} ${i}`]))
  for (const n of [60, 61]) {
    writeFileSync(at(`wide-${n}.json`), falcon(n, fields(n)))
    const { ok, diagnostics } = await put('wide', [`wide-${n}.json`], true)
    assert.ok(ok, JSON.stringify(diagnostics))
  }
  assert.ok((await compactStore({ folder: at('wide') })).ok)
  const query = 'Field7="60 7" OR Field1099="61 1099" | table([Field0, Field1099, @rawstring])'
  assert.deepEqual(await rows(query, ['wide']), await rows(query, ['wide-60.json', 'wide-61.json']))
})

test('input that is wrong has a code, and leaves the store as it was', async () => {
  const codes = (s: { diagnostics: readonly { code: string }[] }): string[] => s.diagnostics.map((d) => d.code)
  await put('t', ['a.json'])
  assert.deepEqual(codes(await storeLogs({ folder: root, logs: [at('a.json')], raw: false })), ['LOG513'])
  writeFileSync(at('t/.lock'), String(process.ppid))
  assert.deepEqual(
    codes(await put('t', ['b.json'])).filter((c) => c === 'LOG512'),
    ['LOG512'],
  )
  rmSync(at('t/.lock'))
  const { manifest } = storeInfo(at('t'))
  const run = () => runQuery({ query: { name: 'q', text: 'count()' }, language: 'cql', logs: [at('t')] })
  rmSync(at(`t/${manifest?.parts[0]?.path}`))
  assert.deepEqual(codes(await run()), ['LOG501'])
  writeFileSync(at('t/assay-store.json'), '{')
  assert.deepEqual(codes(await run()), ['LOG510'])
})

test('only files that a store wrote are removed, and no link is followed', async () => {
  const own = 'parts/type=x/2026-01-01-0123456789abcdef.parquet'
  for (const folder of ['user', 'target']) mkdirSync(at(`${folder}/parts/type=x`), { recursive: true })
  const notes = ['user/parts/notes.txt', 'user/parts/type=x/data.parquet', `user/${own}`, `target/${own}`]
  for (const name of notes) writeFileSync(at(name), 'x')
  mkdirSync(at('linked'))
  symlinkSync(at('target/parts'), at('linked/parts'))
  writeFileSync(at('linked/assay-store.json'), '{"assay_store":2,"parts":[],"contents":[]}')
  assert.equal((await put('user', ['a.json'])).ok, true)
  // The engine may write only below the real folder of the store.
  assert.equal((await put('linked', ['a.json'])).ok, false)
  assert.deepEqual(
    notes.filter((n) => existsSync(at(n))),
    notes.filter((n) => n !== `user/${own}`),
  )
})

test('the joins of a view are left out where all events of the query carry its fields', async () => {
  const query = {
    name: 'published.cql',
    text: readFileSync('detections/T1071.002-file-transfer-protocols/logscale.cql', 'utf8'),
  }
  for (const feed of ['enriched', 'raw']) {
    const logs = `examples/t1071.002/${feed}`
    await storeLogs({ folder: at(feed), logs: [logs], raw: false })
    const [stored, read] = [at(feed), logs].map((l) => runQuery({ query, language: 'cql', logs: [l] }))
    assert.deepEqual((await stored)?.table, (await read)?.table)
    assert.equal((await stored)?.view?.name, feed === 'raw' ? 'falcon' : undefined)
    assert.equal((await read)?.view?.name, 'falcon')
  }
})

test('only files of the kind that a query asks for are read, and names that these lack are absent', async () => {
  const lines = Array.from({ length: 10_400 }, (_, n) =>
    falcon(n, n % 2 ? { DomainName: n < 9 ? '' : `d${n % 5}` } : { RemotePort: String(n % 7), ComputerName: 'H' }),
  )
  writeFileSync(at('kinds.json'), lines.join(''))
  await put('kinds', ['kinds.json'])
  const parts = storeInfo(at('kinds')).manifest?.parts ?? []
  const dns = parts.find((p) => p.type === 'DnsRequest')
  assert.equal(dns?.only['event_simpleName'], 'DnsRequest')
  assert.ok(dns?.full.includes('aid') && !dns.full.includes('DomainName'))
  for (const query of [
    'event_simpleName=DnsRequest | groupBy([DomainName, RemotePort], function=count())',
    'event_simpleName=DnsRequest | groupBy([DomainName], function=[count(), max(RemotePort)])',
    'event_simpleName=FileWritten | count()',
    'in(event_simpleName, values=[DnsRequest, FileWritten]) | RemotePort=* | count()',
    'event_simpleName=NetworkConnectIP4 | sort(timestamp, limit=3)',
  ])
    assert.deepEqual(await rows(query, ['kinds']), await rows(query, ['kinds.json']), query)
  const query = { name: 'query', text: 'event_simpleName=DnsRequest | groupBy(DomainName)' }
  const { run } = await runQuery({ query, language: 'cql', logs: [at('kinds')] })
  assert.ok(run?.engine?.sql?.includes('type=DnsRequest') && !run.engine.sql.includes('type=NetworkConnectIP4'))
})

test('a query without findings says of a store what it says of the logs', async () => {
  await put('empty', ['a.json'])
  const said = async (query: string, logs: string): Promise<readonly string[]> => {
    const { diagnostics } = await runQuery({ query: { name: 'query', text: query }, language: 'cql', logs: [at(logs)] })
    const of = diagnostics.filter((d) => /^(?:QIR4|LNT)/.test(d.code))
    return of.map((d) => `${d.code} ${d.message} ${d.remedy}`).sort()
  }
  for (const query of [
    'RemotePort=77',
    'ComputerName=H9 | count()',
    'event_simpleName=DnsRequest | RemotePort=3 | ComputerName=h1',
    'event_simpleName=DnsRequest | RemotePort!=* | groupBy(ComputerName)',
    'event_simpleName=DnsRequest | groupBy([ComputerName, RemotePort])',
  ])
    assert.deepEqual(await said(query, 'empty'), await said(query, 'a.json'), query)
})

test('events that a filter removed do not lack a grouping key', async () => {
  await put('lacking', ['a.json', 'b.json'])
  const query = { name: 'query', text: 'RemotePort=* | groupBy(ComputerName)' }
  const { diagnostics } = await runQuery({ query, language: 'cql', logs: [at('lacking')] })
  assert.ok(!diagnostics.some((d) => d.code === 'QIR303'), JSON.stringify(diagnostics))
})
