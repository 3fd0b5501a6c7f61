// Windows of time that differ between two queries are found, and their equal forms are no difference.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationsOf, durationText } from '../witness/durations.ts'
import { type Side, verify } from '../witness/verify.ts'
import { WITNESS_ENV } from '../witness/telemetry.ts'
import { compile } from './compile.ts'

const sideOf = (text: string, language: string): Side => {
  const { plan, presentation, diagnostics } = compile({ name: 'q', text }, language, {
    context: { zone: 'UTC', interval: WITNESS_ENV },
  })
  assert.ok(plan, JSON.stringify(diagnostics))
  return { plan, language, ordered: presentation.ordered, reading: {} }
}
const rule = (span: string): string => `title: base
name: base_rule
logsource: {product: windows, service: security}
detection:
  sel:
    EventID: 4625
  condition: sel
---
title: many
correlation:
  type: event_count
  rules: [base_rule]
  group-by: [TargetUserName]
  timespan: ${span}
  condition: {gte: 10}
`
const QUERIES: readonly (readonly [string, string, (span: string) => string])[] = [
  ['event_count', 'sigma', rule],
  ['session', 'cql', (d) => `groupBy(u, function=session(maxpause=${d}, function=count(as=c))) | c>2`],
  ['sliding', 'cql', (d) => `groupBy(u, function=slidingTimeWindow(count(as=c), span=${d}), limit=max) | c>=3`],
  ['bucket', 'cql', (d) => `bucket(span=${d}, function=count(as=c)) | c>2`],
  [
    'correlate',
    'cql',
    (d) => `correlate(A: {name=a} include: [user], B: {name=b | user<=>A.user} include: [user], within=${d})`,
  ],
]

for (const [name, language, query] of QUERIES) {
  test(`${name}: another window is a difference, in both orders`, () => {
    for (const [a, b] of [
      ['5m', '10m'],
      ['10m', '5m'],
      ['5m', '6m'],
    ] as const)
      assert.equal(verify(sideOf(query(a), language), sideOf(query(b), language)).kind, 'differs', `${a} ${b}`)
  })
  test(`${name}: the same window in another unit is none`, () => {
    const found = verify(sideOf(query('5m'), language), sideOf(query('300s'), language))
    assert.notEqual(found.kind, 'differs')
  })
}

test('a window of which no events tell the length is named', () => {
  const text = (more: string): string =>
    `u=/^(a+)\\1b$/ | u=zz | groupBy(u, function=slidingTimeWindow(count(as=c), span=5m), limit=max)${more}`
  const found = verify(sideOf(text(''), 'cql'), sideOf(text(' | c>=1'), 'cql'))
  assert.ok(found.kind === 'same')
  const windows = found.notReached.flatMap(({ window }) => (window === undefined ? [] : [durationText(window)]))
  assert.deepEqual(windows, ['5m', '5m'])
})

test('queries that keep their window and change their form reach it', () => {
  const text = (test: string): string =>
    `groupBy(u, function=slidingTimeWindow(count(as=c), span=5m), limit=max) | ${test}`
  const found = verify(sideOf(text('c>=3'), 'cql'), sideOf(text('c>2'), 'cql'))
  assert.ok(found.kind === 'same')
  assert.deepEqual(
    found.notReached.filter(({ window }) => window !== undefined),
    [],
  )
})

test('durations are shown as they are typed', () => {
  assert.deepEqual([300_000_000n, 299_999_000n, 5_400_000_000n, 86_400_000_000n].map(durationText), [
    '5m',
    '5m',
    '1h30m',
    '1d',
  ])
  assert.equal(
    durationsOf(sideOf(rule('2h'), 'sigma').plan)
      .map(durationText)
      .join(),
    '2h',
  )
})
