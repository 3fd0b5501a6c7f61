import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE, MONDAY } from './backtest-fixtures.ts'
import { countWindows, covering, type Schedule, type Window, windowsOver } from './schedule.ts'
import { runs } from '../../../tools/property-runs.ts'

const holding = (windows: readonly Window[], time: number): number[] =>
  windows.flatMap((w, i) => (time >= w.start && time < w.end ? [i] : []))

test('a search every 15 minutes runs at the quarters of the hour, whenever the log begins', () => {
  const schedule = { lookback: HOUR, frequency: 15 * MINUTE, delay: 0 }
  const ends = windowsOver(schedule, MONDAY + 7 * MINUTE, MONDAY + 40 * MINUTE).map((w) => (w.end - MONDAY) / MINUTE)
  assert.deepEqual(ends, [15, 30, 45])
})

test('with a delay, runs stay at the quarters and their windows end before', () => {
  const schedule = { lookback: HOUR, frequency: 15 * MINUTE, delay: 10 * MINUTE }
  const ends = windowsOver(schedule, MONDAY, MONDAY + 20 * MINUTE).map((w) => (w.end - MONDAY) / MINUTE)
  assert.deepEqual(ends, [5, 20, 35])
})

const schedules = fc
  .record({
    frequency: fc.integer({ min: 1, max: 90 }),
    times: fc.integer({ min: 1, max: 12 }),
    more: fc.integer({ min: 0, max: 89 }),
    delay: fc.integer({ min: 0, max: 200 }),
  })
  .map(({ frequency, times, more, delay }): Schedule & { readonly exact: boolean } => ({
    frequency: frequency * MINUTE,
    lookback: (frequency * times + (more % frequency)) * MINUTE,
    delay: delay * MINUTE,
    exact: more % frequency === 0,
  }))

test('every event lies in as many windows as fit into the lookback', () => {
  fc.assert(
    fc.property(schedules, fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }), (s, at, after) => {
      const time = MONDAY + at * MINUTE
      // The log continues for a lookback after the event, so every window that could hold it is played.
      const windows = windowsOver(s, MONDAY, time + s.lookback + after * MINUTE)
      const found = holding(windows, time).length
      // At the start of the log, no window that holds an event is left out.
      assert.ok(
        found === Math.floor(s.lookback / s.frequency) || (!s.exact && found === Math.ceil(s.lookback / s.frequency)),
      )
    }),
    { numRuns: runs(200) },
  )
})

test('the first run sees the first event, the last one the last, and every event is seen', () => {
  fc.assert(
    fc.property(schedules, fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 20 }), (s, at) => {
      const times = at.map((a) => MONDAY + a * MINUTE)
      const [first, last] = [Math.min(...times), Math.max(...times)]
      const windows = windowsOver(s, first, last)
      for (const t of times) {
        const [from, to] = covering(windows, s, t)
        assert.deepEqual(
          holding(windows, t),
          Array.from({ length: to - from }, (_, i) => from + i),
        )
        assert.ok(to > from)
      }
      assert.ok(countWindows(s, first, last) >= windows.length && countWindows(s, first, last) <= windows.length + 2)
    }),
    { numRuns: runs(200) },
  )
})
