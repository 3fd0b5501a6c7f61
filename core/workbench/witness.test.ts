// Generated events and compared queries, through the languages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { predicateWords } from '../plan/words.ts'
import { BASE_TIME } from '../witness/assignment.ts'
import { compareTables } from '../witness/compare.ts'
import { outcomeOf } from '../witness/outcome.ts'
import { WITNESS_ENV } from '../witness/telemetry.ts'
import { trace } from '../witness/trace.ts'
import { type Difference, type Side, verify } from '../witness/verify.ts'
import { witnesses } from '../witness/witness.ts'
import { compile } from './compile.ts'
import type { Plan } from '../plan/plan.ts'

const compiled = (text: string, language: string): { plan: Plan; side: Side } => {
  const c = compile({ name: 'q', text }, language, { context: { interval: WITNESS_ENV, zone: 'UTC' } })
  assert.ok(c.plan, c.diagnostics.map((d) => d.message).join('; '))
  return { plan: c.plan, side: { plan: c.plan, language, ordered: c.presentation.ordered, reading: {} } }
}
const cql = (text: string) => compiled(text, 'cql')
const sumo = (text: string) => compiled(text, 'sumo')

const QUERIES = [
  cql(
    '#event_simpleName=NetworkConnectIP4 RemotePort=21 ComputerName!="x*" | groupBy([ComputerName], function=[count(as=c), count(DomainName, distinct=true, as=d)]) | c > 3 and d >= 2',
  ),
  cql('in(UserName, values=["a*","B"]) /foo.*bar/i | regex("user=(?<u>\\\\w+)", field=CommandLine) | u = "root"'),
  cql(
    'CommandLine=/(?:^|\\s)-enc\\s+(?<b>[A-Za-z0-9+]{20,})/i | !cidr(RemoteAddressIP4, subnet=["10.0.0.0/8","127.0.0.0/8"]) | length(b, as=n) | n > 30',
  ),
  cql(
    '#event_simpleName=DnsRequest | join({#event_simpleName=ProcessRollup2 | FileName=/evil/i}, field=aid, include=FileName) | groupBy([aid, FileName])',
  ),
  cql('case { RemotePort > 1024 | k:="high"; RemotePort=* | k:="low" } | k="low" | sum(BytesSent, as=b) | b > 1000000'),
  sumo(
    '_sourceCategory=win* "failed login" and not noise | parse "user=* ip=*" as user, ip | where user matches "adm*" and !(ip = "10.0.0.1") | timeslice 1h | count as n, count_distinct(ip) as d by user, _timeslice | where n > 5 and d > 1',
  ),
  sumo(
    '* | json "a.b", "c" as b, c | parse regex "x=(?<x>\\d+)" nodrop | where x > 5 and isPrivateIP(b) | if (x>10, "hi", "lo") as lev | where lev = "hi" and length(c) = 3',
  ),
]

test('events pass, and each predicate has an event that falls out there', () => {
  for (const { plan } of QUERIES) {
    const found = witnesses(plan, { most: 1 })
    assert.ok(found.passing.length > 0, `no event passes ${found.defeated?.path}`)
    for (const t of found.passing) assert.ok(outcomeOf(plan, t, WITNESS_ENV).result.rows.length > 0)
    for (const r of found.reached) assert.ok(r.implied || r.misses.length > 0, `${r.condition.key}`)
  }
})

test('a predicate that always holds behind the steps before is not one without an event', () => {
  // The last predicate of each query; false: an event falls out there.
  const queries: [plan: Plan, holds: boolean][] = [
    [cql('a=/^CN=(?<b>[^,]+)/ | b=*').plan, true],
    [cql('regex("(?<n>\\\\w+)=(?<v>\\\\d+)", field=m, repeat=true) | n=*').plan, true],
    [cql('a=/^CN=(?<b>[^,]+)?/ | c := lower(b) | c=*').plan, false],
    [cql('a=/x(?<b>[a-z]*)/ | b=*').plan, true],
    [sumo('* | parse "u=*;" as u | where toLowerCase(u) matches "*"').plan, true],
    [sumo('* | json "a" as a nodrop | where a matches "*"').plan, false],
    [sumo('* "Code=4624;" | parse "Code=*;" as c').plan, true],
    [sumo('* "Code = 4624;" | parse "Code = *;" as c').plan, false],
    [sumo('* | parse regex "f=(?<f>/.+?)(?:$|,)" | where f != ""').plan, true],
    [sumo('* | parse "f=<*>" as f | where f != ""').plan, false],
    [sumo('* | json "m" as m | parse field=m "t=<*>" as t | where !isBlank(t)').plan, false],
    [sumo('* | json "i" as i | where isValidIPv4(i) | where isValidIP(i)').plan, true],
    [sumo('* | json "s" as s nodrop | where s = "a" or s = "b" | where s matches "*"').plan, true],
    [sumo('* | json "s" as s nodrop | where toLowerCase(s) matches toLowerCase("*") or isBlank(s)').plan, true],
    [sumo('* | json "s" as s nodrop | where s = "a" or isNull(s) | where s matches "*"').plan, false],
    [
      sumo('* | json "e" as e nodrop | where !isBlank(e) | if (isEmpty(e), "ok", "bad") as r | where r = "bad"').plan,
      true,
    ],
    [sumo('* | json "e" as e nodrop | if (isEmpty(e), "ok", "bad") as r | where r = "bad"').plan, false],
    [sumo('* | json "u" as u nodrop | if (isBlank(u), "none", u) as u | where u matches "*"').plan, true],
    [sumo('* | json "a", "b" as a, b nodrop | if (isEmpty(a), b, a) as c | where c matches "*"').plan, false],
  ]
  for (const [i, [plan, holds]] of queries.entries()) {
    const last = witnesses(plan, { most: 1 }).reached.at(-1)
    assert.ok(last, `query ${i}`)
    assert.equal(last.implied, holds, `query ${i}: ${last.condition.key}`)
    assert.equal(last.misses.length > 0, !holds, `query ${i}: ${last.condition.key}`)
  }
})

test('a chart over time, which joins its rows with themselves, has near-misses', () => {
  const { plan } = cql('#category=Request status=/^5/ | timeChart(status, span=1h, function=count())')
  const found = witnesses(plan, { most: 1 })
  assert.ok(found.passing.length > 0)
  for (const r of found.reached) assert.ok(r.implied || r.misses.length > 0, r.condition.key)
})

test('documents, look-aheads, choices and joined relations have events', () => {
  const lookups = { who: { columns: ['ip', 'kind'] } }
  const queries = [
    '* "\\"type\\": \\"login\\"" | json "actor.name", "events[0].type" as n, t | where n = "bob"',
    '* | json "message" as m | json field=m "data.id", "data.kind" as id, k | parse regex "\\"kind\\":\\"(?<raw>[^\\"]+)\\"" | where raw = "x y"',
    '* | parse regex "host=(?<app>.*(?=.example.com))" | where app matches "w*"',
    '* | json "kind" as k nodrop | "" as n | if (k = "net", "N", n) as n | if (k = "app", "A", n) as n | where n = "A" or isEmpty(n)',
    '* | json "ip" as ip nodrop | lookup kind from who on ip=ip | where kind matches "s*"',
    '(a or b) | json "id", "state" as id, state | join (where state = "s" | count by id) as t1, (where state = "e" | count by id) as t2 on t1.id = t2.id',
    '* | timeslice 1h | count by _timeslice | outlier _count',
  ]
  for (const text of queries) {
    const { plan } = compile({ name: 'q', text }, 'sumo', { context: { lookups, interval: WITNESS_ENV, zone: 'UTC' } })
    assert.ok(plan, text)
    const found = witnesses(plan, { most: 1 })
    assert.ok(found.passing.length > 0, `${text}: no event passes ${found.defeated?.path}`)
    for (const r of found.reached) assert.ok(r.implied || r.misses.length > 0, `${text}: ${r.condition.key}`)
  }
})

test('a looked-up row may lack the column that a predicate asks for', () => {
  const lookups = { who: { columns: ['ip', 'kind', 'score'] } }
  const context = { lookups, interval: WITNESS_ENV, zone: 'UTC' }
  const text = '* | json "ip" as ip | lookup kind, score from who on ip=ip | where kind = "x" and !isNull(score)'
  const { plan } = compile({ name: 'q', text }, 'sumo', { context })
  assert.ok(plan)
  const { passing, reached } = witnesses(plan, { most: 1 })
  assert.equal(passing.length, 1)
  assert.deepEqual(
    reached.map((r) => r.implied || r.misses.length > 0),
    reached.map(() => true),
  )
})

test('the same seed gives the same events', () => {
  const { plan } = QUERIES[4] as (typeof QUERIES)[0]
  assert.deepEqual(witnesses(plan, { seed: 4, most: 1 }), witnesses(plan, { seed: 4, most: 1 }))
})

test('groups one below and at a threshold', () => {
  const { plan } = cql('a=1 | groupBy([b], function=count(as=c)) | c >= 7')
  const { passing, reached } = witnesses(plan)
  assert.equal(passing[0]?.events.length, 7)
  const below = reached.find((r) => r.condition.path.endsWith('.2'))?.misses.map((m) => m.telemetry.events.length)
  assert.ok(below?.includes(6), String(below))
})

test('where no event passes, the step is named', () => {
  const { plan } = cql('a=1 | b=2 | b=3')
  const { passing, defeated } = witnesses(plan)
  assert.equal(passing.length, 0)
  assert.match(defeated?.path ?? '', /^out\.[12]$/)
})

test('predicates that contradict each other are told from those for which no event was found', () => {
  const impossible = [
    cql('a=1 | !a=*').plan,
    sumo('* | json "s" as s | where s = "a" or s = "b" | if (s = "a", "x", "y") as k | where k = "z"').plan,
    sumo('* | json "s" as s nodrop | where isNull(s) | where s matches "*"').plan,
  ]
  for (const [i, plan] of impossible.entries()) assert.equal(witnesses(plan).defeated?.isImpossible, true, `query ${i}`)
})

test('trace names the step and the value', () => {
  const { plan } = cql('a=1 | groupBy([b], function=count(as=c)) | c > 2')
  const fields = new Map([
    ['a', '1'],
    ['b', 'x'],
  ])
  const way = trace(plan, { events: [{ fields, time: 1_772_445_600_000_000n }], lookups: {} }, WITNESS_ENV)
  assert.ok(way.kind === 'out')
  assert.deepEqual(
    way.because.map((f) => f.values),
    [{ c: 1n }],
  )
})

test('equal plans are proven the same, others are not', () => {
  assert.deepEqual(verify(cql('a=1 | b=2').side, cql('a=1 | b=2').side), { kind: 'proven' })
  const same = verify(cql('a=1 | b="x"').side, cql('b="x" | a=1').side)
  assert.ok(same.kind === 'same' && same.notReached.length === 0, same.kind)
})

test('a changed clause shows on the smallest events', () => {
  const differs = (a: Side, b: Side): number => {
    const verdict = verify(a, b)
    assert.equal(verdict.kind, 'differs')
    return verdict.kind === 'differs' ? verdict.telemetry.events.length : 0
  }
  const threshold = (n: number) => cql(`a=1 | groupBy([b], function=count(as=c)) | c > ${n}`).side
  assert.equal(differs(threshold(3), threshold(4)), 4)
  assert.equal(differs(cql('a=/^x.*y$/').side, cql('a=/x.*y$/').side), 1)
  assert.equal(differs(cql('a=/x/i').side, cql('a=/x/').side), 1)
  assert.equal(differs(sumo('* | where a = "b" and c > 5').side, sumo('* | where a = "b" or c > 5').side), 1)
  assert.equal(differs(cql('groupBy(a, function=min(n, as=m))').side, cql('groupBy(a, function=max(n, as=m))').side), 2)
  const size = (n: number) => cql(`s := a / ${n} | s := round(field=s)`).side
  assert.equal(differs(size(1000), size(1001)), 1)
  assert.equal(
    differs(sumo('* | timeslice 1m | count by _timeslice').side, sumo('* | timeslice 1h | count by _timeslice').side),
    1,
  )
  assert.equal(differs(cql('count(v, distinct=true)').side, cql('count(v)').side), 2)
  assert.equal(differs(cql('cidr(ip, subnet="10.0.0.0/8")').side, cql('cidr(ip, subnet="10.0.0.0/9")').side), 1)
})

test('a difference keeps its kind while it gets smaller: it does not become one that is meant', () => {
  const [a, b] = [cql('a=1 | b > 5 | count() | _count > 0'), cql('a=1 | b > 6 | c=x | count() | _count > 0')]
  const event = (fields: Record<string, string>) => ({ fields: new Map(Object.entries(fields)), time: BASE_TIME })
  const given = [{ events: [event({ a: '1', b: '6' }), event({ a: '1', b: '9' })], lookups: {} }]
  const isMeant = (d: Difference): boolean =>
    (d.decides?.trace.because ?? []).some((f) => predicateWords(f.pred) === 'b > 6')
  const found = verify(a.side, b.side, { given, isMeant })
  assert.equal(found.kind, 'differs')
  assert.deepEqual(found.kind === 'differs' && found.telemetry.events.map((e) => e.fields.get('b')), ['9'])
})

test('tables are compared by row, number and order', () => {
  const table = (...rows: [string, string][]) => ({
    columns: ['k', 'n'],
    rows: rows.map(([k, number]) => [k, { number }]),
  })
  const one = table(['a', '1'], ['b', '2'])
  assert.equal(compareTables(one, table(['b', '2'], ['a', '1']), false).same, true)
  assert.equal(compareTables(one, table(['b', '2'], ['a', '1']), true).reordered, true)
  const { changed, added, gone } = compareTables(one, table(['a', '1'], ['b', '3'], ['c', '1']), false)
  assert.deepEqual([changed.length, added.length, gone.length], [1, 1, 0])
})

test('tests of constants and names of hidden columns make no difference', () => {
  for (const [a, b] of [
    ['where "*" = "*" or x matches "*"', 'where true'],
    ['where (not ("*" = "*")) or x = "a"', 'where x = "a"'],
  ] as const)
    assert.equal(
      verify(sumo(`* | json "x" as x | ${a} | count by x`).side, sumo(`* | json "x" as x | ${b} | count by x`).side)
        .kind,
      'proven',
    )
})

test('a difference in how a number is written is shown only where there is no other', () => {
  const list = (values: string): Side => cql(`in(p, values=[${values}]) | groupBy(h)`).side
  const real = verify(cql('p=20 | groupBy(h)').side, list('20, 21'))
  assert.ok(real.kind === 'differs' && !real.onlySpelling)
  assert.deepEqual(
    real.telemetry.events.map((e) => e.fields.get('p')),
    ['21'],
  )
  const spelling = verify(cql('p=20 | groupBy(h)').side, list('20'))
  assert.ok(spelling.kind === 'differs' && spelling.onlySpelling)
})

test('what only one of two queries says is found among many alternatives', () => {
  const words = Array.from({ length: 60 }, (_, i) => `"*tool${i}x*"`)
  const any = (of: readonly string[]): Side => cql(`in(CommandLine, values=[${of.join(', ')}])`).side
  assert.equal(verify(any(words), any(words.with(57, '"*tool57x"'))).kind, 'differs')
  assert.equal(verify(any(words), any(words.toSpliced(31, 1))).kind, 'differs')
  const choice = (last: string): Side =>
    cql(`case { a=1 | k:="x"; b=2 | k:="y"; c=${last} | k:="z"; * | k:="w" } | k="z" | count()`).side
  assert.equal(verify(choice('3'), choice('4')).kind, 'differs')
})

test('kinds of steps that events go through, and just miss', () => {
  const QUERIES: readonly Plan[] = [
    // The partner's event passes the first filter too.
    cql('e=1 n=/(?<f>[^x]*$)/ | join({e=1 c=h p=*}, field=i, key=p, include=[n])').plan,
    // Two kinds of events of one group, and a value that only one of them has.
    cql(
      '(e=P or e=D) | case { e=D | d:=t; e=P | c:=l } | selfJoinFilter([a], where=[{e=P}, {e=D}]) | groupBy([a], function=collect([c])) | c=*',
    ).plan,
    // A choice after a pick of the newest.
    cql(
      'groupBy([a], function=selectFromMax(field="@timestamp", include=[s])) | s match { 1 => r:="on"; 0 => r:="off" } | r="off"',
    ).plan,
    // A field that another replaces where it has a value.
    cql('u:=s | u!=/[$]/ | u:=t | u=* | top(s)').plan,
    sumo('* "nfc_id" "exp_ip" | json "nfc_id", "exp_ip" | where nfc_id=20062 and exp_ip matches "10.*"').plan,
    sumo('* "\\"text\\":\\"Function took" | json "text" as t | where t matches "*ms"').plan,
    sumo('* | json "d.perm[*]" as p | parse regex field=p "\\"granted\\":(?<g>[a-z]+)" multi | where g = "true"').plan,
    sumo('* | parse regex "(?<b># User[\\s\\S]+?;)" multi | parse regex field=b "time: (?<q>[\\d.]+) " | where q >= 10')
      .plan,
    sumo(
      '* | json "s", "e" | parseDate(s, "yyyy-MM-dd HH:mm:ss") as a | parseDate(e, "yyyy-MM-dd HH:mm:ss") as b | (b - a) / 60000 as m | where m > 0',
    ).plan,
    sumo('* | json "a","h" as a, h nodrop | split h delim="/" extract 4 as g | where a matches "*" and g matches "*"')
      .plan,
  ]
  for (const [i, plan] of QUERIES.entries()) {
    const found = witnesses(plan, { most: 1 })
    assert.ok(found.passing.length > 0, `query ${i}: no event passes ${found.defeated?.path}`)
    for (const r of found.reached) assert.ok(r.implied || r.misses.length > 0, `query ${i}: ${r.condition.key}`)
  }
})

test('parts of dates: an event for each part and comparison, and near-misses', () => {
  for (const test of ['minute: 7', 'hour|gte: 22', 'day: 31', 'month|lt: 2', 'year: 2031', 'week: 53', 'week|lte: 1']) {
    const rule = `title: t\nlogsource: {category: process_creation}\ndetection: {s: {Logged|${test}}, condition: s}\n`
    const { plan } = compile({ name: 'q', text: rule }, 'sigma')
    assert.ok(plan)
    const found = witnesses(plan, { most: 1 })
    assert.ok(found.passing.length > 0, test)
    for (const r of found.reached) assert.ok(r.implied || r.misses.length > 0, `${test}: ${r.condition.key}`)
  }
})
