import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { evaluate } from '../../eval/evaluate.ts'
import { compile, optimised } from '../../workbench/compile.ts'
import { binder } from '../../eval/bind.ts'
import { type Backtest, backtest } from './backtest.ts'
import { cutQuery, HOUR, jobOf, MINUTE, MONDAY, rowsOf, type TestEvent } from './backtest-fixtures.ts'
import type { Naming } from './findings.ts'
import type { Schedule } from './schedule.ts'
import { evaluateEach, evaluateWindows } from './windows.ts'
import { runs } from '../../../tools/property-runs.ts'

/** More than three failed logons of one user from one address. */
const QUERY = 'event=fail | groupBy([user, ip], function=count(as=n)) | n > 3'
const NAMING: Naming = { entity: ['user'], suppression: { by: ['user', 'ip'], for: 4 * HOUR } }
const HOURLY: Schedule = { lookback: HOUR, frequency: HOUR, delay: 0 }

const fail = (at: number, user = 'ann', ip = '10.0.0.1', ingested?: number): TestEvent => ({
  at,
  fields: { event: 'fail', user, ip },
  ...(ingested !== undefined && { ingested }),
})
const play = (events: readonly TestEvent[], schedule: Schedule, naming = NAMING, query = QUERY): Backtest =>
  backtest(jobOf(cutQuery(query), events, schedule, naming))
const four = (from: number, step: number, user?: string): TestEvent[] =>
  [0, 1, 2, 3].map((i) => fail(from + i * step, user))

test('four failures within an hour are one finding of an hourly search', () => {
  const b = play(four(10 * MINUTE, 5 * MINUTE), HOURLY)
  assert.deepEqual([b.findings, b.alerts, b.repeats, b.runs, b.misses.missed.length], [1, 1, 0, 1, 0])
  assert.deepEqual(
    b.entities.map((e) => e.entity),
    [{ user: 'ann' }],
  )
})

test('a border of two windows parts four failures within twenty minutes: a miss, with its events', () => {
  const b = play(four(50 * MINUTE, 6 * MINUTE), HOURLY)
  assert.equal(b.findings, 0)
  assert.deepEqual(
    b.misses.missed.map((m) => [m.entity, (m.from - MONDAY) / MINUTE, (m.to - MONDAY) / MINUTE, m.row['n'], m.late]),
    [[{ user: 'ann' }, 50, 68, '4', false]],
  )
})

test('looking back the time they take and a frequency more, nothing is parted', () => {
  const b = play(four(50 * MINUTE, 6 * MINUTE), { ...HOURLY, lookback: 2 * HOUR })
  assert.deepEqual([b.findings, b.misses.missed.length], [1, 0])
})

test('with overlapping windows the next run reports the same again, and suppression swallows it until it ends', () => {
  const events = [...four(0, MINUTE), fail(8 * HOUR)]
  const b = play(events, { lookback: 6 * HOUR, frequency: HOUR, delay: 0 })
  // Six runs see the four failures; the alert of the first suppresses those of the next four hours.
  assert.deepEqual([b.findings, b.repeats, b.alerts], [6, 5, 2])
})

test('a suppression ends with its time: the run that is due then reports again', () => {
  const naming: Naming = { entity: ['user'], suppression: { by: ['user'], for: 5 * HOUR } }
  const b = play([...four(0, MINUTE), fail(8 * HOUR)], { lookback: 6 * HOUR, frequency: HOUR, delay: 0 }, naming)
  assert.deepEqual([b.findings, b.alerts], [6, 2])
})

test('what a window that slides finds is no miss where a run has found it with other events', () => {
  const events = [35, 45, 55, 65, 75, 85].map((m) => fail(m * MINUTE))
  const b = play(events, { lookback: 3 * HOUR, frequency: 30 * MINUTE, delay: 0 })
  assert.deepEqual([b.findings > 0, b.misses.tried > 0, b.misses.missed.length], [true, true, 0])
})

test('without a suppression every finding is an alert', () => {
  const b = play(
    four(0, MINUTE),
    { lookback: 6 * HOUR, frequency: HOUR, delay: 0 },
    { entity: ['user'], suppression: null },
  )
  assert.equal(b.alerts, b.findings)
})

test('findings per day are told by the day of their run', () => {
  const b = play([...four(23 * HOUR, MINUTE), ...four(30 * HOUR, MINUTE, 'bob')], HOURLY)
  assert.deepEqual(
    b.days.map((d) => [d.day, d.findings, d.entities]),
    [['2026-03-03', 2, 2]],
  )
})

test('an event that comes after its run is not seen by it: late, and lost when no later run looks there', () => {
  const late = [0, 1, 2, 3].map((i) => fail(10 * MINUTE + i * MINUTE, 'ann', '10.0.0.1', (i === 3 ? 90 : 14) * MINUTE))
  const b = play([...late, fail(5 * HOUR, 'bob', '10.0.0.2', 5 * HOUR)], HOURLY)
  assert.equal(b.findings, 0)
  assert.deepEqual([b.late.told, b.late.late, b.late.lost], [5, 1, 1])
  assert.deepEqual(
    b.misses.missed.map((m) => m.late),
    [true],
  )
  assert.equal(b.late.lag?.longest, 77 * MINUTE)
  const delayed = play([...late, fail(5 * HOUR, 'bob', '10.0.0.2', 5 * HOUR)], { ...HOURLY, delay: HOUR })
  assert.deepEqual([delayed.findings, delayed.late.late], [1, 0])
})

test('a log that does not tell when it was taken in has no late events, and says nothing of a lag', () => {
  assert.deepEqual(play(four(0, MINUTE), HOURLY).late.lag, null)
})

test('a query without groups finds events, each run those of its window', () => {
  const b = play(four(0, MINUTE), { lookback: 2 * HOUR, frequency: HOUR, delay: 0 }, NAMING, 'event=fail')
  assert.deepEqual([b.findings, b.misses.method, b.misses.missed.length], [4, 'whole', 0])
})

test('a count of nothing is a row: runs without events are played one by one', () => {
  const b = play(
    [...four(0, MINUTE), fail(3 * HOUR)],
    HOURLY,
    { entity: [], suppression: null },
    'event=fail | count(as=n) | n = 0',
  )
  assert.equal(b.findings, 2)
})

test('events are looked at with the time of each run, also before they are grouped', () => {
  const text = 'event=fail | age := now() - @timestamp | age < 600000 | groupBy(user, function=count(as=n))'
  const events = [
    fail(55 * MINUTE),
    fail(58 * MINUTE),
    fail(HOUR + 10 * MINUTE, 'bob'),
    fail(2 * HOUR + 51 * MINUTE, 'cat'),
  ]
  const b = play(events, HOURLY, { entity: ['user'], suppression: null }, text)
  assert.deepEqual(
    b.entities.map((e) => e.entity),
    [{ user: 'ann' }, { user: 'cat' }],
  )
})

test('what a run knows of its own time is the time of that run', () => {
  const text = 'event=fail | groupBy(user, function=max(@timestamp, as=last)) | age := now() - last | age < 600000'
  const b = play(
    [fail(55 * MINUTE), fail(HOUR + 10 * MINUTE, 'bob')],
    HOURLY,
    { entity: ['user'], suppression: null },
    text,
  )
  assert.deepEqual(
    b.entities.map((e) => e.entity),
    [{ user: 'ann' }],
  )
})

const events = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 600 }).map((m) => m * MINUTE),
    user: fc.constantFrom('ann', 'bob'),
    ip: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'),
    event: fc.constantFrom('fail', 'fail', 'fail', 'ok'),
    lag: fc.option(fc.integer({ min: 0, max: 120 }), { freq: 3 }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
)
const toEvents = (all: ReturnType<typeof events.generate>['value'], told: boolean): TestEvent[] =>
  all.map(({ at, lag, ...fields }) => ({
    at,
    fields,
    ...(told && lag !== null && { ingested: at + lag * MINUTE }),
  }))
const schedules = fc.constantFrom<Schedule>(
  HOURLY,
  { lookback: 3 * HOUR, frequency: 30 * MINUTE, delay: 10 * MINUTE },
  { lookback: 100 * MINUTE, frequency: 45 * MINUTE, delay: 0 },
)
const queries = fc.constantFrom(
  QUERY,
  'event=fail | groupBy([user, ip], function=[count(as=n), collect(event)]) | n > 1 | sort(n, limit=2)',
  'event=fail | groupBy([user, ip], function=count(as=n)) | groupBy(user, function=[max(n, as=most), count(as=ips)]) | ips > 1',
  'event=fail | groupBy([ip, user], function=count(as=n), limit=2)',
  'event=fail | ip != "10.0.0.3"',
)

test('the cut changes nothing: one window over everything finds what the whole query finds', () => {
  fc.assert(
    fc.property(events, queries, (generated, text) => {
      const all = toEvents(generated, false)
      const { plan } = compile({ name: 'q', text }, 'cql')
      assert.ok(plan)
      const whole = evaluate(
        optimised(plan),
        (s) =>
          all.map((e, i) =>
            binder(s, {}).row(
              { fields: new Map(Object.entries(e.fields)), time: BigInt(MONDAY + e.at) },
              { file: 'f', raw: JSON.stringify(e.fields), seq: BigInt(i) },
            ),
          ),
        { now: 0n, start: 0n, end: 0n, zone: 'UTC' },
      )
      const query = cutQuery(text)
      const window = { start: MONDAY, end: MONDAY + 1000 * HOUR }
      const { found, columns } = evaluateWindows(query.rest, [rowsOf(query, all)], [window], { zone: 'UTC', delay: 0 })
      const visible = whole.columns.map((c) => c.id).filter((c) => !c.startsWith('$:') && c !== '@ingesttimestamp')
      const text1 = whole.rows.map((r) => visible.map((c) => String(r[c])).join(' ')).sort()
      const text2 = found.map(({ row }) => visible.map((c) => String(row[columns.indexOf(c)])).join(' ')).sort()
      assert.deepEqual(text2, text1)
    }),
    { numRuns: runs(60) },
  )
})

test('windows evaluated together find what each finds by itself', () => {
  fc.assert(
    fc.property(events, queries, schedules, fc.boolean(), (generated, text, schedule, told) => {
      const job = jobOf(cutQuery(text), toEvents(generated, told), schedule, NAMING)
      const setting = { zone: 'UTC', delay: schedule.delay }
      const plain = (a: ReturnType<typeof evaluateEach>) =>
        a.found.map(({ window, row }) => `${window} ${a.columns.map((_, i) => row[i]).join(' ')}`).sort()
      assert.deepEqual(
        plain(evaluateWindows(job.plan, job.rows, job.windows, setting)),
        plain(evaluateEach(job.plan, job.rows, job.windows, setting)),
      )
    }),
    { numRuns: runs(60) },
  )
})

test('the sums over days and over entities are the findings, and the order of the input changes nothing', () => {
  fc.assert(
    fc.property(events, queries, schedules, (generated, text, schedule) => {
      const all = toEvents(generated, true)
      const b = backtest(jobOf(cutQuery(text), all, schedule, NAMING))
      const sum = (list: readonly { findings: number; alerts: number }[]) =>
        list.reduce((n, x) => [(n[0] ?? 0) + x.findings, (n[1] ?? 0) + x.alerts], [0, 0])
      assert.deepEqual(sum(b.days), [b.findings, b.alerts])
      assert.deepEqual(sum(b.entities), [b.findings, b.alerts])
      assert.ok(b.alerts <= b.findings && b.repeats <= b.findings)
      const back = backtest(jobOf(cutQuery(text), all.toReversed(), schedule, NAMING))
      assert.deepEqual(back, b)
    }),
    { numRuns: runs(60) },
  )
})

test('a miss is one: a window that ends at an event finds it, and no run that shares events with it does', () => {
  fc.assert(
    fc.property(events, schedules, fc.boolean(), (generated, schedule, told) => {
      const all = toEvents(generated, told)
      const job = jobOf(cutQuery(QUERY), all, schedule, NAMING)
      const { misses } = backtest(job)
      const rows = job.rows.map((r) => ({ ...r, ingested: undefined }))
      const keys = (end: number, own: typeof job.rows) => {
        const window = [{ start: end - schedule.lookback, end }]
        const a = evaluateEach(job.plan, own, window, { zone: 'UTC', delay: schedule.delay })
        const at = ['user', 'ip'].map((c) => a.columns.indexOf(c))
        return new Set(a.found.map(({ row }) => at.map((i) => row[i]).join(' ')))
      }
      const runs = job.windows.map((w) => ({ ...w, keys: keys(w.end, job.rows) }))
      const wanted = new Set<string>()
      for (const { at } of all) {
        const end = MONDAY + at + 1
        for (const key of keys(end, rows)) {
          const own = all.filter(
            (e) =>
              `${e.fields['user']} ${e.fields['ip']}` === key &&
              e.fields['event'] === 'fail' &&
              MONDAY + e.at >= end - schedule.lookback &&
              MONDAY + e.at < end,
          )
          const last = Math.max(...own.map((e) => e.at))
          // Only windows that end at an event of the group itself.
          if (last !== at) continue
          const first = MONDAY + Math.min(...own.map((e) => e.at))
          const isSeen = runs.some((r) => r.keys.has(key) && r.end > first && r.start <= MONDAY + last)
          if (!isSeen) wanted.add(key)
        }
      }
      const found = new Set(misses.missed.map((m) => `${m.row['user']} ${m.row['ip']}`))
      assert.deepEqual(found, wanted)
    }),
    { numRuns: runs(80) },
  )
})
