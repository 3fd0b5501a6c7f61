// Logins and changes of administrators and tunnels: user and address are in the words of the message, or under names that traffic does not have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_CONNECTION, facts, readAll } from '../read-lines-fixture.ts'

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
})
