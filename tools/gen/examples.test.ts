import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { generate, type Options } from './telemetry.ts'

const FOLDER = 'examples/t1071.002'

for (const feed of ['enriched', 'ngsiem', 'raw'] as const)
  test(`the bundled ${feed} telemetry is what the generator writes`, () => {
    const options: Options = { feed, seed: 42, mb: 0.05, groups: 2, start: Date.UTC(2026, 0, 15), hours: 24 }
    const texts = { events: '', aidmaster: '' }
    const truth = generate(options, (file, text) => {
      texts[file] += text
    })
    assert.equal(gunzipSync(readFileSync(`${FOLDER}/${feed}/events.ndjson.gz`)).toString(), texts.events)
    if (feed !== 'ngsiem')
      assert.equal(gunzipSync(readFileSync(`${FOLDER}/${feed}/aidmaster.ndjson.gz`)).toString(), texts.aidmaster)
    assert.deepEqual(JSON.parse(readFileSync(`${FOLDER}/truth/${feed}.json`, 'utf8')), truth)
  })
