// Pure-FTPd's transfer logs in its own form (-O stats:) and in that of web servers (-O clf:), where only the missing version of HTTP tells them apart;
// and what it tells syslog, of transfers and everything else. Syslog: read right on 30 of 30 public lines (crowdsecurity/hub), its own forms on none.
// Its W3C log has names of its own and is read as such; its xferlog too. Seen with 1.0.50.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { JoinedFields } from '../mixed/envelope.ts'
import { syslogParser } from '../mixed/syslog-generic.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { actorOf } from '../readers/actor.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { epochSeconds, stamp } from '../readers/stamp.ts'

/** `127.0.0.1 - u1 [30/Nov/2026:11:14:43 -0000] "PUT /home/u1/a%20b" 200 3000000` */
const WEB =
  /^(\S+) - (\S+) \[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "(PUT|GET) ([^\s"]+)" (200) (\d+)\s*$/
/**
 * `1796037292 6b0d5aaa.2dc8 u1 127.0.0.1 U 3000000 0 /home/u1/a b`: names of files are not encoded. The session is the hexadecimal
 * time of its start and process id; any text is taken, since the other columns tell the form.
 */
const STATS = /^(\d{9,11}) (\S+) (\S+) (\S+) ([UD]) (\d+) (\d+) (.*\S)\s*$/
/** `pure-ftpd: (u1@127.0.0.1) [NOTICE] /home/u1//a (1) uploaded  (3000000 bytes, 29296.87KB/sec)`: the directory of the user, then the path in it. */
const TOLD =
  /^[^(]*\bpure-ftpd\b[^(]{0,256}\(([^()]+)@([^@()\s]+)\) \[NOTICE\] (.+) (uploaded|downloaded) {1,2}\((\d+) bytes, ([\d.]+)KB\/sec\)\s*$/
/** Any other message: the user is `?` before a login. */
const SAID = /^[^(]*\bpure-ftpd\b[^(]{0,256}\(([^()]+)@([^@()\s]+)\) \[([A-Z]+)\] (.*\S)\s*$/
const isTransfer = (line: string): boolean => WEB.test(line) || STATS.test(line)
/** A request with GET and no version of HTTP may be one of a web server, and has the same meaning there. */
const isUpload = (line: string): boolean => WEB.exec(line)?.[4] === 'PUT' || STATS.test(line)

const message: TextMessages = {
  of: 'text',
  label: 'Pure-FTPd',
  score: 0.97,
  is: (line) => isUpload(line) || SAID.test(line),
  reader: (context) => ({ read: transferParser(context) }),
}

export const pureFtpd: FormatRecord = {
  name: 'pure-ftpd',
  title: 'Pure-FTPd transfers',
  doc:
    'Transfers of Pure-FTPd in its own form, that of web servers, or behind a syslog head: client, user, operation (U, PUT or uploaded; D, GET or ' +
    'downloaded), file, bytes, also as cs-bytes (an upload) or sc-bytes (a download), session, duration, rate (KB/sec), and the fields of the syslog line; ' +
    'of its other messages client, user and level. ' +
    'A transfer that the client broke off looks like a whole one: status 200 and “uploaded” say nothing. The log has no address of the server, so a ' +
    'transfer is no connection.',
  unit: 'line',
  recognise: (head) =>
    head.filled.some(isUpload)
      ? recogniseLines(head, message.score, 'transfers of Pure-FTPd', isTransfer)
      : // Behind a head the file is syslog, in which other programs write too.
        recogniseLines(head, 0.55, 'messages of Pure-FTPd', (line) => SAID.test(line)),
  reader: messageLines(message),
  inMessages: message,
  facts: {
    'source address': ['client'],
    user: ['user'],
    'bytes sent': ['cs-bytes'],
    'bytes received': ['sc-bytes'],
  },
  aliases: {
    'cs-method': ['operation'],
    'cs-uri-stem': ['file'],
    'cs-username': ['user'],
    'sc-status': ['status'],
    'c-ip': ['client'],
    src_ip: ['client'],
  },
  unproven: true,
  tags: { _sourceCategory: 'app/ftp/pure-ftpd' },
  json: false,
}

function transferParser(context: FormatContext): (record: string) => Bad | Event {
  const syslog = syslogParser(context)
  return (record) => {
    const web = WEB.exec(record)
    if (web) {
      const [, client, user, time = '', operation, file, status, bytes] = web
      const fields = transfer({ client, user, operation, file, status, bytes })
      return new LazyEvent(new MapFields(fields, () => stamp(time.replace(':', ' '), context)))
    }
    const stats = STATS.exec(record)
    if (stats) {
      const [, time = '', session, user, client, operation, bytes, duration, file] = stats
      const fields = transfer({ session, user, client, operation, bytes, duration, file })
      return new LazyEvent(new MapFields(fields, () => epochSeconds(time)))
    }
    const told = TOLD.exec(record)
    const fields = told ? toldTransfer(told) : said(record)
    if (!fields) return { bad: 'not a transfer of Pure-FTPd, or cut off' }
    const line = syslog(record)
    if ('bad' in line) return new LazyEvent(new MapFields(fields, () => undefined))
    return new LazyEvent(new JoinedFields(fields, line.fields, () => line.time))
  }
}

function toldTransfer([, user, client, file, operation, bytes, rate]: RegExpExecArray): ReadonlyMap<string, string> {
  return transfer({ user, client, operation, file, bytes, rate })
}

/** `bob is now logged in` names the user, as `Authentication failed for user [bob]` does. */
function said(record: string): ReadonlyMap<string, string> | undefined {
  const m = SAID.exec(record)
  if (!m) return undefined
  const [, session, client = '', level = '', text = ''] = m
  const user = session === '?' ? (/^(.+) is now logged in$/.exec(text)?.[1] ?? actorOf(text).user) : session
  return new Map([...(user === undefined ? [] : ([['user', user]] as const)), ['client', client], ['level', level]])
}

function transfer(values: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '-') fields.set(name, value)
  const isSent = /^(?:U|P|uploaded)/.test(values['operation'] ?? '')
  fields.set(isSent ? 'cs-bytes' : 'sc-bytes', values['bytes'] as string)
  return fields
}
