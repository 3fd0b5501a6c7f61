// docs/reference/ is up to date with the records; `npm run docs` writes it.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { documented } from '../../tools/documented.ts'

const pages = documented()

for (const [path, text] of pages) {
  test(`${path} is current`, () => {
    assert.ok(existsSync(path), `${path} is missing: npm run docs`)
    if (readFileSync(path, 'utf8') !== text) assert.fail(`${path} is out of date: npm run docs`)
  })
}

test('no page is left over', () => {
  const found = readdirSync('docs/reference', { recursive: true, encoding: 'utf8' }).map((f) =>
    join('docs/reference', f),
  )
  assert.deepEqual(
    found.filter((f) => f.endsWith('.md') && !pages.has(f)),
    [],
  )
})

test('codes are used once, and well formed', () => {
  const text = pages.get('docs/reference/diagnostics.md') ?? ''
  const headings: string[] = text.match(/^## \S+/gm) ?? []
  assert.ok(headings.length > 50)
  assert.deepEqual(
    headings.filter((h, i) => headings.indexOf(h) !== i),
    [],
  )
  assert.deepEqual(
    headings.filter((h) => !/^## [A-Z]{3}\d{3}$/.test(h)),
    [],
  )
})
