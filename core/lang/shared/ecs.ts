// The Elastic Common Schema, as Elastic's integrations, Winlogbeat and Elastic Defend fill it.
import { byName } from '../../text/by-name.ts'
import { all, any, constant } from './condition.ts'
import type { Condition } from './portable.ts'
import { byValue, domainUser, hashes, registryData } from './rewrites.ts'
import type { Mapping, TargetSource, TargetVocabulary } from './target.ts'
import { CHANNELS, POWERSHELL_EVENTS, SYSMON, SYSMON_EVENTS } from './windows-events.ts'

const ENDPOINT: Readonly<Record<string, Mapping>> = byName({
  EventID: 'event.code',
  Channel: 'winlog.channel',
  Provider_Name: 'winlog.provider_name',
  Computer: 'winlog.computer_name',
  ComputerName: 'winlog.computer_name',
  User: domainUser('user.domain', 'user.name'),
  Image: 'process.executable',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'process.working_directory',
  ProcessId: 'process.pid',
  ProcessGuid: 'process.entity_id',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line',
  ParentProcessId: 'process.parent.pid',
  OriginalFileName: 'process.pe.original_file_name',
  Description: 'process.pe.description',
  Product: 'process.pe.product',
  Company: 'process.pe.company',
  FileVersion: 'process.pe.file_version',
  Imphash: 'process.pe.imphash',
  md5: 'process.hash.md5',
  sha1: 'process.hash.sha1',
  sha256: 'process.hash.sha256',
  Hashes: hashes({
    MD5: 'process.hash.md5',
    SHA1: 'process.hash.sha1',
    SHA256: 'process.hash.sha256',
    IMPHASH: 'process.pe.imphash',
  }),
})
const DLL: Readonly<Record<string, Mapping>> = byName({
  ...ENDPOINT,
  ImageLoaded: 'dll.path',
  Signed: 'dll.code_signature.signed',
  SignatureStatus: 'dll.code_signature.status',
  Signature: 'dll.code_signature.subject_name',
  OriginalFileName: 'dll.pe.original_file_name',
  Description: 'dll.pe.description',
  Product: 'dll.pe.product',
  Company: 'dll.pe.company',
  Hashes: hashes({ MD5: 'dll.hash.md5', SHA1: 'dll.hash.sha1', SHA256: 'dll.hash.sha256', IMPHASH: 'dll.pe.imphash' }),
})
const HOST = {
  ...ENDPOINT,
  SourceIp: 'source.ip',
  SourcePort: 'source.port',
  SourceHostname: 'source.domain',
  DestinationIp: 'destination.ip',
  DestinationPort: 'destination.port',
  DestinationHostname: 'destination.domain',
  Protocol: 'network.transport',
  Initiated: byValue(
    {
      true: constant('network.direction', 'egress', 'outbound'),
      false: constant('network.direction', 'ingress', 'inbound'),
    },
    'Initiated is network.direction in ECS',
  ),
  TargetFilename: 'file.path',
  TargetObject: 'registry.path',
  Details: registryData('registry.data.strings', 'ECS'),
  QueryName: 'dns.question.name',
  QueryResults: 'dns.answers.data',
  PipeName: 'file.name',
} satisfies Record<string, Mapping>

/** Of Winlogbeat and the Windows integration: fields without a name in ECS. */
const eventData = (field: string): string => `winlog.event_data.${field}`

const kinds = (category: string, ...types: readonly string[]): Condition =>
  all(
    constant('event.category', category),
    ...(types.length > 0 ? [any(...types.map((t) => constant('event.type', t)))] : []),
  )

const host = (
  category: string,
  stream: string,
  where: Condition,
  fields: Readonly<Record<string, Mapping>> = HOST,
): TargetSource[] => {
  const shared = { category, where, fields }
  return [
    {
      ...shared,
      product: 'windows',
      from: `logs-endpoint.events.${stream}-*, logs-windows.sysmon_operational-*, winlogbeat-*`,
      where: all(where, constant('host.os.type', 'windows')),
      other: eventData,
    },
    ...['linux', 'macos'].map(
      (product): TargetSource => ({
        ...shared,
        product,
        from: `logs-endpoint.events.${stream}-*`,
        where: all(where, constant('host.os.type', product)),
      }),
    ),
  ]
}

/** Sysmon's events that ECS has no kind for. */
const sysmon = Object.entries(SYSMON_EVENTS).map(
  ([category, ids]): TargetSource => ({
    category,
    product: 'windows',
    from: 'logs-windows.sysmon_operational-*, winlogbeat-*',
    where: all(
      constant('winlog.channel', SYSMON['windows'] as string),
      any(...ids.map((id) => constant('event.code', id))),
    ),
    fields: category === 'image_load' || category === 'driver_load' ? DLL : HOST,
    other: eventData,
  }),
)
const windowsLog = (
  match: Pick<TargetSource, 'category' | 'service'>,
  channels: readonly string[],
  id?: string,
): TargetSource => ({
  ...match,
  product: 'windows',
  from: 'logs-system.*, logs-windows.*, winlogbeat-*',
  where: all(
    any(...channels.map((c) => constant('winlog.channel', c))),
    ...(id === undefined ? [] : [constant('event.code', id)]),
  ),
  fields: {
    EventID: 'event.code',
    Channel: 'winlog.channel',
    Provider_Name: 'winlog.provider_name',
    Computer: 'winlog.computer_name',
    ComputerName: 'winlog.computer_name',
    ...(match.category === 'ps_script' ? { ScriptBlockText: 'powershell.file.script_block_text' } : {}),
  },
  other: eventData,
})

const NETWORK: Readonly<Record<string, Mapping>> = byName({
  src_ip: 'source.ip',
  src_port: 'source.port',
  dst_ip: 'destination.ip',
  dst_port: 'destination.port',
  action: 'event.action',
  protocol: 'network.transport',
  bytes_sent: 'source.bytes',
  bytes_received: 'destination.bytes',
})
const WEB: Readonly<Record<string, Mapping>> = byName({
  'c-uri': 'url.original',
  'c-useragent': 'user_agent.original',
  'cs-user-agent': 'user_agent.original',
  'cs-method': 'http.request.method',
  'cs-referer': 'http.request.referrer',
  'cs-uri-stem': 'url.path',
  'cs-uri-query': 'url.query',
  'cs-host': 'url.domain',
  'cs-username': 'user.name',
  'sc-status': 'http.response.status_code',
  'c-ip': 'source.ip',
  dst_ip: 'destination.ip',
})
const prefixed =
  (prefix: string) =>
  (field: string): string =>
    `${prefix}.${field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()}`

export const ecs: TargetVocabulary = {
  id: 'ecs',
  title: 'Elastic Common Schema',
  evidence: [
    {
      url: 'https://www.elastic.co/docs/reference/ecs/ecs-field-reference',
      says: 'Names and types of the fields; source.bytes are sent by the source, destination.bytes by the destination.',
    },
    {
      url: 'https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category',
      says: 'event.category and event.type are arrays with fixed values.',
    },
    {
      url: 'https://www.elastic.co/docs/reference/integrations/windows',
      says: 'Fields without a name in ECS are in winlog.event_data; event.code is a keyword.',
    },
    {
      url: 'https://www.elastic.co/docs/reference/integrations/aws/cloudtrail',
      says: 'eventName is event.action, eventSource is event.provider.',
    },
  ],
  sources: [
    ...host('process_creation', 'process', kinds('process', 'start')),
    ...host('process_termination', 'process', kinds('process', 'end')),
    ...host('network_connection', 'network', kinds('network')),
    ...host('file_event', 'file', kinds('file', 'creation')),
    ...host('file_delete', 'file', kinds('file', 'deletion')),
    ...host('image_load', 'library', kinds('library', 'start'), DLL).slice(0, 1),
    ...host('registry_set', 'registry', kinds('registry', 'change')).slice(0, 1),
    ...host('registry_event', 'registry', kinds('registry')).slice(0, 1),
    ...host('registry_add', 'registry', kinds('registry', 'creation')).slice(0, 1),
    ...host('registry_delete', 'registry', kinds('registry', 'deletion')).slice(0, 1),
    ...sysmon,
    ...Object.entries(POWERSHELL_EVENTS).map(([category, { channels, id }]) => windowsLog({ category }, channels, id)),
    ...Object.entries(CHANNELS).map(([service, channels]) => windowsLog({ service }, channels)),
    windowsLog({ service: 'sysmon' }, [SYSMON['windows'] as string]),
    { category: 'firewall', from: 'logs-*', where: kinds('network'), fields: NETWORK },
    {
      category: 'dns',
      from: 'logs-*',
      where: kinds('network'),
      fields: {
        query: 'dns.question.name',
        record_type: 'dns.question.type',
        answer: 'dns.answers.data',
        src_ip: 'source.ip',
      },
    },
    { category: 'proxy', from: 'logs-*', where: kinds('web'), fields: WEB },
    { category: 'webserver', from: 'logs-*', where: kinds('web'), fields: WEB },
    {
      product: 'aws',
      service: 'cloudtrail',
      from: 'logs-aws.cloudtrail-*',
      fields: {
        eventName: 'event.action',
        eventSource: 'event.provider',
        userAgent: 'user_agent.original',
        sourceIPAddress: 'source.address',
        awsRegion: 'cloud.region',
      },
      other: prefixed('aws.cloudtrail'),
    },
    {
      product: 'azure',
      service: 'signinlogs',
      from: 'logs-azure.signinlogs-*',
      fields: {
        userAgent: 'user_agent.original',
        callerIpAddress: 'source.address',
        operationName: 'azure.signinlogs.operation_name',
      },
      other: (f) => prefixed('azure.signinlogs.properties')(f.replace(/^properties\./, '')),
    },
    {
      product: 'azure',
      service: 'auditlogs',
      from: 'logs-azure.auditlogs-*',
      fields: {
        operationName: 'azure.auditlogs.operation_name',
        OperationName: 'azure.auditlogs.operation_name',
        'properties.message': 'azure.auditlogs.operation_name',
      },
      other: (f) => prefixed('azure.auditlogs.properties')(f.replace(/^properties\./, '')),
    },
    {
      product: 'azure',
      service: 'activitylogs',
      from: 'logs-azure.activitylogs-*',
      fields: {
        operationName: 'azure.activitylogs.operation_name',
        OperationNameValue: 'azure.activitylogs.operation_name',
        'properties.message': 'azure.activitylogs.operation_name',
      },
      other: (f) => prefixed('azure.activitylogs')(f),
    },
    {
      product: 'okta',
      from: 'logs-okta.system-*',
      fields: { eventType: 'event.action', displayMessage: 'okta.display_message' },
      other: prefixed('okta'),
    },
    {
      product: 'm365',
      from: 'logs-o365.audit-*',
      fields: { Operation: 'event.action', eventName: 'event.action', Workload: 'event.provider' },
      other: (f) => `o365.audit.${f}`,
    },
    { product: 'github', from: 'logs-github.audit-*', fields: { action: 'event.action' }, other: prefixed('github') },
    {
      product: 'gcp',
      from: 'logs-gcp.audit-*',
      fields: { 'gcp.audit.method_name': 'event.action' },
      other: (f) => (f.startsWith('gcp.') ? f : undefined),
    },
    {
      product: 'linux',
      service: 'sshd',
      from: 'logs-system.auth-*',
      where: constant('process.name', 'sshd'),
      fields: {},
    },
    { product: 'linux', service: 'auth', from: 'logs-system.auth-*', fields: {} },
    {
      product: 'linux',
      service: 'auditd',
      from: 'logs-auditd.log-*',
      fields: { type: 'auditd.log.record_type' },
      other: (f) => `auditd.log.${f}`,
    },
    { product: 'linux', category: 'process_creation', from: 'logs-endpoint.events.process-*', fields: HOST },
    { product: 'linux', from: 'logs-system.syslog-*, logs-system.auth-*', fields: {} },
    { product: 'zeek', from: 'logs-zeek.*', fields: {}, other: (f) => `zeek.${f}` },
  ],
  types: {
    'process.pid': 'number',
    'process.parent.pid': 'number',
    'source.port': 'number',
    'destination.port': 'number',
    'source.bytes': 'number',
    'destination.bytes': 'number',
    'network.bytes': 'number',
    'http.response.status_code': 'number',
    'source.ip': 'address',
    'destination.ip': 'address',
    'dll.code_signature.signed': 'boolean',
  },
  joins: true,
  many: new Set([
    'dns.answers.data',
    'event.category',
    'event.type',
    'host.ip',
    'process.args',
    'registry.data.strings',
    'related.ip',
    'related.user',
    'tags',
  ]),
}
