// Logins and changes of administrators and tunnels: user and address are in the words of the message, or under names that traffic does not have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_CONNECTION, facts, readAll } from '../read-lines-fixture.ts'
import { formatNamed } from '../registry.ts'

/** User and address under the given names; no such record is a connection. */
function actor(line: string, user: string, address: string): string {
  const { format, events } = readAll(line)
  assert.equal(facts(events[0]), NO_CONNECTION)
  return [format, events[0]?.fields.get(user) ?? '-', events[0]?.fields.get(address) ?? '-'].join(' ')
}

test('PAN-OS: SYSTEM in its text, CONFIG and GLOBALPROTECT in other columns', () => {
  const system = (text: string): string =>
    `1,2026/03/02 10:00:05,0123,SYSTEM,auth,2561,2026/03/02 10:00:05,,auth-fail,VPN,0,0,general,medium,"${text}",7439,0x0,0,0,0,0,,FW1,0,0,2026-03-02T10:00:05.851+01:00`
  assert.equal(
    actor(
      system("failed authentication for user 'ann'. server address '10.0.0.9', From: 198.51.100.9."),
      'src_user',
      'src_ip',
    ),
    'panos ann 198.51.100.9',
  )
  assert.equal(actor(system('Auto update agent found no new content.'), 'src_user', 'src_ip'), 'panos - -')
  const config =
    '1,2026/03/02 10:00:05,0123,CONFIG,0,2561,2026/03/02 10:00:05,10.0.0.8,,set,ann,Web,Succeeded,network interface,1234,0x0,0,0,0,0,,FW1'
  assert.equal(actor(config, 'src_user', 'src_ip'), 'panos ann 10.0.0.8')
  const gateway =
    '1,2026/03/02 10:00:05,0123,GLOBALPROTECT,0,2562,2026/03/02 10:00:05,vsys1,gateway-auth,login,,,example\\ann,DE,PC1,198.51.100.9,0.0.0.0,10.9.0.4,0.0.0.0,id,sn,6.0.4,Windows,"Microsoft Windows 10 , 64-bit",1,,,,success,,0,,0,GW,5,0x80'
  assert.equal(actor(gateway, 'src_user', 'src_ip'), 'panos example\\ann 198.51.100.9')
  assert.equal(
    actor(gateway.replace('198.51.100.9,0.0.0.0', '0.0.0.0,2001:db8::9'), 'source.user.name', 'source.ip'),
    'panos example\\ann 2001:db8::9',
  )
})

test('PAN-OS as JSON: the same under the names of Next-Gen SIEM', () => {
  const of = (o: object): string =>
    actor(JSON.stringify({ LogType: 'SYSTEM', Subtype: 'auth', DeviceSN: '1', ...o }), 'user.name', 'source.ip')
  assert.equal(
    of({ EventDescription: "authenticated for user 'ann'.   From: 198.51.100.9." }),
    'panos-json ann 198.51.100.9',
  )
  assert.equal(
    of({ LogType: 'GLOBALPROTECT', SourceUserName: 'ann', PublicIPv4: '198.51.100.9', PublicIPv6: '' }),
    'panos-json ann 198.51.100.9',
  )
})

test('WatchGuard, Meraki, ASA: the words of the message', () => {
  assert.equal(
    actor(
      'LEEF:1.0|WatchGuard|XTM|12.10|11000004|serial=AB\tmsg=Authentication of SSLVPN user [ann@example.test] from 198.51.100.9 was accepted',
      'user',
      'src_ip',
    ),
    'leef ann@example.test 198.51.100.9',
  )
  assert.equal(
    actor(
      "1772445605.8 MX events anyconnect_vpn_connect user id 'ann' local ip 10.9.0.4 connected from 198.51.100.9",
      'user',
      'src_ip',
    ),
    'meraki ann 198.51.100.9',
  )
  assert.equal(
    actor(
      "1772445605.8 MX events type=vpn_registry_change vpn_type='site-to-site' peer_contact='198.51.100.9:51856' connectivity='true'",
      'src_port',
      'src_ip',
    ),
    'meraki 51856 198.51.100.9',
  )
  assert.equal(
    actor("1772445605.8 AP events type=8021x_auth port='' identity='ann@example.test' aid='1'", 'user', 'src_ip'),
    'meraki ann@example.test -',
  )
  assert.equal(
    actor(
      'Mar 02 2026 10:00:05: %ASA-6-722099: Group <G> User <ann> IP <198.51.100.9> A new message of a tunnel.',
      'user',
      'src_ip',
    ),
    'asa ann 198.51.100.9',
  )
  assert.equal(actor('Group <G> User <ann> IP <198.51.100.9> Session lost.', 'user', 'src_ip'), 'asa ann 198.51.100.9')
})

test('the server that a message names is the destination', () => {
  const to = (line: string, ip: string, port: string): string => {
    const { format, events } = readAll(line)
    assert.equal(facts(events[0]), NO_CONNECTION)
    return [format, events[0]?.fields.get(ip) ?? '-', events[0]?.fields.get(port) ?? '-'].join(' ')
  }
  const system = (text: string): string =>
    `1,2026/03/02 10:00:05,0123,SYSTEM,auth,2561,2026/03/02 10:00:05,,auth-fail,VPN,0,0,general,medium,"${text}",7439,0x0,0,0,0,0,,FW1,0,0,2026-03-02T10:00:05.851+01:00`
  for (const [text, expected] of [
    [
      "failed authentication for user 'ann'. server profile 'R', server address '10.0.0.9', From: 198.51.100.9.",
      '10.0.0.9 -',
    ],
    ['ldap cfg ann connected to server 10.0.0.9:636, initiated by: 198.51.100.9', '10.0.0.9 636'],
    ['Successfully connect to address: 203.0.113.9 port: 3978, conn id: a-203.0.113.9-2-def', '203.0.113.9 3978'],
    ["authenticated for user 'ann'. server profile 'R', From: 198.51.100.9.", '- -'],
  ] as const) {
    assert.equal(to(system(text), 'destination.ip', 'destination.port'), `panos ${expected}`)
    const json = JSON.stringify({ LogType: 'SYSTEM', Subtype: 'auth', DeviceSN: '1', EventDescription: text })
    assert.equal(to(json, 'destination.ip', 'destination.port'), `panos-json ${expected}`)
  }
  assert.equal(
    to(
      "1772445605.8 MX events type=anyconnect_vpn_auth_failure msg= 'RADIUS[3] Server IP=10.0.0.9 Server port=1812 Peer IP=198.51.100.9 Peer port=56735: rejected. '",
      'dest_ip',
      'dest_port',
    ),
    'meraki 10.0.0.9 1812',
  )
  assert.equal(
    to(
      "1772445605.8 MX events content_filtering_block url='https://a.test/' server='203.0.113.9:443'",
      'dest_ip',
      'dest_port',
    ),
    'meraki 203.0.113.9 443',
  )
  assert.equal(
    to(
      'Mar 02 2026 10:00:05: %ASA-6-113004: AAA user authentication Successful : server = 10.0.0.9 : user = ann',
      'destination.ip',
      'destination.port',
    ),
    'asa 10.0.0.9 -',
  )
  assert.equal(
    to(
      "<38>Mar  2 10:00:05 srx-1 mgd[5]: UI_LOGIN_EVENT: User 'ann' login, class 'j-ids' [5], ssh-connection '198.51.100.9 40382 10.0.0.9 22', client-mode 'cli'",
      'dest_ip',
      'dest_port',
    ),
    'junos 10.0.0.9 22',
  )
})

test('ASA: a port in a sentence stands where the search in bytes looks for it', () => {
  const before = formatNamed('asa')?.plain?.before
  for (const words of [
    'from 198.51.100.9:6000',
    'from 198.51.100.9 port 6000',
    'Peer IP=198.51.100.9 Peer port=6000',
  ]) {
    const line = `Mar 02 2026 10:00:05: %ASA-6-799099: Login of user ann ${words} refused by server 10.0.0.9:636`
    const [event] = readAll(line).events
    for (const [name, port] of [
      ['src_port', '6000'],
      ['dest_port', '636'],
    ] as const) {
      assert.equal(event?.fields.get(name), port, words)
      assert.match(line, new RegExp(`(?:${before?.(name)})${port}(?![\\w.])`), words)
    }
  }
})

test('CEF: FortiGate’s user is the one of the session, or the one known from elsewhere; SonicWall’s translated addresses', () => {
  const user = (extension: string): string | undefined =>
    readAll(
      `CEF:0|Fortinet|Fortigate|v7.2|13|traffic:forward close|3|src=10.0.0.5 spt=5000 dst=198.51.100.9 dpt=443 act=close ${extension}`,
    ).events[0]?.fields.get('network:user')
  assert.deepEqual(
    [user('duser=ann'), user('FTNTFGTunauthuser=bob'), user('FortinetFortiGateunauthuser=bob'), user('out=1')],
    ['ann', 'bob', 'bob', undefined],
  )
  const line =
    'CEF:0|SonicWall|NSa 4500|7.0|98|Connection Opened|4|src=10.0.0.5 spt=5000 cs1Label=192.0.2.7 snpt=6000 dst=198.51.100.9 dpt=443 cs2Label=198.51.100.9 proto=tcp/https cs3Label=PC fw_action="NA"'
  const [event] = readAll(line).events
  assert.equal(event?.fields.get('network:nat_src_ip'), '192.0.2.7')
  assert.equal(readAll(line.replace('192.0.2.7', 'WORKSTATION')).events[0]?.fields.get('network:nat_src_ip'), undefined)
})

test('SonicWall: events that are no connection have their ends under the names of Next-Gen SIEM', () => {
  const line =
    '<134> id=firewall sn=0006B127B660 time="2026-03-02 10:00:05" fw=10.0.0.1 pri=6 c=32 gcat=3 m=1154 msg="Application Control Detection Alert" src=10.0.0.5:5000:X0 dst=198.51.100.9:443:X1 proto=tcp/https in=1240 out=77 fw_action="NA"'
  const [event] = readAll(line).events
  const names = [
    'source.ip',
    'source.port',
    'destination.ip',
    'destination.port',
    'network.transport',
    'source.bytes',
    'destination.bytes',
    'network.bytes',
  ]
  assert.deepEqual(
    names.map((n) => event?.fields.get(n)),
    ['10.0.0.5', '5000', '198.51.100.9', '443', 'tcp', '77', '1240', '1317'],
  )
  const gateway = line.replace('pri=6', 'vp_time="2026-03-02 08:00:05 UTC" pri=6')
  assert.equal(readAll(gateway).events[0]?.time, 1772438405000000n)
})

test('CEF and LEEF: the words count only where the record has no such name', () => {
  const line = 'CEF:0|V|P|1|7|login|3|suser=ann src=198.51.100.9 msg=User bob logged in from 192.0.2.1'
  const { events } = readAll(line)
  assert.deepEqual([events[0]?.fields.get('user'), events[0]?.fields.get('src_ip')], [undefined, undefined])
})

test('Junos: logins and commands', () => {
  const line = (text: string): string => `<38>Mar  2 10:00:05 srx-1 mgd[94759]: ${text}`
  assert.equal(
    actor(
      line(
        "UI_LOGIN_EVENT: User 'ann' login, class 'j-ids' [5], ssh-connection '198.51.100.9 40382 10.0.0.9 22', client-mode 'cli'",
      ),
      'user',
      'src_ip',
    ),
    'junos ann 198.51.100.9',
  )
  assert.equal(
    actor(line("UI_CMDLINE_READ_LINE: User 'ann', command 'show version '"), 'user', 'src_ip'),
    'junos ann -',
  )
  const structured =
    '<38>1 2026-03-02T10:00:05.000Z srx-1 sshd 94759 SSHD_LOGIN_FAILED [junos@2636.1.1.1.2.29 username="ann" source-address="198.51.100.9" note="a ] \\"b"]'
  const words = " Login failed for user 'ann' from host '198.51.100.9'"
  for (const text of [structured, structured + words])
    assert.equal(actor(text, 'username', 'source-address'), 'junos ann 198.51.100.9')
  for (const end of [1, 8, 40])
    assert.equal(readAll(`${structured}\n${structured.slice(0, -end)}`).events.length, 1, `without ${end} characters`)
})

test('CEF of UniFi: the time is that of its own name', () => {
  const line = 'CEF:0|Ubiquiti|UniFi Network|9.4|544|Admin|1|src=198.51.100.9 UNIFIutcTime=2026-03-02T10:00:05.445Z'
  assert.equal(readAll(line).events[0]?.time, 1772445605445000n)
})

test('FortiGate: events about tunnels and administrators under the names of Next-Gen SIEM', () => {
  const line = (rest: string): string =>
    `date=2026-03-02 time=10:00:05 devname="F" devid="FG1" logid="0101039426" type="event" subtype="vpn" level="alert" vd="root" user="ann" ${rest}`
  assert.equal(
    actor(line('remip=198.51.100.9 action="ssl-login-fail"'), 'user.name', 'source.ip'),
    'fortigate ann 198.51.100.9',
  )
  assert.equal(
    actor(line('ui="ssh(198.51.100.9)" action="Edit"'), 'user.name', 'source.ip'),
    'fortigate ann 198.51.100.9',
  )
  assert.equal(actor(line('ui="console" action="Edit"'), 'user.name', 'source.ip'), 'fortigate ann -')
  assert.equal(
    actor(line('dhcp_msg="Ack" mac="00:00:5e:00:53:01" ip=10.0.0.77 hostname="PC"'), 'user.name', 'source.ip'),
    'fortigate ann 10.0.0.77',
  )
  assert.equal(actor(line('ip=10.0.0.77 action="Edit"'), 'user.name', 'source.ip'), 'fortigate ann -')
})
