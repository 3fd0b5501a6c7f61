// The bundled detections: every folder passes its checks, and every page of tests, investigation and hunts passes on every executor.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, test } from 'node:test'
import { readDetection } from '../core/detect/folder/folder.ts'
import { checkCatalogue } from '../core/detect/folder/checks/relations.ts'
import { renderDiagnostic } from '../core/diag/render.ts'
import { openDuckdb } from '../engine/cases/case-executors.ts'
import { readFiles } from '../engine/project/detection-folders.ts'
import { listPages } from '../engine/project/list-files.ts'
import { testPage } from '../engine/cases/test-cases.ts'
import { clickhouseExecutor } from '../engine/cases/sql-engines.ts'
import type { DetectionFolder } from '../core/detect/folder/folder-types.ts'

const ROOT = import.meta.dirname

const readFolder = (path: string): DetectionFolder => readDetection(readFiles(path, assert.fail), relative(ROOT, path))

const folders = readdirSync(ROOT, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => readFolder(join(ROOT, e.name)))

test('the folders are in order', () => {
  assert.ok(folders.length > 0)
  const all = [...folders.flatMap((f) => f.diagnostics), ...checkCatalogue(folders)]
  assert.deepEqual(
    all.map((d) => renderDiagnostic(d, { colour: false })),
    [],
  )
})

test('every folder is called after its id', () => {
  for (const f of folders) assert.equal(f.detection?.id, f.name)
})

const executors = [await openDuckdb(), ...clickhouseExecutor()]
after(() => {
  for (const e of executors) e.close()
})

test('ClickHouse runs the cases too', (t) => {
  if (executors.length < 2) t.skip('chdb is not installed (ASSAY_CHDB)')
})

for (const page of listPages([ROOT]).pages) {
  const name = relative(ROOT, page.name)
  test(`${name} on ${['evaluator', ...executors.map((e) => e.name)].join(', ')}`, async () => {
    const { cases } = await testPage(page, { executors })
    assert.ok(cases.length > 0, 'no case')
    const failed = cases.filter((c) => c.status !== 'passed')
    assert.deepEqual(
      failed.flatMap((c) => c.failures.map((p) => [`${name}:${p.line} ${c.title}: ${p.what}`, ...p.detail])),
      [],
    )
    assert.equal(failed.length, 0, 'every case of a detection of ours runs and passes')
  })
}
