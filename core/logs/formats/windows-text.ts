// Windows events as text: Snare's columns between tabs, and the pairs of Splunk's WinEventLog input, whose last one is the message.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { WINDOWS_ALIASES, WINDOWS_FACTS } from '../vendors/windows/windows.ts'
import { windowsEvent } from '../vendors/windows/windows-json.ts'

/** `MSWinEventLog<tab>1<tab>Security<tab>…`; rsyslog writes a tab as `#011`. */
const SNARE = /(?:^|[\s>])MSWinEventLog(?:\t|#011| )+\d(?:\t|#011)/
const COLUMNS = [
  '',
  'Channel',
  'SnareCounter',
  'EventTime',
  'EventID',
  'SourceName',
  'AccountName',
  'AccountType',
  'EventType',
  'Computer',
  'Category',
  'Data',
  'Message',
]

const snareMessage: TextMessages = {
  of: 'text',
  label: 'Windows (Snare)',
  score: 0.98,
  is: (text) => SNARE.test(text),
  reader: (context) => ({ read: (record) => snareEvent(record, context) }),
}

function snareEvent(record: string, context: FormatContext): Bad | Event {
  const begin = SNARE.exec(record)
  if (!begin) return { bad: 'no event of Snare' }
  const values = record
    .slice(begin.index)
    .replaceAll('#011', '\t')
    .replace(/^\s*MSWinEventLog\s+/, '')
    .trimEnd()
    .split('\t')
  if (values.length < COLUMNS.length) return { bad: `cut off: ${values.length} columns of ${COLUMNS.length}` }
  const fields = new Map<string, string>()
  COLUMNS.forEach((name, i) => {
    const value = values[i]?.trim()
    if (name !== '' && value !== undefined && value !== '' && value !== 'N/A') fields.set(name, value)
  })
  return windowsEvent(inLines(fields), context)
}

/** Snare writes blanks where the message has line breaks. */
function inLines(fields: Map<string, string>): Map<string, string> {
  const message = fields.get('Message')
  if (message !== undefined && /Sysmon/i.test(fields.get('Channel') ?? ''))
    fields.set('Message', message.replace(/(?<! ) {2,}(?=[A-Z][A-Za-z0-9]+:(?: |$))/g, '\n'))
  return fields
}

export const windowsSnare: FormatRecord = {
  name: 'windows-snare',
  title: 'Windows events (Sysmon among them), Snare',
  doc:
    'Lines with MSWinEventLog and columns between tabs, behind any syslog head: id, log, provider, computer, and the data of Sysmon and of the ' +
    'Security log from the message.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, snareMessage.score, 'Windows events of Snare', snareMessage.is),
  reader: messageLines(snareMessage),
  inMessages: snareMessage,
  views: ['network'],
  facts: WINDOWS_FACTS,
  aliases: WINDOWS_ALIASES,
  unproven: true,
  tags: { _sourceCategory: 'os/windows' },
  json: false,
}

/** `03/02/2026 10:00:06 AM`, by the computer's clock. */
const STAMP = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d:\d\d(?:\.\d+)?)(?: ([AP])M)?\s*$/
const PAIR =
  /^(LogName|SourceName|EventCode|EventType|Type|ComputerName|User|Sid|SidType|TaskCategory|OpCode|RecordNumber|Keywords)=(.*)$/
const MESSAGE = 'Message='
const twoDigits = (text: string | undefined): string => (text ?? '').padStart(2, '0')

function time(m: RegExpExecArray): string {
  const [, month, day, year, hour, rest, half] = m
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'P' ? 12 : 0)
  return `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(String(hours))}:${rest}`
}

function eventOf(lines: readonly string[], context: FormatContext): Bad | Event {
  const fields = new Map<string, string>()
  const stamp = STAMP.exec(lines[0] ?? '')
  if (stamp) fields.set('EventTime', time(stamp))
  const at = lines.findIndex((l) => l.startsWith(MESSAGE))
  for (const line of at < 0 ? lines : lines.slice(0, at)) {
    const [, name = '', value = ''] = PAIR.exec(line) ?? []
    // The account that wrote the event; Sysmon has data of that name.
    if (value !== '' && value !== 'None') fields.set(name === 'User' ? 'AccountName' : name, value)
  }
  if (at >= 0) fields.set('Message', lines.slice(at).join('\n').slice(MESSAGE.length).trimEnd())
  return windowsEvent(fields, context)
}

/** An event begins with its time, and the name of its log follows. */
function* events(text: string): Iterable<{ record: string; line: number }> {
  const lines = text.split('\n').map((l) => (l.endsWith('\r') ? l.slice(0, -1) : l))
  let from = 0
  for (let i = 1; i <= lines.length; i++) {
    if (i < lines.length && !begins(lines, i)) continue
    const record = lines.slice(from, i).join('\n').trimEnd()
    if (record !== '') yield { record, line: from + 1 }
    from = i
  }
}

const begins = (lines: readonly string[], i: number): boolean =>
  STAMP.test(lines[i] ?? '') && /^LogName=/.test(lines[i + 1] ?? '')

export const windowsText: FormatRecord = {
  name: 'windows-text',
  title: 'Windows events (Sysmon among them), WinEventLog text',
  doc:
    'A time, then pairs such as EventCode=4624 in lines of their own, with the message last, as Splunk’s classic input writes them. Data of Sysmon and ' +
    'of the Security log are from the message. The time is UtcTime where the event has it, else the computer’s clock.',
  unit: 'file',
  split: events,
  recognise: ({ lines }) => {
    const count = lines.filter((_, i) => begins(lines, i)).length
    return count === 0 || !STAMP.test(lines.find((l) => l.trim() !== '') ?? '')
      ? undefined
      : {
          score: 0.95,
          why: `${count} of ${lines.length} lines looked at are the time of an event, with LogName= in the next`,
        }
  },
  reader: (context) => ({ read: (record) => eventOf(record.split('\n'), context) }),
  views: ['network'],
  facts: WINDOWS_FACTS,
  aliases: WINDOWS_ALIASES,
  unproven: true,
  tags: { _sourceCategory: 'os/windows' },
  json: false,
}
