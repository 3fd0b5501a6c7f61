// Files whose records do not begin where their lines do, and files of several formats.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { CONTEXT, readAll } from '../read-lines-fixture.ts'
import { isEvent, plainText, recognise } from '../registry.ts'

test('a sequence of JSON texts (RFC 7464): a mark stands before each', () => {
  const { format, events } = readAll(
    '\x1e{"time":"2026-03-02T10:00:00Z","a":"1"}\n\x1e{"time":"2026-03-02T10:00:01Z","a":"2"}',
  )
  assert.deepEqual([format, events.map((e) => e.fields.get('a'))], ['json-lines', ['1', '2']])
  assert.deepEqual(
    readAll('\x1e\x1e{"a":"3"}').events.map((e) => e.fields.get('a')),
    ['3'],
  )
  // As `jq --seq` writes it.
  const text = '\x1e{\n "a": "1"\n}\n\x1e{\n "a": "2"\n}\n'
  const documents = recognise(text.split('\n'))[0]?.format
  assert.equal(documents?.name, 'json-array')
  assert.equal([...(documents?.split?.(text) ?? [])].length, 2)
})

test('documents of Elasticsearch have their time inside', () => {
  const { events } = readAll('{"_index":"x","_source":{"@timestamp":"2026-03-02T10:00:00Z","a":"1"}}')
  assert.equal(isoTime(events[0]?.time as bigint), '2026-03-02T10:00:00Z')
})

test('CSV records over several lines, whose lines begin with a time', () => {
  const rows = [
    '2026-03-02T10:00:00Z,ann,"first',
    '2026-03-02T10:00:05Z second',
    'third"',
    '2026-03-02T10:00:01Z,bob,x',
  ]
  const { format, events } = readAll(['_time,user,text', ...rows].join('\n'))
  assert.deepEqual(
    [format, events.map((e) => e.fields.get('text'))],
    ['csv', ['first\n2026-03-02T10:00:05Z second\nthird', 'x']],
  )
})

test('most lines are of no format: those of a known one are read as such, the others are messages', () => {
  const lines = [
    'door 7 opened',
    '<166>Nov 20 2022 02:32:35 fw : %ASA-6-302013: Built outbound TCP connection 4 for outside:203.0.113.7/21 (203.0.113.7/21) to inside:10.1.1.5/51568 (10.1.1.5/51568)',
    'door 9 opened',
  ]
  assert.equal(recognise(lines)[0], undefined)
  const reader = plainText.reader(CONTEXT, lines)
  const events = lines.map((l) => reader.read(l)).filter(isEvent)
  assert.deepEqual(
    events.map((e) => [e.fields.get('network:dest_port'), e.time === undefined]),
    [
      [undefined, true],
      ['21', false],
      [undefined, true],
    ],
  )
})
