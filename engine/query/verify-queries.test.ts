// A Sigma rule and a CQL query are compared in the vocabulary that both read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyQueries } from './verify-queries.ts'

const RULE = `title: t
logsource: {product: windows, category: process_creation}
detection:
  sel:
    Image|endswith: '\\ftp.exe'
    CommandLine|contains: ' -s:'
  condition: sel
`
const query = (image: string, names = 'ProcessRollup2, SyntheticProcessRollup2') => ({
  source: {
    name: 'q.cql',
    text: `in("#event_simpleName", values=[${names}]) event_platform=Win | ImageFileName=${image} CommandLine=/ -s:/i`,
  },
  language: 'cql',
})
const verdictOn = async (b: ReturnType<typeof query>) =>
  (
    await verifyQueries({ source: { name: 'r.yml', text: RULE }, language: 'sigma' }, b, {
      logs: [],
      seed: 1,
      tz: 'UTC',
      sourceTz: 'UTC',
    })
  ).verdict

test('a rule and its translation do not differ, and every predicate is reached', async () => {
  const verdict = await verdictOn(query('/\\\\ftp\\.exe$/i'))
  assert.ok(
    verdict?.kind === 'same',
    JSON.stringify(verdict, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)),
  )
  assert.deepEqual(verdict.notReached, [])
})

test('a lost modifier and a lost event type are found, with the step that decides', async () => {
  for (const b of [query('/\\\\ftp\\.exe$/'), query('/\\\\ftp\\.exe$/i', 'ProcessRollup2')]) {
    const verdict = await verdictOn(b)
    assert.ok(verdict?.kind === 'differs')
    assert.equal(verdict.decides?.side, 'b')
    assert.equal(verdict.telemetry.events.length, 1)
  }
})
