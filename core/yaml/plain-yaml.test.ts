// The reader of plain YAML gives what the library gives, or leaves the text to it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isMap, isScalar, isSeq } from 'yaml'
import { runs } from '../../tools/property-runs.ts'
import { composeYaml } from './parse-yaml.ts'
import { readPlain } from './plain-yaml.ts'

const OPTIONS = { prettyErrors: false, uniqueKeys: false, logLevel: 'error', version: '1.2' } as const

/** Everything that readers of the documents look at. */
function shown(node: unknown): unknown {
  if (isMap(node)) return { map: node.items.map(({ key, value }) => [shown(key), shown(value)]), at: node.range }
  if (isSeq(node)) return { list: node.items.map(shown), at: node.range }
  if (!isScalar(node)) return String(node)
  const { value, source, type, range } = node
  return { value: typeof value === 'number' ? `number ${value}` : value, source, type, at: range }
}

function compared(text: string): boolean {
  const plain = readPlain(text, OPTIONS)
  if (!plain) return false
  const { docs, problems } = composeYaml(text)
  assert.deepEqual(problems, [], text)
  assert.equal(docs.length, 1, text)
  assert.deepEqual(shown(plain.contents), shown(docs[0]?.contents), text)
  return true
}

const RULE = `# a rule
title: Port 21:ftp 'outbound' "FTP"
id: 3f2b1c9e-0000-4000-8000-000000000021   # made for this test
description: |
    Connections to port 21.

    A second paragraph # with no comment
date: 2026-11-25
tags:
    - attack.t1048.003
    # later: attack.t1071.002
    - 'attack.it''s'
logsource:
    product: zeek

detection:
    selection:
        id.resp_p: 21
        method|contains:
        - "STOR \\\\ \\"x\\""
        - ~
        proto: null
    many:
    - a: true
      b: 0x15
    - a: .5
      b: >-
        folded
        text
    condition: selection and not 1 of many
level: low
`

test('a plain rule needs no library', () => {
  assert.equal(compared(RULE), true)
})

const PARTS = [
  '\n',
  ' ',
  ':',
  ': ',
  '#',
  ' #',
  '- ',
  "'",
  '"',
  '\\',
  '|',
  '>',
  '|-',
  '\n    ',
  '~',
  '0x1f',
  '1.5',
  '&',
  '*',
]
const MORE = [
  '[',
  '{',
  '\n# c\n',
  '\n    # c\n',
  '\n        # c\n',
  '\n            # c\n',
  '\n---\n',
  '? ',
  'true: ',
  '%',
  "''",
  '|+',
  '|2',
  ' \n',
  '\t',
  '\r\n',
]

const edit = fc.record({
  place: fc.nat(RULE.length),
  removed: fc.nat(6),
  added: fc.oneof(fc.constant(''), fc.constantFrom(...PARTS, ...MORE)),
})

test('a damaged rule has the same nodes, or is left to the library', () => {
  const begin = fc.oneof(fc.constant(0), fc.nat(RULE.length))
  fc.assert(
    fc.property(begin, fc.array(edit, { minLength: 1, maxLength: 4 }), (from, edits) => {
      let text = RULE
      for (const { place, removed, added } of edits) text = text.slice(0, place) + added + text.slice(place + removed)
      compared(text.slice(text.lastIndexOf('\n', from) + 1))
    }),
    { numRuns: runs(6000) },
  )
})

const line = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4, 6),
    fc.constantFrom('- ', '', '', '- - '),
    fc.constantFrom('a: ', 'b:', "'c' : ", '', '# '),
  )
  .chain(([indent, dash, key]) =>
    fc
      .constantFrom('x', '', '"y"', "z'z", '|', '>', 'null', '1e3', 'a b # c', '-x', 'p: q')
      .map((value) => `${' '.repeat(indent)}${dash}${key}${value}`),
  )

test('random lines have the same nodes, or are left to the library', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 7 }), fc.boolean(), (lines, ends) => {
      compared(lines.join('\n') + (ends ? '\n' : ''))
    }),
    { numRuns: runs(12_000) },
  )
})
