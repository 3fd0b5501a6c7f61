import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import type { Event } from '../format.ts'
import { isEvent, recognise } from '../registry.ts'

function read(text: string): { name: string; events: readonly Event[]; bad: readonly string[] } {
  const lines = text.split('\n')
  const format = recognise(lines)[0]?.format
  assert.ok(format, 'no format')
  const reader = format.reader({ zone: 'UTC', year: 2026 }, lines)
  const records = format.split ? [...format.split(text)].map((r) => r.record) : lines.filter((l) => l !== '')
  const results = [...records.map((r) => reader.read(r)), reader.end?.() ?? { skip: '' }]
  return {
    name: format.name,
    events: results.filter(isEvent),
    bad: results.flatMap((r) => ('bad' in r ? [r.bad] : [])),
  }
}

/** The record that is to be found in each envelope, and a field, its value and its time. */
const RECORDS: readonly (readonly [record: string, field: string, value: string, time: string])[] = [
  [
    'Nov 20 2025 10:00:00 fw1 : %ASA-6-302013: Built outbound TCP connection 1 for outside:203.0.113.7/21 (203.0.113.7/21) to inside:10.1.1.5/50000 (192.0.2.1/50000)',
    'network:dest_port',
    '21',
    '2025-11-20T10:00:00Z',
  ],
  ['CEF:0|V|P|1|100|n|5|rt=1763632800000 src=10.0.0.1 dpt=21', 'dpt', '21', '2025-11-20T10:00:00Z'],
  ['LEEF:1.0|V|P|1|x|devTime=1763632800\tdstPort=21', 'dstPort', '21', '2025-11-20T10:00:00Z'],
  // A daemon took `CEF:` or `LEEF:` for the tag.
  ['0|V|P|1|100|n|5|rt=1763632800000 src=10.0.0.1 dpt=21', 'dpt', '21', '2025-11-20T10:00:00Z'],
  ['1.0|V|P|1|x|devTime=1763632800#011dstPort=21', 'dstPort', '21', '2025-11-20T10:00:00Z'],
  [
    '{"timestamp":"2025-11-20T10:00:00.000000+0000","event_type":"flow","flow_id":12345678901234567890,"src_ip":"10.0.0.1","dest_port":21}',
    'flow_id',
    '12345678901234567890',
    '2025-11-20T10:00:00Z',
  ],
  [
    "<Event xmlns='x'><System><Provider Name='P'/><EventID>1</EventID><TimeCreated SystemTime='2025-11-20T10:00:00Z'/><Channel>C</Channel></System><EventData><Data Name='Image'>a</Data></EventData></Event>",
    'Image',
    'a',
    '2025-11-20T10:00:00Z',
  ],
  [
    '{"EventID":4688,"Channel":"Security","EventTime":"2025-11-20 10:00:00","NewProcessName":"a"}',
    'NewProcessName',
    'a',
    '2025-11-20T10:00:00Z',
  ],
  [
    '{"ts":1763632800.0,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"203.0.113.7","id.resp_p":21,"conn_state":"SF"}',
    'id.resp_p',
    '21',
    '2025-11-20T10:00:00Z',
  ],
  [
    '{"event_simpleName":"DnsRequest","aid":"a","timestamp":"1763632800000"}',
    'event_simpleName',
    'DnsRequest',
    '2025-11-20T10:00:00Z',
  ],
]

const q = (text: string): string => JSON.stringify(text)
const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`
const isJson = (record: string): boolean => record.startsWith('{')

const ENVELOPES: Readonly<Record<string, (record: string) => string | undefined>> = {
  message: (r) => `{"host":"h9","message":${q(r)}}`,
  log: (r) => `{"host":"h9","log":${q(r)}}`,
  _raw: (r) => `{"host":"h9","_raw":${q(r)}}`,
  'event, a text': (r) => `{"host":"h9","event":${q(r)}}`,
  'event, an object': (r) => (isJson(r) ? `{"host":"h9","event":${r}}` : undefined),
  'result._raw': (r) =>
    `{"preview":false,"host":"h9","result":{"_time":"2025-11-20T10:00:00.000+0000","_raw":${q(r)}}}`,
  '_source.message': (r) => `{"host":"h9","_index":"i","_source":{"message":${q(r)}}}`,
  'hits.hits': (r) => `{"took":1,"hits":{"total":{"value":1},"hits":[{"host":"h9","_source":{"message":${q(r)}}}]}}`,
  'an array over lines': (r) => `[\n  {\n    "host": "h9",\n    "message": ${q(r)}\n  }\n]`,
  Records: (r) => `{"Records":[{"host":"h9","message":${q(r)}}]}`,
  tables: (r) => `{"tables":[{"name":"T","columns":[{"name":"host"},{"name":"message"}],"rows":[["h9",${q(r)}]]}]}`,
  'a column of CSV': (r) => `host,message\nh9,${csv(r)}`,
  'a syslog head': (r) => `<13>Nov 20 10:00:00 h9 app: ${r.replace(/^Nov 20 2025 10:00:00 fw1 : /, '')}`,
}

for (const [envelope, wrap] of Object.entries(ENVELOPES))
  test(`records in ${envelope}`, () => {
    for (const [record, field, value, time] of RECORDS) {
      const text = wrap(record)
      if (text === undefined) continue
      const { name, events, bad } = read(text)
      const at = events[0]?.time
      const got = [events.length, bad.length, events[0]?.fields.get(field), at === undefined ? undefined : isoTime(at)]
      const expected = envelope === 'a syslog head' && record.includes('%ASA') ? '2026-11-20T10:00:00Z' : time
      assert.deepEqual(got, [1, 0, value, expected], `${name}: ${text}`)
      if (!text.startsWith('<13>')) assert.equal(events[0]?.fields.get('host') === undefined, false, text)
    }
  })

test('the tags of the inner format travel; the time of the envelope counts where the record has none', () => {
  const { events } = read(
    '{"time":"2025-11-20T10:00:00Z","message":"%ASA-6-302016: Teardown UDP connection 1 for outside:203.0.113.9/53 to inside:10.0.0.1/5000 duration 0:00:00 bytes 1"}',
  )
  assert.equal(events[0]?.fields.get('_sourceCategory'), 'network/cisco/asa')
  assert.equal(events[0]?.time, 1763632800000000n)
})

test("sudo's log is one object with an event in each member, and the names repeat", () => {
  const event = (name: string, seconds: number): string =>
    `    "${name}": {\n        "server_time": {\n            "seconds": ${seconds}\n        },\n        "submituser": "ann"\n    }`
  const log = `{\n${[event('accept', 1782032400), event('accept', 1782032401), event('reject', 1782032402)].join(',\n')}\n}`
  const { events, bad } = read(log)
  assert.deepEqual(bad, [])
  assert.deepEqual(
    events.map((e) => [[...e.fields.keys()].join(), e.time]),
    ['accept', 'accept', 'reject'].map((name, i) => [
      `${name}.server_time.seconds,${name}.submituser`,
      1782032400000000n + BigInt(i) * 1000000n,
    ]),
  )
  // One with a member of another kind is an event.
  assert.equal(read(`${log.slice(0, -2)},\n    "n": 1\n}`).events.length, 1)
})

test('arrays of answers: an event for each member, of all values as written', () => {
  assert.equal(read('{"Records":[{"eventTime":"2025-11-20T10:00:00Z","n":1},{"n":2}]}').events.length, 2)
  assert.equal(read('{"@odata.context":"x","value":[\n{"id":"1"},\n{"id":"2"}]}').events.length, 2)
  assert.equal(read('{"records":[{"time":"2025-11-20T10:00:00Z"}]}\n{"records":[{"a":1},{"a":2}]}').events.length, 3)
  // An event with a list is no container.
  assert.equal(read('{"eventTime":"2025-11-20T10:00:00Z","records":[{"a":1},{"a":2}]}').events.length, 1)
})

test('a cut-off array loses only its last record', () => {
  const { events, bad } = read('{"Records":[{"n":1},{"n":2},{"n":')
  assert.equal(events.length, 2)
  assert.ok(bad.length > 0)
})
