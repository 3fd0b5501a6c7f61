// The same messages through real collectors, in the header forms that their documentation offers.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemons, listening, sleep } from './daemons.ts'
import { INSIDE } from './network.ts'

/** Messages as devices send them: a PAN-OS session and an ASA pair, with a header of RFC 3164 and one of RFC 5424. */
export const messages = (stamp: Date): readonly string[] => {
  const month = stamp.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
  const day = String(stamp.getUTCDate()).padStart(2, ' ')
  const clock = stamp.toISOString().slice(11, 19)
  const old = `${month} ${day} ${clock}`
  const built =
    '%ASA-6-302013: Built outbound TCP connection 41 for outside:203.0.113.21/21 (203.0.113.21/21) to inside:10.44.0.7/51000 (198.51.100.1/51000)'
  const torn =
    '%ASA-6-302014: Teardown TCP connection 41 for outside:203.0.113.21/21 to inside:10.44.0.7/51000 duration 0:00:09 bytes 12583012 TCP FINs'
  return [
    `<134>${old} fw-edge : ${built}`,
    `<134>${old} fw-edge : ${torn}`,
    `<30>${old} ftp1 vsftpd[812]: [nobody] OK UPLOAD: Client "10.44.0.7", "/drop/a b.bin", 12582912 bytes, 5133.75Kbyte/sec`,
    `<134>1 ${stamp.toISOString()} fw-edge app 17 ID47 [origin ip="192.0.2.1"] session 41 closed, 12583012 bytes`,
  ]
}

const RSYSLOG_FORMS = [
  'RSYSLOG_TraditionalFileFormat',
  'RSYSLOG_FileFormat',
  'RSYSLOG_SyslogProtocol23Format',
  'RSYSLOG_DebugFormat',
] as const
const RSYSLOG_JSON = `template(name="json" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="severity" name="syslogseverity-text" format="jsonf")
  property(outname="program" name="programname" format="jsonf")
  property(outname="tag" name="syslogtag" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}`
const SYSLOG_NG_FORMS: Readonly<Record<string, string>> = {
  bsd: '$' + '{DATE} $' + '{HOST} $' + '{MSGHDR}$' + '{MESSAGE}\\n',
  iso: '$' + '{ISODATE} $' + '{HOST} $' + '{MSGHDR}$' + '{MESSAGE}\\n',
  full: '$' + '{FULLDATE} $' + '{HOST} $' + '{MSGHDR}$' + '{MESSAGE}\\n',
  json: '$(format-json --scope rfc5424 --key ISODATE)\\n',
}

/** Sends the messages to both collectors, and writes their output to `out`. */
export async function collect(
  folder: string,
  out: string,
  unpacked: string,
  daemons: Daemons,
  stamp: Date,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const sent = messages(stamp)
  writeFileSync(join(out, 'syslog-sent.txt'), `${sent.join('\n')}\n`)
  const rsyslog = join(folder, 'rsyslog.conf')
  writeFileSync(
    rsyslog,
    [
      `global(workDirectory="${folder}")`,
      'module(load="imtcp")',
      'input(type="imtcp" address="127.0.0.1" port="5514" ruleset="all")',
      RSYSLOG_JSON,
      'ruleset(name="all") {',
      ...RSYSLOG_FORMS.map(
        (form) => `  action(type="omfile" file="${join(out, `rsyslog-${form}.log`)}" template="${form}")`,
      ),
      `  action(type="omfile" file="${join(out, 'rsyslog-json.ndjson')}" template="json")`,
      '}',
      '',
    ].join('\n'),
  )
  const syslogNg = join(folder, 'syslog-ng.conf')
  writeFileSync(
    syslogNg,
    [
      '@version: 3.38',
      'options { keep-hostname(yes); use-dns(no); };',
      'source all { network(ip("127.0.0.1") port(5515) transport("tcp") flags(no-multi-line)); };',
      ...Object.entries(SYSLOG_NG_FORMS).flatMap(([name, template]) => [
        `destination ${name} { file("${join(out, `syslog-ng-${name}.log`)}" template(${JSON.stringify(template).replaceAll('\\\\n', '\\n')})); };`,
        `log { source(all); destination(${name}); };`,
      ]),
      '',
    ].join('\n'),
  )
  const root = join(unpacked, 'syslog-ng-core')
  const libraries = execFileSync('find', [root, '-name', '*.so*', '-printf', '%h\n'], {
    encoding: 'utf8',
  })
  daemons.start({
    name: 'rsyslogd',
    namespace: INSIDE,
    command: ['rsyslogd', '-n', '-f', rsyslog, '-i', join(folder, 'rsyslog.pid')],
  })
  daemons.start({
    name: 'syslog-ng',
    namespace: INSIDE,
    command: [
      join(root, 'usr/sbin/syslog-ng'),
      ...[
        '-F',
        '--no-caps',
        '-f',
        syslogNg,
        '-p',
        join(folder, 'sng.pid'),
        '-R',
        join(folder, 'sng.persist'),
        '-c',
        join(folder, 'sng.ctl'),
      ],
      ...['--module-path', join(root, 'usr/lib/syslog-ng/3.38')],
    ],
    env: { LD_LIBRARY_PATH: [...new Set(libraries.trim().split('\n'))].join(':') },
  })
  for (const port of [5514, 5515]) {
    await listening(INSIDE, port, '127.0.0.1')
    sendInside(port, sent)
  }
  await sleep(1500)
  readFileSync(join(out, 'rsyslog-json.ndjson'))
}

/** Sends from a process inside the namespace, because a socket belongs to the namespace of its process. */
function sendInside(port: number, lines: readonly string[]): void {
  const code = `require('node:net').connect(${port},'127.0.0.1').end(${JSON.stringify(`${lines.join('\n')}\n`)})`
  execFileSync('ip', ['netns', 'exec', INSIDE, process.execPath, '-e', code])
}
