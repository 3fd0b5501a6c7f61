// Firewalls' logs, a line of each kind in the form that the product writes, with made-up names and addresses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { CONTEXT, facts, NO_CONNECTION, readAll } from '../read-lines-fixture.ts'
import { isEvent, recognise } from '../registry.ts'

const SONICWALL = '<134> id=firewall sn=0006B1 time="2026-03-02 10:00:05 UTC" fw=192.0.2.1 pri=6'
const UTM = '2026:03:02-10:00:05 utm1 ulogd[9]: id="2001" severity="info" sys="SecureNet" sub="packetfilter"'
const WATCHGUARD = '<142>Mar  2 10:00:00 fb1 80BE0 (2026-03-02T10:00:05) firewall[10]:'
const SRX = '<14>1 2026-03-02T10:00:05Z srx1 RT_FLOW -'
const CHECKPOINT = '<134>1 2026-03-02T10:00:00Z cp1 CheckPoint 7 -'

const LINES: readonly (readonly [format: string, time: string, facts: string, line: string])[] = [
  [
    'vpc-flow',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow 840 -',
    '2 111122223333 eni-0a1 10.1.1.5 203.0.113.7 50000 21 6 10 840 1772445605 1772445660 ACCEPT OK',
  ],
  // The answer is a record of its own, of the same connection.
  [
    'vpc-flow',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow - 900',
    '2 111122223333 eni-0a1 203.0.113.7 10.1.1.5 21 50000 6 10 900 1772445605 1772445660 ACCEPT OK',
  ],
  [
    'vpc-flow',
    '2026-03-02T10:00:05Z',
    '198.51.100.9 21 10.1.1.5 50000 tcp deny 40 -',
    '2 111122223333 eni-0a1 198.51.100.9 10.1.1.5 21 50000 6 1 40 1772445605 1772445660 REJECT OK',
  ],
  [
    'vpc-flow',
    '2026-03-02T10:00:05Z',
    '203.0.113.7 123 10.1.1.5 123 udp allow 152 -',
    '2 111122223333 eni-0a1 203.0.113.7 10.1.1.5 123 123 17 2 152 1772445605 1772445660 ACCEPT OK',
  ],
  // ICMP has zeros in the places of ports.
  [
    'vpc-flow',
    '2026-03-02T10:00:05Z',
    '203.0.113.7 - 10.1.1.5 - icmp allow 336 -',
    '2 111122223333 eni-0a1 203.0.113.7 10.1.1.5 0 0 1 4 336 1772445605 1772445660 ACCEPT OK',
  ],
  [
    'vpc-flow',
    '2026-03-02T10:00:05Z',
    NO_CONNECTION,
    '2 111122223333 eni-0a1 - - - - - - - 1772445605 1772445660 - NODATA',
  ],
  [
    'pf',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
    '<134>Mar  2 10:00:05 fw1 filterlog[72237]: 146,,,1535324496,igb1,match,pass,in,4,0x0,,63,12617,0,DF,6,tcp,60,10.1.1.5,203.0.113.7,50000,21,0,S,1891286705,,64240,,mss',
  ],
  [
    'pf',
    '2026-03-02T10:00:05Z',
    'fe80::1 546 ff02::1:2 547 udp deny - -',
    '<134>1 2026-03-02T10:00:05Z fw1 filterlog 7 - [meta sequenceId="1"] 6,,,1000000105,igb1,match,block,in,6,0x00,0xf6279,1,UDP,17,32,fe80::1,ff02::1:2,546,547,32',
  ],
  // Packets of a connection that began before.
  [
    'pf',
    '2026-03-02T10:00:05Z',
    NO_CONNECTION,
    'Mar  2 10:00:05 fw1 filterlog: 146,,,1,igb1,match,pass,out,4,0x0,,63,1,0,DF,6,tcp,60,10.1.1.5,203.0.113.7,50000,21,0,A,1,,64240,,',
  ],
  // Without the number of the message.
  [
    'sonicwall',
    '2026-03-02T10:00:05Z',
    'fe80::1 - ff02::c - udp deny - -',
    'id=firewall sn=0006B1 time="2026-03-02 10:00:05" fw=10.0.0.1 pri=5 msg="Unhandled link-local or multicast IPv6 packet dropped" srcV6=fe80::1 dstV6=ff02::c proto=udp/65535',
  ],
  [
    'sonicwall',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow 257 242',
    `${SONICWALL} c=1024 m=537 msg="Connection Closed" src=10.1.1.5:50000:X0:pc1 dst=203.0.113.7:21:X1 proto=tcp/ftp sent=257 rcvd=242 cdur=2000 fw_action="NA"`,
  ],
  [
    'sonicwall',
    '2026-03-02T10:00:05Z',
    '198.51.100.9 4507 192.0.2.1 445 tcp deny - -',
    `${SONICWALL} c=64 m=36 msg="TCP connection dropped" src=198.51.100.9:4507:X1 dst=192.0.2.1:445:X0 proto=tcp/445`,
  ],
  [
    'sonicwall',
    '2026-03-02T10:00:05Z',
    '2001:db8::5 49702 ff02::1:3 5355 udp deny - -',
    `${SONICWALL} c=512 m=1233 msg="Multicast IPv6 packet dropped" srcV6=2001:db8::5 src=:49702:X0 dstV6=ff02::1:3 dst=:5355 proto=udp/5355`,
  ],
  [
    'sonicwall',
    '2026-03-02T10:00:05Z',
    NO_CONNECTION,
    `${SONICWALL} c=32 m=30 msg="Administrator login denied due to bad credentials" src=198.51.100.9:4507:X1 dst=192.0.2.1:443:X1`,
  ],
  [
    'junos',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow 100 200',
    `${SRX} RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.142 reason="TCP FIN" source-address="10.1.1.5" source-port="50000" destination-address="203.0.113.7" destination-port="21" protocol-id="6" policy-name="out" session-id="77" bytes-from-client="100" bytes-from-server="200" elapsed-time="3"]`,
  ],
  [
    'junos',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 25 tcp allow 52906 26103',
    'Mar  2 10:00:05 srx1 RT_FLOW: RT_FLOW_SESSION_CLOSE: session closed TCP CLIENT RST: 10.1.1.5/50000->203.0.113.7/25 0x0 junos-smtp 192.0.2.1/50000->203.0.113.7/25 0x0 N/A N/A static rule R1 6 out trust untrust 154619140403 60(52906) 47(26103) 3 UNKNOWN UNKNOWN N/A(N/A) reth2.1010 UNKNOWN',
  ],
  [
    'junos',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 54924 203.0.113.7 53 udp deny - -',
    'Mar  2 10:00:05 srx1 RT_FLOW: RT_FLOW_SESSION_DENY: session denied 10.1.1.5/54924->203.0.113.7/53 junos-dns-udp 17(0) default-deny trust untrust UNKNOWN UNKNOWN N/A(N/A) ge-0/0/1.0',
  ],
  [
    'checkpoint',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    `${CHECKPOINT} [action:"Drop"; flags:"400644"; ifdir:"inbound"; loguid:"{0x0,0x0,0x0,0x0}"; origin:"192.0.2.9"; time:"1772445605"; __policy_id_tag:"product=VPN-1 & FireWall-1[db_tag={C1};policy_name=P\\]"; dst:"203.0.113.7"; product:"VPN-1 & FireWall-1"; proto:"6"; rule_name:"Clean up"; s_port:"50000"; service:"21"; src:"10.1.1.5"]`,
  ],
  [
    'checkpoint',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
    'time=1772445605|hostname=gw1|product=Firewall|action=Accept|ifdir=inbound|loguid={0x1}|origin=192.0.2.9|src=10.1.1.5|s_port=50000|dst=203.0.113.7|service=21|proto=6|rule_name=out',
  ],
  [
    'checkpoint',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    '"21" "2Mar2026" "10:00:05" "eth1" "GW1" "Log" "Drop" "21" "50000" "10.1.1.5" "203.0.113.7" "tcp" "107" "Deny All" "107-P" "" "inzone: External" "Security Gateway" "" ""',
  ],
  [
    'sophos-xg',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow 2422 9586',
    'device="SFW" date=2026-03-02 time=11:00:05 timezone="CET" device_name="XG" device_id=C42 log_id=010101600001 log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" status="Allow" duration=136 fw_rule_id=2 user_name="" src_ip=10.1.1.5 dst_ip=203.0.113.7 protocol="TCP" src_port=50000 dst_port=21 sent_bytes=2422 recv_bytes=9586 con_id=2108879552',
  ],
  [
    'sophos-xg',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    'Mar  2 10:00:00 xg1 device_name="SFW" timestamp="2026-03-02T04:00:05-0600" device_serial_id="C01" log_id="010102600002" log_type="Firewall" log_subtype="Denied" src_ip="10.1.1.5" dst_ip="203.0.113.7" protocol="TCP" src_port=50000 dst_port=21',
  ],
  // ICMP has type and id in the places of ports.
  [
    'junos',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 - 203.0.113.7 - icmp allow - -',
    `${SRX} RT_FLOW_SESSION_CREATE [junos@2636.1.1.1.2.41 source-address="10.1.1.5" source-port="594" destination-address="203.0.113.7" destination-port="10400" service-name="icmp" protocol-id="1" policy-name="p1" session-id-32="7"]`,
  ],
  [
    'junos',
    '2026-03-02T10:00:05Z',
    NO_CONNECTION,
    '<14>1 2026-03-02T10:00:05Z srx1 RT_AAMW - SRX_AAMW_ACTION_LOG [junos@2636.1.1.1.2.28 action="BLOCK" source-address="10.1.1.5" source-port="50000" destination-address="203.0.113.7" destination-port="80"]',
  ],
  [
    'watchguard',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 - 203.0.113.7 - icmp allow - -',
    `${WATCHGUARD} msg_id="3000-0148" Allow Trusted Firebox 60 icmp 20 128 10.1.1.5 203.0.113.7 8 0 id=1 seq=2  (Ping-00)`,
  ],
  // Copied from the traffic monitor, with and without the member of a cluster.
  [
    'watchguard',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
    '2026-03-02 10:00:05 Allow 10.1.1.5 203.0.113.7 ftp/tcp 50000 21 1-Trusted 0-External Allowed 61 127 (FTP-00) proc_id="firewall" rc="100" msg_id="3000-0148" src_user="u1@Firebox-DB"',
  ],
  [
    'watchguard',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    '2026-03-02 10:00:05 Member2 Deny 10.1.1.5 203.0.113.7 ftp/tcp 50000 21 Trusted WAN - Two Denied 52 127 (Unhandled External Packet-00) proc_id="firewall" rc="101" src_ip_nat="192.0.2.1"',
  ],
  [
    'meraki',
    '2026-03-02T10:00:05.250Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    '1772445605.250000000 MX67 l7_firewall src=10.1.1.5 dst=203.0.113.7 protocol=tcp sport=50000 dport=21 decision=blocked',
  ],
  // The web application firewall.
  [
    'sophos-utm',
    '2026-03-02T10:00:05Z',
    NO_CONNECTION,
    '<134>2026:03:02-10:00:05 utm1 httpd: id="0299" srcip="203.0.113.7" localip="10.0.0.5" size="112" user="-" host="203.0.113.7" method="POST" statuscode="200" url="/x" server="www.example.test" port="443"',
  ],
  [
    'sophos-utm',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    `${UTM} name="Packet dropped" action="drop" fwrule="60001" srcip="10.1.1.5" dstip="203.0.113.7" proto="6" length="88" srcport="50000" dstport="21" tcpflags="SYN"`,
  ],
  [
    'meraki',
    '2026-03-02T10:00:05.250Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
    '<134>1 1772445605.250000000 MX84 flows allow src=10.1.1.5 dst=203.0.113.7 mac=00:11:22:33:44:55 protocol=tcp sport=50000 dport=21',
  ],
  [
    'meraki',
    '2026-03-02T10:00:05.250Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp deny - -',
    '1772445605.250000000 MX84 firewall src=10.1.1.5 dst=203.0.113.7 protocol=tcp sport=50000 dport=21 pattern: deny (dst 203.0.113.0/24)',
  ],
  [
    'meraki',
    '2026-03-02T10:00:05.250Z',
    NO_CONNECTION,
    '1772445605.250000000 MX84 urls src=10.1.1.5:50000 dst=203.0.113.7:80 mac=00:11:22:33:44:55 request: GET http://example.test/',
  ],
  [
    'watchguard',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow - -',
    `${WATCHGUARD} msg_id="3000-0148" Allow 1-Trusted 0-External 52 tcp 20 127 10.1.1.5 203.0.113.7 50000 21 offset 8 S 832026162 win 8192 (FTP-00)`,
  ],
  [
    'watchguard',
    '2026-03-02T10:00:05Z',
    '10.1.1.5 50000 203.0.113.7 21 tcp allow 652 423',
    `${WATCHGUARD} msg_id="3000-0151" Allow 1-Trusted 0-External tcp 10.1.1.5 203.0.113.7 50000 21 duration="80" sent_bytes="652" rcvd_bytes="423" (FTP-00)`,
  ],
]

test('Check Point: dropped packets that one record sums up are said', () => {
  const event = readAll(
    `${CHECKPOINT} [action:"Drop"; ifdir:"inbound"; loguid:"{0x1}"; time:"1772445605"; packet_amount:"2"; packets:" <10.1.1.5,50000,203.0.113.7,21,6;eth0> <10.1.1.5,50001,203.0.113.7,21,6;eth0>"]`,
  ).events[0]
  assert.deepEqual([event?.fields.get('packet_amount'), event?.fields.get('network:key')], ['2', undefined])
  assert.match(event?.notes?.[0] ?? '', /^dropped packets are summed up/)
})

test('VPC flow: a header may leave out version and times', () => {
  const { format, events } = readAll(
    'instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr\n- eni-0a1 10.1.1.5 10.1.1.6 10.1.1.5 203.0.113.7',
  )
  assert.deepEqual(
    [format, events[0]?.fields.get('pkt-dstaddr'), events[0]?.time],
    ['vpc-flow', '203.0.113.7', undefined],
  )
})

test('an address that was not translated is none', () => {
  const line = `${CHECKPOINT} [action:"Accept"; ifdir:"inbound"; loguid:"{0x1}"; time:"1772445605"; dst:"203.0.113.7"; proto:"6"; s_port:"50000"; service:"21"; src:"10.1.1.5"; xlatesrc:"192.0.2.1"; xlatedst:"0.0.0.0"]`
  const event = readAll(line).events[0]
  assert.deepEqual(
    ['nat_src_ip', 'nat_dest_ip', 'dest_port'].map((n) => event?.fields.get(`network:${n}`)),
    ['192.0.2.1', undefined, '21'],
  )
})

test('a line of each kind: format, time and connection', () => {
  for (const [format, time, expected, line] of LINES) {
    const { format: name, events } = readAll(line)
    const at = events[0]?.time
    assert.deepEqual(
      [name, at === undefined ? undefined : isoTime(at), facts(events[0])],
      [format, time, expected],
      line,
    )
  }
})

test('a line cut off at any place has no port, address or count that is part of the right one', () => {
  for (const [format, , expected, line] of LINES) {
    if (expected === NO_CONNECTION || format === 'sonicwall' || format === 'checkpoint' || format === 'meraki') continue
    const reader = recognise([line])[0]?.format.reader(CONTEXT, [])
    for (let cut = 20; cut < line.length; cut++) {
      const read = reader?.read(line.slice(0, cut))
      if (!read || !isEvent(read) || read.fields.get('network:src_ip') === undefined) continue
      const [whole, got] = [expected.split(' '), facts(read).split(' ')]
      got.slice(0, 4).forEach((value, i) => {
        if (value !== '-' && !line.slice(0, cut).endsWith(value)) assert.equal(value, whole[i], line.slice(0, cut))
      })
    }
  }
})

test('VPC flow: columns as the header names them, in both spellings and with either separator', () => {
  for (const [separator, names] of [
    [' ', 'version srcaddr dstaddr srcport dstport pkt-srcaddr protocol tcp-flags start end action bytes'],
    [',', 'version,srcaddr,dstaddr,srcport,dstport,pkt_srcaddr,protocol,tcp_flags,start,end,action,bytes'],
  ] as const) {
    const row = [
      '3',
      '10.1.1.5',
      '203.0.113.7',
      '50000',
      '21',
      '10.9.9.9',
      '6',
      '2',
      '1772445605',
      '1772445660',
      'ACCEPT',
      '84',
    ]
    const { format, events } = readAll(`${names}\n${row.join(separator)}`)
    assert.equal(format, 'vpc-flow')
    assert.deepEqual(
      [events[0]?.fields.get('pkt-srcaddr'), facts(events[0])],
      ['10.9.9.9', '10.1.1.5 50000 203.0.113.7 21 tcp allow 84 -'],
    )
  }
})

test('VPC flow and Falcon’s event stream as JSON', () => {
  const flow =
    '{"version":5,"interface_id":"eni-1","srcaddr":"10.1.1.5","dstaddr":"203.0.113.7","srcport":50000.0,"dstport":21.0,"protocol":6.0,"bytes":84.0,"start":1772445605,"end":1772445660,"action":"ACCEPT","log_status":"OK"}'
  const { format, events } = readAll(flow)
  assert.deepEqual([format, facts(events[0])], ['vpc-flow-json', '10.1.1.5 50000 203.0.113.7 21 tcp allow 84 -'])
  const stream = (type: string, event: object): string =>
    JSON.stringify({ metadata: { eventType: type, eventCreationTime: 1772445605000, offset: 1 }, event })
  const match = readAll(
    stream('FirewallMatchEvent', {
      ConnectionDirection: '1',
      LocalAddress: '10.1.1.5',
      LocalPort: '445',
      RemoteAddress: '198.51.100.9',
      RemotePort: '50000',
      Protocol: '6',
      RuleAction: '2',
    }),
  )
  assert.deepEqual(
    [match.format, facts(match.events[0])],
    ['falcon-stream', '198.51.100.9 50000 10.1.1.5 445 tcp deny - -'],
  )
  const found = readAll(stream('DetectionSummaryEvent', { ComputerName: 'ws1', ProcessStartTime: 1 }))
  assert.deepEqual(
    [found.events[0]?.time, found.events[0]?.fields.get('event.ComputerName'), facts(found.events[0])],
    [1772445605000000n, 'ws1', NO_CONNECTION],
  )
})

test('Falcon: alerts of its API, and events of the replicator that the cloud sums up', () => {
  const alert = {
    cid: '0'.repeat(32),
    composite_id: 'a:ind:b',
    created_timestamp: '2026-03-02T10:02:00Z',
    timestamp: '2026-03-02T10:00:05Z',
    severity_name: 'High',
    user_name: 'ann',
    device: { hostname: 'ws1', local_ip: '10.1.1.5' },
  }
  const { format, events } = readAll(JSON.stringify(alert))
  assert.deepEqual(
    [format, events[0]?.time, events[0]?.fields.get('device.hostname')],
    ['falcon-alerts', 1772445605000000n, 'ws1'],
  )
  const module = { ExternalApiType: 'Event_ModuleSummaryInfoEvent', cid: '0', timestamp: 1772445605000, eid: 118 }
  const found = readAll(JSON.stringify(module))
  assert.deepEqual([found.format, found.events[0]?.time], ['fdr', 1772445605000000n])
})

test('records of one connection have one key', () => {
  const key = (line: string): string | undefined => readAll(line).events[0]?.fields.get('network:key')
  const pairs = [
    [LINES[0]?.[3], LINES[1]?.[3]],
    [
      `${SONICWALL} c=262144 m=98 msg="Connection Opened" src=10.1.1.5:50000:X0 dst=203.0.113.7:21:X1 proto=tcp/ftp fw_action="NA"`,
      `${SONICWALL} c=1024 m=537 msg="Connection Closed" src=10.1.1.5:50000:X0 dst=203.0.113.7:21:X1 proto=tcp/ftp sent=9 cdur=10 fw_action="NA"`,
    ],
    [
      `${SRX} RT_FLOW_SESSION_CREATE [junos@2636.1.1.1.2.142 source-address="10.1.1.5" source-port="1" destination-address="203.0.113.7" destination-port="21" session-id="77"]`,
      `${SRX} RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.142 source-address="10.1.1.5" source-port="1" destination-address="203.0.113.7" destination-port="21" session-id="77"]`,
    ],
  ]
  for (const [a, b] of pairs) {
    assert.ok(key(a ?? '')?.length)
    assert.equal(key(a ?? ''), key(b ?? ''))
  }
})
