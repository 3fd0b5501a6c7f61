import type { FormatRecord } from '../format.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'
import { WINDOWS_ALIASES, WINDOWS_FACTS } from '../vendors/windows/windows.ts'
import { windowsXml } from '../vendors/windows/windows-xml.ts'

const EVENT = /<Event[\s>]/

export const sysmonLinux: FormatRecord = {
  name: 'sysmon-linux',
  title: 'Sysmon for Linux, syslog',
  doc:
    'One <Event> behind a syslog head (RFC 3164 or 5424), as Sysmon for Linux hands it to the syslog daemon. Daemons cut long lines: then the ' +
    'fields before the cut are kept, with a note. Characters that a daemon has written as #012 stay so. The time is UtcTime, else that of ' +
    'the event, else that of the head. There are no pipe events (17, 18) on Linux.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, 0.97, 'syslog lines with a Sysmon event', isSysmon),
  reader: (context) => ({
    read: (record) => {
      if (record.trim() === '') return { skip: 'blank' }
      const from = eventAt(record)
      if (from < 0) return { bad: 'not an event' }
      const head = syslogHead(record.slice(0, from))
      const around = head.host === undefined ? {} : { SyslogHost: head.host }
      return windowsXml(record, { context, from, acceptCut: true, around, logged: () => headTime(head.time, context) })
    },
  }),
  views: ['network'],
  facts: WINDOWS_FACTS,
  aliases: WINDOWS_ALIASES,
  tags: { _sourceCategory: 'os/linux' },
  json: false,
}

const eventAt = (line: string): number => EVENT.exec(line)?.index ?? -1

function isSysmon(line: string): boolean {
  const from = eventAt(line)
  return from > 0 && /^sysmon$/i.test(syslogHead(line.slice(0, from)).app ?? '')
}
