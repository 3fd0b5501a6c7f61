import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { thousands } from './thousands.ts'

test('numbers are written as the platform writes them in English', () => {
  const written = (n: number): void => assert.equal(thousands(n), n.toLocaleString('en-US'))
  for (const n of [0, 7, 999, 1000, -1000, -999, 123_456, 1.5, 1234.5, 1e21, Number.POSITIVE_INFINITY]) written(n)
  fc.assert(fc.property(fc.maxSafeInteger(), written))
})
