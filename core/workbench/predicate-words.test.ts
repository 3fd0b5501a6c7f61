// Predicates as a message shows them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conjuncts } from '../plan/build.ts'
import { visitPlan } from '../plan/walk.ts'
import { predicateWords } from '../plan/words.ts'
import { compile } from './compile.ts'

function words(text: string, language: string): string[] {
  const { plan } = compile({ name: 'q', text }, language, { context: { zone: 'UTC' } })
  assert.ok(plan)
  const out: string[] = []
  visitPlan(plan, { stage: (s) => void (s.kind === 'filter' && out.push(...conjuncts(s.where).map(predicateWords))) })
  return out
}

test('predicates are shown without names of the plan', () => {
  assert.deepEqual(
    words('a=1 b!=x | c > 5 | d=/x+/i | e=x* | in(f, values=[p, q]) | !cidr(g, subnet="10.0.0.0/8")', 'cql'),
    [
      'a = 1',
      'b != "x"',
      'c > 5',
      'd matches /x+/i',
      'e matches "x*"',
      'f is one of "p", "q"',
      'not (g lies in 10.0.0.0/8)',
    ],
  )
  assert.deepEqual(words('foo | a=* | b!=* | (c=x or d=y) | text:contains(e, substring=f)', 'cql').slice(0, 5), [
    'free text "foo"',
    'a is present',
    'b is absent',
    'c = "x" or d = "y"',
    'e contains f',
  ])
  assert.deepEqual(
    words('_sourceCategory=win | where a matches "x*" and !isNull(b) | where isPrivateIP(c) and d = 3', 'sumo'),
    [
      '_sourceCategory = "win" in any case',
      'a matches "x*"',
      'b is present',
      'c is an IPv4 address',
      'c is a private IPv4 address',
      'd = 3',
    ],
  )
})
