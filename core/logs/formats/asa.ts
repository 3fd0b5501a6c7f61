// Cisco ASA, FTD and PIX: `%ASA-6-302013: …` after any head, or none.
import { answer, end, first, is, sum, transport, when } from '../cps/answers.ts'
import type { Answer, CpsNames, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { asaParser, beforeNumber, isSession, showsText, tagAt } from '../vendors/cisco/asa.ts'

/**
 * Field names are those of Sumo Logic's Cisco ASA extraction: src_ip, src_port, dest_ip, dest_port, action (`Built`, `Teardown`, `Deny`, …, in
 * the vendor's spelling), protocol, user, bytes_in. The initiator of a Built line is the source: with `outbound` that is the second end. A
 * Teardown has no direction: the end with the port of a service is the destination.
 */
const message: TextMessages = {
  of: 'text',
  label: 'Cisco ASA',
  score: 0.98,
  is: (text) => tagAt(text) >= 0 || isSession(text),
  reader: (context) => ({ read: asaParser(context) }),
}

const isFirepower = (get: (field: string) => string | undefined): boolean => /^430/.test(get('message_id') ?? '')
const isAsa = (get: (field: string) => string | undefined): boolean => !isFirepower(get)
const firepowerOr =
  (firepower: Answer, other: Answer): Answer =>
  (get) =>
    answer(isFirepower(get) ? firepower : other, get)
const DENIED = /^(?:den(?:y|ied)|discarded|dropped|block|reject|fail)/i

/**
 * The vendor's page for Firepower copies the bytes and packets of the initiator to `destination.*`. The log of an ASA has one total of both
 * directions, so `source.bytes` is absent. A user's list of the ASA parser tells the names, but not from which message they come.
 */
const CPS: CpsNames = {
  documented: {
    '#Vendor': is('cisco'),
    '#event.module': (get) => (isFirepower(get) ? 'firepower' : 'asa'),
    'destination.bytes': when(isFirepower, 'InitiatorBytes'),
    'destination.packets': when(isFirepower, 'InitiatorPackets'),
    'destination.nat.ip': when(isFirepower, 'NAT_ResponderIP'),
    'destination.nat.port': when(isFirepower, 'NAT_ResponderPort'),
    'event.reason': when(isFirepower, 'AccessControlRuleReason'),
    'network.bytes': firepowerOr(sum('InitiatorBytes', 'ResponderBytes'), 'network:bytes'),
  },
  reported: {
    ...end('source', { ip: first('src_ip', 'SrcIP'), port: first('src_port', 'SrcPort') }),
    // `server`: the one that was asked whether a user may log in.
    ...end('destination', { ip: first('dest_ip', 'DstIP', 'server'), port: first('dest_port', 'DstPort') }),
    ...transport(first('protocol', 'Protocol')),
    'client.nat.ip': when(isAsa, 'src_nat_ip'),
    'network.direction': when(isAsa, 'direction'),
    'network.protocol': 'ApplicationProtocol',
    'source.user.name': first('user', 'User'),
    'user.name': first('user', 'User'),
    'log.syslog.hostname': 'network:device',
    'observer.ingress.interface.name': first('src_interface', 'IngressInterface'),
    'observer.egress.interface.name': first('dest_interface', 'EgressInterface'),
    'Vendor.acl_id': 'access_group',
    'event.code': 'message_id',
  },
  inferred: {
    '#event.kind': is('event'),
    '#event.outcome': (get) => {
      const action = get('AccessControlRuleAction') ?? get('action')
      return action === undefined ? undefined : DENIED.test(action) ? 'failure' : 'success'
    },
    'event.action': first('AccessControlRuleAction', 'action'),
    'rule.name': first('AccessControlRuleName', 'access_group'),
    'log.level': 'severity',
  },
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
  cps: CPS,
  aliases: {},
  tags: { _sourceCategory: 'network/cisco/asa' },
  json: false,
  plain: { before: beforeNumber, shows: showsText, marks: ['%ASA-', '%FTD-', '%PIX-', '%NGIPS-'] },
}
