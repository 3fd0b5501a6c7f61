// Pure-FTPd's transfer logs in its own form (-O stats:) and in that of web servers (-O clf:), where only the missing version of HTTP tells them apart.
// Its W3C log has names of its own and is read as such; its xferlog too. Seen with 1.0.50.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { epochSeconds, stamp } from '../readers/stamp.ts'

/** `127.0.0.1 - u1 [30/Nov/2026:11:14:43 -0000] "PUT /home/u1/a%20b" 200 3000000` */
const WEB =
  /^(\S+) - (\S+) \[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "(PUT|GET) ([^\s"]+)" (200) (\d+)\s*$/
/** `1796037292 6b0d5aaa.2dc8 u1 127.0.0.1 U 3000000 0 /home/u1/a b`: names of files are not encoded. */
const STATS = /^(\d{9,11}) ([\da-f]+\.[\da-f]+) (\S+) (\S+) ([UD]) (\d+) (\d+) (.+?)\s*$/
const isTransfer = (line: string): boolean => WEB.test(line) || STATS.test(line)
/** A request with GET and no version of HTTP may be one of a web server, and has the same meaning there. */
const isUpload = (line: string): boolean => WEB.exec(line)?.[4] === 'PUT' || STATS.test(line)

const message: TextMessages = {
  of: 'text',
  label: 'Pure-FTPd',
  score: 0.97,
  is: isUpload,
  reader: (context) => ({ read: transferParser(context) }),
}

export const pureFtpd: FormatRecord = {
  name: 'pure-ftpd',
  title: 'Pure-FTPd transfers',
  doc:
    'Transfers of Pure-FTPd in its own form or that of web servers: client, user, operation (U or PUT: upload; D or GET: download), file, bytes, also ' +
    'as cs-bytes (an upload) or sc-bytes (a download), session, duration. A transfer that the client broke off looks like a whole one: status 200 says ' +
    'nothing. The log has no address of the server, so a transfer is no connection.',
  unit: 'line',
  recognise: (head) =>
    head.filled.some(isUpload) ? recogniseLines(head, message.score, 'transfers of Pure-FTPd', isTransfer) : undefined,
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
  return (record) => {
    const web = WEB.exec(record)
    const stats = web ? null : STATS.exec(record)
    if (web) {
      const [, client, user, time = '', operation, file, status, bytes] = web
      return transfer({ client, user, operation, file, status, bytes }, () => stamp(time.replace(':', ' '), context))
    }
    if (!stats) return { bad: 'not a transfer of Pure-FTPd, or cut off' }
    const [, time = '', session, user, client, operation, bytes, duration, file] = stats
    return transfer({ session, user, client, operation, bytes, duration, file }, () => epochSeconds(time))
  }
}

function transfer(values: Readonly<Record<string, string | undefined>>, when: () => bigint | undefined): Event {
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '-') fields.set(name, value)
  const isSent = /^[UP]/.test(values['operation'] ?? '')
  fields.set(isSent ? 'cs-bytes' : 'sc-bytes', values['bytes'] as string)
  return new LazyEvent(new MapFields(fields, when))
}
