import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime, parseDuration, parseInstant } from './interval.ts'

const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n

test('durations', () => {
  const good: [string, number][] = [
    ['15m', 900],
    ['24h', 86400],
    ['7d', 604800],
    ['1h30m', 5400],
    ['2 weeks', 1209600],
    ['-1h', 3600],
    ['90 Seconds', 90],
  ]
  for (const [text, seconds] of good) assert.equal(parseDuration(text), BigInt(seconds) * 1_000_000n, text)
  for (const text of ['', '1', 'h', '1x', '1.5h', 'banana', '1h!', '1h 30'])
    assert.equal(parseDuration(text), undefined, text)
})

test('instants: UTC, an offset, or the zone of the reader', () => {
  const good: [string, string, string][] = [
    ['2026-03-02', 'UTC', '2026-03-02T00:00:00Z'],
    ['2026-03-02T14:00', 'Europe/Berlin', '2026-03-02T13:00:00Z'],
    ['2026-07-02 14:00', 'Europe/Berlin', '2026-07-02T12:00:00Z'],
    ['2026-03-02T14:00:00Z', 'Europe/Berlin', '2026-03-02T14:00:00Z'],
    ['2026-03-02T14:00:00+05:30', 'UTC', '2026-03-02T08:30:00Z'],
    ['1772460000', 'Europe/Berlin', '2026-03-02T14:00:00Z'],
    ['1772460000000', 'UTC', '2026-03-02T14:00:00Z'],
  ]
  for (const [text, zone, iso] of good) assert.equal(parseInstant(text, zone), micros(iso), text)
  assert.equal(parseInstant('2026-03-02T14:00:00.123456789Z', 'UTC'), micros('2026-03-02T14:00:00Z') + 123456n)
  for (const text of [
    '',
    'x',
    'now',
    '2026-02-30',
    '2026-13-01',
    '2026-03-02T25:00',
    '2026-03-02T14:60',
    '99999-01-01',
  ])
    assert.equal(parseInstant(text, 'UTC'), undefined, text)
})

test('times print with the decimals they need', () => {
  assert.equal(isoTime(micros('2026-03-02T14:00:00Z')), '2026-03-02T14:00:00Z')
  assert.equal(isoTime(micros('2026-03-02T14:00:00Z') + 120_000n), '2026-03-02T14:00:00.120Z')
  assert.equal(isoTime(micros('2026-03-02T14:00:00Z') + 1n), '2026-03-02T14:00:00.000001Z')
  assert.equal(isoTime(-1n), '1969-12-31T23:59:59.999999Z')
  assert.equal(isoTime(2n ** 63n), '9223372036854775808 µs')
})
