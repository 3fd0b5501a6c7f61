import type { LogFormat } from '../format.ts'
import { asaParser, beforeNumber, showsText, tagAt } from '../vendors/cisco/asa.ts'
import { shareOf } from '../readers/recognise.ts'
import { withOthers } from '../mixed/vendor-dispatch.ts'

/**
 * Field names are those of Sumo Logic's Cisco ASA extraction: src_ip, src_port, dest_ip, dest_port, action (`Built`, `Teardown`, `Deny`, …, in
 * the vendor's spelling), protocol, user, bytes_in. The initiator of a Built line is the source: with `outbound` that is the second end. A
 * Teardown has no direction; there the end with the port of the service is the destination.
 */
export const asa: LogFormat = {
  name: 'asa',
  title: 'Cisco ASA, FTD and PIX',
  doc:
    'Messages with a tag such as %ASA-6-302013 behind any syslog head or none. Connections built and torn down, access lists and denials are read ' +
    'in full; of other messages id, severity and text. A stamp without zone or year is read in those of the source.',
  unit: 'line',
  recognise: (head) => shareOf(head, 0.98, 'messages with a tag like %ASA-6-302013', (l) => tagAt(l) >= 0),
  reader: (context) => {
    const parse = withOthers(asaParser(context), (m) => tagAt(m) >= 0, context)
    return { read: (record) => (record.trim() === '' ? { skip: 'blank' } : parse(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/cisco/asa' },
  json: false,
  plain: { before: beforeNumber, shows: showsText, marks: ['%ASA-', '%FTD-', '%PIX-'] },
}
