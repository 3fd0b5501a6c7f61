import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from '../../detect/case/read-events.ts'

const line =
  '{"receive_time":"2026/01/15 10:00:00","serial":"001","type":"TRAFFIC","subtype":"end","time_generated":"2026/01/15 10:00:00","src":"10.1.1.1","dst":"203.0.113.9","dport":21,"proto":"tcp","action":"allow","bytes_sent":100}'
const read = (text: string) =>
  readEvents(text, { file: 'a.json', format: undefined, context: { zone: 'UTC', year: 2026 }, tags: {}, from: 0n })

test('PAN-OS records in JSON are recognised and have their time', () => {
  const { format, events, bad } = read(`${line}\n${line}\n`)
  assert.equal(format?.name, 'panos-json')
  assert.equal(events.length, 2)
  assert.deepEqual(bad, [])
  assert.equal(events[0]?.event.time, 1_768_471_200_000_000n)
})

test('a record that is cut off is bad', () => {
  const { events, bad } = read(`${line}\n${line.slice(0, 80)}\n`)
  assert.equal(events.length, 1)
  assert.equal(bad.length, 1)
})
