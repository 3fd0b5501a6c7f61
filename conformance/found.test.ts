// The table of found.md names tests that exist.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const rows = [...readFileSync('conformance/found.md', 'utf8').matchAll(/^\| (.+?) \| `([^`]+)` \| (.+) \|$/gm)]

test('every kind has a test', () => assert.ok(rows.length >= 58))

for (const [, kind = '', file = '', title = ''] of rows)
  test(`${kind}: ${title}`, () => {
    assert.ok(existsSync(file), file)
    const text = readFileSync(file, 'utf8')
    if (title !== 'all') assert.ok(text.includes(file.endsWith('.md') ? `## ${title}\n` : title), `${file}: ${title}`)
  })
