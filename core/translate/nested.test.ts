// Computed values that read computed values: each step doubles the tests when it is written out, so sixty of them would never end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageNamed } from '../workbench/compile.ts'
import { translate, writtenLanguages } from '../workbench/translate.ts'

const STEPS: Readonly<Record<string, (i: number) => string>> = {
  'the value before, or another field': (i) => `if(x="${i}", a, x) as x`,
  'a number, compared as text and as number': (i) => `if(x=${i}, a, x) as x`,
  'another field each time': (i) => `if(x="1", a${i}, b) as x`,
  'a function of both': (i) => `toLowerCase(if(x="${i}", x, y)) as x`,
}

/** The reason, or the text. */
function translated(step: (i: number) => string, n: number, rest: string): string {
  const steps = Array.from({ length: n }, (_, i) => `| ${step(i)}\n`).join('')
  const [from, to] = [languageNamed('sumo'), writtenLanguages.find((l) => l.id === 'cql')]
  assert.ok(from && to)
  const source = { name: 'q', text: `_sourceCategory=a\n${steps}${rest}` }
  const { translations, diagnostics } = translate(source, from, to, { context: {} })
  return translations[0]?.text ?? diagnostics.map((d) => d.message).join('\n')
}

for (const [name, step] of Object.entries(STEPS))
  test(`sixty steps: ${name}`, () => {
    assert.match(translated(step, 60, '| where x = "2"'), /a value with too many cases/)
    assert.match(translated(step, 60, '| length(x) as y | where y > 3'), /it computes a value \(step `where y > 3`\)$/)
    assert.doesNotMatch(translated(step, 2, '| where x = "2"'), /cannot be written/)
  })
