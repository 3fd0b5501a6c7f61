// vsftpd's own log: `Sun Nov 29 12:58:30 2026 [pid 18404] [u1] OK UPLOAD: Client "10.44.0.7", "/home/u1/a.txt", 2 bytes, 5.29Kbyte/sec`.
// Read right on 10,272 of 10,272 public lines: 1720869/IPASS, BusyBoBo/LinuxExam, Rickybk/parser-c, ossec/ossec-hids, crowdsecurity/hub,
// fail2ban/fail2ban. One of them has a clock of 36:061346, and no time.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { JoinedFields } from '../mixed/envelope.ts'
import { syslogParser } from '../mixed/syslog-generic.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'vsftpd',
  score: 0.97,
  is: (text) => LINE.test(text),
  reader: (context) => ({ read: vsftpdParser(context) }),
}

const LINE =
  /(?:\[pid (\d+)\]|vsftpd\[(\d+)\]:) (?:\[([^\]]*)\] )?(?:(OK|FAIL) )?([A-Z]{3,}(?: [A-Z]+)?|FTP (?:command|response)|DEBUG): (?:Client )?"(?:::ffff:)?([^"]*)"(?:, )?(.*)$/

const STAMP = /[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} $/

export const vsftpd: FormatRecord = {
  name: 'vsftpd',
  title: 'vsftpd',
  doc:
    'Lines of vsftpd.log, or behind a syslog head: pid, user, status (OK, FAIL), operation (CONNECT, LOGIN, UPLOAD, DOWNLOAD, FTP command, …), client, ' +
    'file, bytes, rate (Kbyte/sec), command, response. OK does not say that a file is whole: an upload that the client broke off with ABOR is OK UPLOAD. ' +
    'Behind a syslog head the fields of that line too. Times have no zone; they are by the server’s clock. The log has no address of the server, so ' +
    'a transfer is no connection.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'lines of vsftpd', message.is),
  reader: messageLines(message),
  inMessages: message,
  sigma: [{ product: 'linux', service: 'vsftpd', where: { _sourceCategory: ['app/vsftpd'] } }],
  facts: { 'source address': ['client'], user: ['user'] },
  aliases: { src_ip: ['client'] },
  tags: { _sourceCategory: 'app/vsftpd' },
  json: false,
}

function vsftpdParser(context: FormatContext): (record: string) => Bad | Event {
  const syslog = syslogParser(context)
  return (record) => {
    const text = record.trimEnd()
    const m = LINE.exec(text)
    if (!m) return { bad: 'not as vsftpd writes' }
    const [, pid, other, user, status, operation = '', client, rest = ''] = m
    const fields = new Map<string, string>()
    const set = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== '') fields.set(name, value)
    }
    set('pid', pid ?? other)
    set('user', user)
    set('status', status)
    set('operation', operation)
    set('client', client)
    details(operation, rest, set)
    const head = syslogHead(text)
    // The server's own log has a time and no more.
    const line = head.app === undefined && head.priority === undefined ? undefined : syslog(record)
    // Behind a syslog head the server's own time is the better one: it has a year.
    const own = STAMP.exec(text.slice(0, m.index))?.[0]
    const time = own === undefined ? undefined : syslogHead(own + text.slice(m.index)).time
    if (line && !('bad' in line))
      return new LazyEvent(
        new JoinedFields(fields, line.fields, () => (time === undefined ? line.time : headTime(time, context))),
      )
    set('host', head.host)
    return new LazyEvent(new MapFields(fields, () => headTime(head.time, context)))
  }
}

/** Names of files may have quotes, so the file ends at the last quote before the numbers. */
function details(operation: string, rest: string, set: (name: string, value: string | undefined) => void): void {
  const quoted = /^"(.*)"(?:, (\d+) bytes)?(?:, ([\d.]+)Kbyte\/sec)?$/.exec(rest)
  if (operation === 'FTP command' || operation === 'FTP response') {
    set(operation.slice(4), quoted?.[1] ?? rest)
    return
  }
  if (!quoted) {
    set('message', rest)
    return
  }
  set(/^(?:UPLOAD|DOWNLOAD|MKDIR|RMDIR|DELETE|RENAME|CHMOD|APPEND)/.test(operation) ? 'file' : 'message', quoted[1])
  set('bytes', quoted[2])
  set('rate', quoted[3])
}
