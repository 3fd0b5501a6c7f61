import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineCounter, positionAt } from './source.ts'

const texts = fc.string({ unit: fc.constantFrom('a', '“', '\n', '\r', '\r\n'), maxLength: 12 })

test('line and column by counting the line ends before the offset: CRLF, LF and a lone CR', () => {
  fc.assert(
    fc.property(texts, texts, fc.nat(14), (text, other, at) => {
      const before = text.slice(0, at)
      // A CR in front of the offset ends no line yet if its LF is behind the offset.
      const ends = [...before.matchAll(/\r\n|\r|\n/g)].filter((m) => !(m[0] === '\r' && text[m.index + 1] === '\n'))
      const last = ends.at(-1)
      const start = last ? last.index + last[0].length : 0
      positionAt(other, 1)
      assert.deepEqual(positionAt(text, at), { line: ends.length + 1, column: before.length - start + 1 })
      assert.equal(lineCounter(text)(Math.min(at, text.length)), ends.length + 1)
    }),
  )
})
