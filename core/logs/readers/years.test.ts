import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { formatNamed } from '../registry.ts'
import type { LogFormat } from '../format.ts'
import { placeYears, stampsOf, type YearAnchor, yearChooser } from './years.ts'

const syslog = formatNamed('syslog') as LogFormat

/** The times of lines, one a stamp. */
function read(lines: readonly string[], anchor: YearAnchor): (string | undefined)[] {
  const records = lines.map((l, position) => ({ record: `${l} h app: x`, position }))
  let at = 0
  const placed = placeYears(stampsOf(syslog, [], records, 'UTC'), anchor)
  const reader = syslog.reader({ zone: 'UTC', year: 1970, withoutYear: yearChooser(placed, () => at) }, [])
  return records.map(({ record, position }) => {
    at = position
    const event = reader.read(record)
    const time = 'fields' in event ? event.time : undefined
    return time === undefined ? undefined : isoTime(time)
  })
}

const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n
const now = { notAfter: micros('2026-11-29T18:00:00Z') }

test('the order of the file goes on across New Year, and nothing lies after the anchor', () => {
  const eve = ['Dec 31 23:59:59', 'Jan  1 00:00:01']
  assert.deepEqual(read(eve, now), ['2025-12-31T23:59:59Z', '2026-01-01T00:00:01Z'])
  assert.deepEqual(read(eve, { ...now, year: 2024 }), ['2023-12-31T23:59:59Z', '2024-01-01T00:00:01Z'])
  assert.deepEqual(read(['Nov 30 00:00:00'], now), ['2025-11-30T00:00:00Z'])
  assert.deepEqual(read(['Nov 29 17:00:00', 'Nov 29 18:00:00'], now), ['2026-11-29T17:00:00Z', '2026-11-29T18:00:00Z'])
})

test('several years in one file', () =>
  assert.deepEqual(read(['Dec 31 10:00:00', 'Jun  1 10:00:00', 'Mar  1 10:00:00', 'Jan 15 10:00:00'], now), [
    '2023-12-31T10:00:00Z',
    '2024-06-01T10:00:00Z',
    '2025-03-01T10:00:00Z',
    '2026-01-15T10:00:00Z',
  ]))

test('a late record from before New Year, and newest first', () => {
  assert.deepEqual(read(['Jan  1 00:00:02', 'Dec 31 23:59:58', 'Jan  1 00:00:03'], now), [
    '2026-01-01T00:00:02Z',
    '2025-12-31T23:59:58Z',
    '2026-01-01T00:00:03Z',
  ])
  assert.deepEqual(read(['Jan  1 00:00:02', 'Dec 31 23:59:58', 'Dec 30 23:59:58'], now), [
    '2026-01-01T00:00:02Z',
    '2025-12-31T23:59:58Z',
    '2025-12-30T23:59:58Z',
  ])
})

test('a leap day takes its file to a year that has one', () =>
  assert.deepEqual(read(['Feb 28 10:00:00', 'Feb 29 10:00:00', 'Mar  1 10:00:00'], now), [
    '2024-02-28T10:00:00Z',
    '2024-02-29T10:00:00Z',
    '2024-03-01T10:00:00Z',
  ]))

test('a stamp with a year decides for its neighbours, and is never moved', () => {
  assert.deepEqual(read(['Dec 31 23:59:59', 'Jan 1 2021 00:00:00', 'Jan  1 00:00:01'], now), [
    '2020-12-31T23:59:59Z',
    '2021-01-01T00:00:00Z',
    '2021-01-01T00:00:01Z',
  ])
  assert.deepEqual(read(['Jan 1 2031 00:00:00'], now), ['2031-01-01T00:00:00Z'])
})

test('every stamp keeps its day and clock, whatever the anchor', () => {
  const lines = ['Feb 27 23:00:00', 'Jul  4 12:00:00', 'Dec 31 23:59:59', 'Jan  1 00:00:00', 'Aug 30 01:02:03']
  for (let day = 0; day < 800; day += 13) {
    const notAfter = now.notAfter - BigInt(day) * 86_400_000_000n
    const times = read(lines, { notAfter })
    assert.deepEqual(
      times.map((t) => t?.slice(5, 19)),
      ['02-27T23:00:00', '07-04T12:00:00', '12-31T23:59:59', '01-01T00:00:00', '08-30T01:02:03'],
    )
    assert.ok(
      times.every((t, i) => i === 0 || (t as string) > (times[i - 1] as string)),
      times.join(),
    )
    assert.ok(
      micros(times.at(-1) as string) <= notAfter && micros(times.at(-1) as string) > notAfter - 366n * 86_400_000_000n,
    )
  }
})
