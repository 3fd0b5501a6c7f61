import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { HOSTILE } from '../site-fixtures.ts'
import type { HuntPage, ShownFinding } from './model.ts'
import { huntPage } from './page.ts'

const finding = (i: number, event: readonly string[] | null): ShownFinding => ({
  rule: 0,
  time: Date.UTC(2026, 5, 21, 9, i),
  host: HOSTILE,
  user: HOSTILE,
  log: HOSTILE,
  line: i,
  fields: [[HOSTILE, HOSTILE]],
  event,
})
const page = (findings: readonly ShownFinding[], total = findings.length): HuntPage => ({
  version: '0',
  date: '2026-06-21',
  events: 10,
  logs: [{ name: HOSTILE, format: 'json', events: 10 }],
  rules: 2,
  fired: [
    { title: HOSTILE, id: null, level: 'high', techniques: ['T1059.001'], file: HOSTILE, line: 1, findings: total },
  ],
  silent: [{ reason: 'no match', rules: 1 }],
  stopped: false,
  findings,
})

test('texts from outside are texts on the page of a hunt, and the rest of the page is ours', () => {
  const text = huntPage(page([finding(0, ['a', HOSTILE])]))
  assert.equal(text.match(/<script\b/g)?.length, 2)
  assert.ok(!text.includes(HOSTILE))
  assert.doesNotMatch(text, /<img\b/i)
  assert.match(text, /default-src &#39;none&#39;/)
})

test('the events are packed behind the findings, the newest of each rule first, within 10 MB', () => {
  const noise = (i: number): string =>
    Array.from({ length: 16 }, (_, n) => createHash('sha512').update(`${i} ${n}`).digest('base64')).join('')
  const findings = Array.from({ length: 9000 }, (_, i) => finding(i, ['text', noise(i)]))
  const text = huntPage(page(findings, 20_000))
  assert.ok(text.length < 10_000_000, `${text.length} characters`)
  const packed = JSON.parse(/id="packed">(.*?)<\/script>/.exec(text)?.[1] ?? '') as {
    findings: string
    events: string[]
  }
  const unpack = (t: string) => JSON.parse(gunzipSync(Buffer.from(t, 'base64')).toString()) as unknown
  const { rows } = unpack(packed.findings) as { rows: unknown[][] }
  assert.equal(rows.length, 9000)
  const withEvent = rows.filter((r) => r[7] !== null)
  assert.ok(withEvent.length > 100 && withEvent.length < 9000)
  // Minutes grow with the place, so the newest are the last.
  assert.ok(rows.slice(-100).every((r) => r[7] !== null) && rows[0]?.[7] === null)
  const [block, at] = (rows[8999] as unknown[])[7] as [number, number]
  assert.deepEqual((unpack(packed.events[block] ?? '') as string[][])[at], findings.at(-1)?.event)
  assert.match(text, /9,000 of 20,000 findings are here/)
})
