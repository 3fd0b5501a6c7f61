import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyRewrites } from '../../shared/rewrite.ts'
import { parse } from '../3-parse/parse.ts'
import type { CqlNearMiss } from './near-miss.ts'
import { all } from '../near-misses/_index.ts'

const records = all as readonly CqlNearMiss[]
const source = (text: string) => ({ name: 'test', text })
/** The AST without places. */
const shape = (x: unknown): unknown => {
  if (Array.isArray(x)) return x.map(shape)
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(
    Object.entries(x)
      .filter(([k]) => k !== 'span' && k !== 'nameSpan')
      .map(([k, v]) => [k, shape(v)]),
  )
}
const rewritten = (text: string): string => parse(source(text)).rewritten

const hunt = `#event_simpleName = NetworkConnectIP4
| RemotePort in (20, 21, 990)
// private space is of no interest
| RemoteAddressIP4 != /^10\\./
| Protocol := case {
    RemotePort in (20, 21) => "FTP";
    RemotePort = 69        => "TFTP";
    *                      => "Unknown"
  }
| groupBy([ComputerName, Protocol], function=[count(as=n), sum(BytesSent, as=sent)])
| Risk := case {
    sent > 10485760 => "HIGH";
    *               => "LOW"
  }
| sort(n, order=desc)`

test('every record is recognised in its own example, and the valid form is not', () => {
  const seen = new Set<string>()
  for (const r of records) {
    assert.ok(!seen.has(r.id), `${r.id} twice`)
    seen.add(r.id)
    // Commands are recognised after a pipe.
    const bad = parse(source(r.bad.startsWith('|') ? `a=1 ${r.bad}` : r.bad))
    const codes = [...bad.nearMisses.map((n) => n.id), ...bad.diagnostics.map((d) => d.code)]
    assert.ok(codes.includes(r.id), `${r.id} in ${r.bad}: ${codes.join()}`)
    const good = parse(source(r.good))
    assert.deepEqual([good.nearMisses.length, good.diagnostics.map((d) => d.message)], [0, []], r.good)
  }
})

test('the published kind of hunt: what it has is named, in order', () => {
  const parsed = parse(source(hunt))
  assert.deepEqual(parsed.diagnostics, [])
  assert.deepEqual(
    parsed.nearMisses.map((n) => n.id),
    ['CQL301', 'CQL302', 'CQL304', 'CQL301', 'CQL302', 'CQL304'],
  )
  const first = parsed.nearMisses[0]
  assert.equal(first && hunt.slice(first.span.start, first.span.end), 'RemotePort in (20, 21, 990)')
  assert.equal(first?.diagnostic.severity, 'warning')
  assert.equal(first?.diagnostic.remedy, 'write `in(RemotePort, values=[20, 21, 990])`')
})

test('its fixes together give valid text with the same meaning', () => {
  const parsed = parse(source(hunt))
  const fixes = parsed.nearMisses.map((n) => ({ within: n.span, edits: n.diagnostic.fixes[0]?.edits ?? [] }))
  const text = applyRewrites(hunt, fixes).text
  assert.equal(text, parsed.rewritten)
  const again = parse(source(text))
  assert.deepEqual([again.diagnostics, again.nearMisses], [[], []])
  assert.deepEqual(shape(again.pipeline), shape(parsed.pipeline))
})

test('places of a rewritten query are places of the text as written', () => {
  const { pipeline } = parse(source(hunt))
  const last = pipeline.steps[pipeline.steps.length - 1]
  assert.equal(last && hunt.slice(last.span.start, last.span.end), 'sort(n, order=desc)')
})

const cases: readonly (readonly [string, string])[] = [
  ['x := f match { 1 => "A"; * => "B" }', 'f match { 1 => x := "A"; * => x := "B" }'],
  ['port not in (1, 2)', '!in(port, values=[1, 2])'],
  ['test(a in (1, 2))', 'test(in(a, values=[1, 2]))'],
  ["a='x'", 'a="x"'],
  ['test(a=1)', 'test(a==1)'],
  ['test(a > 1 and b < 2)', 'test(a > 1) and test(b < 2)'],
  ['x=1 test(a or b and c)', 'x=1 ((test(a)) or (test(b) and test(c)))'],
  ['x := a == 1 and b == 2', 'x := if(a == 1, then=b == 2, else=false)'],
  ['if(a == 1 or b == 2, then=1, else=2)', 'if(if(a == 1, then=true, else=b == 2), then=1, else=2)'],
  ['groupBy(a, b, function=count())', 'groupBy([a, b], function=count())'],
  ['cidr(ip, "10.0.0.0/8")', 'cidr(ip, subnet="10.0.0.0/8")'],
  ['x := a / b\ndrop(a)', 'x := a / b |\ndrop(a)'],
  ['a=1 | where x > 5 and y == "q"', 'a=1 | x > 5 and y = "q"'],
  ['a=1 | stats count, sum(b) as s by x, y', 'a=1 | groupBy([x, y], function=[count(as=count), sum(b, as=s)])'],
  ['a=1 | summarize n=count() by x', 'a=1 | groupBy([x], function=count(as=n))'],
  ['a=1 | eval x = a + b, y = 2', 'a=1 | x := a + b | y := 2'],
  ['a=1 | rename a as b, c as d', 'a=1 | rename(a, as=b) | rename(c, as=d)'],
  ['a=1 | limit 10', 'a=1 | head(10)'],
  ['a=1 | sort - x', 'a=1 | sort(x, order=desc, limit=max)'],
]
for (const [bad, good] of cases) {
  test(`${JSON.stringify(bad)} is rewritten`, () => {
    assert.equal(rewritten(bad), good)
    const parsed = parse(source(bad))
    assert.deepEqual(parsed.diagnostics, [])
    assert.deepEqual(shape(parsed.pipeline), shape(parse(source(good)).pipeline))
  })
}

for (const bad of [
  'x == y',
  'x := case { a=1 => FTP; * => "none" }',
  '(a > 5 => "HIGH")',
  'f=1 | dedup a',
  'replace(regex=^x$, with="")',
  'a contains "b"',
  'count(a, b)',
]) {
  test(`${bad} is an error that names the rewrite`, () => {
    const parsed = parse(source(bad))
    assert.ok(parsed.nearMisses.every((n) => n.id === 'CQL304'))
    assert.ok(
      parsed.diagnostics.some((d) => d.severity === 'error' && d.code.startsWith('CQL3') && d.remedy.length > 10),
    )
  })
}
