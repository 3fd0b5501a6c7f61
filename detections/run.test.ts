// Our detections: every folder is in order, and every page of tests, investigation and hunts holds on the evaluator.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { judge, prepareCase } from '../core/detect/case.ts'
import { parseCaseFile } from '../core/detect/case-file.ts'
import { type DetectionFolder, readDetection } from '../core/detect/folder.ts'
import { checkCatalogue } from '../core/detect/relations.ts'
import { renderDiagnostic } from '../core/diag/render.ts'
import { readFiles } from '../engine/detection-folders.ts'
import { evaluate } from '../core/eval/evaluate.ts'

const ROOT = import.meta.dirname

const readFolder = (path: string): DetectionFolder => readDetection(readFiles(path), relative(ROOT, path))

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

const PAGE = /^(?:tests\/.+\.case\.md|hunts\/.+\.md|investigation\.md)$/
for (const folder of folders)
  for (const name of [...folder.files.keys()].filter((n) => PAGE.test(n)).sort()) {
    test(`${folder.name}/${name}`, () => {
      const page = parseCaseFile({ name, text: folder.files.get(name) ?? '' })
      assert.ok(page.cases.length > 0, 'no case')
      const read = (path: string): string | undefined => {
        const file = join(ROOT, folder.name, dirname(name), path)
        return existsSync(file) ? readFileSync(file, 'utf8') : undefined
      }
      for (const c of page.cases) {
        const prepared = prepareCase(page, c, read)
        const problems = [...prepared.problems]
        for (const query of prepared.queries) {
          const outcome = query.plan && evaluate(query.plan, query.rows, query.env)
          problems.push(...judge(query, outcome))
        }
        assert.deepEqual(
          problems.map((p) => [`${name}:${p.line} ${c.title}: ${p.what}`, ...p.detail]),
          [],
        )
      }
    })
  }
