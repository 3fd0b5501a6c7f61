import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import { compile, languageNamed } from '../../workbench/compile.ts'
import type { ReadLanguage } from '../../workbench/language.ts'
import { backtest } from '../backtest/backtest.ts'
import { cutQuery, HOUR, jobOf, MINUTE, rowsOf, type TestEvent } from '../backtest/backtest-fixtures.ts'
import type { Naming } from '../backtest/findings.ts'
import type { Detection } from '../folder/schema.ts'
import { raised } from './candidates.ts'
import { exclusionStep, networkOf, thresholdsIn, withStep } from './clause.ts'
import { withItem, withList, withValue } from './declare.ts'
import { openFixtures } from './fixtures.ts'
import { tune } from './tune.ts'
import type { Files } from '../folder/folder-types.ts'
import { runs } from '../../../tools/property-runs.ts'

const QUERY = `event=fail
| groupBy([user, ip], function=count(as=n))
| n > 3
`
const NAMING: Naming = { entity: ['user'], suppression: null }
const SCHEDULE = { lookback: HOUR, frequency: HOUR, delay: 0 }

const PAGE = `# attacks
## a person guesses
\`\`\`events
${[0, 1, 2, 3, 4].map((i) => `{"@timestamp":${1772409600000 + i * 1000},"event":"fail","user":"eve","ip":"203.0.113.9","app":"vpn"}`).join('\n')}
\`\`\`
\`\`\`cql file=../query.cql
\`\`\`
\`\`\`fires
\`\`\`
## a script that forgot its password
\`\`\`events
${[0, 1, 2, 3, 4].map((i) => `{"@timestamp":${1772409600000 + i * 1000},"event":"fail","user":"svc","ip":"10.0.0.7","app":"mail"}`).join('\n')}
\`\`\`
\`\`\`cql file=../query.cql
\`\`\`
\`\`\`fires
\`\`\`
`
const FILES: Files = new Map([
  ['query.cql', QUERY],
  ['tests/all.case.md', PAGE],
])
const DETECTION = {
  false_positives: [
    { id: 'script', what: '', tests: ['tests/all.case.md#a script that forgot its password'], tuning: [] },
  ],
  tuning: [],
} as unknown as Detection

const fail = (at: number, user: string, ip: string, app: string): TestEvent => ({
  at,
  fields: { event: 'fail', user, ip, app },
})
const many = (n: number, hour: number, user: string, ip: string, app: string): TestEvent[] =>
  Array.from({ length: n }, (_, i) => fail(hour * HOUR + i * MINUTE, user, ip, app))
/** Failed logons: of a script all day, of two scanners now and then, of a person once. */
const DAY: TestEvent[] = [
  ...Array.from({ length: 12 }, (_, h) => many(5, h, 'svc', '10.0.0.7', 'mail')).flat(),
  ...many(9, 3, 'scan', '10.0.1.1', 'ssh'),
  ...many(8, 4, 'scan', '10.0.1.2', 'ssh'),
  ...many(4, 6, 'ann', '198.51.100.8', 'vpn'),
]

function tuned(text = QUERY, events = DAY) {
  const { plan, language } = compile({ name: 'query', text }, 'cql')
  const cut = cutQuery(text, 'cql', true)
  const job = jobOf(cut, events, SCHEDULE, NAMING)
  const columns = { names: cut.feed?.kept.map((c) => c.id) ?? [], rows: rowsOf(cut, events).kept }
  const fixtures = openFixtures(FILES, 'query.cql', DETECTION)
  const recompile = (t: string) => cutQuery(t, 'cql', true)
  return tune({ job, columns, text, compiled: { plan, language }, cut, recompile, fixtures, taken: new Set() })
}

test('candidates say what they remove from the baseline and from the tests of attacks', () => {
  const t = tuned()
  assert.deepEqual([t.findings, t.attackTests, t.benignTests], [15, 1, 1])
  const of = (name: string) => {
    const c = t.candidates.find((x) => x.name === name)
    return c && [c.removed.findings, c.lost.length, c.silenced.length]
  }
  // A group and a value remove the same rows; the group is kept because it is narrower.
  assert.deepEqual(of('exclude-user-svc-ip-10-0-0-7'), [12, 0, 1])
  assert.deepEqual(of('exclude-user-scan'), [2, 0, 0])
  // The four events of ann and the five of the attack do not pass.
  assert.deepEqual(of('raise-n-to-5'), [13, 1, 1])
  assert.equal(t.candidates.at(-1)?.lost.length, 1)
})

test('the text of each candidate, played, leaves what was said', () => {
  for (const c of tuned().candidates) {
    const b = backtest(jobOf(cutQuery(c.text), DAY, SCHEDULE, NAMING))
    assert.deepEqual(
      [b.findings, b.alerts, b.entities.length],
      [c.left.findings, c.left.alerts, c.left.entities],
      c.name,
    )
  }
})

test('so it is for any traffic', () => {
  const event = fc.record({
    at: fc.integer({ min: 0, max: 300 }).map((m) => m * MINUTE),
    user: fc.constantFrom('ann', 'bob', 'svc'),
    ip: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.9.3', 'host "x"', ''),
    app: fc.constantFrom('vpn', 'mail', 'a*b', '\\'),
  })
  fc.assert(
    fc.property(fc.array(event, { minLength: 10, maxLength: 60 }), (all) => {
      const events = all.map(({ at, ...fields }) => ({ at, fields: { event: 'fail', ...fields } }))
      for (const c of tuned(QUERY, events).candidates) {
        const b = backtest(jobOf(cutQuery(c.text), events, SCHEDULE, NAMING))
        assert.deepEqual([b.findings, b.alerts], [c.left.findings, c.left.alerts], c.text)
        assert.match(c.name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      }
    }),
    { numRuns: runs(25) },
  )
})

const [cql, sumo, sigma] = ['cql', 'sumo', 'sigma'].map((id) => languageNamed(id) as ReadLanguage) as [
  ReadLanguage,
  ReadLanguage,
  ReadLanguage,
]

test('steps in both languages, and none where a text cannot say it', () => {
  const value = [{ field: 'user', value: 'a "b" \\' }]
  assert.equal(exclusionStep(cql, value), 'not (user = "a \\"b\\" \\\\")')
  assert.equal(exclusionStep(sumo, value), 'where !(user = "a \\"b\\" \\\\")')
  assert.equal(exclusionStep(cql, [{ field: 'ip', subnet: '10.0.1.0/24' }]), 'not (cidr(ip, subnet="10.0.1.0/24"))')
  assert.equal(exclusionStep(sumo, [{ field: 'ip', subnet: '10.0.1.0/24' }]), 'where !(ip matches /^10\\.0\\.1\\./)')
  assert.equal(exclusionStep(cql, [{ field: 'user', value: 'a*' }]), undefined)
  assert.equal(exclusionStep(cql, [{ field: 'a b', value: 'a' }]), undefined)
  assert.equal(exclusionStep(sigma, value), undefined)
})

test('networks of addresses', () => {
  assert.equal(networkOf('10.20.30.40'), '10.20.30.0/24')
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  for (const none of ['10.20.30.400', '2001:db8::1', 'a:b', '', '1.2.3']) assert.equal(networkOf(none), undefined)
})

test('thresholds behind the aggregation, and numbers above them', () => {
  const { language } = compile({ name: 'q', text: QUERY }, 'cql')
  const [one, ...more] = thresholdsIn(language, QUERY, QUERY.indexOf('groupBy'))
  assert.deepEqual([one?.column, one?.operator, one?.value, more.length], ['n', '>', 3, 0])
  assert.ok(one)
  const ratio = '| a > 4 * b | 2 * c > 5 | d > 6'
  assert.deepEqual(
    thresholdsIn(language, ratio, 0).map((t) => t.column),
    ['d'],
  )
  assert.deepEqual(raised(one, [4, 4, 5, 9, 1234]), [4, 5, 9, 1300])
  assert.deepEqual(raised(one, []), [])
})

test('a step goes before the aggregation, or to the end', () => {
  assert.equal(withStep('a | count()', 'b', 4), 'a | b\n| count()')
  assert.equal(withStep('a\n', 'b', undefined), 'a\n| b\n')
})

const YAML = `# a comment
id: x          # another
tuning:
  - id: one
    what: >-
      folded text
      that stays
    # inside
    cost: none
  # between
  - id: two
    what: "quoted"
# above blind spots
blind_spots: [a, b]
modified: 2026-01-01
`

test('a tuning is added behind the others, and nothing else changes', () => {
  const text = withItem(YAML, 'tuning', { id: 'three', what: 'x: y' }, 'blind_spots')
  assert.ok(text)
  assert.equal(text.replace('  - id: three\n    what: "x: y"\n', ''), YAML)
  assert.deepEqual((parse(text) as { tuning: unknown[] }).tuning.at(-1), { id: 'three', what: 'x: y' })
})

test('evidence goes into its tuning, which keeps its words', () => {
  const add = (items: readonly unknown[]) =>
    items.map((t, i) => (i === 0 ? { ...(t as object), evidence: [{ a: 1 }] } : t))
  const text = withList(YAML, 'tuning', add, 'blind_spots')
  assert.equal(text?.replace('    evidence:\n      - a: 1\n', ''), YAML)
  const again = withList(text ?? '', 'tuning', add, 'blind_spots')
  assert.equal(again, text)
})

test('where there is no list of tunings one is made, before the blind spots and their comment', () => {
  const none = YAML.replace(/tuning:[\s\S]*?(?=# above)/, '')
  const text = withItem(none, 'tuning', { id: 'one' }, 'blind_spots')
  assert.equal(text, none.replace('# above', 'tuning:\n  - id: one\n# above'))
  const empty = withItem(none.replace('# above', 'tuning: []\n# above'), 'tuning', { id: 'one' }, 'blind_spots')
  assert.equal(empty, text)
  assert.equal(withItem('tuning: text\n', 'tuning', {}, 'x'), undefined)
  assert.equal(withItem('- a\n', 'tuning', {}, 'x'), undefined)
  assert.equal(withItem('a: [', 'tuning', {}, 'x'), undefined)
})

test('a value is set where it stands', () => {
  assert.equal(withValue(YAML, 'modified', '2026-02-02', 'id'), YAML.replace('2026-01-01', '2026-02-02'))
})

test('lists of any shape hold what they are given, and the rest of the text parses to what it was', () => {
  const item = fc.record(
    { id: fc.string(), what: fc.string({ unit: 'grapheme' }), list: fc.array(fc.string(), { maxLength: 2 }) },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(item, (value) => {
      const text = withItem(YAML, 'tuning', value, 'blind_spots')
      assert.ok(text)
      const before = parse(YAML) as { tuning: unknown[] }
      assert.deepEqual(parse(text), { ...before, tuning: [...before.tuning, value] })
    }),
    { numRuns: runs(200) },
  )
})
