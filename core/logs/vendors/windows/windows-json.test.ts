import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, Reader } from '../../format.ts'
import { windowsJsonReader } from './windows-json.ts'
import { dumped, isTheConnection, only, pick, read, shapes, time } from './windows-fixtures.ts'

for (const [what, document] of Object.entries(shapes)) {
  test(`JSON: ${what}`, () => {
    isTheConnection(only(JSON.stringify(document), 'windows-json'), what)
    const { name, records, lines } = read([document, document].map((d) => JSON.stringify(d, null, 2)).join('\n'))
    assert.deepEqual([name, records.length], ['windows-json-documents', 2])
    assert.deepEqual(lines, [1, JSON.stringify(document, null, 2).split('\n').length + 1])
    for (const r of records) isTheConnection(r as Event, what)
    for (const r of read(JSON.stringify([document, document])).records) isTheConnection(r as Event, what)
  })
}

test('JSON: a record of a known shape is read as the first one', () => {
  const context = { zone: 'UTC', year: 2026 }
  const others = [
    { EventID: 1, Channel: 'ForwardedEvents', Provider: 'Microsoft-Windows-Sysmon', Message: 'x\nUtcTime: y' },
  ]
  const records = [...Object.values(shapes), ...others].map((shape) => JSON.stringify(shape))
  const changed = (text: string, own: string): string => text.replaceAll('ftp.exe', own).replaceAll('50355', '7')
  const known = windowsJsonReader(context)
  for (const record of records) known.read(record)
  for (const record of records)
    for (const own of ['ftp.exe', 'a\\\\b\\"c\\u00e9', '', '\\ud83d', '{"x":1', '\\x', '\t', '"', '\\'])
      assert.deepEqual(
        facts(known.read(changed(record, own))),
        facts(windowsJsonReader(context).read(changed(record, own))),
        own,
      )
})

test('JSON: a record with `Id` and a field Payload keeps all fields after another of its shape', () => {
  const reader = windowsJsonReader({ zone: 'UTC', year: 2026 })
  for (const Id of [1, 2]) {
    const event = reader.read(JSON.stringify({ Id, MachineName: 'ws1', Payload: 'x', Note: 'y' }))
    assert.ok('fields' in event)
    const found = ['EventID', 'Computer', 'Payload', 'Note'].map((name) => event.fields.get(name))
    assert.deepEqual(found, [String(Id), 'ws1', 'x', 'y'])
  }
})

const facts = (read: ReturnType<Reader['read']>): unknown =>
  'fields' in read
    ? [[...read.fields], [...read.fields.keys()], read.time, read.fields.get('winlog.event_data.Image'), read.notes]
    : read

test('JSON: numbered documents of evtx_dump; the shipper’s own paths answer too', () => {
  const text = ['Record 1', JSON.stringify(dumped, null, 2), 'Record 2', JSON.stringify(dumped, null, 2)].join('\n')
  const { name, records, skipped } = read(text)
  assert.deepEqual([name, records.length, skipped], ['windows-json-documents', 2, 2])
  const event = records[1] as Event
  isTheConnection(event, 'numbered')
  assert.equal(event.fields.get('Event.EventData.DestinationPort'), '21')
  assert.equal(event.fields.get('ExecutionProcessID'), '3904')
  assert.ok(![...event.fields.keys()].some((n) => n.startsWith('Event.')))
})

test('JSON: other events, data without names, what is no event', () => {
  const other = {
    Event: { System: { EventID: 400, Channel: 'Windows PowerShell' }, EventData: { Data: { '#text': ['a', 'b'] } } },
  }
  assert.deepEqual(pick(only(JSON.stringify(other), 'windows-json'), ['EventID', 'Data[0]', 'Data[1]']), {
    EventID: '400',
    'Data[0]': 'a',
    'Data[1]': 'b',
  })
  const cleared = {
    Event: {
      System: { EventID: 1102 },
      UserData: { LogFileCleared: { '#attributes': { xmlns: 'x' }, SubjectUserName: 'ann' } },
    },
  }
  assert.deepEqual(pick(only(JSON.stringify(cleared), 'windows-json'), ['EventID', 'SubjectUserName']), {
    EventID: '1102',
    SubjectUserName: 'ann',
  })
  const { records } = read([JSON.stringify(dumped), JSON.stringify(dumped), '{"a":1}', '{"Event":'].join('\n'))
  assert.deepEqual(records.slice(2), [{ bad: 'not a Windows event' }, { bad: 'cut off' }])
})

test('JSON: a message alone gives its data, line breaks and empty values included', () => {
  const Message =
    'Process Create:\r\nUtcTime: 2026-03-02 04:05:06.789\r\nCommandLine: cmd /c a\r\n  && b\r\nCompany:\r\nUser: ann'
  const event = only(
    JSON.stringify({ EventCode: 1, LogName: 'Microsoft-Windows-Sysmon/Operational', Message }),
    'windows-json',
  )
  assert.deepEqual(pick(event, ['EventID', 'CommandLine', 'Company', 'User']), {
    EventID: '1',
    CommandLine: 'cmd /c a\n  && b',
    Company: '',
    User: 'ann',
  })
  assert.equal(event.time, time('2026-03-02T04:05:06.789Z'))
})
