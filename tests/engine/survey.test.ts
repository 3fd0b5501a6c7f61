// A survey over a larger file, and an abort in the middle of a scan.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generate } from '../../bench/generate.ts'
import { missionPlan } from '../../bench/mission.ts'
import { listInputs } from '../../engine/inputs/files.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { runPlan } from '../../engine/execute/run-plan.ts'
import { surveyFiles } from '../../engine/execute/survey.ts'

const folder = mkdtempSync(join(tmpdir(), 'engine-signals-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'events.ndjson')
const made = generate(data, 30e6)
const files = recogniseInputs((await listInputs([data])).inputs).files

test('a survey counts every field of every event', async () => {
  const { files: found, diagnostics } = await surveyFiles(files)
  assert.deepEqual(diagnostics, [])
  assert.equal(found[0]?.stats.lines, made.events)
  assert.equal(found[0]?.fields.get('aid'), made.events)
  const connections = found[0]?.fields.get('RemotePort') ?? 0
  assert.ok(connections > made.events / 20 && connections < made.events / 5)
  assert.equal(found[0]?.stats.first, 1_772_366_400_000_000n)
})

test('an abort in the middle of the scan ends it', async () => {
  const controller = new AbortController()
  const result = await runPlan(missionPlan(), {
    files,
    signal: controller.signal,
    onProgress: (phase, done) => {
      if (phase === 'scan' && done > 0) controller.abort()
    },
  })
  assert.deepEqual(
    result.diagnostics.map((d) => d.code),
    ['RUN101'],
  )
})
