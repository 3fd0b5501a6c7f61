// The Unified Data Model. https://cloud.google.com/chronicle/docs/reference/udm-field-list: `principal` acts, `target` is acted on.
import { constant } from '../shared/condition.ts'
import { byValue, domainUser } from '../shared/rewrites.ts'
import type { Mapping, TargetSource, TargetVocabulary } from '../shared/target.ts'

const kind = (type: string) => constant('metadata.event_type', type)
const ACTOR: Readonly<Record<string, Mapping>> = Object.freeze({
  Image: 'principal.process.file.full_path',
  CommandLine: 'principal.process.command_line',
  User: domainUser('principal.administrative_domain', 'principal.user.userid'),
  Computer: 'principal.hostname',
})
const connection = (fields: Readonly<Record<string, Mapping>>): TargetSource => ({
  from: 'NETWORK_CONNECTION',
  where: kind('NETWORK_CONNECTION'),
  fields,
})

export const udm: TargetVocabulary = {
  id: 'udm',
  title: 'Unified Data Model',
  evidence: [
    {
      url: 'https://cloud.google.com/chronicle/docs/reference/udm-field-list',
      says: 'principal is the side that acts, target the one acted on; network.sent_bytes go from principal to target.',
    },
    {
      url: 'https://cloud.google.com/chronicle/docs/unified-data-model/udm-usage',
      says: 'PROCESS_LAUNCH has the new process in target.process and its creator in principal.process.',
    },
  ],
  sources: [
    {
      category: 'process_creation',
      from: 'PROCESS_LAUNCH',
      where: kind('PROCESS_LAUNCH'),
      fields: {
        ...ACTOR,
        Image: 'target.process.file.full_path',
        CommandLine: 'target.process.command_line',
        ParentImage: 'principal.process.file.full_path',
        ParentCommandLine: 'principal.process.command_line',
        md5: 'target.process.file.md5',
        sha1: 'target.process.file.sha1',
        sha256: 'target.process.file.sha256',
      },
    },
    {
      category: 'network_connection',
      ...connection({
        ...ACTOR,
        SourceIp: 'principal.ip',
        SourcePort: 'principal.port',
        DestinationIp: 'target.ip',
        DestinationPort: 'target.port',
        DestinationHostname: 'target.hostname',
        Protocol: 'network.ip_protocol',
        Initiated: byValue(
          { true: constant('network.direction', 'OUTBOUND'), false: constant('network.direction', 'INBOUND') },
          'Initiated is network.direction',
        ),
      }),
    },
    {
      category: 'firewall',
      ...connection({
        src_ip: 'principal.ip',
        src_port: 'principal.port',
        dst_ip: 'target.ip',
        dst_port: 'target.port',
        protocol: 'network.ip_protocol',
        action: 'security_result.action',
        bytes_sent: 'network.sent_bytes',
        bytes_received: 'network.received_bytes',
      }),
    },
    {
      category: 'file_event',
      from: 'FILE_CREATION',
      where: kind('FILE_CREATION'),
      fields: { ...ACTOR, TargetFilename: 'target.file.full_path' },
    },
    {
      category: 'dns_query',
      from: 'NETWORK_DNS',
      where: kind('NETWORK_DNS'),
      fields: { ...ACTOR, QueryName: 'network.dns.questions.name' },
    },
  ],
  types: {
    'principal.port': 'number',
    'target.port': 'number',
    'network.sent_bytes': 'number',
    'network.received_bytes': 'number',
  },
  many: new Set(['principal.ip', 'target.ip', 'network.dns.questions.name', 'security_result.action']),
}
