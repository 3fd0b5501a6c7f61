import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from '../../workbench/compile.ts'
import { optimise } from '../../passes/optimise.ts'
import type { Plan, Row } from '../../plan/plan.ts'
import { verify } from '../../passes/0-verify.ts'
import type { LogFormat } from '../format.ts'
import { formatNamed } from '../registry.ts'
import { ENV, query, rows, view as shown } from './network-fixtures.ts'
import { networkView } from './network.ts'
import { runs } from '../../../tools/property-runs.ts'

const named = (name: string): LogFormat => formatNamed(name) as LogFormat
const asa = named('asa')
const fortigate = named('fortigate')
const panos = named('panos')
const suricata = named('suricata')
const zeek = named('zeek')

const FIELDS = [
  'src_ip',
  'dest_ip',
  'dest_port',
  'action',
  'bytes',
  'bytes_out',
  'bytes_in',
  'duration',
  'established',
  'inferred',
  'start_time',
]

const view = (lines: readonly (readonly [LogFormat, string])[], fields: readonly string[] = FIELDS): string[] =>
  shown(lines, fields)

const clock = (s: number): string => new Date(s * 1000).toISOString().slice(11, 19)
const DAY = Date.UTC(2026, 2, 2) / 1000
const ms = (s: number): string => String((DAY + s) * 1000)

const built = (at: number, id: number, port: number, device = 'fw1'): readonly [LogFormat, string] => [
  asa,
  `<166>Mar 02 2026 ${clock(at)} ${device} : %ASA-6-302013: Built outbound TCP connection ${id} for outside:198.51.100.7/${port} (198.51.100.7/${port}) to inside:10.0.0.5/51568 (192.0.2.1/1000)`,
]
const torn = (
  at: number,
  id: number,
  port: number,
  lasted: number,
  bytes: number,
  device = 'fw1',
): readonly [LogFormat, string] => [
  asa,
  `<166>Mar 02 2026 ${clock(at)} ${device} : %ASA-6-302014: Teardown TCP connection ${id} for outside:198.51.100.7/${port} to inside:10.0.0.5/51568 duration 0:00:${String(lasted).padStart(2, '0')} bytes ${bytes} TCP FINs`,
]

test('ASA: Built and Teardown are one connection, with the start of the one and the bytes of the other', () => {
  assert.deepEqual(view([built(10, 7, 21), torn(25, 7, 21, 15, 900)]), [
    `10.0.0.5 198.51.100.7 21 allow 900 - - 15 true false ${ms(10)}`,
  ])
})

test('ASA: an id comes back on a device and is open on two', () => {
  const lines = [
    built(10, 7, 21),
    torn(25, 7, 21, 15, 1),
    built(10, 7, 21, 'fw2'),
    torn(30, 7, 21, 20, 2, 'fw2'),
    built(100, 7, 21),
    torn(110, 7, 21, 10, 3),
  ]
  assert.deepEqual(view(lines, ['device', 'bytes', 'start_time', 'inferred']), [
    `fw1 1 ${ms(10)} false`,
    `fw1 3 ${ms(100)} false`,
    `fw2 2 ${ms(10)} false`,
  ])
})

test('ASA: Teardown without Built is inferred, Built without Teardown is open; a cut-off fraction of a second does not part them', () => {
  assert.deepEqual(view([torn(25, 7, 445, 15, 0)]), [`10.0.0.5 198.51.100.7 445 allow 0 - - 15 false true ${ms(10)}`])
  assert.deepEqual(view([built(10, 7, 21)]), [`10.0.0.5 198.51.100.7 21 allow - - - - - false ${ms(10)}`])
  assert.equal(view([built(10, 7, 21), torn(26, 7, 21, 15, 900)]).length, 1)
  assert.equal(view([built(10, 7, 21), torn(60, 7, 21, 15, 900)]).length, 2)
})

test('ASA: a Teardown whose ports mislead takes the direction of its Built line, and a filter on the port keeps the pair', () => {
  const high = (l: readonly [LogFormat, string]): readonly [LogFormat, string] => [l[0], l[1].replaceAll('51568', '20')]
  const lines = [high(built(10, 7, 990)), high(torn(25, 7, 990, 15, 5))]
  const fields = ['src_ip', 'dest_port', 'bytes']
  const text = '* | where dest_port = "990" | fields src_ip, dest_port, bytes'
  const { plan } = compile({ name: 'q', text } as never, 'sumo', { context: { fields } })
  const viewed = networkView.rewrite(plan as Plan, fields).plan
  assert.deepEqual(verify(viewed), [])
  assert.deepEqual(
    rows(viewed, lines).map((r) => fields.map((f) => r[f])),
    [['10.0.0.5', '990', '5']],
  )
  assert.deepEqual(
    rows(optimise(viewed), lines).map((r) => fields.map((f) => r[f])),
    [['10.0.0.5', '990', '5']],
  )
})

const pan = (
  subtype: string,
  at: number,
  start: number,
  sent: number,
  received: number,
  action = 'allow',
  id = 77,
): readonly [LogFormat, string] => [
  panos,
  `1,2026/03/02 ${clock(at)},0132,TRAFFIC,${subtype},2561,2026/03/02 ${clock(at)},10.0.0.5,198.51.100.7,0.0.0.0,0.0.0.0,r,corp\\u,,ftp,vsys1,a,b,e1,e2,l,2026/03/02 ${clock(at)},${id},1,5000,21,0,0,0x0,tcp,${action},${sent + received},${sent},${received},4,2026/03/02 ${clock(start)},${at - start},any,,1,0x0,A,B,,2,2,x,0`,
]

test('PAN-OS: start and end are one connection with the totals of the end; a denial is one of its own', () => {
  const fields = ['action', 'vendor_action', 'bytes_out', 'bytes_in', 'established', 'user', 'start_time', 'end_time']
  assert.deepEqual(view([pan('start', 10, 10, 60, 0), pan('end', 40, 10, 900, 80)], fields), [
    `allow allow 900 80 true corp\\u ${ms(10)} ${ms(40)}`,
  ])
  const denied = view([pan('deny', 10, 10, 60, 0, 'deny', 0), pan('drop', 10, 10, 60, 0, 'drop', 0)], fields)
  assert.deepEqual(denied, [
    `deny deny 60 0 false corp\\u ${ms(10)} ${ms(10)}`,
    `deny drop 60 0 false corp\\u ${ms(10)} ${ms(10)}`,
  ])
})

const forti = (
  at: number,
  lasted: number,
  sent: number,
  action: string,
  logid: string,
  device = 'A',
): readonly [LogFormat, string] => [
  fortigate,
  `<189>date=2026-03-02 time=${clock(at)} devname="${device}" devid="${device}" eventtime=${DAY + at}000000000 tz="+0000" logid="${logid}" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.0.0.5 srcport=5000 dstip=198.51.100.7 dstport=21 sessionid=9 proto=6 action="${action}" policyid=1 service="FTP" duration=${lasted} sentbyte=${sent} rcvdbyte=10 sentpkt=1 rcvdpkt=1 appcat="unscanned"`,
]

test('FortiGate: interim records count from the start, so the last one tells all', () => {
  const lines = [
    forti(130, 120, 100, 'accept', '0000000020'),
    forti(250, 240, 200, 'accept', '0000000020'),
    forti(300, 290, 260, 'close', '0000000013'),
  ]
  const fields = ['action', 'vendor_action', 'bytes_out', 'bytes', 'duration', 'start_time']
  assert.deepEqual(view(lines, fields), [`allow close 260 270 290 ${ms(10)}`])
  assert.equal(view([...lines, forti(300, 290, 260, 'close', '0000000013', 'B')], fields).length, 2)
  assert.deepEqual(view([forti(10, 0, 60, 'deny', '0000000013')], ['action', 'vendor_action']), ['deny deny'])
})

test('Zeek and Suricata: a record of a connection is one; that nobody answered is not that it was forbidden', () => {
  const conn = (state: string): readonly [LogFormat, string] => [
    zeek,
    `{"ts":${DAY + 10}.5,"uid":"C1","id.orig_h":"10.0.0.5","id.orig_p":5000,"id.resp_h":"198.51.100.7","id.resp_p":21,"proto":"tcp","duration":2.0,"orig_bytes":5,"resp_bytes":6,"conn_state":"${state}"}`,
  ]
  const fields = ['dest_port', 'action', 'established', 'bytes', 'start_time']
  assert.deepEqual(view([conn('SF')], fields), [`21 allow true 11 ${ms(10.5)}`])
  assert.deepEqual(view([conn('S0')], fields), [`21 - false 11 ${ms(10.5)}`])
  const flow: readonly [LogFormat, string] = [
    suricata,
    '{"timestamp":"2026-03-02T00:10:00.000000+0000","flow_id":1,"event_type":"flow","src_ip":"10.0.0.5","src_port":5000,"dest_ip":"198.51.100.7","dest_port":21,"proto":"TCP","flow":{"bytes_toserver":5,"bytes_toclient":6,"start":"2026-03-02T00:00:10.500000+0000","end":"2026-03-02T00:00:12.000000+0000","state":"closed"}}',
  ]
  assert.deepEqual(view([flow], fields), [`21 allow true 11 ${ms(10.5)}`])
})

const connection = fc.record({
  at: fc.integer({ min: 0, max: 400 }),
  lasted: fc.integer({ min: 0, max: 59 }),
  id: fc.integer({ min: 1, max: 3 }),
  device: fc.constantFrom('fw1', 'fw2'),
  kind: fc.constantFrom('pair', 'pair', 'built', 'torn'),
})

test('in whatever order the lines stand, and once or twice, the same connections', () => {
  fc.assert(
    fc.property(fc.array(connection, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (made, random) => {
      // Connections of one id that begin within the slack of each other are one by definition: keep them apart.
      const apart = made.filter(
        (c, i) => !made.slice(0, i).some((o) => o.id === c.id && o.device === c.device && Math.abs(o.at - c.at) < 4),
      )
      const lines = apart.flatMap((c) => {
        const b = built(c.at, c.id, 21, c.device)
        const t = torn(c.at + c.lasted, c.id, 21, c.lasted, c.at + 1, c.device)
        return c.kind === 'pair' ? [b, t] : c.kind === 'built' ? [b] : [t]
      })
      const expected = apart
        .map((c) => `${c.device} ${c.kind === 'built' ? '-' : c.at + 1} ${ms(c.at)} ${c.kind === 'torn'}`)
        .sort()
      const fields = ['device', 'bytes', 'start_time', 'inferred']
      assert.deepEqual(view(lines, fields), expected)
      const shuffled = lines
        .map((l) => [random.next().value as number, l] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, l]) => l)
      assert.deepEqual(view(shuffled, fields), expected)
      assert.deepEqual(view([...shuffled, ...lines], fields), expected)
    }),
    { numRuns: runs(60) },
  )
})

test('whole events are those of the view', () => {
  const { plan } = compile({ name: 'q', text: '*' } as never, 'sumo', {})
  const viewed = networkView.rewrite(plan as Plan, ['dest_port']).plan
  assert.deepEqual(verify(viewed), [])
  const [row] = rows(viewed, [built(10, 7, 21), torn(25, 7, 21, 15, 900)])
  assert.equal(row?.['dest_port'], '21')
  assert.equal(row?.['bytes'], '900')
})

const denied = (at: number, port: number): readonly [LogFormat, string] => [
  asa,
  `<166>Mar 02 2026 ${clock(at)} fw1 : %ASA-4-106023: Deny tcp src inside:10.0.0.5/5000 dst outside:198.51.100.7/${port} by access-group "X" [0x0, 0x0]`,
]

test('what a query asks for is asked of single records where it can be, and gives the same connections', () => {
  const FILTERS: readonly (readonly [string, (r: Row) => boolean])[] = [
    ['dest_port = "21"', (r) => r['dest_port'] === '21'],
    ['src_port = "21"', (r) => r['src_port'] === '21'],
    ['dest_port in ("21", "5000")', (r) => ['21', '5000'].includes(String(r['dest_port']))],
    ['action = "deny"', (r) => r['action'] === 'deny'],
    ['action in ("allow")', (r) => r['action'] === 'allow'],
    ['src_ip = "10.0.0.5" and action = "allow"', (r) => r['src_ip'] === '10.0.0.5' && r['action'] === 'allow'],
    ['bytes = "3"', (r) => r['bytes'] === '3'],
    ['isNull(bytes)', (r) => (r['bytes'] ?? null) === null],
  ]
  const line = fc.oneof(
    fc
      .tuple(fc.nat(300), fc.integer({ min: 1, max: 3 }), fc.constantFrom(21, 990), fc.constantFrom('b', 't', 'bt'))
      .map(([at, id, port, kind]) => [
        ...(kind.includes('b') ? [built(at, id, port)] : []),
        ...(kind.includes('t') ? [torn(at + 5, id, port, 5, id)] : []),
      ]),
    fc.tuple(fc.nat(300), fc.constantFrom(21, 990)).map(([at, port]) => [denied(at, port)]),
    fc
      .tuple(fc.nat(300), fc.constantFrom('allow', 'deny'), fc.integer({ min: 1, max: 3 }))
      .map(([at, action, id]) => [
        pan(action === 'deny' ? 'deny' : 'start', at, at, 1, 0, action, id),
        ...(action === 'deny' ? [] : [pan('end', at + 9, at, 2, 1, action, id)]),
      ]),
  )
  const shown = ['src_ip', 'src_port', 'dest_ip', 'dest_port', 'action', 'bytes', 'start_time']
  const every = networkView.rewrite(query(shown), shown).plan
  const texts = (found: readonly Row[]): string[] => found.map((r) => shown.map((f) => r[f] ?? '-').join(' ')).sort()
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 10 }),
      fc.subarray([...FILTERS], { minLength: 1, maxLength: 2 }),
      (made, filters) => {
        const lines = made.flat()
        const text = `* | ${filters.map(([where]) => `where ${where} | `).join('')}fields ${shown.join(', ')}`
        const { plan } = compile({ name: 'q', text } as never, 'sumo', { context: { fields: shown } })
        assert.ok(plan, text)
        const viewed = optimise(networkView.rewrite(plan, shown).plan)
        const wanted = rows(every, lines).filter((r) => filters.every(([, is]) => is(r)))
        assert.deepEqual(texts(rows(viewed, lines)), texts(wanted), text)
      },
    ),
    { numRuns: runs(80) },
  )
})

test('an interval holds the connections that begin in it, with all their records, whatever lies outside', () => {
  const lines = [
    built(10, 1, 21),
    torn(50, 1, 21, 40, 1),
    built(35, 2, 21),
    torn(45, 2, 21, 10, 2),
    built(55, 3, 21),
    torn(75, 3, 21, 20, 3),
    built(60, 4, 21),
    torn(45, 5, 21, 30, 5),
  ]
  const fields = ['session_id', 'bytes', 'inferred']
  const at = (s: number): bigint => BigInt(DAY + s) * 1_000_000n
  const found = (start: number | undefined, end: number | undefined): string[] => {
    const asked = { start: start !== undefined, end: end !== undefined }
    const { plan } = networkView.rewrite(query(fields), fields, asked)
    assert.deepEqual(verify(plan), [])
    assert.equal(plan.out.from.kind === 'source' && plan.out.from.interval, 'all')
    const env = { ...ENV, start: start === undefined ? 0n : at(start), end: end === undefined ? 1n << 62n : at(end) }
    return rows(plan, lines, env)
      .map((r) => fields.map((f) => r[f] ?? '-').join(' '))
      .sort()
  }
  assert.deepEqual(found(30, 60), ['2 2 false', '3 3 false'])
  assert.deepEqual(found(10, 30), ['1 1 false', '5 5 true'])
  assert.deepEqual(found(60, undefined), ['4 - false'])
  assert.deepEqual(found(undefined, 35), ['1 1 false', '5 5 true'])
  // Without an interval, rows are made of all records of the scan.
  const { plan } = networkView.rewrite(query(fields), fields)
  assert.equal(plan.out.from.kind === 'source' && plan.out.from.interval, 'query')
})
