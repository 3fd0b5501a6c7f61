// Cisco ASA, FTD and PIX: `%ASA-6-302013: …` behind any head, or none.
import type { FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { asaParser, beforeNumber, showsText, tagAt } from '../vendors/cisco/asa.ts'

/**
 * Field names are those of Sumo Logic's Cisco ASA extraction: src_ip, src_port, dest_ip, dest_port, action (`Built`, `Teardown`, `Deny`, …, in
 * the vendor's spelling), protocol, user, bytes_in. The initiator of a Built line is the source: with `outbound` that is the second end. A
 * Teardown has no direction: the end with the port of a service is the destination.
 */
const message: TextMessages = {
  of: 'text',
  label: 'Cisco ASA',
  score: 0.98,
  is: (text) => tagAt(text) >= 0,
  reader: (context) => ({ read: asaParser(context) }),
}

export const asa: FormatRecord = {
  name: 'asa',
  title: 'Cisco ASA, FTD and PIX',
  doc:
    'Messages with a tag such as %ASA-6-302013 behind any syslog head or none. Connections built and torn down, access lists and denials are read ' +
    'in full; of other messages id, severity and text. A stamp without zone or year is read in those of the source.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'messages with a tag like %ASA-6-302013', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/cisco/asa'] } }],
  facts: { session: ['connection_id'] },
  aliases: {},
  tags: { _sourceCategory: 'network/cisco/asa' },
  json: false,
  plain: { before: beforeNumber, shows: showsText, marks: ['%ASA-', '%FTD-', '%PIX-'] },
}
