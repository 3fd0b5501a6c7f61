// A result without events is explained, also when an aggregate without keys turns "no events" into a row.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lint } from '../../core/workbench/lint.ts'
import { runQuery } from './run-query.ts'

const LOGS = ['examples/t1071.002/raw']
const SIGMA = (field: string) => `title: t
logsource: { category: dns_query, product: windows }
detection:
  selection: { ${field}: 'x' }
  condition: selection
`
const run = async (text: string, language: string, logs: readonly string[] = LOGS) => {
  const result = await runQuery({ query: { name: 'q', text }, language, logs })
  assert.ok(result.ok, result.diagnostics.map((d) => d.message).join('\n'))
  return { rows: result.table.rows.length, codes: result.diagnostics.map((d) => d.code) }
}

/** A misspelt field in the first filter, then an aggregate without keys: in CQL it has one row over no events, in Sumo none. */
const KEYLESS: readonly (readonly [language: 'cql' | 'sumo', text: string])[] = [
  ['cql', 'DomainNam=* | count()'],
  ['cql', 'DomainNam=* | [count(aid, distinct=true), max(RemotePort)]'],
  ['cql', 'DomainNam=* | sum(RemotePort) | x := 1'],
  ['cql', 'y := lower(DomainNam) | y=/x/ | count(as=n)'],
  ['sumo', '* | where domain_nam = "x" | count'],
  ['sumo', '* | where !isNull(domain_nam) | max(RemotePort), count'],
]

for (const [language, text] of KEYLESS) {
  test(`${language}: an aggregate over no events is explained as an empty result is: ${text}`, async () => {
    const { rows, codes } = await run(text, language)
    assert.equal(rows, language === 'cql' ? 1 : 0)
    assert.ok(codes.includes('LNT102'), `the absent field is named: ${codes}`)
    assert.ok(codes.includes('QIR401'), `the step that let nothing through is named: ${codes}`)
  })
}

test('sigma: a correlation of no events is explained', async () => {
  const { codes } = await run(SIGMA('QueryNam'), 'sigma')
  assert.ok(codes.includes('QIR401'), String(codes))
})

test('a filter that is evaluated before the steps in front of it is the one that is named', async () => {
  const texts = [
    'y := lower(DomainName) | z := length(y) | z < 0',
    'x := 1 | y := format("%s", field=aid) | y=/x$/ | head(3)',
  ]
  for (const text of texts) {
    const result = await runQuery({ query: { name: 'q', text }, language: 'cql', logs: LOGS })
    const dry = result.diagnostics.find((d) => d.code === 'QIR401')
    assert.match(dry?.message ?? '', /no findings: [1-9]\d* events reached `(z < 0|y=\/x\$\/)`/)
  }
})

test('of filters side by side behind a step, the one that lets nothing through is the one that is named', async () => {
  const text = 'y := lower(aid) | z := length(y) | y=* | z=nothing'
  const result = await runQuery({ query: { name: 'q', text }, language: 'cql', logs: LOGS })
  const dry = result.diagnostics.find((d) => d.code === 'QIR401')
  assert.match(dry?.message ?? '', /no findings: [1-9]\d* events reached `z=nothing`/)
})

test('a filter that moves over a step that lets events through is the one that is named', async () => {
  const text =
    '* | json field=_raw "aid" as a | json field=_raw "event_platform" as b | where a = "nobody" | count by b'
  const result = await runQuery({ query: { name: 'q', text }, language: 'sumo', logs: LOGS })
  const dry = result.diagnostics.find((d) => d.code === 'QIR401')
  assert.match(dry?.message ?? '', /no findings: [1-9]\d* events reached `where a = "nobody"`/)
})

test('a count of some events is not explained, nor is one whose filter comes after it', async () => {
  for (const text of [
    'count()',
    'RemotePort=* | count()',
    'RemotePort=* | sum(NoSuchNumber)',
    'count() | _count > 1',
  ]) {
    const { codes } = await run(text, 'cql')
    assert.ok(!codes.includes('QIR401'), `${text}: ${codes}`)
  }
})

test('the values of a field are shown where they are the reason, not where they pass', async () => {
  const shown = async (text: string) => {
    const result = await runQuery({ query: { name: 'q', text }, language: 'cql', logs: LOGS })
    assert.ok(result.ok)
    return result.diagnostics.filter((d) => d.code === 'QIR404').map((d) => d.message)
  }
  const [first, ...more] = await shown('event_platform=/^win$/i RemotePort=1')
  assert.match(first ?? '', /RemotePort/)
  assert.deepEqual(more, [])
  // Nothing is missing where a negation holds back all events.
  assert.deepEqual(await shown('!cidr(RemoteAddressIP4, subnet="0.0.0.0/0")'), [])
})

test('a value in another case is named where a wildcard or a regex misses it', async () => {
  for (const text of ['event_platform=W*N', 'event_platform=/^WI/', 'in(event_platform, values=["WI*", "x"])']) {
    const result = await runQuery({ query: { name: 'q', text }, language: 'cql', logs: LOGS })
    const told = result.diagnostics.find((d) => d.code === 'QIR404')
    assert.match(told?.remedy ?? '', /did you mean "Win"/, text)
  }
})

test('a run names the same field as lint does, where only the case is wrong', async () => {
  const query = { name: 'q', text: '#event_simpleName=ProcessRollup2 Filename=cmd.exe' }
  const { diagnostics } = await runQuery({ query, language: 'cql', logs: LOGS })
  assert.match(diagnostics.find((d) => d.code === 'LNT102')?.remedy ?? '', /did you mean `FileName`/)
  assert.ok(lint(query, 'cql').diagnostics.some((d) => d.remedy === 'write `FileName`'))
})

test('cql: events that the query makes itself are a result', async () => {
  const { rows, codes } = await run('createEvents(["{\\"a\\":1}"]) | parseJson() | select(a)', 'cql')
  assert.equal(rows, 1)
  assert.ok(!codes.includes('QIR401'), String(codes))
})

test('where logs come from is a choice of the caller, so another category is asked for on the command line', async () => {
  const text = '_sourceCategory=prod/fortigate | count'
  const query = { name: 'q', text }
  const remedy = async (logs: readonly string[]) =>
    (await runQuery({ query, language: 'sumo', logs })).diagnostics.find((d) => d.code === 'QIR404')?.remedy
  const path = 'examples/t1071.002/fortigate/fortigate.log.gz'
  assert.match((await remedy([path])) ?? '', /PATH@VALUE/)
  assert.equal(await remedy([`${path}@prod/fortigate`]), undefined)
})

test('a name of the parser without a value is not told to be an array', async () => {
  const query = { name: 'q', text: '#Vendor = fortinet | groupBy(Vendor.srccountry)' }
  const { diagnostics } = await runQuery({ query, language: 'cql', logs: ['examples/t1071.002/fortigate'] })
  const grouped = diagnostics.find((d) => d.code === 'LNT103')
  assert.ok(grouped)
  assert.doesNotMatch(grouped.remedy, /\[0\]/)
})

test('sigma: of two rules in a file, what one of them can never find is said although the other finds something', async () => {
  const rule = (field: string) =>
    `title: t\nlogsource: { category: process_creation, product: windows }\ndetection:\n  s: { ${field}: '*' }\n  condition: s\n`
  const rules = `${rule('CommandLin')}---\n${rule('CommandLine')}`
  const { rows, codes } = await run(rules, 'sigma')
  assert.ok(rows > 0)
  assert.ok(codes.includes('LNT102'), String(codes))
})

test('sigma: the absent field is named with the events that were read, and with the name that is meant', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-absent-'))
  try {
    const log = join(folder, 'sysmon.ndjson')
    const event = { UtcTime: '2026-06-21 09:00:00.000', EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational' }
    writeFileSync(log, `${JSON.stringify({ ...event, Image: 'a.exe', CommandLine: 'a' })}\n`.repeat(3))
    const text =
      "title: t\nlogsource: { category: process_creation, product: windows }\ndetection:\n  s: { CommandLin: 'a' }\n  condition: s\n"
    const { diagnostics } = await runQuery({ query: { name: 'q.yml', text }, language: 'sigma', logs: [log] })
    const absent = diagnostics.find((d) => d.code === 'LNT102')
    assert.equal(absent?.message, '`CommandLin` is absent on all 3 events that were read')
    assert.equal(absent?.remedy, '`CommandLin`: did you mean `CommandLine`?')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
