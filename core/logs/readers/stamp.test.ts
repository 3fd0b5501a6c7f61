import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import type { FormatContext } from '../format.ts'
import { declaredStamp } from './declared-stamp.ts'
import { stamp } from './stamp.ts'
import { headTime, syslogHead } from './syslog.ts'

const utc: FormatContext = { zone: 'UTC', year: 2026 }
const iso = (t: bigint | undefined): string | undefined => (t === undefined ? undefined : isoTime(t))

const STAMPS: readonly (readonly [text: string, expected: string | undefined])[] = [
  ['2026-11-29T18:00:00,123+01:00', '2026-11-29T17:00:00.123Z'],
  ['2026/11/29 18:00:00', '2026-11-29T18:00:00Z'],
  ['2026-11-29 18:00:00 CEST', '2026-11-29T16:00:00Z'],
  ['2026-11-29 18:00:00 Europe/Berlin', '2026-11-29T17:00:00Z'],
  ['2025-11-20T10:00:00.1234567+00:00', '2025-11-20T10:00:00.123456Z'],
  ['Mar 24 2026 08:43:35 GMT+00:00', '2026-03-24T08:43:35Z'],
  ['Mar 24 2026 08:43:35 GMT+01:00', '2026-03-24T07:43:35Z'],
  ['Mar 24 2026 08:43:35 EST', '2026-03-24T13:43:35Z'],
  ['Mar 24 2026 08:43:35.250 +0100', '2026-03-24T07:43:35.250Z'],
  ['+0100 Mar 24 2026 08:43:35', '2026-03-24T07:43:35Z'],
  ['UTC 2026-03-24 08:43:35', '2026-03-24T08:43:35Z'],
  ['Tue, 24 Mar 2026 08:43:35 +0100 (CET)', '2026-03-24T07:43:35Z'],
  ['Thu Nov 20 10:00:00 2025 UTC', '2025-11-20T10:00:00Z'],
  ['24/Mar/2026:08:43:35 -0500', '2026-03-24T13:43:35Z'],
  ['24-Mar-2026 08:43:35', '2026-03-24T08:43:35Z'],
  ['2026 Nov 29 18:01:08', '2026-11-29T18:01:08Z'],
  ['NOV 29 18:01:08', '2026-11-29T18:01:08Z'],
  ['Nov  9 8:00:00', '2026-11-09T08:00:00Z'],
  ['11/20/2025, 10:00:00.123 AM', '2025-11-20T10:00:00.123Z'],
  ['3/2/2026 11:00:00 PM', '2026-03-02T23:00:00Z'],
  ['13/01/2026 12:00:00 AM', '2026-01-13T00:00:00Z'],
  ['/Date(1772445600123)/', '2026-03-02T10:00:00.123Z'],
  ['1772445600', '2026-03-02T10:00:00Z'],
  ['1772445600.123456789', '2026-03-02T10:00:00.123456Z'],
  ['1772445600123', '2026-03-02T10:00:00.123Z'],
  ['1772445600123456', '2026-03-02T10:00:00.123456Z'],
  ['1772445600123456789', '2026-03-02T10:00:00.123456Z'],
  ['1.772445600123e12', '2026-03-02T10:00:00.123Z'],
  ['-1', '1969-12-31T23:59:59Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00Z'],
  ['0001-01-01T00:00:00', '0001-01-01T00:00:00Z'],
  ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.999999Z'],
  ['0000-00-00 00:00:00', undefined],
  ['2025-02-29T00:00:00Z', undefined],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ['2026-03-02T24:00:00Z', undefined],
  ['2026-03-02 10:00:00 IST', undefined],
  ['10:00:00', undefined],
  ['the clock was 10:00:00 on Mar 2', undefined],
  ['', undefined],
]

for (const [text, expected] of STAMPS)
  test(`stamp ${JSON.stringify(text)}`, () => assert.equal(iso(stamp(text, utc)), expected))

test('an unknown zone is told; it takes the zone of the source, if one is given, and is never UTC', () => {
  const words: string[] = []
  const context = { ...utc, unknownZone: (w: string) => words.push(w) }
  assert.equal(stamp('Mar 24 2026 08:43:35 IST', context), undefined)
  assert.equal(iso(stamp('Mar 24 2026 08:43:35 IST', { ...context, zone: '+05:30' })), '2026-03-24T03:13:35Z')
  assert.deepEqual(words, ['IST', 'IST'])
})

test('the form that a record declares decides', () => {
  const read = (text: string, form: string) => iso(declaredStamp(text, form, utc))
  assert.equal(read('03/04/2026 18:00:00', 'dd/MM/yyyy HH:mm:ss'), '2026-04-03T18:00:00Z')
  assert.equal(read('Nov 23 2025 09:51:24 +0200', 'MMM dd yyyy HH:mm:ss Z'), '2025-11-23T07:51:24Z')
  assert.equal(read('Nov 23 2025 09:51:24.5 CET', 'MMM dd yyyy HH:mm:ss.SSS z'), '2025-11-23T08:51:24.500Z')
  assert.equal(read('26-4-3T6:00 PM', "yy-M-d'T'h:mm a"), '2026-04-03T18:00:00Z')
  assert.equal(read('03/04/2026 18:00:00', 'dd.MM.yyyy'), undefined)
  assert.equal(read('03/04/2026', 'QQ/MM/yyyy'), undefined)
})

const HEADS: readonly (readonly [
  text: string,
  time: string | undefined,
  host?: string | undefined,
  app?: string | undefined,
  pid?: string | undefined,
  body?: string,
])[] = [
  [
    '<134>Jul 15 13:38:14 2022 ap-7 stm[1204]: user joined',
    '2022-07-15T13:38:14Z',
    'ap-7',
    'stm',
    '1204',
    'user joined',
  ],
  ['2026-11-29T18:00:00,123+01:00 h app: text', '2026-11-29T17:00:00.123Z', 'h', 'app', undefined, 'text'],
  ['<13>Nov 29 18:00:00 h app[3]:text', '2026-11-29T18:00:00Z', 'h', 'app', '3', 'text'],
  ['<13>Nov 29 18:00:00 h app[3] text', '2026-11-29T18:00:00Z', 'h', 'app', '3', 'text'],
  ['Nov  9 8:00:00 h app: text', '2026-11-09T08:00:00Z', 'h', 'app', undefined, 'text'],
  ['NOV 29 18:00:00 h app: text', '2026-11-29T18:00:00Z', 'h', 'app', undefined, 'text'],
  ['2026 Nov 29 18:01:08 h app: text', '2026-11-29T18:01:08Z', 'h', 'app', undefined, 'text'],
  [`Nov 29 18:00:00 h ${'a'.repeat(60)}[7]: text`, '2026-11-29T18:00:00Z', 'h', 'a'.repeat(60), '7', 'text'],
  [
    '<166>Apr 15 2026 09:34:34 CEST: %ASA-6-302016: x',
    '2026-04-15T07:34:34Z',
    undefined,
    undefined,
    undefined,
    '%ASA-6-302016: x',
  ],
  [
    '<166>Apr 15 2026 09:34:34 CEST fw1 : %ASA-6-302016: x',
    '2026-04-15T07:34:34Z',
    'fw1',
    undefined,
    undefined,
    '%ASA-6-302016: x',
  ],
  [
    '<166>CEST Apr 15 2026 09:34:34 fw1 : %ASA-6-302016: x',
    '2026-04-15T07:34:34Z',
    'fw1',
    undefined,
    undefined,
    '%ASA-6-302016: x',
  ],
  ['<166>Apr 15 2026 09:34:34 IST fw1 : %ASA-6-302016: x', undefined, 'fw1', undefined, undefined, '%ASA-6-302016: x'],
  ['<13>Apr 15 09:34:34 FWA sshd[1]: x', '2026-04-15T09:34:34Z', 'FWA', 'sshd', '1', 'x'],
  ['<13>Apr 15 2026 09:34:34 GMT+02:00 h app: x', '2026-04-15T07:34:34Z', 'h', 'app', undefined, 'x'],
  [
    '<189>42: *Mar  1 18:48:50.483 UTC: %SYS-5-CONFIG_I: x',
    '2026-03-01T18:48:50.483Z',
    undefined,
    undefined,
    undefined,
    '%SYS-5-CONFIG_I: x',
  ],
  [
    '<189>42: rtr1: *Mar  1 18:48:50.483 EST: %SYS-5-CONFIG_I: x',
    '2026-03-01T23:48:50.483Z',
    'rtr1',
    undefined,
    undefined,
    '%SYS-5-CONFIG_I: x',
  ],
  [
    'Nov 29 20:20:52 127.0.0.1 1 2026-11-29T20:20:51.196Z fw-edge app 17 ID47 [origin ip="192.0.2.1"] session 41',
    '2026-11-29T20:20:51.196Z',
    'fw-edge',
    'app',
    '17',
    'session 41',
  ],
  [
    '<134>1 2026-11-29T20:20:51+00:00 fw-edge - - - -  %ASA-6-302013: x',
    '2026-11-29T20:20:51Z',
    'fw-edge',
    undefined,
    undefined,
    ' %ASA-6-302013: x',
  ],
  ['82 <13>1 2026-03-02T10:00:00Z h prog 12 - - line one', '2026-03-02T10:00:00Z', 'h', 'prog', '12', 'line one'],
  [
    '2026-11-29T20:20:51+00:00 fw-edge : %ASA-6-302013: x',
    '2026-11-29T20:20:51Z',
    'fw-edge',
    undefined,
    undefined,
    '%ASA-6-302013: x',
  ],
  [
    '<13>Mar  2 10:00:13 h CEF:0|V|P|1|1|n|1|a=b',
    '2026-03-02T10:00:13Z',
    'h',
    undefined,
    undefined,
    'CEF:0|V|P|1|1|n|1|a=b',
  ],
]

for (const [text, time, host, app, pid, body] of HEADS)
  test(`head of ${JSON.stringify(text.slice(0, 70))}`, () => {
    const head = syslogHead(text)
    assert.deepEqual(
      {
        time: iso(headTime(head.time, utc)),
        host: head.host,
        app: head.app,
        pid: head.pid,
        body: text.slice(head.body),
      },
      { time, host, app, pid, body },
    )
  })
