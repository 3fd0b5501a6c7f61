// Kinds of changes that a comparison of two queries finds, and what it says where its work ends.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { predicateWords } from '../plan/words.ts'
import { Random } from '../witness/random.ts'
import { WITNESS_ENV } from '../witness/telemetry.ts'
import { planText, withoutIdle } from '../witness/same-plan.ts'
import { type Side, type Verdict, verify } from '../witness/verify.ts'
import { runs, some } from '../../tools/property-runs.ts'
import { compile } from './compile.ts'

function side(text: string, language: string): Side {
  const c = compile({ name: 'q', text }, language, { context: { interval: WITNESS_ENV, zone: 'UTC' } })
  assert.ok(c.plan, c.diagnostics.map((d) => d.message).join('; '))
  return { plan: c.plan, language, ordered: c.presentation.ordered, reading: {} }
}
const between = (a: string, b: string, language: string): Verdict => verify(side(a, language), side(b, language))
const EVENTS = Array.from({ length: 17 }, (_, i) => `"47${60 + i}"`)
const without = (i: number): string => EVENTS.toSpliced(i, 1).join(', ')

const LINKED = `correlate(
  a: { t=Start f="cmd" } include: [host, id],
  b: { t=Start f="psh" | host <=> a.host | parent <=> a.id } include: [host, id],
  c: { t=FILES | host <=> a.host | parent <=> b.id } include: [host],
  sequence=true, within=5m)`

test('one clause is changed, and an event tells the two apart', () => {
  const kinds: readonly (readonly [name: string, language: string, a: string, b: string])[] = [
    [
      'a member of a long list, behind a member of JSON',
      'sumo',
      `* | json "id", "user" as id, user nodrop | where id in (${EVENTS.join(', ')}) | where !isBlank(user) | count by user`,
      `* | json "id", "user" as id, user nodrop | where id in (${without(11)}) | where !isBlank(user) | count by user`,
    ],
    [
      'the flag i of a pattern with a capture',
      'cql',
      'ImageFileName=/\\\\(?<f>rundll\\d+\\.exe)$/i | groupBy(f)',
      'ImageFileName=/\\\\(?<f>rundll\\d+\\.exe)$/ | groupBy(f)',
    ],
    [
      'an alternative inside a capture',
      'sumo',
      '* | parse regex "type=(?<t>urls|flows|ids-alerts|events)" | count by t',
      '* | parse regex "type=(?<t>urls|flows|events)" | count by t',
    ],
    [
      'an alternative that is found before another',
      'sumo',
      '* | parse regex " (?<n>\\S*?)\\s(?<t>urls|flows|ids-alerts|events)\\s+" | where t matches "events" | count by t',
      '* | parse regex " (?<n>\\S*?)\\s(?<t>urls|flows|events)\\s+" | where t matches "events" | count by t',
    ],
    [
      'a result over values that are parts of one text',
      'sumo',
      '* | parse regex "(?<ip>\\d+) (?<uri>\\S+) (?<t>\\S+)" | min(t) as a, avg(t) as b by ip',
      '* | parse regex "(?<ip>\\d+) (?<uri>\\S+) (?<t>\\S+)" | max(t) as a, avg(t) as b by ip',
    ],
    ['one row less', 'cql', 'a=1 | groupBy(u) | sort(u, limit=50)', 'a=1 | groupBy(u) | sort(u, limit=49)'],
    ['the direction of a sort by number', 'cql', 'a=1 | sort(n, order=asc)', 'a=1 | sort(n, order=desc)'],
    [
      'the order of rows that only one states',
      'sumo',
      '* | json "a" as a | count by a | sort by _count',
      '* | json "a" as a | count by a',
    ],
    [
      'one of the words, whose values a member repeats',
      'sumo',
      `* (${EVENTS.join(' or ')}) | json "id" as id | where id in (${EVENTS.join(', ')}) | count by id`,
      `* (${without(13)
        .split(', ')
        .join(' or ')}) | json "id" as id | where id in (${EVENTS.join(', ')}) | count by id`,
    ],
    [
      'two values of one group, each in a column',
      'sumo',
      '* | json "s" as s | where s in ("a", "b") | timeslice 1h | count by _timeslice, s | transpose row _timeslice column s as a, b | (a + b) / 2 as half',
      '* | json "s" as s | where s in ("a", "b") | timeslice 1h | count by _timeslice, s | transpose row _timeslice column s as a, b | (a + b) / 3 as half',
    ],
    [
      'the last key of an order, where others tie',
      'sumo',
      '* | sum(n) as n by a, b | sort by n, a, b',
      '* | sum(n) as n by a, b | sort by n, a',
    ],
    ['the most groups', 'cql', 'a=1 | groupBy(u, limit=max)', 'a=1 | groupBy(u)'],
    [
      'the text of one branch among many',
      'cql',
      'case { t=1 | k:="a"; t=2 | k:="b"; t=3 | k:="c"; t=4 | k:="d"; * } | groupBy(k)',
      'case { t=1 | k:="a"; t=2 | k:="b"; t=3 | k:="e"; t=4 | k:="d"; * } | groupBy(k)',
    ],
    ['a value that a lookup gives', 'cql', 'ioc:lookup(a, type=ip_address, strict=true)', 'b=*'],
    ['one negated keyword', 'sumo', '* alpha beta | count', '* alpha !beta | count'],
    [
      'an alternative of the third partner, which is linked with the second',
      'cql',
      LINKED.replace('FILES', '/^(Written|Created)$/'),
      LINKED.replace('FILES', '/^(Written)$/'),
    ],
    [
      'one key less of a join',
      'cql',
      'a=1 | join(query={b=2}, field=[x, y], key=[x, y], include=[z])',
      'a=1 | join(query={b=2}, field=[x], key=[x], include=[z])',
    ],
    [
      'a network of a choice',
      'cql',
      'case { !cidr(ip, subnet=["10.0.0.0/8", "127.0.0.0/8"]) | k:="out"; * } | k=out | groupBy(k)',
      'case { !cidr(ip, subnet=["10.0.0.0/8", "127.0.0.0/7"]) | k:="out"; * } | k=out | groupBy(k)',
    ],
    [
      'what is replaced',
      'sumo',
      '* | json "s" as s | replace(s, /\\[|\\]|"/, "") as s | count by s',
      '* | json "s" as s | replace(s, /\\[|"/, "") as s | count by s',
    ],
    [
      'an order by the day, where one by the hour is left',
      'cql',
      'a=1 | d := time:dayOfWeek() | h := time:hour() | groupBy([d, h]) | sort([d, h], limit=200)',
      'a=1 | d := time:dayOfWeek() | h := time:hour() | groupBy([d, h]) | sort([h], limit=200)',
    ],
    ['the most series of a chart', 'cql', 'a=1 | timechart(b, limit=30)', 'a=1 | timechart(b, limit=31)'],
  ]
  for (const [name, language, a, b] of some(kinds, 2)) assert.equal(between(a, b, language).kind, 'differs', name)
})

test('the order alone is a difference of its own', () => {
  const found = between('* | json "a" as a | count by a | sort by _count', '* | json "a" as a | count by a', 'sumo')
  assert.ok(found.kind === 'differs')
  assert.deepEqual([found.comparison.reordered, found.decides], [true, undefined])
})

test('predicates that follow from later ones, and branches that no row takes, change nothing', () => {
  const pairs = [
    ['a=* | b=1 | groupBy(a)', 'b=1 | groupBy(a)'],
    ['t=/.*/ | b=1 | groupBy(t)', 't=/.*/i | b=1 | groupBy(t)'],
    [
      'in(t, values=["2"]) | case { t="2" | k:="x"; t="7" | k:="y"; * }',
      'in(t, values=["2"]) | case { t="2" | k:="x"; t="7" | k:="z"; * }',
    ],
  ] as const
  const text = (q: string): string => planText(withoutIdle(side(q, 'cql').plan))
  for (const [a, b] of pairs) {
    assert.equal(text(a), text(b), a)
    assert.equal(between(a, b, 'cql').kind === 'differs', false, a)
  }
})

test('a flag that changes nothing makes no difference', () => {
  assert.equal(between('a=/^\\d+-[0-9]+$/i', 'a=/^\\d+-[0-9]+$/', 'cql').kind, 'proven')
})

test('an event that no product writes reaches no predicate', () => {
  const [a, b] = [side('u=root | t > 5', 'cql'), side('u=root | t > 5 | u=/^.{4}$/', 'cql')]
  const found = verify(a, b, { isReal: (e) => e.fields.get('u') === 'root' })
  assert.ok(found.kind === 'same')
  assert.ok(
    found.notReached.some(({ side, pred }) => side === 'a' && pred !== null && predicateWords(pred) === 'u = "root"'),
  )
})

test('without a generated event nothing is compared, unless the queries make events', () => {
  const none = { isReal: () => false }
  const [a, b] = [side('u=root | t > 5', 'cql'), side('u=root | t > 5 | u=/^.{4}$/', 'cql')]
  assert.equal(verify(a, b, none).kind, 'nothing')
  const made = (more: string) => side(`createEvents(["a=1"]) | kvParse()${more}`, 'cql')
  assert.equal(verify(made(' | a=1'), made(' | a=/1/'), none).kind, 'same')
})

test('a repeat with another bound', () => {
  const bounds = ['', '?', '+', '{1,2}', '{2,4}', '{2,5}', '{3,5}']
  const missed: string[] = []
  for (const [i, one] of bounds.entries())
    for (const other of bounds.slice(i + 1)) {
      const of = (i + bounds.indexOf(other)) % 2 === 0 ? '[ab]' : '(?:ab)'
      const [a, b] = [`x=/^${of}${one}c$/`, `x=/^${of}${other}c$/`]
      if (between(a, b, 'cql').kind !== 'differs') missed.push(`${a} ${b}`)
    }
  assert.deepEqual(missed, [])
})

/** The same pattern in each language that has patterns of this kind. */
const MATCHING: Readonly<Record<string, (pattern: string) => string>> = {
  cql: (pattern) => `x=/${pattern}/`,
  sumo: (pattern) => `* | where x matches /${pattern}/`,
  sigma: (pattern) =>
    `title: t\nlogsource:\n  category: process_creation\ndetection:\n  s:\n    x|re: '${pattern}'\n  condition: s\n`,
}
function notToldApart(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.flatMap(([a, b]) =>
    Object.entries(MATCHING)
      .filter(([language, of]) => between(of(a), of(b), language).kind !== 'differs')
      .map(([language]) => `${language}: ${a} ${b}`),
  )
}

test('a repeat with another bound, wherever it stands', () => {
  const missed = notToldApart([
    ['^a+$', '^a$'],
    ['^a{1,2}$', '^a$'],
    ['^a{2,5}$', '^a{2,4}$'],
    ['^[ab]+c$', '^[ab]c$'],
    ['^(ab)+$', '^ab$'],
    ['^(?:x|y|(?:p|a+))$', '^(?:x|y|(?:p|a))$'],
    ['^(?:(?:a{1,2}b)?c)?$', '^(?:(?:ab)?c)?$'],
    ['^a+b+c+d+e+f+g{2,5}$', '^a+b+c+d+e+f+g{2,4}$'],
    ['^a{1,250}$', '^a{1,249}$'],
  ])
  assert.deepEqual(missed, [])
})

test('any two patterns of two repeats that differ in one of them', () => {
  const bounds = ['', '?', '+', '*', '{1,2}', '{2,4}', '{2,5}', '{3,5}', '{2,}', '{3,}']
  const parts = ['a', '[ab]', '(?:ab)', '(a|bc)', '\\d', '\\w']
  const random = new Random(7)
  const one = (of: readonly string[]): string => of[random.below(of.length)] as string
  const shapes: readonly ((a: string, b: string) => string)[] = [
    (a, b) => `^${a}c(?:ab)${b}$`,
    (a, b) => `^(?:${a}c)${b}$`,
    (a, b) => `^(?:c|1${b}|${a}1)$`,
  ]
  const pairs: [string, string][] = []
  while (pairs.length < runs(60)) {
    const shape = shapes[random.below(shapes.length)] as (a: string, b: string) => string
    const [part, kept, x, y] = [one(parts), one(bounds), one(bounds), one(bounds)]
    const of = (bound: string): string =>
      pairs.length % 2 === 0 ? shape(part + bound, kept) : shape(part + kept, bound)
    // V8 judges, by every short text.
    if (differ(new RegExp(of(x)), new RegExp(of(y)), '')) pairs.push([of(x), of(y)])
  }
  assert.deepEqual(notToldApart(pairs), [])
})

const differ = (a: RegExp, b: RegExp, text: string): boolean =>
  a.test(text) !== b.test(text) || (text.length < 6 && [...'abc1'].some((c) => differ(a, b, text + c)))
