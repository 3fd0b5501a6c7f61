// Logs of servers and of the Linux audit system, in the forms that they write, with made-up names and addresses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import type { Event } from '../format.ts'
import { isEvent, recognise } from '../registry.ts'

function read(text: string, zone = 'UTC'): { format: string | undefined; events: readonly Event[]; bad: number } {
  const lines = text.split('\n')
  const format = recognise(lines)[0]?.format
  const reader = format?.reader({ zone, year: 2026 }, lines)
  const records = format?.split ? [...format.split(text)].map((r) => r.record) : lines
  const results = records.map((r) => reader?.read(r) ?? { bad: '' })
  return { format: format?.name, events: results.filter(isEvent), bad: results.filter((r) => 'bad' in r).length }
}
const time = (e: Event | undefined): string | undefined => (e?.time === undefined ? undefined : isoTime(e.time))
const values = (e: Event | undefined, ...names: readonly string[]): (string | undefined)[] =>
  names.map((n) => e?.fields.get(n))

test('vsftpd: transfers, logins, commands; names of files may have quotes and blanks', () => {
  const { format, events, bad } = read(
    [
      'Mon Mar  2 10:00:05 2026 [pid 2] CONNECT: Client "::ffff:198.51.100.9"',
      'Mon Mar  2 10:00:06 2026 [pid 1] [u1] FAIL LOGIN: Client "198.51.100.9"',
      'Mon Mar  2 10:00:07 2026 [pid 3] [u1] OK UPLOAD: Client "198.51.100.9", "/home/u1/a "b", c.txt", 12582912 bytes, 5.29Kbyte/sec',
      'Mon Mar  2 10:00:08 2026 [pid 3] [u1] FTP command: Client "198.51.100.9", "RETR x"',
    ].join('\n'),
  )
  assert.deepEqual([format, events.length, bad], ['vsftpd', 4, 0])
  assert.deepEqual(values(events[0], 'operation', 'client', 'pid'), ['CONNECT', '198.51.100.9', '2'])
  assert.deepEqual(values(events[1], 'status', 'operation', 'user'), ['FAIL', 'LOGIN', 'u1'])
  assert.deepEqual(values(events[2], 'operation', 'file', 'bytes', 'rate'), [
    'UPLOAD',
    '/home/u1/a "b", c.txt',
    '12582912',
    '5.29',
  ])
  assert.deepEqual(values(events[3], 'command'), ['RETR x'])
  assert.equal(time(events[2]), '2026-03-02T10:00:07Z')
})

test('xferlog: columns are found from both ends, since names may have blanks; times are by the server’s clock', () => {
  const { format, events } = read(
    [
      'Mon Mar  2 10:00:05 2026 1 198.51.100.9 12582912 /home/u1/my file.txt b _ i r u1 ftp 0 * c',
      'Mon Mar  2 10:00:06 2026 60 ::ffff:198.51.100.9 0 /pub/x b _ o a mozilla@example.test ftp 0 * i',
      'Mon Mar  2 10:00:07 2026 0 198.51.100.9 3 /a.jpg a _ d r u1 sftp 1 u1',
      // Blanks as pages and editors change them.
      'Mon Mar 2 10:00:08 2026 0 198.51.100.9 3  /b.jpg a _ i r u1 ftp 0 * c',
    ].join('\n'),
    'Europe/Berlin',
  )
  assert.deepEqual([format, events.length], ['xferlog', 4])
  assert.deepEqual(values(events[0], 'filename', 'file-size', 'direction', 'username', 'completion-status'), [
    '/home/u1/my file.txt',
    '12582912',
    'i',
    'u1',
    'c',
  ])
  assert.equal(time(events[0]), '2026-03-02T09:00:05Z')
  assert.deepEqual(values(events[1], 'remote-host', 'completion-status'), ['198.51.100.9', 'i'])
  assert.deepEqual(values(events[2], 'direction', 'completion-status'), ['d', undefined])
  assert.deepEqual([time(events[3]), ...values(events[3], 'filename')], ['2026-03-02T09:00:08Z', '/b.jpg'])
})

test('vsftpd and xferlog behind a syslog head: the fields of the line are there too', () => {
  const own = read(
    '<30>Mar  2 10:00:07 ftp1 vsftpd[77]: [u1] OK UPLOAD: Client "198.51.100.9", "/home/u1/a", 5 bytes, 5.29Kbyte/sec',
  )
  assert.deepEqual([own.format, time(own.events[0])], ['vsftpd', '2026-03-02T10:00:07Z'])
  assert.deepEqual(values(own.events[0], 'operation', 'file', 'host', 'app', 'pid', 'facility', 'severity'), [
    'UPLOAD',
    '/home/u1/a',
    'ftp1',
    'vsftpd',
    '77',
    'daemon',
    'info',
  ])
  const timed = read(
    'Mar  2 10:00:09 ftp1 vsftpd: Sun Mar  2 10:00:05 2025 [pid 5] [u1] OK LOGIN: Client "198.51.100.9"',
  )
  assert.deepEqual(
    [time(timed.events[0]), ...values(timed.events[0], 'host', 'user')],
    ['2025-03-02T10:00:05Z', 'ftp1', 'u1'],
  )
  const transfer = read(
    '<94>Mar  2 10:00:09 ftp1 vsftpd: Mon Mar  2 10:00:05 2026 1 198.51.100.9 5 /home/u1/my: file.txt b _ i r u1 ftp 0 * c',
  )
  assert.deepEqual([transfer.format, time(transfer.events[0])], ['xferlog', '2026-03-02T10:00:05Z'])
  assert.deepEqual(values(transfer.events[0], 'filename', 'remote-host', 'host', 'app', 'facility'), [
    '/home/u1/my: file.txt',
    '198.51.100.9',
    'ftp1',
    'vsftpd',
    'ftp',
  ])
})

test('access logs: common, combined, behind a virtual host, with more columns', () => {
  const cases: readonly (readonly [line: string, ...expected: (string | undefined)[]])[] = [
    [
      '198.51.100.9 - ann [02/Mar/2026:10:00:05 +0100] "GET /a.php?c=id HTTP/1.0" 200 2326',
      'ann',
      'GET',
      '/a.php',
      'c=id',
      '200',
      undefined,
    ],
    [
      '198.51.100.9 - - [02/Mar/2026:10:00:05 +0100] "POST / HTTP/1.1" 404 - "-" "curl/8 \\"x\\""',
      undefined,
      'POST',
      '/',
      undefined,
      '404',
      'curl/8 "x"',
    ],
    [
      'www.example.test:443 2001:db8::9 - john doe [02/Mar/2026:10:00:05 +0100] "GET /x HTTP/1.1" 200 5 "https://r.test/" "M/5.0" "1.2.3.4" 0.010',
      'john doe',
      'GET',
      '/x',
      undefined,
      '200',
      'M/5.0',
    ],
    [
      '198.51.100.9 - - [02/Mar/2026:10:00:05 +0100] "\\x16\\x03" 400 150 "-" "-"',
      undefined,
      undefined,
      undefined,
      undefined,
      '400',
      undefined,
    ],
  ]
  for (const [line, ...expected] of cases) {
    const { format, events } = read(line)
    assert.deepEqual(
      [format, ...values(events[0], 'user', 'method', 'path', 'query', 'status', 'agent')],
      ['access-log', ...expected],
      line,
    )
    assert.equal(time(events[0]), '2026-03-02T09:00:05Z')
  }
})

test('Pure-FTPd: uploads and downloads in the form of web servers and in its own', () => {
  const names = ['client', 'user', 'operation', 'file', 'bytes', 'cs-bytes', 'sc-bytes', 'duration'] as const
  const web = read(
    [
      '198.51.100.9 - ann [02/Mar/2026:10:00:05 -0000] "PUT /home/ann/a%20b.txt" 200 3000000',
      '198.51.100.9 - ann [02/Mar/2026:10:00:06 -0000] "GET /home/ann/a%20b.txt" 200 7',
    ].join('\n'),
  )
  assert.deepEqual([web.format, time(web.events[0])], ['pure-ftpd', '2026-03-02T10:00:05Z'])
  assert.deepEqual(values(web.events[0], ...names), [
    '198.51.100.9',
    'ann',
    'PUT',
    '/home/ann/a%20b.txt',
    '3000000',
    '3000000',
    undefined,
    undefined,
  ])
  assert.deepEqual(values(web.events[1], 'operation', 'cs-bytes', 'sc-bytes'), ['GET', undefined, '7'])
  const own = read(
    [
      '1772445605 6b0d5aaa.2dc8 ann 198.51.100.9 U 3000000 4 /home/ann/a b.txt',
      '1772445606 6b0d5aaa.2dc8 ann 2001:db8::9 D 7 0 /home/ann/a b.txt',
    ].join('\n'),
  )
  assert.deepEqual([own.format, time(own.events[0])], ['pure-ftpd', '2026-03-02T10:00:05Z'])
  assert.deepEqual(values(own.events[0], ...names), [
    '198.51.100.9',
    'ann',
    'U',
    '/home/ann/a b.txt',
    '3000000',
    '3000000',
    undefined,
    '4',
  ])
  assert.deepEqual(values(own.events[1], 'client', 'cs-bytes', 'sc-bytes'), ['2001:db8::9', undefined, '7'])
})

test('Pure-FTPd: the session in its own form may be any text without blanks', () => {
  const { format, events } = read('1767607200 17676072001a2b bob 1.2.3.4 U 1234 1 /home/bob/my file')
  assert.deepEqual(
    [format, ...values(events[0], 'session', 'user', 'client', 'cs-bytes', 'file')],
    ['pure-ftpd', '17676072001a2b', 'bob', '1.2.3.4', '1234', '/home/bob/my file'],
  )
})

test('Pure-FTPd through syslog: messages have its names and those of the line', () => {
  const { format, events, bad } = read(
    [
      'Jan  5 10:00:01 ftp pure-ftpd: (?@1.2.3.4) [INFO] bob is now logged in',
      'Jan  5 10:00:02 ftp pure-ftpd: (bob@1.2.3.4) [NOTICE] /home/bob//my file (1).txt uploaded  (1234 bytes, 12.34KB/sec)',
      '<93>Jan  5 10:00:03 ftp pure-ftpd[7]: (bob@example.test@host.example.test) [NOTICE] /srv/a uploaded  (1 bytes, 2KB/sec) downloaded  (0 bytes, 0.00KB/sec)',
      '<93>1 2026-01-05T10:00:04Z ftp pure-ftpd 7 - - (ann@2001:db8::9) [NOTICE] /srv/b downloaded  (5 bytes, 1.00KB/sec)',
      'Jan  5 10:00:05 ftp other: (bob@1.2.3.4) [NOTICE] /srv/c uploaded  (1234 bytes, 12.34KB/sec)',
    ].join('\n'),
  )
  const names = ['user', 'client', 'operation', 'file', 'bytes', 'cs-bytes', 'sc-bytes', 'rate', 'host', 'app'] as const
  assert.deepEqual([format, events.length, bad], ['syslog', 5, 0])
  assert.deepEqual(values(events[0], 'user', 'client', 'level', 'message'), [
    ...['bob', '1.2.3.4', 'INFO'],
    '(?@1.2.3.4) [INFO] bob is now logged in',
  ])
  assert.deepEqual(
    [time(events[1]), ...values(events[1], ...names, '_sourceCategory', 'message')],
    [
      '2026-01-05T10:00:02Z',
      ...['bob', '1.2.3.4', 'uploaded', '/home/bob//my file (1).txt', '1234', '1234', undefined, '12.34', 'ftp'],
      ...['pure-ftpd', 'app/ftp/pure-ftpd'],
      '(bob@1.2.3.4) [NOTICE] /home/bob//my file (1).txt uploaded  (1234 bytes, 12.34KB/sec)',
    ],
  )
  assert.deepEqual(values(events[2], ...names, 'pid', 'severity'), [
    ...['bob@example.test', 'host.example.test', 'downloaded', '/srv/a uploaded  (1 bytes, 2KB/sec)', '0'],
    ...[undefined, '0', '0.00', 'ftp', 'pure-ftpd', '7', 'notice'],
  ])
  assert.deepEqual(
    [time(events[3]), ...values(events[3], 'user', 'client', 'file')],
    ['2026-01-05T10:00:04Z', 'ann', '2001:db8::9', '/srv/b'],
  )
  assert.deepEqual(values(events[4], 'user', 'app'), [undefined, 'other'])
})

test('ProFTPD: logins with client and user, with or without a colon behind the process', () => {
  const { format, events } = read(
    [
      'Jan  7 18:26:02 ftp proftpd[80283]: 10.0.0.9 (198.51.100.9[198.51.100.9]) - USER ann: no such user found from 198.51.100.9 [198.51.100.9] to 10.0.0.9:21',
      'Jan  7 18:26:03 ftp proftpd[80283]: 10.0.0.9 (client.example[::ffff:198.51.100.9]) - USER ann lee: Login successful.',
      '2026-01-07 18:26:04,124 ftp proftpd[80284] localhost (2001:db8::9[2001:db8::9]): USER bob (Login failed): Incorrect password',
      '2026-01-07 18:26:05,124 ftp proftpd[80284] localhost (2001:db8::9[2001:db8::9]): FTP session closed.',
      'Jan  7 18:26:06 ftp proftpd[80285]: 10.0.0.9 (198.51.100.9[198.51.100.9]) - ANON anonymous: Login successful.',
      'Jan  7 18:26:07 ftp proftpd[80286]: 10.0.0.9 (198.51.100.9[198.51.100.9]) - SECURITY VIOLATION: root login attempted.',
    ].join('\n'),
  )
  assert.equal(format, 'syslog')
  const names = ['client', 'user', 'text', 'server', 'port', 'host', 'pid'] as const
  assert.deepEqual(
    events.map((e) => [time(e), ...values(e, ...names)].map((v) => v ?? '-').join(' | ')),
    [
      '2026-01-07T18:26:02Z | 198.51.100.9 | ann | no such user found from 198.51.100.9 [198.51.100.9] to 10.0.0.9:21 | 10.0.0.9 | 21 | ftp | 80283',
      '2026-01-07T18:26:03Z | 198.51.100.9 | ann lee | Login successful. | - | - | ftp | 80283',
      '2026-01-07T18:26:04.124Z | 2001:db8::9 | bob | (Login failed): Incorrect password | - | - | ftp | 80284',
      '2026-01-07T18:26:05.124Z | 2001:db8::9 | - | FTP session closed. | - | - | ftp | 80284',
      '2026-01-07T18:26:06Z | 198.51.100.9 | anonymous | Login successful. | - | - | ftp | 80285',
      '2026-01-07T18:26:07Z | 198.51.100.9 | root | SECURITY VIOLATION: root login attempted. | - | - | ftp | 80286',
    ],
  )
})

test('a web server’s PUT has a version of HTTP; requests with GET and none are a web server’s, unless uploads are among them', () => {
  const line = '198.51.100.9 - - [02/Mar/2026:10:00:05 +0000] "PUT /a HTTP/1.1" 200 5'
  assert.equal(read(line).format, 'access-log')
  assert.equal(read(line.replace('PUT /a HTTP/1.1', 'GET /a')).format, 'access-log')
})

test('Pure-FTPd’s W3C log: an upload’s bytes stay where the log has them, with a note', () => {
  const { format, events } = read(
    [
      '#Software: Pure-FTPd 1.0.50',
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs-username sc-bytes',
      '2026-03-02 10:00:05 198.51.100.9 []created /home/ann/a 226 ann 3000000',
      '2026-03-02 10:00:06 198.51.100.9 []sent /home/ann/a 226 ann 7',
    ].join('\n'),
  )
  assert.equal(format, 'w3c')
  assert.deepEqual(values(events[0], 'sc-bytes', 'cs-bytes'), ['3000000', undefined])
  assert.match(events[0]?.notes?.[0] ?? '', /^sc-bytes is what the client sent/)
  assert.equal(events[1]?.notes, undefined)
})

test('access logs: the address in front is the client, also where the name of the user has a blank', () => {
  const { events } = read('198.51.100.9 - ann lee [02/Mar/2026:10:00:05 +0000] "GET /a HTTP/1.1" 200 5')
  assert.deepEqual(values(events[0], 'client', 'user', 'vhost'), ['198.51.100.9', 'ann lee', undefined])
  const { events: hosted } = read('10.0.0.9 198.51.100.9 - ann [02/Mar/2026:10:00:05 +0000] "GET /a HTTP/1.1" 200 5')
  assert.deepEqual(values(hosted[0], 'client', 'user', 'vhost'), ['198.51.100.9', 'ann', '10.0.0.9'])
})

test('access logs without the name of the user', () => {
  const { format, events } = read('198.51.100.9 - [02/Mar/2026:10:00:05 +0000] "GET /a HTTP/1.1" 200 100 "-" "curl/8"')
  assert.equal(format, 'access-log')
  assert.deepEqual(values(events[0], 'client', 'user', 'path', 'status', 'agent'), [
    '198.51.100.9',
    undefined,
    '/a',
    '200',
    'curl/8',
  ])
})

test('Squid’s native log', () => {
  const { format, events } = read(
    '1772445605.123    100 10.1.1.5 TCP_MISS/200 1234 GET http://example.test/a b?c ann HIER_DIRECT/203.0.113.7 text/html',
  )
  assert.deepEqual(
    [
      format,
      time(events[0]),
      ...values(events[0], 'client', 'result', 'status', 'bytes', 'method', 'url', 'user', 'peer', 'type'),
    ],
    [
      'squid',
      '2026-03-02T10:00:05.123Z',
      '10.1.1.5',
      'TCP_MISS',
      '200',
      '1234',
      'GET',
      'http://example.test/a b?c',
      'ann',
      '203.0.113.7',
      'text/html',
    ],
  )
})

test('W3C: fields as the file names them, also when they change; dates of the file and local times', () => {
  const { format, events, bad } = read(
    [
      '#Software: Microsoft Internet Information Services 10.0',
      '#Date: 2026-03-02 10:00:00',
      '#Fields: time c-ip cs-method cs-uri-stem cs(User-Agent) sc-status',
      '10:00:05 198.51.100.9 GET /x.aspx curl/8 200',
      '#Fields: date time c-ip sc-status cs-username',
      '2026-03-03 10:00:06 198.51.100.9 401 -',
      '2026-03-03 10:00:06 198.51.100.9',
    ].join('\n'),
    'Europe/Berlin',
  )
  assert.deepEqual([format, events.length, bad], ['w3c', 2, 1])
  assert.deepEqual(
    [time(events[0]), ...values(events[0], 'cs-uri-stem', 'sc-status')],
    ['2026-03-02T10:00:05Z', '/x.aspx', '200'],
  )
  assert.deepEqual(
    [time(events[1]), ...values(events[1], 'sc-status', 'cs-username')],
    ['2026-03-03T10:00:06Z', '401', undefined],
  )
})

test('W3C: the firewall of Windows, in local time', () => {
  const { events } = read(
    [
      '#Version: 1.5',
      '#Software: Microsoft Windows Firewall',
      '#Time Format: Local',
      '#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path',
      '',
      '2026-03-02 10:00:05 ALLOW TCP 10.1.1.5 203.0.113.7 50000 21 0 - 0 0 0 - - - SEND',
    ].join('\n'),
    'Europe/Berlin',
  )
  const names = ['src_ip', 'dest_ip', 'dest_port', 'protocol', 'action'].map((n) => `network:${n}`)
  assert.deepEqual(
    [time(events[0]), ...values(events[0], ...names)],
    ['2026-03-02T09:00:05Z', '10.1.1.5', '203.0.113.7', '21', 'tcp', 'allow'],
  )
})

test('auditd: records of one event are joined by their id, also when events are mixed', () => {
  const { format, events, bad } = read(
    [
      'type=SYSCALL msg=audit(1772445605.123:4567): arch=c000003e syscall=59 success=yes a0=55d a1=55e ppid=1 pid=2 comm="sh" exe="/usr/bin/dash" key=(null)\u001dARCH=x86_64 SYSCALL=execve UID="root"',
      'type=SYSCALL msg=audit(1772445605.124:4568): arch=c000003e syscall=42 success=no a0=8 comm="curl" exe="/usr/bin/curl" key="net"',
      'type=EXECVE msg=audit(1772445605.123:4567): argc=3 a0="sh" a1="-c" a2=6563686F2068692022796F7522',
      'type=PATH msg=audit(1772445605.123:4567): item=0 name="/usr/bin/sh" nametype=NORMAL',
      'type=PATH msg=audit(1772445605.123:4567): item=1 name="/lib64/ld.so" nametype=NORMAL',
      'type=SOCKADDR msg=audit(1772445605.124:4568): saddr=02000015CB0071070000000000000000',
      'type=PROCTITLE msg=audit(1772445605.123:4567): proctitle=7368002D63006563686F206869',
      'type=EOE msg=audit(1772445605.123:4567): ',
      `type=USER_LOGIN msg=audit(1772445606.000:4569): pid=9 uid=0 auid=4294967295 msg='op=login acct="ann" exe="/usr/sbin/sshd" hostname=? addr=198.51.100.9 terminal=ssh res=failed'`,
    ].join('\n'),
  )
  assert.deepEqual([format, events.length, bad], ['auditd', 3, 0])
  const [exec, connect, login] = events
  assert.equal(time(exec), '2026-03-02T10:00:05.123Z')
  assert.deepEqual(
    values(exec, 'type', 'type[1]', 'a0', 'a2', 'name', 'name[1]', 'proctitle', 'SYSCALL', 'UID', 'key'),
    [
      'SYSCALL',
      'EXECVE',
      'sh',
      'echo hi "you"',
      '/usr/bin/sh',
      '/lib64/ld.so',
      'sh -c echo hi',
      'execve',
      'root',
      undefined,
    ],
  )
  assert.deepEqual(values(connect, 'exe', 'key', 'saddr_fam', 'laddr', 'lport'), [
    '/usr/bin/curl',
    'net',
    'inet',
    '203.0.113.7',
    '21',
  ])
  assert.deepEqual(values(login, 'type', 'acct', 'addr', 'res', 'hostname'), [
    'USER_LOGIN',
    'ann',
    '198.51.100.9',
    'failed',
    undefined,
  ])
})

test('auditd: interpreted values behind the separator, behind its escape, and where it is lost', () => {
  for (const separator of ['\u001d', '#035', '']) {
    const { events } = read(
      [
        `type=SYSCALL msg=audit(1772445605.123:7): arch=c000003e syscall=59 success=yes uid=1000 comm="su" key=6B31016B32${separator}ARCH=x86_64 SYSCALL=execve AUID="ann" UID="ann"`,
        `type=PATH msg=audit(1772445605.123:7): item=0 name="/usr/bin/su" ouid=0 cap_frootid=0${separator}OUID="root" OGID="root"`,
        `type=ANOM_ABEND msg=audit(1772445606.123:8): auid=1000 uid=1000 sig=11 res=1${separator}AUID="ann" UID="ann"`,
      ].join('\n'),
    )
    assert.deepEqual(values(events[0], 'key', 'ARCH', 'SYSCALL', 'AUID', 'cap_frootid', 'OUID'), [
      'k1,k2',
      'x86_64',
      'execve',
      'ann',
      '0',
      'root',
    ])
    assert.deepEqual(values(events[1], 'sig', 'res', 'AUID', 'UID', 'uid'), ['11', '1', 'ann', 'ann', '1000'])
  }
})

test('auditd: a long argument comes in pieces; an id that is used again later is another event', () => {
  const gap = Array.from({ length: 2100 }, (_, i) => `type=CWD msg=audit(1772445700.000:${i}): cwd="/"`)
  const { events } = read(
    [
      'type=EXECVE msg=audit(1772445605.123:1): argc=2 a0="echo" a1_len=8 a1[0]=61626364',
      'type=EXECVE msg=audit(1772445605.123:1):  a1[1]=65666768',
      ...gap,
      'type=CWD msg=audit(1772445605.123:1): cwd="/tmp"',
    ].join('\n'),
  )
  assert.equal(events[0]?.fields.get('a1'), 'abcdefgh')
  assert.deepEqual([events[0]?.fields.get('cwd'), events.at(-1)?.fields.get('cwd')], [undefined, '/tmp'])
})
