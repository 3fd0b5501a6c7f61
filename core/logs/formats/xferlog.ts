// Transfer logs of wu-ftpd, as vsftpd, proftpd and pure-ftpd write them too: xferlog(5).
// Read right on 60 of 60 public lines: ossec/ossec-hids, and notes of administrators about vsftpd, ProFTPD, Pure-FTPd and wu-ftpd.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { JoinedFields } from '../mixed/envelope.ts'
import { syslogParser } from '../mixed/syslog-generic.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

const message: TextMessages = {
  of: 'text',
  label: 'xferlog',
  score: 0.97,
  is: (text) => HEAD.test(text) && TAIL.test(text),
  reader: (context) => ({ read: xferlogParser(context) }),
}

/** At the start of the line, or behind a syslog head. */
const HEAD = /(?:^|: )(\w{3} \w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4}) (\d+) (\S+) (\d+) +(?=\S)/
/** The name of the file may have blanks; the columns after it have fixed forms. */
const TAIL = / ([ab]) ([CUT_+-]+) ([iod]) ([agr]) (\S+) (\S+) (\d) (\S+)(?: ([ci]))?\s*$/
const NAMES =
  'transfer-time remote-host file-size filename transfer-type special-action-flag direction access-mode username service-name ' +
  'authentication-method authenticated-user-id completion-status'

export const xferlog: FormatRecord = {
  name: 'xferlog',
  title: 'xferlog (vsftpd, proftpd, pure-ftpd)',
  doc:
    'Transfers under the names of xferlog(5): transfer-time (seconds), remote-host, file-size, filename, direction (i: to the server, o: from it, d: ' +
    'deleted), username, completion-status (c, i), … c says nothing: a transfer that the client broke off with ABOR is c too, with the bytes that ' +
    'arrived. Servers write _ for a blank in names. Times have no zone. Behind a syslog head the fields of that line too. The log has no address of ' +
    'the server, so a transfer is no connection.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'transfers as in xferlog', message.is),
  reader: messageLines(message),
  inMessages: message,
  facts: { 'source address': ['remote-host'], user: ['username'] },
  aliases: Object.fromEntries(
    NAMES.split(' ').flatMap((n) => (n.includes('-') ? [[n.replaceAll('-', '_'), [n]] as const] : [])),
  ),
  tags: { _sourceCategory: 'app/ftp/xferlog' },
  json: false,
}

function xferlogParser(context: FormatContext): (record: string) => Bad | Event {
  const syslog = syslogParser(context)
  return (record) => {
    const [head, tail] = [HEAD.exec(record), TAIL.exec(record)]
    if (!head || !tail || tail.index < head.index + head[0].length)
      return { bad: 'not a transfer of xferlog, or cut off' }
    const values = [...head.slice(2), record.slice(head.index + head[0].length, tail.index), ...tail.slice(1)]
    const fields = new Map<string, string>()
    NAMES.split(' ').forEach((name, i) => {
      const value = values[i]
      if (value !== undefined) fields.set(name, name === 'remote-host' ? value.replace(/^::ffff:/, '') : value)
    })
    const time = (): bigint | undefined => stamp(head[1] as string, context)
    const line = head.index === 0 ? undefined : syslog(record)
    if (line && !('bad' in line)) return new LazyEvent(new JoinedFields(fields, line.fields, time))
    return new LazyEvent(new MapFields(fields, time))
  }
}
