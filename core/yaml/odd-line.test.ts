import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseYaml } from './parse-yaml.ts'

const rule = (selection: string): string =>
  `title: a\ndetection:\n    other:\n        a: 1\n${selection}\n    condition: selection\n`
const told = (text: string): { problem: string; remedy: string; line: string }[] =>
  parseYaml(text).problems.map(({ problem, remedy = '', at }) => ({
    problem,
    remedy,
    line: text.slice(text.lastIndexOf('\n', at.start) + 1, at.end).trim(),
  }))

for (const [what, selection, line, problem] of [
  ['a hyphen', "    selection:\n        Image:\n            'a'\n            - 'b'", "'a'", /begins with `- `/],
  ['the last hyphen', "    selection:\n        Image:\n            - 'a'\n            'b'", "'b'", /begins with `- `/],
  [
    'a hyphen before a key',
    "    selection:\n        Image: 'a'\n        - Name: 'b'",
    "Image: 'a'",
    /begins with `- `/,
  ],
  ['the column of a key', " selection:\n        Image: 'a'", 'selection:', /another column/],
  ['the column of a value', "    selection:\n        Image: 'a'\n  Name: 'b'", "Name: 'b'", /another column/],
  ['a colon', "    selection:\n        Image|contains # x\n            - 'a'", 'Image|contains # x', /ends with `:`/],
] as const)
  test(`lost: ${what}; one problem, at its line`, () => {
    const text = rule(selection)
    const found = told(text)
    assert.deepEqual(
      found.map((f) => f.line),
      [line],
      JSON.stringify(found),
    )
    assert.match(found[0]?.problem ?? '', problem)
    assert.match(found[0]?.remedy ?? '', /blanks before it|`- ` before it|`:` at its end/)
  })

test('a text without such a loss has no problem, whatever its columns', () => {
  assert.deepEqual(told(rule("    selection:\n      Image:\n      - 'a'\n      - 'b'")), [])
})
