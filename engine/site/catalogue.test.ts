import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Evidence, gatherCatalogue } from './catalogue.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-gather-'))
after(() => rmSync(root, { recursive: true }))

test('evidence of earlier states is forgotten: a server that runs for days keeps one state', async () => {
  const at = join(root, 'T1048.003')
  cpSync('detections/T1048.003-unencrypted-non-c2-protocol', at, { recursive: true })
  const cache = new Map<string, Evidence>()
  const gather = () => gatherCatalogue([at], { prove: false, comparisons: [], roots: [], budget: 60, cache })
  const first = await gather()
  const [key] = cache.keys()
  assert.deepEqual([cache.size, first.entries[0]?.results.every((r) => r.status === 'passed')], [1, true])
  assert.equal((await gather()).entries[0]?.results, first.entries[0]?.results, 'not run again')
  const playbook = join(at, 'playbook.md')
  writeFileSync(playbook, `${readFileSync(playbook, 'utf8')}\nMore.\n`)
  await gather()
  assert.equal(cache.size, 1)
  assert.ok(key !== undefined && !cache.has(key))
})
