// The Common Information Model, searched by its tags, so that no accelerated summary is needed.
import { byName } from '../../../text/by-name.ts'
import { textTest } from '../../shared/condition.ts'
import { byValue } from '../../shared/rewrites.ts'
import type { Mapping, TargetSource, TargetVocabulary } from '../../shared/target.ts'

const PROCESS: Readonly<Record<string, Mapping>> = byName({
  Image: 'process_path',
  CommandLine: 'process',
  CurrentDirectory: 'process_current_directory',
  ProcessId: 'process_id',
  ParentImage: 'parent_process_path',
  ParentCommandLine: 'parent_process',
  ParentProcessId: 'parent_process_id',
  OriginalFileName: 'original_file_name',
  IntegrityLevel: 'process_integrity_level',
  Hashes: 'process_hash',
  User: 'user',
  Computer: 'dest',
  ComputerName: 'dest',
})
const FILE: Readonly<Record<string, Mapping>> = byName({
  TargetFilename: 'file_path',
  Image: 'process_path',
  Hashes: 'file_hash',
  User: 'user',
  Computer: 'dest',
})
const REGISTRY: Readonly<Record<string, Mapping>> = byName({
  TargetObject: 'registry_path',
  Details: 'registry_value_data',
  Image: 'process_path',
  User: 'user',
  Computer: 'dest',
})
const TRAFFIC: Readonly<Record<string, Mapping>> = byName({
  SourceIp: 'src_ip',
  SourcePort: 'src_port',
  DestinationIp: 'dest_ip',
  DestinationPort: 'dest_port',
  DestinationHostname: 'dest_host',
  Protocol: 'transport',
  Image: 'app',
  User: 'user',
  Initiated: byValue(
    { true: textTest('direction', 'outbound'), false: textTest('direction', 'inbound') },
    'Initiated is `direction` in the model',
  ),
  src_ip: 'src_ip',
  dst_ip: 'dest_ip',
  src_port: 'src_port',
  dst_port: 'dest_port',
  action: 'action',
  protocol: 'transport',
  bytes_sent: 'bytes_out',
  bytes_received: 'bytes_in',
})

/** Connections that a network device reports. */
export const traffic: TargetSource = { from: 'tag=network tag=communicate', fields: TRAFFIC }

const file = (category: string, action: string): TargetSource => ({
  category,
  from: 'tag=endpoint tag=filesystem',
  where: textTest('action', action),
  fields: FILE,
})
const registry = (category: string, ...actions: readonly string[]): TargetSource => ({
  category,
  from: 'tag=endpoint tag=registry',
  where: textTest('action', ...actions),
  fields: REGISTRY,
})

export const cim: TargetVocabulary = {
  id: 'cim',
  title: 'Splunk Common Information Model',
  evidence: [
    {
      url: 'https://docs.splunk.com/Documentation/CIM/latest/User/Endpoint',
      says: 'Endpoint: `process` is the command line, `process_path` the file; its data sets are found by the tags process and report, endpoint and filesystem, endpoint and registry.',
    },
    {
      url: 'https://docs.splunk.com/Documentation/CIM/latest/User/NetworkTraffic',
      says: 'Network Traffic: src_ip, dest_ip, dest_port, transport, direction; tags network and communicate.',
    },
    {
      url: 'https://docs.splunk.com/Documentation/CIM/latest/User/NetworkResolutionDNS',
      says: 'DNS: query, answer, record_type; tags network, resolution and dns.',
    },
    {
      url: 'https://docs.splunk.com/Documentation/CIM/latest/User/Web',
      says: 'Web: url, uri_path, uri_query, http_method, http_user_agent, status; tag web.',
    },
  ],
  sources: [
    { category: 'process_creation', from: 'tag=process tag=report', fields: PROCESS },
    { category: 'network_connection', ...traffic },
    { category: 'firewall', ...traffic },
    file('file_event', 'created'),
    file('file_delete', 'deleted'),
    registry('registry_set', 'modified'),
    registry('registry_add', 'created'),
    registry('registry_delete', 'deleted'),
    registry('registry_event', 'created', 'modified', 'deleted'),
    {
      category: 'dns_query',
      from: 'tag=network tag=resolution tag=dns',
      fields: { QueryName: 'query', QueryResults: 'answer', Image: 'app', Computer: 'src' },
    },
    {
      category: 'dns',
      from: 'tag=network tag=resolution tag=dns',
      fields: { query: 'query', answer: 'answer', record_type: 'record_type', src_ip: 'src' },
    },
    ...['proxy', 'webserver'].map(
      (category): TargetSource => ({
        category,
        from: 'tag=web',
        fields: {
          'c-uri': 'url',
          'c-useragent': 'http_user_agent',
          'cs-user-agent': 'http_user_agent',
          'cs-method': 'http_method',
          'cs-referer': 'http_referrer',
          'cs-uri-stem': 'uri_path',
          'cs-uri-query': 'uri_query',
          'cs-host': 'site',
          'sc-status': 'status',
          'cs-username': 'user',
          'c-ip': 'src',
          dst_ip: 'dest_ip',
        },
      }),
    ),
  ],
  types: {
    dest_port: 'number',
    src_port: 'number',
    bytes: 'number',
    bytes_in: 'number',
    bytes_out: 'number',
    status: 'number',
    process_id: 'number',
    parent_process_id: 'number',
  },
}
