import type { FileHead, FormatRecord } from '../format.ts'
import { joined } from '../mixed/envelope.ts'
import { messageParser, vendorOf } from '../mixed/vendor-dispatch.ts'
import { csvHeader, csvRows } from '../readers/csv.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { hasHead, syslogParser } from '../mixed/syslog-generic.ts'

/** `_time,user` and rows below it: the time that begins a row is a value, no head. */
function isTable(head: FileHead): boolean {
  const header = csvHeader(head.filled[0])
  if (!header || !/time|date|^ts$/i.test(header.names[0] ?? '')) return false
  return csvRows(head.filled, header.separator).every((r) => r.length === header.names.length)
}

export const syslog: FormatRecord = {
  name: 'syslog',
  title: 'Syslog',
  doc:
    'Messages behind a syslog head (RFC 5424, RFC 3164 and what devices make of it): facility, severity, host, app, pid, msgid, message, the ' +
    'values of structured data and the pairs (key=value) in the message, under their own names. A message of a vendor we know (Cisco ASA, PAN-OS, ' +
    'FortiGate, CEF, …) is read as one.',
  unit: 'line',
  // A file of several products' messages, with heads or without, is one of these.
  recognise: (head, inside) => {
    const isHead = isTable(head) ? () => false : hasHead
    const isMessage = (l: string) => isHead(l) || vendorOf(l, inside) !== undefined
    return recogniseLines(head, 0.6, 'messages behind a syslog head', isMessage)
  },
  reader: (context, _, inside) => {
    const parse = syslogParser(context)
    const known = messageParser(context, inside)
    return {
      read: (record) => {
        if (record.trim() === '') return { skip: 'blank' }
        const found = known(record)?.event
        if (!found) return parse(record)
        // Text formats read the head themselves.
        const around = record.includes('{') ? parse(record) : found
        return 'fields' in around && around !== found ? joined(found, around.fields, () => around.time) : found
      },
    }
  },
  views: ['network'],
  aliases: {},
  tags: {},
  json: false,
}
