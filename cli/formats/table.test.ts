// Tables for people: columns stay aligned whatever the texts are.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './table.ts'

const render = (texts: readonly string[], width: number): string[] =>
  table
    .render({ columns: ['text', 'end'], rows: texts.map((t) => [t, 'e']) }, { width, spreadsheet: false })
    .trimEnd()
    .split('\n')

test('a text that is cut has the width of its column, also with letters of two columns', () => {
  const [, rule, narrow, wide] = render(['a'.repeat(60), '漢'.repeat(30)], 30)
  assert.equal(rule, `${'─'.repeat(25)}  ───`)
  assert.equal(narrow, `${'a'.repeat(24)}…  e`)
  assert.equal(wide, `${'漢'.repeat(12)}…  e`)
  assert.equal(render(['漢'.repeat(30)], 31)[2], `${'漢'.repeat(12)}…   e`)
})

test('accents have no width, however many there are', () => {
  const accents = 'e\u0301'.repeat(20)
  assert.equal(render([accents, 'b'.repeat(20)], 0)[2], `${accents}  e`)
  assert.ok((render([`e${'\u0301'.repeat(100_000)}${'b'.repeat(60)}`], 30)[2] as string).endsWith('…  e'))
})
