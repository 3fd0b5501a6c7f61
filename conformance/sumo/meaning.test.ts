import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keywordPattern } from '../../core/lang/sumo/3-lower/scope.ts'
import { semantics } from '../../core/lang/sumo/semantics.ts'
import { type Given, run } from './run.ts'

const rows = (query: string, given: readonly Given[], choices?: Record<string, string>) => {
  const ran = run(query, given, choices ? { semantics: choices } : {})
  assert.deepEqual(ran.errors, [])
  return ran.rows
}
const raw = (...lines: readonly string[]): Given[] => lines.map((_raw) => ({ _raw }))

// The published hunt, without the parts that do not affect its meaning.
const PUBLISHED = `(_sourceCategory=network/firewall OR _sourceCategory=network/cisco/asa)
| where dest_port in ("20","21","69","139","445","990")
| where action in ("allow","built")
| where !isPrivateIP(dest_ip)
| where dest_ip != "0.0.0.0"
| eval Protocol = if(dest_port in ("20","21","990"), "FTP/FTPS",
    if(dest_port == "69", "TFTP", "SMB"))
| eval BytesSent = toLong(if(isNull(bytes_out), "0", bytes_out))
| stats
    count as ConnectionCount,
    sum(BytesSent) as TotalBytesSent,
    min(_messageTime) as FirstSeen,
    values(user) as Users
  by src_ip, dest_ip, dest_port, Protocol, process_name
| where ConnectionCount > 3
| eval ExfilRisk = if(TotalBytesSent > 10485760, "HIGH", if(TotalBytesSent > 1048576, "MEDIUM", "LOW"))
| formatDate(toLong(FirstSeen), "yyyy-MM-dd HH:mm:ss") as FirstSeen
| fields FirstSeen, src_ip, dest_ip, dest_port, Protocol, process_name, Users, ConnectionCount, TotalBytesSent, ExfilRisk
| sort by ConnectionCount desc`

const connection = (o: Given): Given => ({
  _sourceCategory: 'Network/Firewall',
  _messageTime: 1_500_508_830_000,
  src_ip: '10.0.0.5',
  dest_ip: '8.8.8.8',
  dest_port: '21',
  action: 'allow',
  user: 'bo',
  bytes_out: '3000000',
  ...o,
})

test('the published hunt', () => {
  const hunt = run(PUBLISHED, [
    connection({}),
    connection({ user: 'al' }),
    connection({ _messageTime: 1_500_508_000_000 }),
    connection({ bytes_out: '9007199254740993' }),
    connection({ action: 'Built' }),
    connection({ dest_ip: '2001:db8::1' }),
    connection({ dest_ip: '192.168.0.9' }),
    connection({ _sourceCategory: 'other' }),
  ])
  assert.deepEqual(hunt.rows, [
    {
      FirstSeen: '2017-07-19 23:46:40',
      src_ip: '10.0.0.5',
      dest_ip: '8.8.8.8',
      dest_port: '21',
      Protocol: 'FTP/FTPS',
      Users: 'al\nbo',
      ConnectionCount: 4,
      TotalBytesSent: '9007199263740993',
      ExfilRisk: 'HIGH',
    },
  ])
  assert.deepEqual(
    hunt.diagnostics.map((d) => d.code),
    ['SUM101', 'SUM101', 'SUM102', 'SUM101', 'SUM207'],
  )
  assert.ok(hunt.ordered)
  assert.ok(hunt.assumptions.includes('null-group-keys'))
  assert.ok(!hunt.assumptions.includes('negated-null'))
})

test('the published hunt rests on rows without a process name forming a group', () => {
  const given = [1, 2, 3, 4].map(() => connection({}))
  assert.equal(rows(PUBLISHED, given).length, 1)
  assert.equal(rows(PUBLISHED, given, { 'null-group-keys': 'drop' }).length, 0)
})

// Keywords, by the vendor's page on keyword expressions.
const keywords: [keyword: string, message: string, found: boolean][] = [
  ['456', 'a 456 b', true],
  ['456', '1234567', false],
  ['*456*', '1234567', true],
  ['TEST*', 'testing it', true],
  ['TEST*', 'a contest', false],
  ['te?t', 'text', true],
  ['jsmith@*.com', 'to jsmith@demo.com', true],
  ['com*services', 'com.test.services', false],
  ['com.*.services*', 'com.test.services2', true],
  ['10.1.1.1', 'from 10.1.1.1:80', true],
  ['10.1.1.1', 'from 110.1.1.1', false],
  ['error', 'ERROR:', true],
  ['err', 'error', false],
]
for (const [keyword, message, found] of keywords) {
  test(`keyword ${keyword} ${found ? 'finds' : 'does not find'} ${message}`, () =>
    assert.equal(rows(keyword, raw(message)).length, found ? 1 : 0))
}
test('white space of a phrase is any white space', () => assert.equal(rows('"a b"', raw('x a\tb y', 'ab')).length, 1))
test('a star alone matches everything', () => assert.equal(keywordPattern('*', false, false), ''))

test('values and names of a scope have no case; those of where have', () => {
  const given = [{ _sourceCategory: 'Prod/Web', status: 'OK' }]
  assert.equal(
    rows(
      '_SOURCECATEGORY=prod/* STATUS=ok',
      given.map((g) => ({ ...g, STATUS: 'OK' })),
    ).length,
    1,
  )
  assert.equal(rows('* | where status = "ok"', given).length, 0)
  assert.equal(run('* | where STATUS = "OK" | count', given, { fields: ['status'] }).rows.length, 1)
})
test('field=* asks for presence', () => assert.equal(rows('a=* | count', [{ a: '' }, { b: '1' }])[0]?.['_count'], 1))

test('comparisons convert only where a number is needed', () => {
  const given = [{ n: '5' }, { n: '5.0' }, { n: '40' }, { n: 'x' }, {}]
  const kept = (condition: string) => rows(`* | where ${condition} | fields n`, given).map((r) => r['n'])
  assert.deepEqual(kept('n = 5'), ['5.0', '5'])
  assert.deepEqual(kept('n = "5"'), ['5'])
  assert.deepEqual(kept('n > 6'), ['40'])
  assert.deepEqual(kept('n > "6"'), ['x'])
  assert.deepEqual(kept('n != "5"'), ['x', '40', '5.0'])
  assert.deepEqual(kept('n not in ("5", "x")'), ['40', '5.0'])
  assert.deepEqual(kept('n in (5, 40)'), [])
  assert.deepEqual(kept('n * 2 = 80'), ['40'])
})

test('a list of numbers never holds a parsed field, and that is said', () => {
  assert.ok(run('* | where n in (5)', [{ n: '5' }]).diagnostics.some((d) => d.code === 'SUM205'))
})

test('what is gone after an aggregate is an error with the name that was meant', () => {
  const ran = run('* | count as hits by user | where hit > 1', [{ user: 'a' }])
  assert.match(ran.errors.join(), /SUM200 no field hit exists/)
  assert.match(ran.diagnostics.find((d) => d.code === 'SUM200')?.remedy ?? '', /hits/)
})

test('formatDate of min without toLong is refused by the vendor', () => {
  assert.ok(run('* | min(_messageTime) as t | formatDate(t) as t', [{}]).diagnostics.some((d) => d.code === 'SUM209'))
  assert.ok(
    !run('* | min(_messageTime) as t | formatDate(toLong(t)) as t', [{}]).diagnostics.some((d) => d.code === 'SUM209'),
  )
})

test('a table has no time to be sliced, unless it kept it', () => {
  assert.match(run('* | count by a | timeslice 1h', [{ a: '1' }]).errors.join(), /SUM200 no field _messageTime exists/)
  assert.deepEqual(
    run('* | count by _messageTime | timeslice 1h | fields _timeslice', [{ _messageTime: 3_600_001 }]).rows,
    [{ _timeslice: 3_600_000 }],
  )
})

test('messages come newest first', () => {
  const given = [
    { _messageTime: 2, a: 'x' },
    { _messageTime: 3, a: 'y' },
    { _messageTime: 1, a: 'z' },
  ]
  assert.deepEqual(
    rows('* | fields a', given).map((r) => r['a']),
    ['y', 'x', 'z'],
  )
  assert.deepEqual(
    rows('* | limit 1 | fields a', given).map((r) => r['a']),
    ['y'],
  )
  assert.deepEqual(rows('* | first(a) as f, last(a) as l', given), [{ f: 'y', l: 'z' }])
})
test('an order survives when its column is overwritten or dropped', () => {
  const given = [
    { a: '1', b: 'x' },
    { a: '3', b: 'y' },
    { a: '2', b: 'z' },
  ]
  assert.deepEqual(rows('* | sort by +a | "k" as a | fields b | limit 2', given), [{ b: 'x' }, { b: 'z' }])
})

test('the two lists of a transpose', () => {
  const given = [
    { a: '1', b: 'x' },
    { a: '1', b: 'y' },
    { a: '2', b: 'x' },
  ]
  assert.deepEqual(rows('* | count by a, b | transpose row a column b', given), [
    { a: '1', x: '1', y: '1' },
    { a: '2', x: '1' },
  ])
  assert.deepEqual(rows('* | count by a, b | transpose row a column b as a, x | where x > 0 | fields a, x', given), [
    { a: '1', x: 1 },
    { a: '2', x: 1 },
  ])
})

// join, example 1 of the page, is not run yet; subqueries are.
test('subqueries keep or drop what they compose', () => {
  const given = [
    { u: 'a', e: 'bad' },
    { u: 'a', e: 'ok' },
    { u: 'b', e: 'ok' },
  ]
  assert.equal(rows('* | where [subquery: e=bad | compose u] | count', given)[0]?.['_count'], 2)
  assert.equal(rows('* | where ![subquery: e=bad | compose u] | count', given)[0]?.['_count'], 1)
  assert.equal(rows('e=ok [subquery: e=bad | compose u] | count', given)[0]?.['_count'], 1)
})

const choices: [id: string, query: string, given: Given[], gives: Record<string, unknown[]>][] = [
  ['null-group-keys', '* | count by a', [{ b: '1' }], { keep: [{ _count: 1 }], drop: [] }],
  ['count-field', '* | count(a) as n', [{ a: '1' }, {}], { rows: [{ n: 2 }], present: [{ n: 1 }] }],
  ['empty-input', '* | count', [], { 'no-row': [], row: [{ _count: 0 }] }],
  [
    'stddev-flavour',
    '* | stddev(a) as s | round(s, 2) as s',
    [{ a: '1' }, { a: '3' }],
    { sample: [{ s: 1.41 }], population: [{ s: 1 }] },
  ],
  ['anchor-case', '* | parse "user=*;" as u | fields u', raw('User=a;'), { insensitive: [{ u: 'a' }], sensitive: [] }],
  [
    'nodrop-chain',
    '* | parse "a=*;" as a nodrop | parse "b=*;" as b | fields a, b',
    raw('a=1;'),
    { or: [{ a: '1' }], own: [] },
  ],
  [
    'nodrop-keeps',
    '* | parse "a=*;" as x nodrop | parse "b=*;" as x nodrop | fields x',
    raw('a=1;', 'b=2;'),
    { keep: [{ x: '2' }, { x: '1' }], clear: [{ x: '2' }, {}] },
  ],
  ['equals-number', '* | where a = 5 | fields a', [{ a: '5.0' }], { number: [{ a: '5.0' }], text: [] }],
  ['negated-null', '* | where !(a = "x") | count', [{ b: '1' }], { true: [{ _count: 1 }], false: [] }],
  ['null-order', '* | sort by +a | limit 1 | fields a', [{ a: '1' }, { b: '1' }], { last: [{ a: '1' }], first: [{}] }],
  ['percentile-method', '* | pct(a, 50) as p', [{ a: '1' }, { a: '2' }], { linear: [{ p: 1.5 }], nearest: [{ p: 1 }] }],
  [
    'percentile-default',
    '* | pct(a)',
    [{ a: '1' }, { a: '1' }],
    { '95': [{ _a_pct_95: 1 }], '50': [{ _a_pct_50: 1 }] },
  ],
  ['keyword-boundary', 'foo | count', raw('foo_bar'), { no: [], yes: [{ _count: 1 }] }],
  ['json-missing', '* | json "a", "b" | fields a, b', raw('{"a":1}'), { any: [], all: [{ a: '1' }] }],
  [
    'if-mixed',
    '* | if(isBlank(a), 0, a) as x | fields x',
    [{ a: '5.0' }],
    { number: [{ x: 5 }], text: [{ x: '5.0' }] },
  ],
  ['text-order', '* | where a < "10" | fields a', [{ a: '9' }], { text: [], number: [{ a: '9' }] }],
  ['tolong-text', '* | toLong(a) as x | fields x', [{ a: 'abc' }], { null: [{}], drop: [] }],
  [
    'rolling-std',
    '* | count by a | sort by a asc | rollingstd _count as s | where a = "1" | fields s',
    [{ a: '1' }],
    { population: [{ s: 0 }], sample: [{}] },
  ],
  [
    'outlier-window',
    '* | toLong(b) as _timeslice | count by _timeslice, a | outlier a window=2 | where a_violation = 1 | fields a',
    ['1', '1', '3', '50', '60'].map((a, i) => ({ a, b: String(i) })),
    { before: [{ a: '3' }, { a: '50' }], with: [] },
  ],
  [
    'outlier-start',
    '* | toLong(b) as _timeslice | count by _timeslice, a | outlier a window=3 | where a_violation = 1 | fields a',
    ['1', '1', '3', '9'].map((a, i) => ({ a, b: String(i) })),
    { full: [], partial: [{ a: '3' }] },
  ],
  [
    'merge-order',
    '* | merge a join with ","',
    [{ a: '1' }, { a: '2' }],
    { time: [{ a: '1,2' }], rows: [{ a: '2,1' }] },
  ],
]
for (const [id, query, given, gives] of choices) {
  for (const [choice, expected] of Object.entries(gives)) {
    test(`${id} = ${choice}`, () => assert.deepEqual(rows(query, given, { [id]: choice }), expected))
  }
  test(`${id} is told where it matters`, () => assert.ok(run(query, given).assumptions.includes(id)))
}

// Not published, so refused unless the caller takes an approximation. Case pages refuse that choice.
const approximations: readonly [id: string, query: string][] = [
  ['logreduce', '* | logreduce'],
  ['predict-ar', '* | timeslice 1h | count by _timeslice | predict _count by 1h model=ar, forecast=1'],
  ['hash-murmur', '* | hash(_raw, "murmur3_128") as h'],
]
for (const [id, query] of approximations)
  test(`${id}: refused, or approximate and said`, () => {
    const given = raw('user 1 in', 'user 2 in')
    assert.deepEqual(run(query, given).errors.length, 1)
    const ran = run(query, given, { semantics: { [id]: 'approximate' } })
    assert.deepEqual(ran.errors, [])
    assert.ok(ran.rows.length > 0 && ran.assumptions.includes(id))
  })

test('every choice of semantics.ts that is one has a case', () => {
  const tested = new Set([...choices, ...approximations].map(([id]) => id))
  const open = semantics.filter((s) => Object.keys(s.choices).length > 1 && !tested.has(s.id)).map((s) => s.id)
  assert.deepEqual(open, [])
})
