import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SCHEMA_PATH, schemaText } from './detection-schema.ts'

test('the published JSON Schema of detection.yml is current', () => {
  const written: unknown = JSON.parse(readFileSync(SCHEMA_PATH, 'utf8'))
  assert.deepEqual(written, JSON.parse(schemaText()), 'fix: npx tsx tools/detection-schema.ts')
})
