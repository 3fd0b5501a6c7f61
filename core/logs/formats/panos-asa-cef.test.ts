// PAN-OS rows of all types, ASA's messages about users, CEF and LEEF of any product, with made-up names and addresses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { CONTEXT, facts, readAll } from '../read-lines-fixture.ts'
import { isEvent, recognise } from '../registry.ts'

const PAN = '1,2026/03/02 11:00:05,0132'
const PAN_TYPES: readonly (readonly [line: string, time: string, fields: Readonly<Record<string, string>>])[] = [
  [
    `${PAN},SYSTEM,auth,2561,2026/03/02 11:00:05,,auth-fail,PROF-1,0,0,general,medium,"failed authentication for user 'ann'. Reason: x, y.",743,0x0,0,0,0,0,,FW1,0,0,2026-03-02T11:00:05.851+01:00`,
    '2026-03-02T10:00:05.851Z',
    {
      eventid: 'auth-fail',
      object: 'PROF-1',
      severity: 'medium',
      description: "failed authentication for user 'ann'. Reason: x, y.",
      DeviceName: 'FW1',
    },
  ],
  [
    `${PAN},GLOBALPROTECT,0,2562,2026/03/02 11:00:05,vsys1,gateway-auth,login,,,corp\\ann,DE,PC-7,198.51.100.6,0.0.0.0,10.0.0.232,0.0.0.0,8f0f,SER,6.0.4,Windows,"Windows 11",1,,,,failure,,0,,0,GW1,555,0x8000000000000000,2026-03-02T11:00:05.134+01:00,,,,,,0,0,0,0,,FW1,1`,
    '2026-03-02T10:00:05.134Z',
    {
      eventid: 'gateway-auth',
      src_user: 'corp\\ann',
      public_ip: '198.51.100.6',
      status: 'failure',
      portal: 'GW1',
      DeviceName: 'FW1',
    },
  ],
  [
    `${PAN},CONFIG,0,0,2026/03/02 11:00:05,192.0.2.1,,commit,admin,Web,Submitted,,7,0x0,0,0,0,0,,FW1`,
    '2026-03-02T11:00:05Z',
    { host: '192.0.2.1', cmd: 'commit', admin: 'admin', result: 'Submitted', seqNum: '7' },
  ],
  [
    `${PAN},CONFIG,0,0,2026/03/02 11:00:05,192.0.2.1,,set,admin,Web,Succeeded, config shared,before,after,7,0x0,0,0,0,0,,FW1`,
    '2026-03-02T11:00:05Z',
    { path: ' config shared', before_change_detail: 'before', after_change_detail: 'after', seqNum: '7' },
  ],
  [
    `${PAN},USERID,login,2222,2026/03/02 11:00:05,vsys1,10.1.1.5,ex\\ann,srv1,0,1,10888,0,0,vpn-client,globalprotect,555,0x0,0,0,0,0,,FW1,1,,2026/03/02 11:00:05,1,0x8,ann,,2026-03-02T11:00:05.907+01:00`,
    '2026-03-02T10:00:05.907Z',
    { src_ip: '10.1.1.5', src_user: 'ex\\ann', datasource: 'vpn-client', datasourcetype: 'globalprotect' },
  ],
  [
    `${PAN},HIPMATCH,0,2817,2026/03/02 11:00:05,ann,vsys1,PC-7,Windows,10.1.1.5,VPN Compliant,1,profile,,,111,0x0,28,99,38,0,,FW1,1,0.0.0.0,3a73,aefe,,2026-03-02T11:00:05.310+01:00,`,
    '2026-03-02T10:00:05.310Z',
    { src_user: 'ann', machinename: 'PC-7', matchname: 'VPN Compliant', src_ip: '10.1.1.5' },
  ],
  [
    `${PAN},AUTH,Unknown,2817,2026/03/02 11:00:05,vsys1,10.1.1.5,ann,,PORTAL,Policy-1,1,555,,Forward,,No activity.,Authentication Portal,Timeout,1,743,0x0,0,0,0,0,,FW1,1,,0f8a,2026-03-02T11:00:05.043+11:00,,,`,
    '2026-03-02T00:00:05.043Z',
    { src_ip: '10.1.1.5', src_user: 'ann', authpolicy: 'Policy-1', event: 'Timeout', seqNum: '743', DeviceName: 'FW1' },
  ],
]

test('PAN-OS: rows of other types have their columns, and the time that has an offset', () => {
  for (const [line, time, expected] of PAN_TYPES) {
    const { format, events } = readAll(line)
    const at = events[0]?.time
    const got = Object.fromEntries(Object.keys(expected).map((n) => [n, events[0]?.fields.get(n)]))
    assert.deepEqual([format, at === undefined ? undefined : isoTime(at), got], ['panos', time, expected])
    assert.equal(events[0]?.fields.get('network:src_ip'), undefined)
  }
})

test('PAN-OS: correlated events, tags of addresses, tunnels and SCTP', () => {
  const head = (type: string): string => `1,2026/03/02 10:00:05,0123,${type},,2561,2026/03/02 10:00:05`
  const value = (line: string, names: readonly string[]): (string | undefined)[] => {
    const { format, events } = readAll(line)
    assert.equal(format, 'panos')
    return names.map((n) => events[0]?.fields.get(n))
  }
  const correlated = `${head('CORRELATION')},10.0.0.5,ann,,compromised-host,medium,0,0,0,0,,FW1,,beacon-heuristics,6005,"Host visited known malware URL (100 times)."`
  assert.deepEqual(value(correlated, ['src_ip', 'source.ip', 'user.name', 'DeviceName', 'object_id']), [
    '10.0.0.5',
    '10.0.0.5',
    'ann',
    'FW1',
    '6005',
  ])
  assert.deepEqual(
    value(`${head('IPTAG')},vsys1,10.0.0.5,quarantine,login,1,0,xmlapi,unknown,,1,0x0`, ['src_ip', 'tag_name']),
    ['10.0.0.5', 'quarantine'],
  )
  const ends =
    '10.0.0.5,198.51.100.9,0.0.0.0,0.0.0.0,rule,ann,,gre,vsys1,trust,untrust,e1,e2,fwd,2026/03/02 10:00:05,77,1,0,0,0,0,0x0,gre,allow'
  const tunnel = `${ends},informational,5,0x0,DE,US,0,0,0,0,,FW1,9,8,0,,GRE,3000,1000,2000,30,10,20`
  const names = ['src_ip', 'dest_ip', 'protocol', 'bytes', 'bytes_sent', 'bytes_recv']
  for (const type of ['TUNNEL', 'END'])
    assert.deepEqual(value(`${head(type)},${tunnel},1,0`, names), [
      '10.0.0.5',
      '198.51.100.9',
      'gre',
      '3000',
      '1000',
      '2000',
    ])
  assert.deepEqual(value(`${head('SCTP')},${ends},0,0,0,0`, names.slice(0, 3)), ['10.0.0.5', '198.51.100.9', 'gre'])
})

test('PAN-OS: a row is asked for its columns after later rows were read', () => {
  const row = (port: number): string =>
    [
      ...`${PAN},TRAFFIC,end,1,2026/03/02 11:00:05,10.1.1.5,203.0.113.7`.split(','),
      ...Array.from({ length: 16 }, () => 'x'),
      port,
    ]
      .concat(Array.from({ length: 30 }, () => '0'))
      .join(',')
  const { events } = readAll([row(21), row(22), row(23)].join('\n'))
  const ports = (): (string | undefined)[] => [2, 0, 1].map((i) => events[i]?.fields.get('dest_port'))
  assert.deepEqual(ports(), ['23', '21', '22'])
  assert.deepEqual(ports(), ['23', '21', '22'])
})

test('PAN-OS: a list in braces is one column', () => {
  const row = [
    ...`${PAN},TRAFFIC,end,1,2026/03/02 11:00:05`.split(','),
    ...Array.from({ length: 62 }, () => '0'),
    '{link a, tag b}',
    'cluster',
  ]
  assert.equal(readAll(row.join(',')).events[0]?.fields.get('sdwan_cluster'), undefined)
  const { events } = readAll([...row, 'x'].join(','))
  assert.deepEqual(
    [events[0]?.fields.get('link_switches'), events[0]?.fields.get('sdwan_cluster')],
    ['{link a, tag b}', 'cluster'],
  )
})

test('a comma-separated row of another product with such a word is no PAN-OS row', () => {
  assert.equal(readAll('4,3,7,PC-2,SYSTEM,1,2,3').format === 'panos', false)
})

test('ASA: messages about logins and tunnels have user, group and addresses, and no connection', () => {
  const cases: readonly (readonly [text: string, fields: Readonly<Record<string, string>>])[] = [
    [
      '%ASA-6-113004: AAA user authentication Successful : server =  192.0.2.1 : user = ann',
      { user: 'ann', server: '192.0.2.1', action: 'Successful' },
    ],
    [
      '%ASA-6-113005: AAA user authentication Rejected : reason = Invalid password : server = 192.0.2.1 : user = ann : user IP = 198.51.100.9',
      { user: 'ann', reason: 'Invalid password', src_ip: '198.51.100.9', action: 'Rejected' },
    ],
    [
      '%ASA-4-113019: Group = G, Username = ann, IP = 198.51.100.9, Session disconnected. Session Type: SSL, Duration: 2h:28m:09s, Bytes xmt: 54, Bytes rcv: 27, Reason: Idle Timeout',
      { group: 'G', user: 'ann', src_ip: '198.51.100.9', bytes_xmt: '54', bytes_rcv: '27', reason: 'Idle Timeout' },
    ],
    [
      '%ASA-6-605004: Login denied from 198.51.100.9/32597 to outside:192.0.2.1/ssh for user "root"',
      { user: 'root', src_ip: '198.51.100.9', service: 'ssh', action: 'denied' },
    ],
    [
      '%ASA-6-611101: User authentication succeeded: IP address: 198.51.100.9, Uname: ann',
      { user: 'ann', src_ip: '198.51.100.9' },
    ],
    [
      "%ASA-5-111010: User 'ann', running 'CLI' from IP 198.51.100.9, executed 'write memory'",
      { user: 'ann', src_ip: '198.51.100.9', command: 'write memory' },
    ],
    [
      '%ASA-5-722033: Group <G> User <ann> IP <198.51.100.9> First TCP SVC connection established for SVC session.',
      { group: 'G', user: 'ann', src_ip: '198.51.100.9' },
    ],
    [
      '%ASA-6-725001: Starting SSL handshake with client outside:198.51.100.9/49238 for TLS session.',
      { src_ip: '198.51.100.9', src_port: '49238' },
    ],
    [
      '%FTD-5-750006: Local:192.0.2.1:4500 Remote:198.51.100.9:55543 Username:ann IKEv2 SA UP. Reason: New Connection Established',
      { user: 'ann', src_ip: '198.51.100.9' },
    ],
    [
      '%ASA-6-302021: Teardown ICMP connection for faddr 198.51.100.9/0 gaddr 192.0.2.1/0 laddr 192.0.2.1/0 (bob) type 3 code 3',
      { user: 'bob' },
    ],
  ]
  for (const [text, expected] of cases) {
    const { format, events } = readAll(`<166>Mar  2 2026 10:00:05 fw1 : ${text}`)
    const got = Object.fromEntries(Object.keys(expected).map((n) => [n, events[0]?.fields.get(n)]))
    assert.deepEqual([format, got], ['asa', expected], text)
    if (!text.includes('302021')) assert.equal(events[0]?.fields.get('network:key'), undefined, text)
  }
})

test('NGIPS writes the messages of Firepower', () => {
  const { format, events } = readAll(
    '%NGIPS-1-430003: EventPriority: Low, InstanceID: 2, ConnectionID: 4, AccessControlRuleAction: Block, SrcIP: 10.1.1.5, DstIP: 203.0.113.7, SrcPort: 50000, DstPort: 21, Protocol: tcp',
  )
  assert.deepEqual([format, facts(events[0])], ['asa', '10.1.1.5 50000 203.0.113.7 21 tcp deny - -'])
})

test('CEF and LEEF: the standard keys are the connection of any product', () => {
  const cases: readonly (readonly [line: string, facts: string])[] = [
    [
      'CEF:0|Forcepoint|Firewall|6.5|70018|Connection_Allowed|0|spt=50000 dpt=21 src=10.1.1.5 dst=203.0.113.7 proto=6 act=Allow app=FTP',
      '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
    ],
    [
      'CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Drop spt=50000 dpt=21 dst=203.0.113.7 proto=6 src=10.1.1.5',
      '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    ],
    [
      'CEF:0|SonicWall|NSa|7.0|537|Connection Closed|4|src=10.1.1.5 spt=50000 dst=203.0.113.7 dpt=21 proto=tcp/ftp out=77 in=99 fw_action="NA"',
      '10.1.1.5 50000 203.0.113.7 21 tcp allow 77 99',
    ],
    [
      'LEEF:1.0|WatchGuard|XTM|12.8|30000151|policy=Out\tdisp=Deny\tsrc=10.1.1.5\tsrcPort=50000\tdst=203.0.113.7\tdstPort=21\tproto=tcp\tsent_bytes=69\trcvd_bytes=0',
      '10.1.1.5 50000 203.0.113.7 21 tcp deny 69 0',
    ],
    // `action` is the host of the request.
    [
      'LEEF:1.0|WatchGuard|XTM|12.8|1AFF0021|policy=Out\tdisp=Deny\tsrc=10.1.1.5\tsrcPort=50000\tdst=203.0.113.7\tdstPort=21\tproto=tcp\taction=www.example.test\tsent_bytes=69\trcvd_bytes=0',
      '10.1.1.5 50000 203.0.113.7 21 tcp deny 69 0',
    ],
    ...['0x09|a=1\t', 'x09|a=1\t', '\\\\x09|a=1\t', '^|a=1^', '0x5E|a=1^', '#011'].map(
      (form) =>
        [
          `LEEF:${form === '#011' ? '1' : '2'}.0|V|P|1|allow|${form === '#011' ? 'a=1#011' : form}${['src=10.1.1.5', 'srcPort=50000', 'dst=203.0.113.7', 'dstPort=21', 'proto=TCP', 'action=allow'].join(form === '#011' ? '#011' : form.slice(-1))}`,
          '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
        ] as const,
    ),
  ]
  for (const [line, expected] of cases) assert.equal(facts(readAll(line).events[0]), expected, line)
})

test('CEF: FortiGate’s own time with its offset goes before the head', () => {
  const { events } = readAll(
    '<189>Nov  7 14:16:44 fg1 CEF: 0|Fortinet|Fortigate|v7|00013|traffic:forward close|3|FTNTFGTeventtime=1762521404541985717 FTNTFGTtz=+0100 src=10.1.1.5 dst=203.0.113.7 dpt=21 act=close',
  )
  assert.equal(events[0]?.time, 1762521404541985n)
})

test('CEF: names of FortiGate have another beginning in 6.0, in FortiAnalyzer, and none behind some collectors', () => {
  for (const own of ['FTNTFGT', 'FortinetFortiGate', 'ad.', '']) {
    const { events } = readAll(
      `CEF:0|Fortinet|Fortigate|v6.0.10|00014|traffic:local accept|3|${own}eventtime=1762521404 ${own}tz=+0100 src=10.1.1.5 dst=203.0.113.7 proto=1 ${own}action=accept ${own}duration=61 out=84 in=84`,
    )
    assert.deepEqual(
      [events[0]?.time, facts(events[0])],
      [1762521404000000n, '10.1.1.5 - 203.0.113.7 - icmp allow 84 84'],
      own,
    )
  }
})

test('CEF: a mail gateway has the time under long names only', () => {
  const { events } = readAll(
    'CEF:0|Cisco|C390 Email Security Appliance|14.0.0|LOG|Event|5|endTime=Mon Mar  2 10:00:05 2026 startTime=Mon Mar  2 10:00:01 2026 act=DELIVERED',
  )
  assert.equal(isoTime(events[0]?.time as bigint), '2026-03-02T10:00:05Z')
})

test('FortiGate: records without the name of the device, and without a date', () => {
  const { events, format } = readAll(
    'time=11:00:05 timestamp=1772445605 itime=1772445606 type="event" subtype="system" level="information" vd="root" logdesc="Admin login" user="ann" srcip=10.1.1.5 action="login"',
  )
  assert.deepEqual([format, events[0]?.time, events[0]?.fields.get('user')], ['fortigate', 1772445605000000n, 'ann'])
})

test('netfilter: an ICMP error has no ports, and OUT= may be missing', () => {
  const error =
    'Mar  2 10:00:05 w1 kernel: [UFW BLOCK] IN=eth0 OUT= SRC=10.1.1.5 DST=10.0.0.2 LEN=88 PROTO=ICMP TYPE=3 CODE=3 [SRC=10.0.0.2 DST=203.0.113.9 LEN=60 PROTO=UDP SPT=5353 DPT=69 LEN=40 ] '
  assert.equal(facts(readAll(error).events[0]), '10.1.1.5 - 10.0.0.2 - icmp deny - -')
  const packet =
    '2026-03-02T10:00:05Z h kernel: policy DROP: IN=enp1s0f0 MAC=a8:1e SRC=10.1.1.5 DST=203.0.113.7 LEN=40 PROTO=TCP SPT=50000 DPT=21 SEQ=1 SYN'
  assert.equal(facts(readAll(packet).events[0]), '10.1.1.5 50000 203.0.113.7 21 tcp deny - -')
})

test('FortiGate: the order of pairs is free', () => {
  const { events } = readAll(
    'date=2026-03-02 time=10:00:05 devname="F" devid="FG1" logid="0000000013" type="traffic" srcip=10.1.1.5 srcport=50000 dstip=203.0.113.7 dstport=21 action="close" sentbyte=100 rcvdbyte=5 service="FTP" proto=6',
  )
  assert.deepEqual([facts(events[0]), events[0]?.notes], ['10.1.1.5 50000 203.0.113.7 21 tcp allow 100 5', undefined])
  // In the order of the device a number at the end may lack digits.
  const cut =
    'date=2026-03-02 time=10:00:05 devname="F" devid="FG1" logid="0000000013" type="traffic" srcip=10.1.1.5 srcport=50000 dstip=203.0.113.7 dstport=21 proto=6 action="close" service="FTP" sentbyte=10'
  assert.deepEqual(readAll(cut).events[0]?.notes, ['ends with sentbyte: its value may be cut off'])
  const sorted = readAll(
    '<189>action="close" date=2026-03-02 devid="FG1" dstip=203.0.113.7 dstport=21 logid="0000000013" proto=6 rcvdbyte=5 sentbyte=100 srcip=10.1.1.5 srcport=50000 time=10:00:05 type="traffic"',
  )
  assert.equal(facts(sorted.events[0]), '10.1.1.5 50000 203.0.113.7 21 tcp allow 100 5')
  const reversed = readAll(
    'srcip=10.1.1.5 dstip=203.0.113.7 srcport=50000 dstport=21 sentbyte=100 rcvdbyte=5 proto=6 action="close" type="traffic" logid="0000000013" devname="F" time=10:00:05 date=2026-03-02',
  )
  assert.equal(facts(reversed.events[0]), '10.1.1.5 50000 203.0.113.7 21 tcp allow 100 5')
})

test('CEF: a record goes on until the next head', () => {
  const text = [
    'CEF:0|Check Point|VPN-1|R81|Log|https|Unknown|act=Accept rt=1772445605000 spt=5000 dpt=443 cs2Label=Rule Name cs2=to   ',
    ' inner resources layer_name=Network proto=6',
    'dst=198.51.100.9 suser=ann',
    'lee src=10.0.0.5',
    'CEF:0|Check Point|VPN-1|R81|Log|https|Unknown|act=Drop rt=1772445606000 spt=5001 dpt=80 src=10.0.0.6 dst=198.51.100.9 proto=6',
  ].join('\n')
  const lines = text.split('\n')
  const format = recognise(lines)[0]?.format
  assert.equal(format?.name, 'cef-lines')
  const reader = format?.reader(CONTEXT, lines)
  const events = [...(format?.split?.(text) ?? [])].map((r) => reader?.read(r.record) ?? { bad: '' }).filter(isEvent)
  assert.deepEqual(events.map(facts), [
    '10.0.0.5 5000 198.51.100.9 443 tcp allow - -',
    '10.0.0.6 5001 198.51.100.9 80 tcp deny - -',
  ])
  assert.equal(events[0]?.fields.get('suser'), 'ann\nlee')
  // A line of something else among records is no part of them.
  const whole = lines[4] as string
  for (const other of ['<13>Mar  2 10:00:05 host app: a=1', '{"a":"b=1"}', 'some words'])
    assert.equal(recognise([whole, whole, other, whole])[0]?.format.name, 'cef')
})
