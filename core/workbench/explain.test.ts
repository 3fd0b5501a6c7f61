import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Env } from '../plan/plan.ts'
import { compile } from './compile.ts'
import { explain, STAGES, type StageName } from './explain.ts'
import { printTree } from './tree.ts'

const ENV: Env = { now: 0n, start: 0n, end: 0n, zone: 'UTC' }
const at = (text: string, stage: StageName) => {
  const [found] = explain(compile({ name: 'test', text }, 'cql'), [stage], ENV)
  assert.ok(found)
  return found
}

test('tokens have their places', () => {
  assert.equal(
    at('a=1 // c\n| count()', 'tokens').text,
    [
      '1:1     word     a',
      '1:2     punct    =',
      '1:3     word     1',
      '2:1     punct    |',
      '2:3     word     count',
      '2:8     punct    (',
      '2:9     punct    )',
    ].join('\n'),
  )
})

test('a tree has no places and fits', () => {
  const { text } = at(`x=${'1'.repeat(200)} | count(aVeryLongName${'x'.repeat(90)}, as=n)`, 'tree')
  assert.doesNotMatch(text, /span|start/)
  assert.match(text, /^steps:\n {2}filter\n/)
  assert.equal(printTree({ kind: 'a', of: [{ name: 'f', quoted: false, span: { start: 0, end: 1 } }] }), '(a of: [f])')
})

test('needs name fields and the bytes that are searched for', () => {
  const { text, data } = at('#event_simpleName=DnsRequest | groupBy(DomainName)', 'needs')
  assert.match(text, /fields {4}#event_simpleName, DomainName\n {2}bytes {5}"DnsRequest" in #event_simpleName/)
  assert.deepEqual(
    (data as { sources: { wholeEvents: boolean }[] }).sources.map((s) => s.wholeEvents),
    [false],
  )
  assert.match(at('a=1', 'needs').text, /whole events come out/)
})

test('what an engine does not compute is shown with its reason', () => {
  const { data } = at('a=/x(?=y)/ | count()', 'sql:duckdb')
  const { sql, tail, reasons } = data as { sql: string | null; tail: string | null; reasons: string[] }
  assert.ok(sql !== null && tail !== null && reasons.length > 0)
  assert.equal((at('a=1 | count()', 'sql:duckdb').data as { tail: unknown }).tail, null)
})

test('a text with errors has tokens and a tree, and no plan', () => {
  const compiled = compile({ name: 'test', text: 'x := |' }, 'cql')
  assert.deepEqual(
    explain(compiled, [...STAGES], ENV).map((e) => e.stage),
    ['tokens', 'tree'],
  )
})
