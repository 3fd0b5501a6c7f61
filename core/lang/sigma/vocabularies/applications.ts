import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'

/** Prose messages: events without a field for their type. Rules for them search the text. */
const PROSE = { EventID: 'absent', event_simpleName: 'absent', 'network:key': 'absent', eventName: 'absent' } as const

const application = ['django', 'jvm', 'nodejs', 'python', 'ruby_on_rails', 'spring', 'sql', 'velocity'].map(
  (product): SigmaSource => ({ category: 'application', product, where: PROSE }),
)
/** Network devices, whose syslog has the words of their operating systems. */
const devices = [
  ['cisco', 'aaa'],
  ['cisco', 'bgp'],
  ['cisco', 'ldp'],
  ['cisco', 'syslog'],
  ['huawei', 'bgp'],
  ['huawei', 'ldp'],
  ['juniper', 'bgp'],
  ['juniper', 'ldp'],
  ['fortios', 'sslvpnd'],
].map(([product, service]): SigmaSource => ({ product: product as string, service: service as string, where: PROSE }))

export const applications: Vocabulary = {
  id: 'applications',
  title: 'Applications and devices whose messages are prose',
  evidence:
    'The taxonomy of the Sigma specification 2.1: their rules are keywords. OpenCanary’s and RPC Firewall’s pages on their records; names of ' +
    'antivirus fields from the taxonomy.',
  sources: [
    ...application,
    ...devices,
    { category: 'database', where: PROSE },
    { category: 'appliance', product: 'paloalto', service: 'globalprotect', where: PROSE },
    {
      category: 'appliance',
      product: 'paloalto',
      service: 'globalprotect',
      where: { _sourceCategory: ['network/paloalto'] },
    },
    {
      category: 'file_event',
      product: 'paloalto',
      service: 'globalprotect',
      where: { TargetFilename: 'present', Channel: 'absent' },
    },
    { category: 'application', product: 'opencanary', where: { logtype: 'present' } },
    { category: 'application', product: 'rpc_firewall', where: { EventLog: ['RPCFW'] } },
    { category: 'application', product: 'rpc_firewall', where: { Channel: ['RPCFW'] } },
    { category: 'antivirus', where: { Signature: 'present', Filename: 'present' } },
    { category: 'antivirus', where: { Signature: 'present', Action: 'present' } },
    { category: 'antivirus', where: { 'threat.indicator.file.name': 'present' } },
    { category: 'antivirus', where: { _sourceCategory: ['antivirus', '*/antivirus'] } },
    { product: 'qualys', where: { 'host.scan.vuln': 'present' } },
    { product: 'qualys', where: { 'host.scan.vuln_name': 'present' } },
    { product: 'qualys', where: { 'event.category': ['Security Policy'] } },
  ],
  fields: { rpc_firewall: { EventLog: ['Channel'] } },
}
