import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Event, LogFormat } from '../format.ts'
import { formatNamed, isEvent, recognise } from '../registry.ts'
import { runs } from '../../../tools/property-runs.ts'

const named = (name: string): LogFormat => formatNamed(name) as LogFormat
const asa = named('asa')
const cef = named('cef')
const fortigate = named('fortigate')
const iptables = named('iptables')
const leef = named('leef')
const panos = named('panos')
const syslog = named('syslog')

const CONTEXT = { zone: 'UTC', year: 2026 }
const read = (format: LogFormat, line: string) => format.reader(CONTEXT, []).read(line)
const event = (format: LogFormat, line: string): Event => {
  const r = read(format, line)
  assert.ok('fields' in r, `${JSON.stringify(r)}: ${line}`)
  return r
}
const fields = (format: LogFormat, line: string): Record<string, string> =>
  Object.fromEntries(event(format, line).fields)
const some = (e: Event, ...names: string[]) => names.map((n) => e.fields.get(n))
const iso = (e: Event): string | undefined =>
  e.time === undefined ? undefined : new Date(Number(e.time / 1000n)).toISOString()

const PAN =
  '1,2026/03/02 00:00:04,013201012345,TRAFFIC,end,2561,2026/03/02 00:00:04,10.20.0.18,203.0.113.9,198.51.100.7,203.0.113.9,out-any,corp\\u1018,,ssl,vsys1,' +
  'trust,untrust,ethernet1/1,ethernet1/2,fwd-siem,2026/03/02 00:00:04,1434923,1,50355,443,28734,443,0x400053,tcp,allow,12368,1515,10853,15,' +
  '2026/03/02 00:00:02,2,any,,1000203,0x8000000000000000,10.0.0.0-10.255.255.255,United States,,1,12,tcp-fin,0,0,0,0,,PA-5250-1,from-policy,,,0,,0,,N/A,' +
  '0,0,0,0,f903db52-0000,0,0,,,,,,,'
const BUILT =
  '%ASA-6-302013: Built outbound TCP connection 476080 for outside:165.225.216.35/443 (165.225.216.35/443) to inside:192.168.1.24/51568 (23.121.1.57/51568)'
const TEARDOWN =
  '%ASA-6-302014: Teardown TCP connection 476080 for outside:165.225.216.35/443 to inside:192.168.1.24/51568 duration 25:00:10 bytes 141 TCP FINs'
const DENY =
  '%ASA-4-106023: Deny tcp src outside:203.0.113.95/24069 dst inside:10.32.112.125/25 by access-group "PERMIT_IN" [0x0, 0x0]'
const FORTI =
  'date=2026-03-02 time=00:00:05 devname="FGT-1" devid="FG100FTK00000001" eventtime=1772409605540000000 tz="+0000" logid="0000000013" type="traffic" ' +
  'subtype="forward" level="notice" vd="root" srcip=10.20.0.8 srcport=56127 srcintf="port1" dstip=203.0.113.9 dstport=21 dstintf="wan1" ' +
  'sessionid=1000203 proto=6 action="close" policyid=12 service="FTP" user="a \\"b\\" c" duration=15 sentbyte=1188 rcvdbyte=1224 sentpkt=17 rcvdpkt=16 appcat="unscanned"'
const PACKET =
  'IN=ppp0 OUT= MAC= SRC=24.64.208.134 DST=216.58.112.55 LEN=512 TOS=0x00 PREC=0x00 TTL=70 ID=55012 PROTO=UDP SPT=24128 DPT=1026 LEN=492'

test('PAN-OS rows have the names of the app, and the start of the session', () => {
  const e = event(panos, `<14>Mar  2 00:00:04 PA-5250-1 ${PAN}`)
  assert.deepEqual(
    some(
      e,
      'src_ip',
      'dest_ip',
      'dest_port',
      'action',
      'bytes',
      'bytes_sent',
      'bytes_recv',
      'src_user',
      'session_end_reason',
      'DeviceName',
    ),
    ['10.20.0.18', '203.0.113.9', '443', 'allow', '12368', '1515', '10853', 'corp\\u1018', 'tcp-fin', 'PA-5250-1'],
  )
  assert.equal(iso(e), '2026-03-02T00:00:04.000Z')
  assert.equal(e.fields.get('network:start'), String(Date.UTC(2026, 2, 2, 0, 0, 2) * 1000))
  assert.equal(e.fields.has('dest_user'), false)
})

test('PAN-OS: quoted lists, the exact time where there is one, the zone of the source where there is none', () => {
  const columns = PAN.split(',')
  while (columns.length < 102) columns.push('')
  const long = [...columns, '2026-03-02T01:00:05.547+01:00', '', '', 'encrypted-tunnel', '"a,b ""c"",d"', '', 'x'].join(
    ',',
  )
  assert.equal(iso(event(panos, long)), '2026-03-02T00:00:05.547Z')
  assert.equal(event(panos, long).fields.get('bytes_recv'), '10853')
  const there = panos.reader({ zone: 'America/New_York', year: 2026 }, []).read(PAN)
  assert.ok('fields' in there)
  assert.equal(iso(there), '2026-03-02T05:00:04.000Z')
  assert.equal(there.fields.get('network:start'), String(Date.UTC(2026, 2, 2, 5, 0, 2) * 1000))
})

test('PAN-OS: times that a spreadsheet has written', () => {
  assert.equal(iso(event(panos, PAN.replaceAll('2026/03/02 00:00:04', '3/2/26 10:00'))), '2026-03-02T10:00:00.000Z')
})

test('ASA: the initiator is the source; of an outbound connection that is the second end', () => {
  const e = event(asa, `<166>Nov 20 2022 02:32:35 ciscoasa : ${BUILT}`)
  assert.deepEqual(
    some(e, 'action', 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'protocol', 'connection_id', 'network:device'),
    ['Built', '192.168.1.24', '51568', '165.225.216.35', '443', 'TCP', '476080', 'ciscoasa'],
  )
  const inbound = event(asa, BUILT.replace('outbound', 'inbound'))
  assert.deepEqual(some(inbound, 'src_ip', 'dest_ip'), ['165.225.216.35', '192.168.1.24'])
  const torn = event(asa, `Mar 02 2026 06:00:00: ${TEARDOWN}`)
  assert.deepEqual(
    some(torn, 'action', 'dest_port', 'bytes_in', 'reason', 'network:duration', 'network:start', 'network:inferred'),
    ['Teardown', '443', '141', 'TCP FINs', '90010', String(Date.UTC(2026, 2, 2, 6) * 1000 - 90_010_000_000), 'true'],
  )
})

test('ASA: an unknown word in the place of the zone is no host, and no reason for UTC', () => {
  const line = (zone: string): string => `<166>Apr 15 2026 09:34:34 ${zone}fw1 : ${BUILT}`
  const read = (zone: string) => some(event(asa, line(zone)), 'network:device', 'network:end', 'network:start')
  assert.deepEqual(read('')[0], 'fw1')
  assert.deepEqual(read('XYT '), ['fw1', undefined, undefined])
  const words: string[] = []
  const reader = asa.reader({ ...CONTEXT, unknownZone: (w: string) => words.push(w) }, [])
  const e = reader.read(line('XYT '))
  assert.ok(isEvent(e))
  assert.deepEqual([e.time, words], [undefined, ['XYT']])
})

test('ASA: of a connection that bypasses the state, the end behind `from` is the initiator, whatever its port', () => {
  const built = event(
    asa,
    '%ASA-6-302303: Built TCP state-bypass connection 93 from inside:10.1.2.3/51000 (203.0.113.1/51000) to outside:198.51.100.9/8021 (198.51.100.9/8021)',
  )
  assert.deepEqual(some(built, 'src_ip', 'src_port', 'src_nat_ip', 'dest_ip', 'dest_port', 'direction'), [
    '10.1.2.3',
    '51000',
    '203.0.113.1',
    '198.51.100.9',
    '8021',
    undefined,
  ])
  const torn = event(
    asa,
    '%ASA-6-302304: Teardown TCP state-bypass connection 93 from inside:10.1.2.3/1021 to outside:198.51.100.9/49152 duration 0:00:01 bytes 30 Connection timeout',
  )
  assert.deepEqual(some(torn, 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'bytes_in'), [
    '10.1.2.3',
    '1021',
    '198.51.100.9',
    '49152',
    '30',
  ])
})

test('ASA: names for addresses, IPv6, users, interface names with blanks, a stray quote at the end', () => {
  const odd = event(
    asa,
    '%FTD-6-302013: Built inbound TCP connection 1 for NP Identity Ifc:fe80::1/500 (fe80::1/500)(LOCAL\\domain\\Speciäl Ö01) to DMZ:shule/5802 (10.1.1.1/5802) (LOCAL\\domain\\Speciäl Ö01)',
  )
  assert.deepEqual(some(odd, 'src_interface', 'src_ip', 'dest_ip', 'user'), [
    'NP Identity Ifc',
    'fe80::1',
    'shule',
    'LOCAL\\domain\\Speciäl Ö01',
  ])
  assert.deepEqual(some(event(asa, `${DENY}"`), 'action', 'src_ip', 'dest_port', 'access_group'), [
    'Deny',
    '203.0.113.95',
    '25',
    'PERMIT_IN',
  ])
})

test('ASA: one line of an access list stands for as many connections as it says', () => {
  const e = event(
    asa,
    '%ASA-6-106100: access-list X denied tcp inside/10.1.2.16(2241) -> outside/192.0.2.89(2000) hit-cnt 7 300-second interval [0x1, 0x0]',
  )
  assert.deepEqual(some(e, 'action', 'dest_port', 'network:hit_count', 'network:key'), ['denied', '2000', '7', ''])
})

test('FortiGate: every length of eventtime, commas, escaped quotes', () => {
  assert.equal(fields(fortigate, FORTI)['user'], 'a "b" c')
  assert.equal(iso(event(fortigate, FORTI)), '2026-03-02T00:00:05.540Z')
  for (const [digits, ms] of [
    ['1772409605', '000'],
    ['1772409605540', '540'],
    ['1772409605540000', '540'],
  ])
    assert.equal(
      iso(event(fortigate, FORTI.replace('1772409605540000000', digits as string))),
      `2026-03-02T00:00:05.${ms}Z`,
    )
  assert.equal(
    iso(event(fortigate, FORTI.replace('eventtime=1772409605540000000 ', '').replace('+0000', '+0200'))),
    '2026-03-01T22:00:05.000Z',
  )
  const commas = FORTI.replace('user="a \\"b\\" c" ', '').replaceAll(' ', ',')
  assert.deepEqual(fields(fortigate, commas), fields(fortigate, FORTI.replace('user="a \\"b\\" c" ', '')))
})

test('FortiGate: every action but a denial was let through, totals are of the whole session', () => {
  const e = event(fortigate, FORTI)
  assert.deepEqual(some(e, 'action', 'network:action', 'network:bytes', 'network:protocol', 'network:established'), [
    'close',
    'allow',
    '2412',
    'tcp',
    'true',
  ])
  assert.equal(event(fortigate, FORTI.replace('close', 'deny')).fields.get('network:action'), 'deny')
})

test('netfilter: what the prefix says; LEN is no volume', () => {
  const e = event(iptables, `Jan 29 00:00:28 myth kernel: SFW2-INext-DROP-DEFLT ${PACKET}`)
  assert.deepEqual(some(e, 'SRC', 'DPT', 'LEN', 'action', 'network:action', 'network:bytes'), [
    '24.64.208.134',
    '1026',
    '512',
    'DROP',
    'deny',
    undefined,
  ])
  assert.equal(event(iptables, `[UFW ALLOW] ${PACKET}`).fields.get('network:action'), 'allow')
})

test('CEF and LEEF: bars and equals signs that are escaped, values with blanks', () => {
  assert.deepEqual(
    fields(
      cef,
      '<14>Mar  2 00:00:04 h CEF:0|Palo Alto Networks|PAN\\|OS|10|end|TRAFFIC|3|rt=Jul 31 2022 12:46:24 dtz=UTC src=10.0.0.1 msg=a b\\=c act=allow',
    ),
    {
      deviceVendor: 'Palo Alto Networks',
      deviceProduct: 'PAN|OS',
      deviceVersion: '10',
      deviceEventClassId: 'end',
      name: 'TRAFFIC',
      severity: '3',
      rt: 'Jul 31 2022 12:46:24',
      dtz: 'UTC',
      src: '10.0.0.1',
      msg: 'a b=c',
      act: 'allow',
    },
  )
  assert.deepEqual(fields(leef, 'LEEF:2.0|V|P|1|e|^|src=10.0.0.1^usrName=a b^dstPort=21'), {
    deviceVendor: 'V',
    deviceProduct: 'P',
    deviceVersion: '1',
    eventId: 'e',
    src: '10.0.0.1',
    usrName: 'a b',
    dstPort: '21',
  })
})

// ── properties ──

const BODIES: readonly (readonly [LogFormat, string])[] = [
  [panos, PAN],
  [asa, BUILT],
  [asa, TEARDOWN],
  [asa, DENY],
  [fortigate, FORTI],
  [iptables, PACKET],
]
const bodies = fc.constantFrom(...BODIES)
const clock = fc.constantFrom(
  'Mar  2 00:00:04',
  'Mar 02 2026 00:00:04',
  '2026-03-02T00:00:04Z',
  '2026-03-02T00:00:04.123456+00:00',
)
const host = fc.constantFrom('fw1', 'fw-7.example.com', '192.0.2.1')
const heads = fc.oneof(
  fc.constant(''),
  fc
    .record({
      pri: fc.constantFrom('', '<14>', '<189>', '<166> '),
      clock,
      host,
      colon: fc.constantFrom(' ', ' : ', ': '),
    })
    .map((h) => `${h.pri}${h.clock} ${h.host}${h.colon}`),
  fc.tuple(clock, host, clock, host).map(([a, b, c, d]) => `<14>${a} ${b} ${c} ${d} : `),
  host.map((h) => `<14>1 2026-03-02T00:00:04Z ${h} - - - - `),
  host.map((h) => `953 <142>1 2026-03-02T00:00:04Z ${h} logforwarder - panwlogs - `),
)

test('any head before any body: the same fields', () => {
  fc.assert(
    fc.property(bodies, heads, fc.constantFrom('', '\r'), ([format, body], head, end) => {
      const plain = fields(format, body)
      assert.deepEqual(fields(format, head + body + end), plain)
    }),
    { numRuns: runs(300) },
  )
})

test('a head with a time gives it where the body has none', () => {
  fc.assert(
    fc.property(clock, host, (at, h) => {
      const e = event(asa, `<166>${at} ${h} : ${BUILT}`)
      assert.equal(iso(e)?.slice(0, 19), '2026-03-02T00:00:04')
      assert.equal(e.fields.get('network:device'), h)
    }),
  )
})

/** The end of a record may be cut unseen: a number or word may have been longer, and fields may have followed. */
const OPEN_ENDS: ReadonlySet<string> = new Set(['rcvdpkt', 'LEN', 'message'])

test('a line cut anywhere is bad, or its fields are right', () => {
  for (const [format, body] of BODIES) {
    const whole = fields(format, body)
    for (let cut = 0; cut < body.length; cut++) {
      const line = body.slice(0, cut)
      const r = read(format, line)
      if (!('fields' in r)) continue
      for (const [name, value] of r.fields) {
        if (value === whole[name] || OPEN_ENDS.has(name) || r.notes !== undefined) continue
        assert.fail(`${format.name} cut at ${cut} (…${line.slice(-20)}): ${name} is ${value}, not ${whole[name]}`)
      }
    }
  }
})

test('recognised by content, whatever stands before it', () => {
  fc.assert(
    fc.property(bodies, fc.array(heads, { minLength: 1, maxLength: 4 }), ([format, body], some) => {
      const best = recognise(some.map((h) => h + body))[0]
      assert.equal(best?.format.name, format.name)
      assert.match(best?.why ?? '', /lines? looked at/)
    }),
    { numRuns: runs(60) },
  )
})

test('syslog: SonicWall names host and port behind the address, and its message 537 is a connection that was let through', () => {
  const line =
    '<166>id=firewall sn=C0EFE33057B0 time="2026-03-02 10:11:12 UTC" fw=fw-7 pri=6 c=1024 m=537 msg="Connection Closed" n=3 ' +
    'src=192.0.2.159:61254:X1: dst=10.0.0.7:53:X3:DC01 proto=udp/dns sent=59 rcvd=134'
  const e = event(syslog, line)
  assert.deepEqual(
    some(e, ...['src_ip', 'src_port', 'dest_ip', 'dest_port', 'action', 'device', 'bytes'].map((n) => `network:${n}`)),
    ['192.0.2.159', '61254', '10.0.0.7', '53', 'allow', 'fw-7', '193'],
  )
  assert.equal(e.fields.get('network:key'), '')
  assert.equal(event(syslog, line.replace('m=537', 'm=98')).fields.get('network:key'), undefined)
})

test('syslog: NetScreen without a time has its device where others have the program', () => {
  assert.equal(event(syslog, '<23>fw-7: NetScreen device_id=fw-7 system-notification').fields.get('host'), 'fw-7')
  assert.equal(event(syslog, '<23>sshd: Accepted').fields.get('host'), undefined)
})
