// Alerts in the forms that sensors write, with made-up rules and addresses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { isEvent, recognise } from '../registry.ts'

const NAMES =
  'action signature_id rev signature classification priority protocol src_ip src_port dest_ip dest_port icmp_type icmp_code host'.split(
    ' ',
  )
/** Line → time and the fields above that it has. */
const CASES: readonly (readonly [line: string, time: string, fields: Readonly<Record<string, string>>])[] = [
  [
    '03/02/2026-10:00:05.860293  [**] [1:9000001:4] LAB upload over FTP [**] [Classification: Attempted Information Leak] [Priority: 2] {TCP} 10.0.0.5:50000 -> 203.0.113.7:21',
    '2026-03-02T10:00:05.860293Z',
    {
      signature_id: '9000001',
      rev: '4',
      signature: 'LAB upload over FTP',
      classification: 'Attempted Information Leak',
      priority: '2',
      protocol: 'TCP',
      src_ip: '10.0.0.5',
      src_port: '50000',
      dest_ip: '203.0.113.7',
      dest_port: '21',
    },
  ],
  // Snort: no year, no classification, dropped.
  [
    '03/02-10:00:05.334621  [Drop] [**] [1:9000002:0] "LAB [x] cmd" [**] [Priority: 0] {TCP} 10.0.0.5:50000 -> 203.0.113.7:80',
    '2026-03-02T10:00:05.334621Z',
    {
      action: 'Drop',
      signature_id: '9000002',
      rev: '0',
      signature: 'LAB [x] cmd',
      priority: '0',
      protocol: 'TCP',
      src_ip: '10.0.0.5',
      src_port: '50000',
      dest_ip: '203.0.113.7',
      dest_port: '80',
    },
  ],
  // A rule without name and class; IPv6 with all its groups.
  [
    '03/02/2026-10:00:05.000001  [**] [1:6:1] (null) [**] [Classification: (null)] [Priority: 3] {UDP} 2001:0db8:0000:0000:0000:0000:0000:0005:3000 -> 2001:0db8:0000:0000:0000:0000:0000:0007:69',
    '2026-03-02T10:00:05.000001Z',
    {
      signature_id: '6',
      rev: '1',
      priority: '3',
      protocol: 'UDP',
      src_ip: '2001:0db8:0000:0000:0000:0000:0000:0005',
      src_port: '3000',
      dest_ip: '2001:0db8:0000:0000:0000:0000:0000:0007',
      dest_port: '69',
    },
  ],
  [
    '03/02/26-10:00:05.000001  [**] [1:7:1] LAB echo [**] [Classification: Misc activity] [Priority: 3] {ICMP} 10.0.0.5:8 -> 203.0.113.7:0',
    '2026-03-02T10:00:05.000001Z',
    {
      signature_id: '7',
      rev: '1',
      signature: 'LAB echo',
      classification: 'Misc activity',
      priority: '3',
      protocol: 'ICMP',
      src_ip: '10.0.0.5',
      dest_ip: '203.0.113.7',
      icmp_type: '8',
      icmp_code: '0',
    },
  ],
  [
    '<129>Mar  2 10:00:05 ids1 snort[70]: [1:8:1] LAB scan [Classification: Misc activity] [Priority: 3] {PROTO:255} 10.0.0.5 -> 203.0.113.7',
    '2026-03-02T10:00:05Z',
    {
      signature_id: '8',
      rev: '1',
      signature: 'LAB scan',
      classification: 'Misc activity',
      priority: '3',
      protocol: 'PROTO:255',
      src_ip: '10.0.0.5',
      dest_ip: '203.0.113.7',
      host: 'ids1',
    },
  ],
  [
    '<129>Mar  2 10:00:05 ids1 suricata[70]: [1:8:1] LAB scan [Classification: Misc activity] [Priority: 3] {UDP} 10.0.0.5:1 -> 203.0.113.7:2',
    '2026-03-02T10:00:05Z',
    {
      signature_id: '8',
      rev: '1',
      signature: 'LAB scan',
      classification: 'Misc activity',
      priority: '3',
      protocol: 'UDP',
      src_ip: '10.0.0.5',
      src_port: '1',
      dest_ip: '203.0.113.7',
      dest_port: '2',
      host: 'ids1',
    },
  ],
]

test('alerts of fast.log', () => {
  for (const [line, time, expected] of CASES) {
    const format = recognise([line])[0]?.format
    const event = format?.reader({ zone: 'UTC', year: 2026 }, [line]).read(line)
    assert.ok(event && isEvent(event), line)
    assert.equal(format?.name, 'suricata-fast', line)
    const found = NAMES.flatMap((n) => (event.fields.has(n) ? [[n, event.fields.get(n)]] : []))
    assert.deepEqual(Object.fromEntries(found), expected, line)
    assert.equal(event.time === undefined ? undefined : isoTime(event.time), time, line)
  }
})

test('IPv6 without its zeros: the port of TCP, UDP and SCTP is behind the last colon; ICMP and fragments have none', () => {
  const cases: readonly (readonly [ends: string, ...expected: (string | undefined)[]])[] = [
    ['{TCP} fe80::1:53 -> 2001:db8::2:21', 'fe80::1', '53', '2001:db8::2', '21'],
    ['{UDP} :::68 -> ff02:::67', '::', '68', 'ff02::', '67'],
    ['{SCTP} ::1:5 -> [2001:db8::2]:65535', '::1', '5', '2001:db8::2', '65535'],
    ['{132} ::ffff:10.0.0.5:5 -> 2001:db8:1:2:3:4:5:6:7', '::ffff:10.0.0.5', '5', '2001:db8:1:2:3:4:5:6', '7'],
    ['{IPV6-ICMP} fe80::1:53 -> ff02::2:21', 'fe80::1:53', undefined, 'ff02::2:21', undefined],
    ['{TCP} fe80::1 -> 2001:db8:1:2:3:4:5:6', 'fe80::1', undefined, '2001:db8:1:2:3:4:5:6', undefined],
    ['{TCP} fe80::1:53 -> 2001:db8::a', 'fe80::1:53', undefined, '2001:db8::a', undefined],
  ]
  for (const [ends, ...expected] of cases) {
    const line = `01/05/2026-10:00:01.123456  [**] [1:1:1] a [**] [Classification: (null)] [Priority: 3] ${ends}`
    const event = recognise([line])[0]?.format.reader({ zone: 'UTC', year: 2026 }, [line]).read(line)
    assert.ok(event && isEvent(event), line)
    const found = ['src_ip', 'src_port', 'dest_ip', 'dest_port'].map((n) => event.fields.get(n))
    assert.deepEqual(found, expected, line)
  }
})

test('an alert that is cut off is bad; a line of another kind is none', () => {
  const lines = [`${CASES[0]?.[0]}`, `${CASES[0]?.[0].slice(0, 120)}`]
  const reader = recognise(lines)[0]?.format.reader({ zone: 'UTC', year: 2026 }, lines)
  assert.deepEqual(reader?.read(lines[1] as string), { bad: 'not an alert of fast.log, or cut off' })
})
