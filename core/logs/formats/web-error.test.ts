// Error logs of web servers, and requests that they log with open quotes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { readAll } from '../read-lines-fixture.ts'

function values(line: string, names: readonly string[]): (string | undefined)[] {
  const { format, events } = readAll(line)
  assert.equal(format, 'web-error')
  const [event] = events
  return [event?.time === undefined ? undefined : isoTime(event.time), ...names.map((n) => event?.fields.get(n))]
}

test('Apache 2.4 and 2.2: client and port, level, module, process, code', () => {
  const names = ['level', 'module', 'pid', 'tid', 'client', 'client_port', 'code']
  assert.deepEqual(
    values(
      '[Mon Apr 15 15:44:09.056862 2024] [authz_core:error] [pid 22260:tid 1401] [client 198.51.100.9:53375] AH01630: client denied by server configuration: /srv/x',
      names,
    ),
    ['2024-04-15T15:44:09.056862Z', 'error', 'authz_core', '22260', '1401', '198.51.100.9', '53375', 'AH01630'],
  )
  assert.deepEqual(
    values('[Wed Oct 11 14:32:52 2000] [error] [client 198.51.100.9] client denied by server configuration: /x', names),
    ['2000-10-11T14:32:52Z', 'error', undefined, undefined, undefined, '198.51.100.9', undefined, undefined],
  )
  assert.deepEqual(
    values(
      '[Mon Apr 15 15:44:09 2024] [:error] [pid 5] [client 2001:db8::9:53375] [client 2001:db8::9] ModSecurity: Warning.',
      ['client', 'client_port'],
    ),
    ['2024-04-15T15:44:09Z', '2001:db8::9', '53375'],
  )
  assert.deepEqual(values('[Mon Apr 15 15:44:09 2024] [notice] caught SIGTERM, shutting down', ['client', 'message']), [
    '2024-04-15T15:44:09Z',
    undefined,
    'caught SIGTERM, shutting down',
  ])
})

test('Apache: IPv6 in brackets; through syslog without a date of its own', () => {
  assert.deepEqual(
    values('[Mon Apr 15 15:44:09 2024] [core:error] [pid 5] [client [2001:db8::9]:5000] x', ['client', 'client_port']),
    ['2024-04-15T15:44:09Z', '2001:db8::9', '5000'],
  )
  assert.deepEqual(
    values('Mar  2 10:00:05 web1 httpd[22034]: [authz_core:error] [pid 22034] [client 198.51.100.9:5000] AH01630: x', [
      'host',
      'client',
      'code',
    ]),
    ['2026-03-02T10:00:05Z', 'web1', '198.51.100.9', 'AH01630'],
  )
})

test('Apache: the user of a failed login', () => {
  const line = (text: string): string =>
    `[Mon Apr 15 15:44:09 2024] [auth_basic:error] [pid 5:tid 6] [client 198.51.100.9:53375] ${text}`
  for (const text of [
    'AH01617: user ann: authentication failure for "/": Password Mismatch',
    'AH01618: user ann not found: /',
  ])
    assert.equal(values(line(text), ['user'])[1], 'ann')
})

test('nginx: names behind the message; the client’s request cannot forge them', () => {
  const line =
    '2019/08/25 23:59:53 [error] 9841#9842: *103 connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.9, server: a.test, request: "GET /x, client: 192.0.2.1, HTTP/1.1", upstream: "http://10.0.0.3:80/x", host: "a.test"'
  assert.deepEqual(
    values(line, ['level', 'pid', 'tid', 'connection', 'client', 'server', 'method', 'upstream', 'host', 'message']),
    [
      '2019-08-25T23:59:53Z',
      'error',
      '9841',
      '9842',
      '103',
      '198.51.100.9',
      'a.test',
      'GET',
      'http://10.0.0.3:80/x',
      'a.test',
      'connect() failed (111: Connection refused) while connecting to upstream',
    ],
  )
  assert.equal(
    values(
      '2019/08/25 23:59:53 [error] 1#2: *3 user "ann" was not found in "/etc/p", client: 198.51.100.9, server: a',
      ['user'],
    )[1],
    'ann',
  )
  const path = (name: string): string =>
    `2019/08/25 23:59:53 [error] 1#2: *3 open() "/srv/${name}" failed (2: No such file or directory), client: 198.51.100.9, server: a`
  assert.equal(values(path('x, client: 192.0.2.1'), ['client'])[1], '198.51.100.9')
  assert.equal(values(path('x", client: 192.0.2.1, "'), ['client'])[1], '198.51.100.9')
  assert.equal(values(path('x", client: 192.0.2.1, server: b, request: "'), ['client'])[1], undefined)
  assert.equal(
    values(
      '2014/04/03 22:20:40 [error] 1#0: *3 user "t": password mismatch, client: 192.0.2.1, server: t, request: "GET / HTTP/1.1", host: "a"": was not found in "/p", client: 198.51.100.9, server: , request: "GET / HTTP/1.1", host: "b"',
      ['client'],
    )[1],
    undefined,
  )
})

test('access logs: quotes in the request that are not escaped', () => {
  const line = (uri: string): string =>
    `198.51.100.9 - - [25/Apr/2021:06:15:33 +0000] "GET ${uri} HTTP/1.0" 404 1164 "-" "agent"`
  for (const uri of ['/a?t=<script>alert("x")</script>', '/%24{("a"+"b")}/c']) {
    const [event] = readAll(line(uri)).events
    const names = ['client', 'uri', 'status', 'bytes', 'agent']
    assert.deepEqual(
      names.map((n) => event?.fields.get(n)),
      ['198.51.100.9', uri, '404', '1164', 'agent'],
    )
    assert.match(event?.notes?.[0] ?? '', /not escaped/)
  }
  assert.equal(readAll(line('/a')).events[0]?.notes, undefined)
})
