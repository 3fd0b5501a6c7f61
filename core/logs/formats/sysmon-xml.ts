import { windowsXmlLine } from '../vendors/windows/write-xml.ts'
import { WINDOWS_CPS } from '../cps/windows.ts'
import type { FormatRecord, TextMessages } from '../format.ts'
import { CARVED, DAMAGE } from '../readers/evtx/evtx.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { WINDOWS_ALIASES, WINDOWS_FACTS, WINDOWS_RESPELLED } from '../vendors/windows/windows.ts'
import { CARVED_NOTE, windowsXml, windowsXmlRecord, xmlEvents } from '../vendors/windows/windows-xml.ts'

const NAMES_DOC =
  'Fields have the names of the event: Image, CommandLine, DestinationIp, PipeName and the like for Sysmon, beside EventID, Channel, Computer ' +
  'and Provider; data without a name are Data[0], Data[1], …. The time is UtcTime where the event has it.'

const BEGIN = /^\s*<Event[\s>]/
/** A root around the events, on lines of its own. */
const AROUND = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:(?:<\/?Events[^>]*>|<!--(?:(?!-->).)*-->)\s*)?$/
const ONE = /^\s*<Event[\s>](?:(?!<Event[\s>]).)*<\/Event>\s*$/

/** Behind a syslog head or alone; collectors may write line breaks inside. */
const message: TextMessages = {
  of: 'text',
  label: 'Windows',
  score: 0.95,
  is: (text) => /<Event[\s>]/.test(text) && /<System[\s>]/.test(text),
  reader: (context) => ({
    read: (text) => windowsXml(text, { context, from: text.search(/<Event[\s>]/), acceptCut: true }),
  }),
}

export const sysmonXml: FormatRecord = {
  name: 'sysmon-xml',
  title: 'Windows events (Sysmon among them), EVTX and XML lines',
  doc: `Event logs of Windows (.evtx), and one <Event> a line as wevtutil, event forwarding and Splunk write them. ${NAMES_DOC}`,
  unit: 'line',
  recognise: (head) => recogniseLines(head, 0.95, 'Windows events in XML', (l) => ONE.test(l)),
  reader: (context) => ({
    read: (record) => {
      if (BEGIN.test(record)) return windowsXmlRecord(record, context)
      if (record.startsWith(CARVED)) return windowsXml(record, { context, from: CARVED.length, note: CARVED_NOTE })
      if (record.startsWith(DAMAGE)) return { bad: record }
      return record.trim() === '' || AROUND.test(record) ? { skip: 'not an event' } : { bad: 'not an event' }
    },
  }),
  inMessages: message,
  write: (events) => events.map((e) => `${windowsXmlLine(e)}\n`).join(''),
  views: ['network'],
  facts: WINDOWS_FACTS,
  cps: WINDOWS_CPS,
  aliases: WINDOWS_ALIASES,
  respelled: WINDOWS_RESPELLED,
  tags: { _sourceCategory: 'os/windows' },
  json: false,
}

export const sysmonXmlDocument: FormatRecord = {
  name: 'sysmon-xml-document',
  title: 'Windows events (Sysmon among them), XML',
  doc: `Events over several lines, several on one line, or in an <Events> root, as the Event Viewer exports them. ${NAMES_DOC}`,
  unit: 'file',
  recognise: (head) => {
    const text = head.lines
      .join('\n')
      .replace(/^\uFEFF/, '')
      .trimStart()
    if (!/^(?:evtxexport \d+\s+)?(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*<Events?[\s>]/.test(text)) return undefined
    if (!/<System[\s>]/.test(text) || !/<Provider\s/.test(text)) return undefined
    // Lines that are whole events are read in parallel, even if one of them is broken.
    const ones = head.filled.filter((l) => ONE.test(l)).length
    return {
      score: ones * 5 >= head.filled.length * 4 ? 0.4 : 0.9,
      why: `the file begins as ${/^[\s\S]{0,400}?<Events[\s>]/.test(text) ? 'an <Events> document' : 'Windows events in XML'}`,
    }
  },
  reader: (context) => ({
    read: (record) => (BEGIN.test(record) ? windowsXml(record, { context }) : { bad: 'not an event' }),
  }),
  split: xmlEvents,
  views: ['network'],
  facts: WINDOWS_FACTS,
  cps: WINDOWS_CPS,
  aliases: WINDOWS_ALIASES,
  respelled: WINDOWS_RESPELLED,
  tags: { _sourceCategory: 'os/windows' },
  json: false,
}
