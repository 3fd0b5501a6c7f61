import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedOffset, isZone, offsetAt, wallToUtc } from './zone.ts'

test('offsets in words', () => {
  const cases: [string, number | undefined][] = [
    ['UTC', 0],
    ['z', 0],
    ['+02:00', 120],
    ['-0530', -330],
    ['UTC+1', 60],
    ['+19:00', undefined],
    ['Europe/Berlin', undefined],
  ]
  for (const [zone, minutes] of cases) assert.equal(fixedOffset(zone), minutes, zone)
  assert.deepEqual(['Europe/Berlin', '+02:00', 'Mars/Olympus', ''].map(isZone), [true, true, false, false])
})

test('a zone keeps its rules: summer, half hours, days skipped', () => {
  const at = (zone: string, iso: string) => offsetAt(zone, Date.parse(iso))
  assert.equal(at('Europe/Berlin', '2026-01-15T00:00:00Z'), 60)
  assert.equal(at('Europe/Berlin', '2026-07-15T00:00:00Z'), 120)
  assert.equal(at('Europe/Berlin', '2026-03-29T00:59:59Z'), 60)
  assert.equal(at('Europe/Berlin', '2026-03-29T01:00:00Z'), 120)
  assert.equal(at('Asia/Kolkata', '2026-01-15T00:00:00Z'), 330)
  assert.equal(at('Pacific/Apia', '2011-12-31T12:00:00Z') - at('Pacific/Apia', '2011-12-29T12:00:00Z'), 24 * 60)
})

test('wall clocks: what spring skips is read with the offset before, what autumn repeats is the first', () => {
  const wall = (zone: string, text: string) => new Date(wallToUtc(zone, Date.parse(`${text}Z`))).toISOString()
  assert.equal(wall('Europe/Berlin', '2026-03-29T01:59:59'), '2026-03-29T00:59:59.000Z')
  assert.equal(wall('Europe/Berlin', '2026-03-29T02:30:00'), '2026-03-29T01:30:00.000Z')
  assert.equal(wall('Europe/Berlin', '2026-03-29T03:00:00'), '2026-03-29T01:00:00.000Z')
  assert.equal(wall('Europe/Berlin', '2026-10-25T02:30:00'), '2026-10-25T00:30:00.000Z')
  assert.equal(wall('America/New_York', '2026-11-01T03:00:00'), '2026-11-01T08:00:00.000Z')
})
