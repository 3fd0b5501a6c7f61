import assert from 'node:assert/strict'
import { test } from 'node:test'
import { understand } from './near-miss-apply.ts'

test('a text of thousands of near-misses: as many are rewritten as the rounds take, and each of the others is an error', () => {
  for (const [count, rewritten] of [
    [1_200, 1_200],
    [4_100, 4_000],
  ] as const) {
    const { nearMisses, errors, text } = understand({ name: 'q', text: 'f=“a” '.repeat(count) })
    assert.deepEqual([nearMisses.length, errors.length], [rewritten, count - rewritten])
    assert.equal(text.match(/"a"/g)?.length, rewritten)
  }
})
