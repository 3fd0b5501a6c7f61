// Metadata that a collector adds is in no log: the remedy names the way to say it, and following it finds the events.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { assay } from './assay.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-metadata-'))
after(() => rmSync(folder, { recursive: true }))
const logs = join(folder, 'sessions.csv')
writeFileSync(logs, 'user,outcome\nann,ok\nbob,ok\nann,failed\n')

for (const [language, query, remedy, mark] of [
  ['sumo', '_sourceCategory=web/proxy | count by user', '`LOGS@CATEGORY`', '@web/proxy'],
  ['sumo', '_sourceHost=edge | count by user', '`LOGS@_sourceHost=VALUE`', '@_sourceHost=edge'],
  ['cql', '#repo=web | groupBy(user)', '`LOGS#REPO`', '#web'],
] as const)
  test(`${query}: ${remedy}`, async () => {
    const without = await assay('run', query, logs, '--lang', language)
    assert.ok(without.err.includes(`write it behind the path: ${remedy}`), without.err)
    const { status, out } = await assay('run', query, `${logs}${mark}`, '--lang', language, '--format', 'ndjson')
    assert.equal(status, 0)
    assert.equal(out.trim().split('\n').length, 2, out)
  })

test('a table that is not given is told once', async () => {
  const query = '_sourceCategory=a | lookup team from /shared/users on user=user | count by team'
  const { err } = await assay('run', query, `${logs}@a`, '--lang', 'sumo')
  assert.equal(err.match(/not found/g)?.length, 1, err)
  assert.match(err, /fix: .*users\.csv.*--lookups/)
})

test('template variables without values are told once', async () => {
  const query = '_sourceCategory={{category}} | where user matches "{{who}}" | count by user'
  const { err } = await assay('run', query, `${logs}@a`, '--lang', 'sumo')
  assert.deepEqual(err.match(/^error\[\w+\]/gm), ['error[SUM009]'], err)
  assert.match(err, /fix: add --param category=VALUE --param who=VALUE/)
})
