// The time of records of no known format, by the names that products and collectors give it. Values are made up.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { readAll } from '../read-lines-fixture.ts'

const RECORDS: Readonly<Record<string, string>> = {
  'syslog-ng, ISODATE': '{"ISODATE":"2026-03-02T11:00:00.5+01:00","HOST":"h","PROGRAM":"app","MESSAGE":"text"}',
  'syslog-ng, as sent': '{"S_ISODATE":"2026-03-02T11:00:00.5+01:00","HOST":"h","MSG":"text"}',
  'syslog-ng, as received': '{"R_UNIXTIME":"1772445600.5","HOST":"h","MSG":"text"}',
  'rsyslog, as the message has it before as it came':
    '{"timegenerated":"2026-03-02T10:00:03Z","timereported":"2026-03-02T11:00:00.5+01:00","msg":"text"}',
  'tshark -T fields as JSON': '{"frame.time_epoch":"1772445600.500000000","ip.src":"10.0.0.1"}',
  'tshark -T json':
    '{"_index":"packets-2026-03-02","_source":{"layers":{"frame":{"frame.time_epoch":"1772445600.500000000"},"ip":{"ip.src":"10.0.0.1"}}}}',
  'tshark -T json -e':
    '{"_index":"packets-2026-03-02","_source":{"layers":{"frame.time_epoch":["1772445600.500000000"],"ip.src":["10.0.0.1"]}}}',
  'tshark -T ek': '{"timestamp":"1772445600500","layers":{"ip":{"ip_ip_src":"10.0.0.1"}}}',
  argus: '{"StartTime":"2026-03-02 10:00:00.5","SrcAddr":"10.0.0.1"}',
  Okta: '{"published":"2026-03-02T10:00:00.500Z","eventType":"user.session.start"}',
  'Kubernetes audit': '{"kind":"Event","auditID":"1","requestReceivedTimestamp":"2026-03-02T10:00:00.500000Z"}',
  'Microsoft 365': '{"CreationTime":"2026-03-02T10:00:00.5","Operation":"FileAccessed"}',
  osquery: '{"name":"processes","calendarTime":"Mon Mar  2 10:00:00 2026 UTC","unixTime":1772445600.5}',
  'Azure sign-in': '{"createdDateTime":"2026-03-02T10:00:00.5Z","userPrincipalName":"ann@example.com"}',
  'Google Workspace report':
    '{"kind":"admin#reports#activity","id":{"time":"2026-03-02T10:00:00.500Z","applicationName":"login"},"events":[{"name":"login_success"}]}',
  'nginx as JSON': '{"time_iso8601":"2026-03-02T11:00:00.5+01:00","remote_addr":"10.0.0.1"}',
  'Sumo Logic export': '{"_messagetime":"1772445600500","_raw":"text"}',
}

for (const [what, record] of Object.entries(RECORDS))
  test(`time of ${what}`, () => {
    const at = readAll(record).events[0]?.time
    assert.equal(at === undefined ? undefined : isoTime(at), '2026-03-02T10:00:00.500Z', record)
  })

test('a JSON object whose end stands on a line below is recognised, whatever stands on its first line', () => {
  const { format } = readAll(
    '{"event_simpleName":"ProcessRollup2", "timestamp":"1772445600500",\n"aid":"a"\n}\n{"aid":"b"\n}',
  )
  assert.equal(format, 'fdr-documents')
  const cut = readAll('{"aid":"a","name":"x\n{"aid":"b","event_simpleName":"ProcessRollup2"}')
  assert.notEqual(cut.format, 'fdr-documents', 'a first line that was cut off is no record over several lines')
})
