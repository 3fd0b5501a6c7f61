// Input that no sane product writes, or that a disk or a sender broke: it is read as far as it goes, counted, and costs time in proportion to its length.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAll } from './read-lines-fixture.ts'
import { isEvent, recognise } from './registry.ts'

test('a file of several products’ lines, none in the majority: each is read as its own', () => {
  const { format, events } = readAll(
    [
      '<134> id=firewall sn=0006B1 time="2026-03-02 10:00:05 UTC" fw=192.0.2.1 m=537 msg="Connection Closed" src=10.1.1.5:1:X0 dst=203.0.113.7:21:X1 proto=tcp/ftp sent=1 rcvd=2',
      'filterlog: 146,,,1,igb1,match,block,out,4,0x0,,63,1,0,DF,6,tcp,60,10.1.1.5,203.0.113.7,50000,21,0,S,1,,64240,,',
      '1772445605.25 MX84 flows allow src=10.1.1.5 dst=203.0.113.7 protocol=tcp sport=50000 dport=21',
      'a line of no product',
    ].join('\n'),
  )
  assert.equal(format, 'syslog')
  assert.deepEqual(
    events.map((e) => [e.fields.get('_sourceCategory'), e.fields.get('network:dest_port')]),
    [
      ['network/sonicwall', '21'],
      ['network/pf', '21'],
      ['network/meraki', '21'],
    ],
  )
})

const ASA =
  '<166>Mar  2 10:00:05 fw1 %ASA-6-106015: Deny TCP (no connection) from 10.1.1.5/50000 to 203.0.113.7/21 flags RST on interface inside'
const JUNOS =
  '<14>1 2026-03-02T10:00:05Z srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.40 source-address="10.1.1.5" source-port="50000" destination-address="203.0.113.7" destination-port="21" protocol-id="6"]'
const GELF =
  '{"version":"1.1","host":"ws1","short_message":"x","timestamp":1772445605.1,"_EventID":4624,"_Channel":"Security","_SourceName":"Microsoft-Windows-Security-Auditing","_TargetUserName":"ann"}'
const SSHD = '<38>Mar  2 10:00:06 web1 sshd[811]: Failed password for ann from 192.0.2.1 port 60002 ssh2'
const IOS = '<189>Mar  2 10:00:06 sw1 45: *Mar  2 10:00:06.123: %SYS-5-CONFIG_I: Configured from console by ann'

for (const [name, majority] of Object.entries({ ASA, JUNOS, GELF }))
  test(`one line of another kind below many of ${name} is read as what it is`, () => {
    for (const other of [SSHD, IOS, ASA, JUNOS, GELF]) {
      const alone = readAll(other).events[0]
      for (const lines of [
        [majority, majority, other],
        [other, ...Array<string>(20).fill(majority)],
      ]) {
        const { events } = readAll(lines.join('\n'))
        assert.equal(events.length, lines.length, other)
        const read = events[lines.indexOf(other)]
        assert.deepEqual(
          ['app', 'message', 'EventID', 'message_id', 'msgid', 'network:dest_port'].map((n) => read?.fields.get(n)),
          ['app', 'message', 'EventID', 'message_id', 'msgid', 'network:dest_port'].map((n) => alone?.fields.get(n)),
        )
        assert.equal(read?.time, alone?.time)
        // No other vendor's name.
        const vendor = (of: typeof read): string | undefined => of?.fields.get('#Vendor')
        assert.ok([undefined, vendor(alone)].includes(vendor(read)), `${other}: ${vendor(read)}`)
      }
    }
  })

test('a broken record of the format of the file, and a line without a head, are no messages of others', () => {
  const { events } = readAll([ASA, ASA, ASA, ASA.slice(0, 33), 'web1 sshd[811]: Failed password'].join('\n'))
  assert.equal(events.length, 3)
  const fortigate =
    'date=2026-03-02 time=10:00:05 devname="fw" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=10.1.1.5 dstip=203.0.113.7 action="close"'
  const { events: pairs } = readAll(
    [fortigate, fortigate, fortigate, '<38>Mar  2 10:00:06 fw app: x devid="FG1"'].join('\n'),
  )
  assert.equal(pairs.length, 3)
})

test('years 0 and 9999 are years; later ones are no stamps', () => {
  const { events } = readAll(
    '{"timestamp":"0000-01-01T00:00:00Z"}\n{"timestamp":"9999-12-31T23:59:59Z"}\n{"timestamp":"10000-01-01T00:00:00Z"}',
  )
  assert.deepEqual(
    events.map((e) => e.time),
    [-62167219200000000n, 253402300799000000n, undefined],
  )
})

test('10,000 values of one name: all are there', () => {
  const audit = Array.from(
    { length: 10_000 },
    (_, i) => `type=PATH msg=audit(1772445605.123:1): item=${i} name="/x${i}"`,
  ).join('\n')
  const format = recognise(audit.split('\n').slice(0, 9))[0]?.format
  const [first] = [...(format?.split?.(audit) ?? [])]
  const event = format?.reader({ zone: 'UTC', year: 2026 }, []).read(first?.record ?? '')
  assert.ok(event && isEvent(event))
  assert.equal(event.fields.get('name[9999]'), '/x9999')
})

test('a long line of any format takes time in proportion to its length', () => {
  const long = (begin: string, part: string): string => begin + part.repeat(200_000 / part.length)
  const lines = [
    long('RT_FLOW: RT_FLOW_SESSION_CLOSE: ', 'session closed x: 1/1->1/1 a '),
    long('Mon Mar  2 10:00:05 2026 1 h 1 ', 'b _ i r u '),
    long('msg_id="3000-0148" Allow ', 'a b 1 tcp 1 1 '),
    long('1772445605.123 1 a TCP_MISS/200 1 GET ', 'x y HIER/z '),
    long('x loguid:"', 'a:"b'),
    long('[pid 1] [', 'a] [pid 1] ['),
    long('2 111122223333 eni-0a1 ', 'x '),
    long('', '198.51.100.9 - - ['),
    long('type=AVC msg=audit(1772445605.123:1): ', "msg='a='b "),
    long('1772445605.25 MX84 flows ', 'a= '),
  ]
  for (const line of lines) {
    const begun = performance.now()
    readAll(line)
    assert.ok(performance.now() - begun < 3000, line.slice(0, 60))
  }
})
