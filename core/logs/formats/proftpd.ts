// ProFTPD through syslog, or in its own SystemLog: `proftpd[813]: ftp.example (198.51.100.9[198.51.100.9]) - USER ann: Login successful.`
// Transfers are in its xferlog. Read right on 15 of 15 public lines: crowdsecurity/hub, fail2ban/fail2ban.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { JoinedFields } from '../mixed/envelope.ts'
import { syslogParser } from '../mixed/syslog-generic.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'

/** The server, then name and address of the client; behind a dash or colon the message, mostly with the user in front: `USER`, and `ANON` for one who logs in without an account. */
const LINE =
  /\bproftpd(?:\[(\d+)\])?:? (\S+) \(([^()\s[\]]+)\[(?:::ffff:)?([\dA-Fa-f.:]+)\]\)(?::| -) (?:(?:USER|ANON) (.{0,256}?)(?:: | (?=\())|)(.*\S)\s*$/
/** `to ::ffff:192.0.2.23:21` */
const SERVER = / to (?:::ffff:)?(\S+):(\d{1,5})$/

const message: TextMessages = {
  of: 'text',
  label: 'ProFTPD',
  score: 0.97,
  is: (text) => LINE.test(text),
  reader: (context) => ({ read: proftpdParser(context) }),
}

export const proftpd: FormatRecord = {
  name: 'proftpd',
  title: 'ProFTPD',
  doc:
    'Messages of ProFTPD behind a syslog head or a time: client, client_name, user, text, server and port where the message tells them, and the fields of the ' +
    'syslog line. Transfers are in its xferlog.',
  unit: 'line',
  // Behind a head the file is syslog, in which other programs write too.
  recognise: (head) => recogniseLines(head, 0.55, 'messages of ProFTPD', message.is),
  reader: messageLines(message),
  inMessages: message,
  facts: { 'source address': ['client'], user: ['user'] },
  aliases: { src_ip: ['client'] },
  unproven: true,
  tags: { _sourceCategory: 'app/ftp/proftpd' },
  json: false,
}

/** The account that may not log in by the server's rules. */
const REFUSED = /^SECURITY VIOLATION: (\S+) login attempted/

function proftpdParser(context: FormatContext): (record: string) => Bad | Event {
  const syslog = syslogParser(context)
  return (record) => {
    const m = LINE.exec(record)
    if (!m) return { bad: 'not as ProFTPD writes' }
    const [, pid, server, name, client, user, text = ''] = m
    const fields = new Map<string, string>()
    const to = SERVER.exec(text)
    const refused = REFUSED.exec(text)?.[1]
    const values = {
      pid,
      server_name: server,
      client_name: name,
      client,
      user: user ?? refused,
      text,
      server: to?.[1],
      port: to?.[2],
    }
    for (const [key, value] of Object.entries(values)) if (value !== undefined && value !== '') fields.set(key, value)
    const line = syslog(record)
    if ('bad' in line) return new LazyEvent(new MapFields(fields, () => undefined))
    return new LazyEvent(new JoinedFields(fields, line.fields, () => line.time))
  }
}
