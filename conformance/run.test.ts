// Runs every page of cases on the evaluator, which defines the meaning, and not in test:quick on DuckDB, and on ClickHouse if it is installed.
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { evaluator, type Executor, openDuckdb } from '../engine/cases/case-executors.ts'
import { listPages } from '../engine/project/list-files.ts'
import { type PageResult, testPage } from '../engine/cases/test-cases.ts'
import { clickhouseExecutor } from '../engine/cases/sql-engines.ts'
import { parseCaseFile } from '../core/detect/case/case-file.ts'
import { isQuick } from '../tools/property-runs.ts'

const { pages, diagnostics } = listPages(['conformance', 'core/lint/rules'])
const executors: readonly Executor[] = isQuick ? [] : [await openDuckdb(), ...clickhouseExecutor()]
after(() => {
  for (const e of executors) e.close()
})

it('there are pages, and all can be read', () => {
  assert.deepEqual(diagnostics, [])
  assert.ok(pages.length > 0)
})

it('ClickHouse runs the cases too', (t) => {
  if (executors.length < 2) t.skip('chdb is not installed (ASSAY_CHDB)')
})

for (const page of pages) {
  describe(`${page.name} on ${[evaluator, ...executors].map((e) => e.name).join(', ')}`, () => {
    const { title, cases } = parseCaseFile(page)
    it('has a title and cases, each by a name of its own', () => {
      assert.notEqual(title, page.name)
      assert.deepEqual(duplicates(cases.map((c) => c.title)), [])
      assert.ok(cases.length > 0)
    })
    let run: Promise<PageResult> | undefined
    for (const [i, c] of cases.entries()) {
      it(c.title, async (t) => {
        run ??= testPage(page, { executors, roots: ['.'] })
        const r = (await run).cases[i]
        assert.ok(r && r.title === c.title)
        if (r.status === 'skipped') t.skip(r.reason)
        if (r.status === 'todo') t.skip(`todo: ${r.reason}`)
        const failures = r.failures.map((f) =>
          [`${page.name}:${f.line}: ${f.what}`, ...f.detail, ...(f.sql === undefined ? [] : [f.sql])].join('\n'),
        )
        assert.notEqual(r.status, 'failed', failures.join('\n\n'))
      })
    }
  })
}

const duplicates = (all: readonly string[]): string[] => all.filter((x, i) => all.indexOf(x) !== i)
