// Less common parts: limits, buckets, free text and elements of arrays.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { present } from '../../core/workbench/present.ts'
import { verify } from '../../core/passes/0-verify.ts'
import { type Given, rowsOf, run } from './run.ts'

function rows(text: string, given: readonly Given[], lookups: Readonly<Record<string, readonly Given[]>> = {}) {
  const known = Object.fromEntries(
    Object.entries(lookups).map(([name, all]) => [name, { columns: Object.keys(all[0] ?? {}) }]),
  )
  const { lowered, result } = run(text, given, { lookups: known }, lookups)
  assert.deepEqual(
    lowered.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message),
    [],
  )
  assert.deepEqual(verify(lowered.plan), [])
  return rowsOf(present(result.columns, result.rows, lowered.presentation))
}
const said = (text: string): string[] => run(text, []).lowered.diagnostics.map((d) => d.code)

test('free text does not look into tags, whatever they are called, but into all other fields', () => {
  const raw = { '@rawstring': '-' }
  const given = [
    { ...raw, '#own_tag': 'evil' },
    { ...raw, '#event_simpleName': 'evil' },
    { ...raw, own: 'evil' },
  ]
  assert.deepEqual(rows('evil | count()', given), [{ _count: 1 }])
})

test('the limit of a join cuts the oldest rows of its sub-query', () => {
  const given = [
    { t: 'l', k: '1' },
    { t: 'l', k: '2' },
    { t: 'r', k: '1', '@timestamp': 1 },
    { t: 'r', k: '2', '@timestamp': 2 },
  ]
  assert.deepEqual(rows('t=l | join({t=r}, field=k, limit=1) | select(k)', given), [{ k: '2' }])
  assert.deepEqual(rows('t=l | !join({t=r}, field=k, limit=1) | select(k)', given), [{ k: '1' }])
})

// The interval of these runs is 1970-01-01 to 2023-11-14, so spans are years.
const DAY = 86_400_000
test('buckets without events are there, with sums and counts of 0 and nothing else', () => {
  const given = [{ '@timestamp': 5000 * DAY, n: '7' }]
  assert.deepEqual(rows('bucket(span=5000d, function=[count(), sum(n), max(n, as=m)])', given), [
    { _bucket: 0, _count: 0, _sum: 0 },
    { _bucket: 5000 * DAY, _count: 1, _sum: 7, m: 7 },
    { _bucket: 10_000 * DAY, _count: 0, _sum: 0 },
    { _bucket: 15_000 * DAY, _count: 0, _sum: 0 },
  ])
})

test('every series has every bucket; only the greatest series stay', () => {
  const given = [
    { '@timestamp': 0, s: 'a' },
    { '@timestamp': 0, s: 'b' },
    { '@timestamp': 10_000 * DAY, s: 'b' },
    { '@timestamp': 0, s: 'c' },
    { '@timestamp': 0, s: 'c' },
    { '@timestamp': 0, s: 'c' },
  ]
  assert.deepEqual(rows('timeChart(s, span=10000d, limit=2)', given), [
    { _bucket: 0, s: 'b', _count: 1 },
    { _bucket: 0, s: 'c', _count: 3 },
    { _bucket: 10_000 * DAY, s: 'b', _count: 1 },
    { _bucket: 10_000 * DAY, s: 'c', _count: 0 },
  ])
})

test('without events a count still has its buckets; with a series there is none', () => {
  assert.deepEqual(rows('timeChart(span=10000d)', []), [
    { _bucket: 0, _count: 0 },
    { _bucket: 10_000 * DAY, _count: 0 },
  ])
  assert.deepEqual(rows('timeChart(s, span=10000d)', []), [])
})

test('buckets that cannot be filled are said', () => {
  assert.ok(said('bucket(span=1d, timezone="Europe/Berlin")').includes('CQL454'))
  const long = { interval: { start: 0n, end: 2n * 86_400_000_000n } }
  const codes = (span: string) => run(`bucket(span=${span})`, [], long).lowered.diagnostics.map((d) => d.code)
  assert.ok(codes('1m').includes('CQL454'))
  assert.ok(!codes('1h').includes('CQL454'))
})

test('more buckets than LogScale makes are not made', () => {
  assert.deepEqual(rows('bucket(span=1m)', [{ '@timestamp': 0 }]), [{ _bucket: 0, _count: 1 }])
})

test('29 February is no day of this year nor of the last one: no time', () => {
  const text = 'parseTimestamp("MMM d", field=t, as=ms) | select(ms)'
  assert.deepEqual(rows(text, [{ t: 'Feb 29' }]), [{}])
})

test('collect of several fields by value is refused', () => {
  assert.ok(said('groupBy(a, function=collect([b, c], multival=false))').includes('CQL152'))
})

test('match by subnet in a branch, negated, with absent and bad addresses', () => {
  const nets = { nets: [{ net: '10.0.0.0/8', site: 'in' }] }
  const given = [{ ip: '10.1.1.1' }, { ip: '8.8.8.8' }, { ip: 'x' }, { n: '1' }]
  const text =
    'case { match(file="nets", field=ip, column=net, mode=cidr) | k := site; !match(file="nets", field=ip, column=net, mode=cidr) | k := "out" } | groupBy(k)'
  assert.deepEqual(rows(text, given, nets), [
    { k: 'in', _count: 1 },
    { k: 'out', _count: 3 },
  ])
  assert.deepEqual(rows('ip=8* or cidr(ip, file="nets", column=net) | count()', given, nets), [{ _count: 2 }])
})

test('a function over elements may have steps, and sees the other fields of its event, but no other event', () => {
  const given = [{ 'a[0]': 'X1', 'a[1]': 'y2', b: 'q' }]
  const text =
    'array:eval("a[]", var=e, function={case { e=/^x/i | e := lower(e); * | e := format("%s!", field=e) }}) | concatArray(a, separator=",", as=r) | select(r)'
  assert.deepEqual(rows(text, given), [{ r: 'x1,y2!' }])
  const beside = 'array:filter("a[]", var=e, function={test(e == b)}) | concatArray(a, as=r) | select([b, r])'
  assert.deepEqual(rows(beside, [...given, { 'a[0]': 'X1', 'a[1]': 'q', b: 'q' }]), [{ b: 'q', r: 'q' }, { b: 'q' }])
  assert.ok(said('array:filter("a[]", var=e, function={head(1)})').includes('CQL152'))
})

test('split: the other fields, what stands at the top of JSON, and texts made before', () => {
  const split = 'split(a) | groupBy([h, a.x], function=[])'
  assert.deepEqual(rows(split, [{ h: '1', 'a[0].x': 'p', 'a[1].x': 'q', 'a[3].x': 'beyond the gap' }]), [
    { h: '1', 'a.x': 'p' },
    { h: '1', 'a.x': 'q' },
  ])
  const top = 'parseJson(j) | split(field="") | groupBy([x], function=[])'
  assert.deepEqual(rows(top, [{ j: '[{"x":1},{"x":2}]' }]), [{ x: '1' }, { x: '2' }])
  const made = 'splitString(s, by=",", as=p) | split(p) | groupBy([p, _index], function=[])'
  assert.deepEqual(rows(made, [{ s: 'u,v' }]), [
    { p: 'u', _index: 0 },
    { p: 'v', _index: 1 },
  ])
})

test('the newest events of each group keep all their fields', () => {
  const given = [
    { '@timestamp': 1, k: 'a', v: '1' },
    { '@timestamp': 2, k: 'a', v: '2' },
    { '@timestamp': 3, k: 'a', v: '3' },
    { '@timestamp': 4, k: 'b', v: '4' },
    { '@timestamp': 5, v: 'no key' },
  ]
  assert.deepEqual(rows('groupBy(k, function=tail(2)) | sort(v, order=asc) | select([k, v])', given), [
    { k: 'a', v: '2' },
    { k: 'a', v: '3' },
    { k: 'b', v: '4' },
  ])
  assert.deepEqual(rows('groupBy(k, function=tail(limit=max)) | count()', given), [{ _count: 4 }])
})

test('indicators of two fields, absent confidence, and the negation', () => {
  const ioc = {
    ioc: [
      { indicator: 'Bad.example', type: 'domain', malicious_confidence: '' },
      { indicator: 'weak.example', type: 'domain', malicious_confidence: 'low' },
    ],
  }
  const given = [{ d: 'bad.example' }, { d: 'weak.example' }, { d: 'good.example' }]
  const list = (call: string) => rows(`${call} | sort(d, type=string, order=asc) | select(d)`, given, ioc)
  assert.deepEqual(list('ioc:lookup(d, type=domain, strict=true)'), [{ d: 'bad.example' }])
  assert.deepEqual(list('ioc:lookup(d, type=domain, confidenceThreshold=low, strict=true)'), [
    { d: 'bad.example' },
    { d: 'weak.example' },
  ])
  assert.deepEqual(list('!ioc:lookup(d, type=domain)'), [{ d: 'good.example' }, { d: 'weak.example' }])
})

test('a file that LogScale would have is a need', () => {
  const { lowered } = run('ipLocation(ip) | asn(ip) | ioc:lookup(ip, type=ip_address)', [])
  assert.deepEqual(
    lowered.needs.map((n) => (n.kind === 'lookup' ? n.name : n.kind)),
    ['geolite2-country', 'geolite2-asn', 'ioc'],
  )
})

test('neighbors need an order that is still there', () => {
  assert.ok(said('sort(a) | a := 1 | neighbor(b, prefix=p)').includes('CQL152'))
  assert.ok(!said('sort(a) | c := 1 | neighbor(b, prefix=p)').includes('CQL152'))
})

test('a search over an array changes no event', () => {
  const events = [{ 'a[0]': 'x', 'a[1]': 'y', 'o[0].n': 'p', 'o[0].m': '1', 'o[1].n': 'q', b: '1' }]
  for (const query of [
    'array:contains("a[]", value=x)',
    'array:exists("a[]", condition={e=x}, var=e)',
    'objectArray:exists("o[]", condition={e.n=q}, var=e)',
    'array:contains("o[].n", value=q)',
  ]) {
    const { '@timestamp': _, ...shown } = rows(query, events)[0] ?? {}
    assert.deepEqual(shown, events[0], query)
  }
})
