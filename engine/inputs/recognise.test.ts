// Files whose first record is longer than the head by which formats are recognised.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listInputs } from './files.ts'
import { recogniseInputs } from './recognise.ts'

const folder = mkdtempSync(join(tmpdir(), 'recognise-'))
after(() => rmSync(folder, { recursive: true, force: true }))

async function formatOf(name: string, text: string): Promise<string | undefined> {
  const path = join(folder, name)
  writeFileSync(path, text)
  const { inputs } = await listInputs([path])
  return recogniseInputs(inputs).files[0]?.format
}

/** An object over `lines` lines and a few more. */
const long = (lines: number, more: object = {}): object => ({
  timestamp: '2026-03-02T10:00:05Z',
  ...more,
  parts: Array.from({ length: lines }, (_, i) => i),
})

test('JSON objects over more lines than the head, alone and in an array', async () => {
  const alert = { composite_id: 'a:b', severity_name: 'High', created_timestamp: '2026-03-02T10:00:05Z' }
  for (const lines of [150, 195, 200, 400, 4000]) {
    const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
    assert.equal(await formatOf('one.json', pretty(long(lines, alert))), 'falcon-alerts-documents', `${lines} lines`)
    assert.equal(
      await formatOf('array.json', pretty([long(lines, alert)])),
      'falcon-alerts-documents',
      `${lines} lines`,
    )
    assert.equal(await formatOf('other.json', pretty(long(lines))), 'json-array', `${lines} lines`)
  }
})

test('an object that never ends has no format', async () => {
  const open = JSON.stringify(long(400), null, 2).slice(0, -2)
  assert.equal(await formatOf('open.json', open), undefined)
})
