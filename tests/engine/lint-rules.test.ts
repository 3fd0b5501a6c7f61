// Every lint rule has a page of cases. Over the telemetry of the page, the query to avoid gets the rule's diagnostic and the query to prefer
// does not. The two give different rows; the pages run as conformance cases.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import { allRules as rules } from '../../core/lint/check.ts'
import { fixed, lint } from '../../core/workbench/lint.ts'
import { runQuery } from '../../engine/query/run-query.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-lint-rules-'))
after(() => rmSync(folder, { recursive: true, force: true }))

for (const rule of rules) {
  test(`${rule.id} ${rule.slug}`, async () => {
    const name = `core/lint/rules/${rule.slug}/cases.case.md`
    const text = readFileSync(name, 'utf8')
    const logs = join(folder, `${rule.slug}.ndjson`)
    writeFileSync(logs, /```events\n(.*?)```/s.exec(text)?.[1] ?? '')
    const { cases } = parseCaseFile({ name, text })
    const queries = [...text.matchAll(/```(cql|sumo|sigma)\n(.*?)```/gs)].map((m) => ({
      language: m[1] as string,
      text: m[2] as string,
    }))
    assert.equal(queries.length, cases.length)
    const rows: unknown[] = []
    for (const [i, { title }] of cases.entries()) {
      const query = queries[i] as (typeof queries)[number]
      const source = { name: title, text: query.text }
      const found = await runQuery({ query: source, language: query.language, logs: [logs] })
      // A rule over the text alone needs no telemetry, and a run does not report it.
      const { diagnostics } = 'checkText' in rule ? lint(source, query.language) : found
      const isReported = diagnostics.some((d) => d.code === rule.id)
      assert.match(title, /^(?:Avoid|Prefer): /)
      assert.equal(isReported, title.startsWith('Avoid'), title)
      rows.push(found.table.rows)
      if (!isReported) continue
      // The text that a fix leaves has no such diagnostic.
      const { text, applied } = fixed(source, query.language, {}, 'all')
      if (!applied.some((d) => d.code === rule.id)) continue
      assert.ok(!lint({ ...source, text }, query.language).diagnostics.some((d) => d.code === rule.id), text)
    }
    assert.notDeepEqual(rows[0], rows[1])
    assert.ok(cases.some((c) => c.title.startsWith('Avoid')) && cases.some((c) => c.title.startsWith('Prefer')))
  })
}
