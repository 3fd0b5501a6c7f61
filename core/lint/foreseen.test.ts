// Which absent fields a query foresees, on query texts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../workbench/compile.ts'
import { foreseen } from './foreseen.ts'

function reported(language: string, text: string, absent: readonly string[]): string[] {
  const { plan } = compile({ name: 'query', text }, language)
  assert.ok(plan, text)
  const { optional, alternatives, defaults } = foreseen(plan, (f) => absent.includes(f))
  return absent
    .filter((f) => !optional.has(f) && !alternatives.has(f))
    .map((f) => (defaults.has(f) ? `${f} (constant)` : f))
}

// text, absent fields, those that take something from the result
const SUMO: readonly [string, string[], string[]][] = [
  ['* | if(isBlank(a), b, a) as c | where c = "x"', ['a'], []],
  ['* | if(isBlank(a), b, a) as c | where c = "x"', ['b'], []],
  ['* | if(isBlank(a), b, a) as c | where c = "x"', ['a', 'b'], ['a', 'b']],
  ['* | if(isNull(a), if(isEmpty(b), d, b), a) as c | count by c', ['a', 'd'], []],
  ['* | if(isBlank(a), b, a) as c | count as n, values(c) as shown by k', ['a', 'b'], []],
  ['* | if(isBlank(a), b, a) as c | count as n, values(c) as shown by k', ['k'], ['k']],
  ['* | if(isBlank(a), b, a) as c | sum(c) as n by k', ['a', 'b'], ['a', 'b']],
  ['* | if(isBlank(a), b, a) as c | if(isBlank(c), 0, 1) as has | sum(c) as n, sum(has) as m by k', ['a', 'b'], []],
  ['* | if(isNull(a), "0", a) as c | sum(c) as n by k', ['a'], ['a (constant)']],
  ['* | if(isNull(a), if(isNull(b), "0", b), a) as c | sum(c) as n by k', ['a'], []],
  ['* | where isBlank(a) or a != "start" | count by k', ['a'], []],
  ['* | where a != "start" | count by k', ['a'], ['a']],
  ['* | where !isBlank(a) | count by k', ['a'], ['a']],
  ['* | toLowerCase(a) as v | where v in ("x") or (isBlank(v) and b = "y") | count by k', ['a'], []],
  ['* | toLowerCase(a) as v | where v in ("x") | count by k', ['a'], ['a']],
  ['* | where a = "x" or b = "x" | count by k', ['a'], []],
  ['* | where a = "x" or b = "x" | count by k', ['a', 'b'], ['a', 'b']],
  ['* | if(a = "x", b, c) as v | count by v', ['a'], ['a']],
]
const CQL: readonly [string, string[], string[]][] = [
  ['v := coalesce([a, b]) | v = "x"', ['a'], []],
  ['v := coalesce([a, b]) | v = "x"', ['a', 'b', 'v'], ['a', 'b', 'v']],
  ['case { a=* | v := a; * | v := b } | groupBy(v)', ['a'], []],
  ['case { a="x" | v := "y"; * } | groupBy(k)', ['a'], ['a']],
  ['a="x" OR b="x"', ['b'], []],
  ['a="x" b="x"', ['b'], ['b']],
  ['a != "x" | groupBy(k)', ['a'], ['a']],
  ['NOT a=* | groupBy(k)', ['a'], []],
  ['a=* | groupBy(k)', ['a'], ['a']],
  ['v := lower(a) | groupBy(k)', ['a', 'v'], ['a', 'v']],
  ['groupBy(k, function=sum(a))', ['a'], ['a']],
  ['a != "x" | groupBy(k, function=sum(a))', ['a'], ['a']],
  ['table([k, a])', ['a'], ['a']],
]

for (const [language, cases] of [
  ['sumo', SUMO],
  ['cql', CQL],
] as const)
  test(`${language}: a field is optional if the query tests for its presence or another name gives the value`, () => {
    for (const [text, absent, expected] of cases)
      assert.deepEqual(reported(language, text, absent), expected, `${text} without ${absent.join(', ')}`)
  })
