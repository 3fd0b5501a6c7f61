// The examples of CQL's documentation that have input and output, on telemetry of our own, and the form of published hunts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Given, rowsOf, run } from './run.ts'
import { present } from '../../core/workbench/present.ts'
import { verify } from '../../core/passes/0-verify.ts'

function rows(text: string, given: readonly Given[], semantics: Readonly<Record<string, string>> = {}) {
  const { lowered, result } = run(text, given, { semantics })
  assert.deepEqual(
    lowered.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message),
    [],
  )
  assert.deepEqual(verify(lowered.plan), [])
  return rowsOf(present(result.columns, result.rows, lowered.presentation))
}
const said = (text: string): string[] => run(text, []).lowered.diagnostics.map((d) => d.code)

test('precedence: not, then or, then and', () => {
  const given = [{ a: '1', c: '1' }, { b: '1' }, { a: '1', b: '1' }, { a: '1' }]
  assert.deepEqual(rows('a=1 and not b=1 or c=1 | groupBy([a], function=count())', given), [{ a: '1', _count: 2 }])
})

test('!= is true for an absent field, =* asks for it to be there', () => {
  const given = [{ f: 'v' }, { f: 'w' }, { g: '1' }, { f: '' }]
  assert.deepEqual(rows('f!=v | count()', given), [{ _count: 3 }])
  assert.deepEqual(rows('f=* | count()', given), [{ _count: 3 }])
  assert.deepEqual(rows('f!=* | count()', given), [{ _count: 1 }])
  assert.deepEqual(rows('f="" | count()', given), [{ _count: 1 }])
  assert.deepEqual(rows('f!=/^v/ | count()', given), [{ _count: 3 }])
})

test('numeric equality by either choice', () => {
  const given = [{ f: '1' }, { f: '1.0' }, { f: 'x' }]
  assert.deepEqual(rows('f=1 | count()', given), [{ _count: 2 }])
  assert.deepEqual(rows('f=1 | count()', given, { 'numeric-equality': 'text' }), [{ _count: 1 }])
})

test('a missing key by either choice', () => {
  const given = [{ k: 'a' }, { j: '1' }]
  assert.deepEqual(rows('groupBy(k)', given), [{ k: 'a', _count: 1 }])
  assert.deepEqual(rows('groupBy(k)', given, { 'group-key-missing': 'keep' }), [{ k: 'a', _count: 1 }, { _count: 1 }])
})

test('case takes the first branch that lets the event through and drops what none takes', () => {
  const given = [{ a: '1', b: '2' }, { a: '1' }, { a: '3' }, { a: '4', t: 'old' }]
  const text = 'case { a=1 | b=2 | t := "both"; a=1 | t := "one"; a=4 } | groupBy([a, t])'
  assert.deepEqual(rows(text, given), [
    { a: '1', t: 'both', _count: 1 },
    { a: '1', t: 'one', _count: 1 },
    { a: '4', t: 'old', _count: 1 },
  ])
})

test('edits of a failing branch do not exist; nested case; captures count in their branch', () => {
  const given = [{ a: 'u=bob' }, { a: 'zzz' }]
  const text =
    'case { x := "seen" | a=/u=(?<u>\\w+)/ ; case { a=z* | y := "z"; * } } | default(value="-", field=[u, x, y]) | groupBy([u, x, y])'
  assert.deepEqual(rows(text, given), [
    { u: '-', x: '-', y: 'z', _count: 1 },
    { u: 'bob', x: 'seen', y: '-', _count: 1 },
  ])
})

test('match: bare * takes everything, quoted "*" only what is there', () => {
  const given = [{ p: '21' }, { p: '69' }, { q: '1' }]
  const text = 'p match { in(values=[20, 21]) => s := "ftp"; "*" => s := "other"; * => s := "none" } | groupBy(s)'
  assert.deepEqual(rows(text, given), [
    { s: 'ftp', _count: 1 },
    { s: 'none', _count: 1 },
    { s: 'other', _count: 1 },
  ])
})

test('a result without value leaves the field as it was', () => {
  assert.deepEqual(rows('a := a * 2 | groupBy(a, function=[])', [{ a: '4' }, { a: 'x' }]), [{ a: '8' }, { a: 'x' }])
  assert.deepEqual(rows('b := 4 / lower(a) | groupBy(b, function=[])', [{ a: '2' }]), [{ b: '2' }])
})

test('free text looks into every field and the record, not into what the query makes', () => {
  const given = [{ a: 'an evil thing' }, { a: 'good', '@rawstring': 'evil raw' }, { a: 'good' }]
  assert.deepEqual(rows('made := "evil" | evil | count()', given), [{ _count: 2 }])
  assert.deepEqual(rows('/EVIL r/i | count()', given), [{ _count: 1 }])
})

test('without an aggregate the newest 200, newest first, and it is said', () => {
  const given = Array.from({ length: 300 }, (_, i) => ({ '@timestamp': 1000 + i, n: String(i) }))
  const got = rows('n=*', given)
  assert.equal(got.length, 200)
  assert.equal(got[0]?.['n'], '299')
  assert.deepEqual(said('n=*'), ['CQL451'])
})

test('a group over an aggregate’s columns: threshold, tier, order; a sum of nothing is 0', () => {
  const net = (port: string, host: string, at: number, sent?: number): Given => ({
    '@timestamp': at,
    '#event_simpleName': 'Net',
    port,
    host,
    ...(sent === undefined ? {} : { sent }),
  })
  const given = [
    ...[1, 2, 3, 4].map((i) => net('21', 'alpha', 1000 * i, 3_000_000)),
    ...[1, 2, 3, 4, 5].map((i) => net('69', 'beta', 2000 * i)),
    net('443', 'alpha', 5),
    net('21', 'gamma', 5, 99),
    { '@timestamp': 1, '#event_simpleName': 'Other', port: '21', host: 'alpha' },
  ]
  const text = `#event_simpleName = Net
    | in(port, values=[21, 69, 990])
    | case { in(port, values=[21, 990]) | kind := "FTP"; port = 69 | kind := "TFTP"; * | kind := "?" }
    | groupBy([host, port, kind], function=[count(as=n), sum(sent, as=bytes), min(@timestamp, as=first), max(@timestamp, as=last)])
    | n > 3
    | case { bytes > 10485760 | tier := "HIGH"; bytes > 1048576 | tier := "MEDIUM"; * | tier := "LOW" }
    | sort(n, order=desc)`
  assert.deepEqual(rows(text, given), [
    { host: 'beta', port: '69', kind: 'TFTP', n: 5, bytes: 0, first: 2000, last: 10_000, tier: 'LOW' },
    { host: 'alpha', port: '21', kind: 'FTP', n: 4, bytes: 12_000_000, first: 1000, last: 4000, tier: 'HIGH' },
  ])
})

test('the same hunt as it is often published: infix in, := case with arrows', () => {
  const given = [
    { port: '21', h: 'a' },
    { port: '69', h: 'a' },
    { port: '80', h: 'a' },
  ]
  const text =
    'port in (21, 69) | kind := case { port in (21) => "FTP"; * => "Unknown" } | groupBy([h, kind], function=count(as=n))'
  const { lowered, result } = run(text, given)
  const shown = rowsOf(present(result.columns, result.rows, lowered.presentation))
  assert.deepEqual(shown, [
    { h: 'a', kind: 'FTP', n: 1 },
    { h: 'a', kind: 'Unknown', n: 1 },
  ])
})

test('grouping with all the aggregates of the pages', () => {
  const x = ['1', '2', '9', '10'].map((v) => ({ x: v, y: 'N/A' }))
  assert.deepEqual(rows('stats([sum(x, as=sumX), avg(x), avg(y, as=avgY)])', x), [{ sumX: 22, _avg: 5.5 }])
  const t = [145, 892, 167, 1290, 156, 78, 934, 923, 134, 445].map((v) => ({ t: v }))
  assert.deepEqual(rows('[lo := min(t), hi := max(t)]', t), [{ lo: 78, hi: 1290 }])
  const s = [
    ['440', '1'],
    ['500', '1'],
    ['440', '1'],
    ['440', '2'],
  ].map(([a, b]) => ({ s: a as string, ip: b as string }))
  assert.deepEqual(rows('groupBy([s, ip], function=[])', s), [
    { s: '440', ip: '1' },
    { s: '440', ip: '2' },
    { s: '500', ip: '1' },
  ])
})

test('an aggregate with filters before and transforms behind it in braces', () => {
  const given = [
    { k: 'a', s: 'err' },
    { k: 'a', s: 'ok' },
    { k: 'b', s: 'ok' },
  ]
  assert.deepEqual(rows('groupBy(k, function=[count(), { s=err | count(as=errors) | twice := errors * 2 }])', given), [
    { k: 'a', _count: 2, errors: 1, twice: 2 },
    { k: 'b', _count: 1, errors: 0, twice: 0 },
  ])
})

test('anti join by table, left join keeps', () => {
  const given = [
    ...['123456', '123457', '123458', '123459', '123460'].map((id) => ({ t: 'all', id })),
    ...['123456', '123457', '123460'].map((id) => ({ t: 'in', id })),
  ]
  const text = 'defineTable(name="t", query={t=in}, include=[id]) | t=all | !match(table="t", field=id) | select(id)'
  assert.deepEqual(rows(`${text} | sort(id, order=asc)`, given), [{ id: '123458' }, { id: '123459' }])
})

test('names: unknown, near, of another language, known but not run here', () => {
  const codes = run('groupby(a) | cuont() ', []).lowered.diagnostics
  assert.match(codes.find((d) => d.code === 'CQL151')?.remedy ?? '', /count/)
  assert.match(run('tolower(a)', []).lowered.diagnostics.find((d) => d.code === 'CQL151')?.remedy ?? '', /lower\(/)
  assert.ok(said('tokenHash(a)').includes('CQL152'))
})

test('arguments: unknown, missing, wrong kind, several unnamed, each at its own place', () => {
  const at = (text: string, code: string): string => {
    const d = run(text, []).lowered.diagnostics.find((e) => e.code === code)
    return d?.at.kind === 'text' ? text.slice(d.at.span.start, d.at.span.end) : ''
  }
  assert.equal(at('in(a, valeus=[1], values=[2])', 'CQL201'), 'valeus')
  assert.equal(at('a=1 | in(a)', 'CQL202'), 'in')
  assert.equal(at('count(a, distinct=7)', 'CQL203'), '7')
  assert.equal(at('count(a, b)', 'CQL204'), 'b')
})

test('what a query needs and does not hold', () => {
  const { lowered } = run('a=?host | match(file="x.csv", field=b, column=c, include=[d]) | $saved(p="1")', [])
  assert.deepEqual(
    lowered.needs.map((n) => `${n.kind} ${n.name}`),
    ['parameter host', 'lookup x.csv', 'saved saved'],
  )
})

test('a field behind an aggregate that dropped it', () => {
  assert.ok(said('groupBy(a) | b=1').includes('CQL407'))
})

test('select() drops the time from sight, not from the order', () => {
  const given = [
    { '@timestamp': 5, n: 'b' },
    { '@timestamp': 9, n: 'c' },
    { '@timestamp': 1, n: 'a' },
  ]
  assert.deepEqual(rows('select(n)', given), [{ n: 'c' }, { n: 'b' }, { n: 'a' }])
})

test('the newest event of each group, with the fields that later steps name', () => {
  const given = [
    { '@timestamp': 1, k: 'a', m: 'old', n: 'gone' },
    { '@timestamp': 3, k: 'a', m: 'new' },
    { '@timestamp': 2, k: 'b', m: 'only' },
  ]
  assert.deepEqual(
    rows('groupBy(k, function=[tail(1), count()]) | table([k, m, n, _count], sortby=k, type=string, order=asc)', given),
    [
      { k: 'a', m: 'new', _count: 2 },
      { k: 'b', m: 'only', _count: 1 },
    ],
  )
})

test('every match of a pattern as an event of its own', () => {
  const text = 'regex("(?<k>[a-z])=(?<v>[0-9])", field=t, repeat=true) | groupBy([k, v], function=[])'
  assert.deepEqual(rows(text, [{ t: 'a=1,b=2' }, { t: 'none' }]), [
    { k: 'a', v: '1' },
    { k: 'b', v: '2' },
  ])
})

test('a guard that is a regex makes fields in its branch', () => {
  const text =
    'f match { regex("u=(?<u>[a-z]+)") => k := "user"; !in(values=["x"]) => k := "other"; * => k := "x" } | default(value="-", field=u) | groupBy([k, u])'
  assert.deepEqual(rows(text, [{ f: 'u=bob' }, { f: 'x' }, { f: 'y' }]), [
    { k: 'other', u: '-', _count: 1 },
    { k: 'user', u: 'bob', _count: 1 },
    { k: 'x', u: '-', _count: 1 },
  ])
})

test('a one-row aggregate stands on every row of a table beside it', () => {
  const x = ['1', '2', '9', '10'].map((v) => ({ x: v }))
  assert.deepEqual(rows('stats([avg(x), table([x])]) | sort(x, order=asc)', x), [
    { x: '1', _avg: 5.5 },
    { x: '2', _avg: 5.5 },
    { x: '9', _avg: 5.5 },
    { x: '10', _avg: 5.5 },
  ])
  const y = [
    { x: '1', y: 'N/A' },
    { x: '2', y: 'N/A' },
  ]
  assert.deepEqual(rows('stats([sum(x, as=sumX), avg(y, as=avgY), table([x, y])]) | sort(x, order=asc)', y), [
    { x: '1', y: 'N/A', sumX: 3 },
    { x: '2', y: 'N/A', sumX: 3 },
  ])
})

test('events without a time still have a last one', () => {
  const given = [
    { k: 'a', m: '1' },
    { k: 'a', m: '2' },
    { k: 'b', m: '3', '@timestamp': 1 },
    { k: 'b', m: '4' },
  ]
  const last = [
    { k: 'a', m: '2' },
    { k: 'b', m: '3' },
  ]
  assert.deepEqual(rows('groupBy(k, function=tail(1)) | sort(k, type=string, order=asc) | select([k, m])', given), last)
  assert.deepEqual(rows('groupBy(k, function=selectLast(m))', given), last)
})
