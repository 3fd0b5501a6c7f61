// The Advanced Security Information Model: parsers that give every source of Sentinel the same columns.
import { byName } from '../../../text/by-name.ts'
import { constant } from '../../shared/condition.ts'
import type { Condition } from '../../shared/portable.ts'
import { byValue, hashes } from '../../shared/rewrites.ts'
import type { Mapping, TargetSource, TargetVocabulary } from '../../shared/target.ts'

const OUTBOUND = constant('NetworkDirection', 'Outbound')
const INBOUND = constant('NetworkDirection', 'Inbound')
const COMPUTER = { Computer: 'Dvc', ComputerName: 'Dvc' }

const network: Readonly<Record<string, Mapping>> = byName({
  SourceIp: 'SrcIpAddr',
  SourcePort: 'SrcPortNumber',
  DestinationIp: 'DstIpAddr',
  DestinationPort: 'DstPortNumber',
  DestinationHostname: 'DstHostname',
  SourceHostname: 'SrcHostname',
  Protocol: 'NetworkProtocol',
  Image: 'SrcProcessName',
  Initiated: byValue({ true: OUTBOUND, false: INBOUND }, 'Initiated is NetworkDirection in the model'),
  src_ip: 'SrcIpAddr',
  dst_ip: 'DstIpAddr',
  src_port: 'SrcPortNumber',
  dst_port: 'DstPortNumber',
  action: 'DvcAction',
  protocol: 'NetworkProtocol',
  bytes_sent: 'SrcBytes',
  bytes_received: 'DstBytes',
  ...COMPUTER,
})
const kinds = (...types: readonly string[]): Condition => constant('EventType', ...types)

const registry = (category: string, ...types: readonly string[]): TargetSource => ({
  category,
  from: '_Im_RegistryEvent()',
  where: kinds(...types),
  extend: [
    '| extend TargetObject = iff(isempty(RegistryValue), RegistryKey, strcat(RegistryKey, @"\\", RegistryValue))',
  ],
  fields: {
    TargetObject: 'TargetObject',
    Details: 'RegistryValueData',
    Image: 'ActingProcessName',
    User: 'ActorUsername',
    ...COMPUTER,
  },
  loss: {
    kind: 'registry-root',
    message: 'ASIM writes the roots of the registry out (HKEY_LOCAL_MACHINE), Sysmon abbreviates them',
  },
})
const file = (category: string, ...types: readonly string[]): TargetSource => ({
  category,
  from: '_Im_FileEvent()',
  where: kinds(...types),
  fields: {
    TargetFilename: 'TargetFilePath',
    Image: 'ActingProcessName',
    CommandLine: 'ActingProcessCommandLine',
    User: 'ActorUsername',
    Hashes: hashes({ MD5: 'TargetFileMD5', SHA1: 'TargetFileSHA1', SHA256: 'TargetFileSHA256' }),
    ...COMPUTER,
  },
})
const WEB = {
  'c-uri': 'Url',
  'c-useragent': 'HttpUserAgent',
  'cs-user-agent': 'HttpUserAgent',
  'cs-method': 'HttpRequestMethod',
  'cs-referer': 'HttpReferrer',
  'cs-host': 'DstHostname',
  'cs-username': 'SrcUsername',
  'c-ip': 'SrcIpAddr',
  'sc-status': 'EventResultDetails',
  dst_ip: 'DstIpAddr',
}

export const asim: TargetVocabulary = {
  id: 'asim',
  title: 'Advanced Security Information Model',
  evidence: [
    {
      url: 'https://learn.microsoft.com/azure/sentinel/normalization-schema-process-event',
      says: 'The target process is the new one, the acting process is its creator.',
    },
    {
      url: 'https://learn.microsoft.com/azure/sentinel/normalization-schema-network',
      says: 'SrcBytes go from source to destination; NetworkDirection is Outbound or Inbound; DvcAction is Allow, Deny or Drop.',
    },
    {
      url: 'https://learn.microsoft.com/azure/sentinel/normalization-schema-file-event',
      says: 'TargetFilePath is the whole path, TargetFileName the name alone.',
    },
    {
      url: 'https://learn.microsoft.com/azure/sentinel/normalization-schema-registry-event',
      says: 'RegistryKey and RegistryValue are two columns.',
    },
    {
      url: 'https://learn.microsoft.com/azure/sentinel/normalization-schema-dns',
      says: 'DnsQuery is the name that was asked for.',
    },
    {
      url: 'https://learn.microsoft.com/azure/sentinel/normalization-schema-web',
      says: 'Url, HttpUserAgent and HttpRequestMethod; the status is EventResultDetails, a text.',
    },
  ],
  sources: [
    {
      category: 'process_creation',
      from: '_Im_ProcessCreate()',
      fields: {
        Image: 'TargetProcessName',
        CommandLine: 'TargetProcessCommandLine',
        CurrentDirectory: 'TargetProcessCurrentDirectory',
        ProcessId: 'TargetProcessId',
        IntegrityLevel: 'TargetProcessIntegrityLevel',
        OriginalFileName: 'TargetProcessFileOriginalName',
        Description: 'TargetProcessFileDescription',
        Product: 'TargetProcessFileProduct',
        Company: 'TargetProcessFileCompany',
        FileVersion: 'TargetProcessFileVersion',
        User: 'TargetUsername',
        ParentImage: 'ActingProcessName',
        ParentCommandLine: 'ActingProcessCommandLine',
        ParentProcessId: 'ActingProcessId',
        ParentUser: 'ActorUsername',
        md5: 'TargetProcessMD5',
        sha1: 'TargetProcessSHA1',
        sha256: 'TargetProcessSHA256',
        Imphash: 'TargetProcessIMPHASH',
        Hashes: hashes({
          MD5: 'TargetProcessMD5',
          SHA1: 'TargetProcessSHA1',
          SHA256: 'TargetProcessSHA256',
          IMPHASH: 'TargetProcessIMPHASH',
        }),
        ...COMPUTER,
      },
    },
    {
      category: 'network_connection',
      from: '_Im_NetworkSession()',
      where: kinds('EndpointNetworkSession'),
      fields: network,
      exclusive: [OUTBOUND, INBOUND],
    },
    { category: 'firewall', from: '_Im_NetworkSession()', where: kinds('NetworkSession'), fields: network },
    file('file_event', 'FileCreated'),
    file('file_delete', 'FileDeleted'),
    file('file_rename', 'FileRenamed'),
    registry('registry_set', 'RegistryValueSet'),
    registry('registry_add', 'RegistryKeyCreated'),
    registry('registry_delete', 'RegistryKeyDeleted', 'RegistryValueDeleted'),
    registry('registry_event', 'RegistryValueSet', 'RegistryKeyCreated', 'RegistryKeyDeleted', 'RegistryValueDeleted'),
    {
      category: 'dns_query',
      from: '_Im_Dns()',
      fields: { QueryName: 'DnsQuery', QueryResults: 'DnsResponseName', Image: 'SrcProcessName', ...COMPUTER },
    },
    {
      category: 'dns',
      from: '_Im_Dns()',
      fields: { query: 'DnsQuery', record_type: 'DnsQueryTypeName', answer: 'DnsResponseName', src_ip: 'SrcIpAddr' },
    },
    { category: 'proxy', from: '_Im_WebSession()', fields: WEB },
    { category: 'webserver', from: '_Im_WebSession()', fields: WEB },
  ],
  types: {
    SrcPortNumber: 'number',
    DstPortNumber: 'number',
    SrcBytes: 'number',
    DstBytes: 'number',
    SrcIpAddr: 'address',
    DstIpAddr: 'address',
  },
}
