import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorOf } from './actor.ts'

const told = (text: string): string => {
  const { user, src_ip, src_port } = actorOf(text)
  return [user, src_ip, src_port].map((v) => v ?? '-').join(' ')
}

const SENTENCES: readonly (readonly [text: string, told: string])[] = [
  [
    "authenticated for user 'ann'.   auth profile 'VPN', server address '10.0.0.9', From: 192.0.2.1.",
    'ann 192.0.2.1 -',
  ],
  [
    'failed authentication for user ann.lee. Reason: timed out. server address 10.0.0.9, From: 192.0.2.1.',
    'ann.lee 192.0.2.1 -',
  ],
  [
    "When authenticating user 'ann' from '192.0.2.1', a less secure method is used. Server Address '10.0.0.9'",
    'ann 192.0.2.1 -',
  ],
  ['User ann logged in via Web from 192.0.2.1 using https', 'ann 192.0.2.1 -'],
  ['authenticated for user ann7.   auth profile VPN, server address 10.0.0.9, From: 192.0.2.1.', 'ann7 192.0.2.1 -'],
  ['ldap cfg x connected to server 10.0.0.9:333, initiated by: 192.0.2.1', '- 192.0.2.1 -'],
  ['Content update job succeeded  for user admin', 'admin - -'],
  [
    'Authentication of SSLVPN user [ann@example.com@radius] from 192.0.2.1 was rejected',
    'ann@example.com@radius 192.0.2.1 -',
  ],
  [
    'SSL VPN user ann@example.com from 192.0.2.1 logged out assigned virtual IP is 10.9.0.4',
    'ann@example.com 192.0.2.1 -',
  ],
  ['WSM User <missing user name>@Firebox-DB from 192.0.2.1 log in attempt was rejected', '- 192.0.2.1 -'],
  [
    'RADIUS[374] Server IP=10.0.0.9 Server port=1812 Peer IP=192.0.2.1 Peer port=56735 User=ann: accepted. ',
    'ann 192.0.2.1 56735',
  ],
  [
    'Sess-ID[289] Peer IP=192.0.2.1 User[ann@example.com]: Successfully added DTLS tunnel',
    'ann@example.com 192.0.2.1 -',
  ],
  ["anyconnect_vpn_connect user id 'ann' local ip 10.9.0.4 connected from 192.0.2.1", 'ann 192.0.2.1 -'],
  ['Group <G> User <ann> IP <192.0.2.1> AnyConnect session lost connection.', 'ann 192.0.2.1 -'],
  [
    "User 'ann' login, class 'j-ids' [54999], ssh-connection '192.0.2.1 40382 10.0.0.9 22', client-mode 'cli'",
    'ann 192.0.2.1 40382',
  ],
  ['Failed password for user ann from 192.0.2.1 port 60002 ssh2', 'ann 192.0.2.1 60002'],
  ['ssh(192.0.2.1)', '- 192.0.2.1 -'],
  ['Failed password for user ann from 999.999.999.999 port 60002 ssh2', 'ann - -'],
  ['Failed password for user ann from 192.0.2.256 port 60002 ssh2', 'ann - -'],
  ['Failed password for user ann from 255.249.199.0 port 60002 ssh2', 'ann 255.249.199.0 60002'],
  ['login from 2001:db8::1 for user ann', 'ann 2001:db8::1 -'],
  [
    'GlobalProtect gateway user authentication succeeded. Login from: 192.0.2.1, User name: example\\ann lee, Client OS version: Windows',
    'example\\ann lee 192.0.2.1 -',
  ],
  ['gateway user login succeeded. User name: ann, Private IP: 10.9.0.4, Client version: 5.2', 'ann - -'],
  ["failed authentication for user 'o'neil'.  Reason: timed out. From: 192.0.2.1.", "o'neil 192.0.2.1 -"],
  ["SSL VPN user o'neil@example.com from 192.0.2.1 logged in", "o'neil@example.com 192.0.2.1 -"],
  // Words that a sentence has behind `user` begin names, too.
  ['User role-admin logged in via CLI from 192.0.2.1', 'role-admin 192.0.2.1 -'],
  ['User is.lee logged in via CLI from 192.0.2.1', 'is.lee 192.0.2.1 -'],
  ['DHCPACK on 10.0.2.52 to 00:01:21:30:0f:a0 via vlan2', '- 10.0.2.52 -'],
  ['DHCPREQUEST for 10.0.2.52 from 00:01:21:30:0f:a0 (Lab001) via vlan2', '- 10.0.2.52 -'],
  // These name no user and no address.
  ['User authentication failed because the user database is not reachable', '- - -'],
  ['Content package upgraded from version 8671-7826 to 8676-7858', '- - -'],
  ['upgrade from 10.1.2.3.4 to 10.1.2.3.5', '- - -'],
  ['User group mapping was refreshed from the server', '- - -'],
  ['restarted at 12:30:05 from 12:30:01', '- - -'],
]
for (const [text, expected] of SENTENCES) test(text, () => assert.equal(told(text), expected))

test('a long text takes no time', () => {
  for (const text of [
    'user '.repeat(20_000),
    'from '.repeat(20_000),
    `user ${'a.'.repeat(50_000)}`,
    'User='.repeat(20_000),
  ]) {
    const began = process.cpuUsage().user
    actorOf(text)
    assert.ok(process.cpuUsage().user - began < 2_000_000, text.slice(0, 20))
  }
})
