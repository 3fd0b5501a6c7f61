// The bundled detections: every folder passes its checks, and every page of tests, investigation and hunts passes. Every engine gives the rows of
// the evaluator: in npm test for each query over the rows of all its cases in one, in test:deep for each case alone as well.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, test } from 'node:test'
import { readDetection } from '../core/detect/folder/folder.ts'
import { checkCatalogue } from '../core/detect/folder/checks/relations.ts'
import { renderDiagnostic } from '../core/diag/render.ts'
import { evaluator, openDuckdb } from '../engine/cases/case-executors.ts'
import { readFiles } from '../engine/project/detection-folders.ts'
import { listPages } from '../engine/project/list-files.ts'
import { difference, testPage } from '../engine/cases/test-cases.ts'
import { clickhouseExecutor } from '../engine/cases/sql-engines.ts'
import type { DetectionFolder } from '../core/detect/folder/folder-types.ts'
import { isDeep } from '../tools/property-runs.ts'
import { JointRows } from './joint-rows.ts'

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

const joint = new JointRows()
const alone = isDeep ? executors : []

for (const page of listPages([ROOT]).pages) {
  const name = relative(ROOT, page.name)
  test(`${name} on ${['evaluator', ...alone.map((e) => e.name)].join(', ')}`, async () => {
    const { cases } = await testPage(page, {
      executors: alone,
      onQuery: (q, plan) => joint.add(q.compiled.source.name, plan, q.rows, q.env),
    })
    assert.ok(cases.length > 0, 'no case')
    const failed = cases.filter((c) => c.status !== 'passed')
    assert.deepEqual(
      failed.flatMap((c) => c.failures.map((p) => [`${name}:${p.line} ${c.title}: ${p.what}`, ...p.detail])),
      [],
    )
    assert.equal(failed.length, 0, 'every case of a detection of ours runs and passes')
  })
}

for (const executor of executors)
  test(`every query gives the same rows on ${executor.name}, over the rows of all its cases in one`, async () => {
    const queries = joint.queries()
    assert.ok(queries.length > folders.length)
    let found = 0
    for (const { name, plan, rows, env } of queries) {
      const wanted = await evaluator.run(plan, rows, env)
      found += wanted.rows.length
      assert.deepEqual(difference(wanted, await executor.run(plan, rows, env), false), [], name)
    }
    assert.ok(found > queries.length)
  })
