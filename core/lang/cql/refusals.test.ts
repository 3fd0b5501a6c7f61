// Texts that the vendor refuses, or that no program outside the tenant can run: the place is named, and no row is shown.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lower } from './lower.ts'
import { parse } from './3-parse/parse.ts'

function errors(text: string, saved: Readonly<Record<string, string>> = {}): string[] {
  const source = { name: 'test', text }
  const { pipeline, diagnostics } = parse(source)
  return [...diagnostics, ...lower(pipeline, source, { saved }).diagnostics]
    .filter((d) => d.severity === 'error')
    .map((d) => `${d.code} ${d.message}`)
}

test('flags of regular expressions', () => {
  assert.deepEqual(errors('n=/a.b/zzz'), ['CQL211 a regular expression has no flag `z`'])
  assert.deepEqual(errors('n=/a.b/s'), ['CQL211 a regular expression has no flag `s`'])
  assert.deepEqual(errors('regex("a.b", field=n, flags="s")'), ['CQL211 a regular expression has no flag `s`'])
  assert.deepEqual(errors('n=/a.b/digmF'), [])
})

test('a subnet that is none', () => {
  for (const subnet of ['banana', '172.16.0/12', '10.0.0.0/33'])
    assert.deepEqual(errors(`cidr(ip, subnet="${subnet}")`), [
      `CQL203 \`subnet\` of \`cidr()\` takes subnets such as 10.0.0.0/8; "${subnet}" is none`,
    ])
  assert.deepEqual(errors('cidr(ip, subnet=["10.0.0.0/8", "192.0.2.1", "fe80::/10"])'), [])
})

test('neighbouring rows need an order', () => {
  assert.deepEqual(errors('neighbor(n, prefix=p)'), ['CQL409 `neighbor()` needs rows in an order'])
  assert.deepEqual(errors('accumulate(count())'), ['CQL409 `accumulate()` needs rows in an order'])
  assert.deepEqual(errors('head() | neighbor(n, prefix=p)'), [])
  assert.deepEqual(errors('groupBy(k, function=accumulate(count()))'), [])
})

test('a function without a published algorithm', () => {
  assert.deepEqual(errors('hash(a)'), ['CQL152 Assay cannot run `hash()`: its algorithm is not published'])
})

test('forms that the vendor takes', () => {
  for (const text of [
    'groupBy(k, function={sort(t) | collect(t)})',
    'groupBy(k, function=table([t]))',
    'dropEvent()',
    'm=/(?<@timestamp>\\S+)/',
  ])
    assert.deepEqual(errors(text), [], text)
})

test('saved queries that use each other are no way to a query without end', () => {
  const twenty = (name: string): string => Array.from({ length: 20 }, () => `$${name}()`).join(' | ')
  const saved = { a: twenty('b'), b: twenty('c'), c: twenty('d'), d: twenty('e'), e: 'n=1' }
  assert.deepEqual(errors('$a()', saved), ['CQL154 with `$e()` this query uses saved queries more than 1,000 times'])
  assert.deepEqual(errors('$c()', saved), [])
})
