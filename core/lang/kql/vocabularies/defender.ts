// The Device tables of Microsoft Defender, and the tables of Microsoft Sentinel for other logs.
import { byName } from '../../../text/by-name.ts'
import { any, constant, not } from '../../shared/condition.ts'
import type { Condition, Part } from '../../shared/portable.ts'
import {
  byCase,
  byValue,
  domainUser,
  fileNameOnly,
  hashes,
  registryData,
  withBeginning,
} from '../../shared/rewrites.ts'
import type { Mapping, Rewritten, TargetSource, TargetVocabulary } from '../../shared/target.ts'
import { cloud, cloudTypes } from './cloud.ts'
import { windowsSources, windowsTypes } from './windows.ts'

const HASHES = {
  md5: 'MD5',
  sha1: 'SHA1',
  sha256: 'SHA256',
  Hashes: hashes({ MD5: 'MD5', SHA1: 'SHA1', SHA256: 'SHA256' }),
}
const ACTOR: Readonly<Record<string, Mapping>> = byName({
  Image: 'InitiatingProcessFolderPath',
  CommandLine: 'InitiatingProcessCommandLine',
  ProcessId: 'InitiatingProcessId',
  ParentImage: fileNameOnly('InitiatingProcessParentFileName'),
  User: domainUser('InitiatingProcessAccountDomain', 'InitiatingProcessAccountName'),
  IntegrityLevel: 'InitiatingProcessIntegrityLevel',
  Computer: 'DeviceName',
  ComputerName: 'DeviceName',
})

const device = (
  category: string,
  table: string,
  actions: readonly string[],
  fields: Readonly<Record<string, Mapping>>,
  more: Partial<TargetSource> = {},
): TargetSource => ({
  category,
  from: table,
  time: 'Timestamp',
  ...(actions.length > 0 ? { where: constant('ActionType', ...actions) } : {}),
  fields,
  loss: {
    kind: 'platform',
    message: `${table} has the events of all operating systems; DeviceInfo knows which a device runs`,
  },
  ...more,
})

/** `ActionType` knows who began a connection. */
const OUTBOUND = constant(
  'ActionType',
  'ConnectionSuccess',
  'ConnectionFailed',
  'ConnectionRequest',
  'ConnectionAttempt',
)
const INBOUND = constant('ActionType', 'InboundConnectionAccepted')
const ROLE = {
  kind: 'role',
  message:
    'Defender names the ends of a connection local and remote; ActionType says which of them is the source, and it counts failed attempts too',
}
const end = (outbound: string, inbound: string): Rewritten =>
  byCase(
    [
      [not(INBOUND), outbound],
      [INBOUND, inbound],
    ],
    outbound,
    ROLE,
  )

/** Sysmon abbreviates the roots, and writes the control set that is in use. */
const HIVES = {
  'HKLM\\': ['HKEY_LOCAL_MACHINE\\'],
  'HKU\\': ['HKEY_USERS\\', 'HKEY_CURRENT_USER\\'],
  'HKCU\\': ['HKEY_CURRENT_USER\\'],
  'HKCR\\': ['HKEY_CLASSES_ROOT\\', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\'],
}
const registryPath: Rewritten = {
  name: 'TargetObject',
  test: (t) => {
    return alsoNumbered(withBeginning(t, 'TargetObject', HIVES))
  },
}

/** The control set in use is the link CurrentControlSet or its target, ControlSet001. */
function alsoNumbered(c: Condition): Condition {
  if (c.kind === 'any' || c.kind === 'all') return any(...c.of.map(alsoNumbered))
  if (c.kind !== 'text' || !c.parts.some((p) => 'text' in p && LINK.test(p.text))) return c
  const parts = c.parts.flatMap((p): Part[] =>
    'text' in p
      ? p.text
          .split(LINK)
          .flatMap((text, i): Part[] => (i === 0 ? [{ text }] : [{ text: 'ControlSet00' }, { wild: '?' }, { text }]))
      : [p],
  )
  return any(c, { ...c, parts })
}
const LINK = /CurrentControlSet/i

const REGISTRY = { ...ACTOR, TargetObject: registryPath, Details: registryData('RegistryValueData', 'Defender') }
const registry = (category: string, ...actions: readonly string[]): TargetSource =>
  device(
    category,
    'DeviceRegistryEvents',
    actions,
    {
      ...REGISTRY,
      EventType: byValue(
        {
          setvalue: constant('ActionType', 'RegistryValueSet'),
          createkey: constant('ActionType', 'RegistryKeyCreated'),
          deletekey: constant('ActionType', 'RegistryKeyDeleted'),
          deletevalue: constant('ActionType', 'RegistryValueDeleted'),
        },
        'EventType',
      ),
    },
    {
      product: 'windows',
      extend: [
        '| extend TargetObject = iff(isempty(RegistryValueName), RegistryKey, strcat(RegistryKey, @"\\", RegistryValueName))',
      ],
    },
  )
const withoutLoss = ({ loss: _, ...source }: TargetSource): TargetSource => source

const pipe: Rewritten = {
  name: 'AdditionalFields.PipeName',
  test: (t) => withBeginning(t, 'AdditionalFields.PipeName', { '\\': ['\\Device\\NamedPipe\\'] }),
}

export const defender: TargetVocabulary = {
  id: 'defender',
  title: 'Microsoft Defender and Sentinel tables',
  evidence: [
    {
      url: 'https://learn.microsoft.com/defender-xdr/advanced-hunting-deviceprocessevents-table',
      says: 'FolderPath and ProcessCommandLine are of the new process; columns that begin with InitiatingProcess are of its parent.',
    },
    {
      url: 'https://learn.microsoft.com/defender-xdr/advanced-hunting-devicenetworkevents-table',
      says: 'LocalIP and RemoteIP are the ends of a connection as the device sees it; ActionType tells accepted from opened ones.',
    },
    {
      url: 'https://learn.microsoft.com/defender-xdr/advanced-hunting-deviceregistryevents-table',
      says: 'RegistryKey and RegistryValueName are two columns, with the roots written out.',
    },
    {
      url: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/windowsevent',
      says: 'EventData has the fields of the event as JSON.',
    },
    {
      url: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/securityevent',
      says: 'Fields of the Security channel are columns; EventID and LogonType are numbers.',
    },
  ],
  sources: [
    device('process_creation', 'DeviceProcessEvents', ['ProcessCreated'], {
      ...HASHES,
      Image: 'FolderPath',
      CommandLine: 'ProcessCommandLine',
      OriginalFileName: 'ProcessVersionInfoOriginalFileName',
      Description: 'ProcessVersionInfoFileDescription',
      Product: 'ProcessVersionInfoProductName',
      Company: 'ProcessVersionInfoCompanyName',
      FileVersion: 'ProcessVersionInfoProductVersion',
      ProcessId: 'ProcessId',
      IntegrityLevel: 'ProcessIntegrityLevel',
      User: domainUser('AccountDomain', 'AccountName'),
      ParentImage: 'InitiatingProcessFolderPath',
      ParentCommandLine: 'InitiatingProcessCommandLine',
      ParentProcessId: 'InitiatingProcessId',
      ParentUser: domainUser('InitiatingProcessAccountDomain', 'InitiatingProcessAccountName'),
      GrandParentImage: fileNameOnly('InitiatingProcessParentFileName'),
      Computer: 'DeviceName',
      ComputerName: 'DeviceName',
    }),
    device(
      'network_connection',
      'DeviceNetworkEvents',
      [],
      {
        ...ACTOR,
        DestinationIp: end('RemoteIP', 'LocalIP'),
        DestinationPort: end('RemotePort', 'LocalPort'),
        SourceIp: end('LocalIP', 'RemoteIP'),
        SourcePort: end('LocalPort', 'RemotePort'),
        DestinationHostname: 'RemoteUrl',
        Protocol: 'Protocol',
        Initiated: byValue({ true: OUTBOUND, false: INBOUND }, 'Initiated is ActionType in Defender'),
        // Sysmon's number of this category.
        EventID: byValue({ '3': any(OUTBOUND, INBOUND) }, 'EventID'),
      },
      { where: any(OUTBOUND, INBOUND), exclusive: [OUTBOUND, INBOUND] },
    ),
    device('file_event', 'DeviceFileEvents', ['FileCreated'], { ...ACTOR, ...HASHES, TargetFilename: 'FolderPath' }),
    device('file_delete', 'DeviceFileEvents', ['FileDeleted'], { ...ACTOR, ...HASHES, TargetFilename: 'FolderPath' }),
    device('file_rename', 'DeviceFileEvents', ['FileRenamed'], { ...ACTOR, ...HASHES, TargetFilename: 'FolderPath' }),
    ...[
      registry('registry_set', 'RegistryValueSet'),
      registry('registry_add', 'RegistryKeyCreated'),
      registry('registry_delete', 'RegistryKeyDeleted', 'RegistryValueDeleted'),
      registry(
        'registry_event',
        'RegistryValueSet',
        'RegistryKeyCreated',
        'RegistryKeyDeleted',
        'RegistryValueDeleted',
      ),
      device(
        'image_load',
        'DeviceImageLoadEvents',
        [],
        { ...ACTOR, ...HASHES, ImageLoaded: 'FolderPath' },
        { product: 'windows' },
      ),
      device(
        'driver_load',
        'DeviceEvents',
        ['DriverLoad'],
        { ...HASHES, ImageLoaded: 'FolderPath', Computer: 'DeviceName' },
        { product: 'windows' },
      ),
      device('pipe_created', 'DeviceEvents', ['NamedPipeEvent'], { ...ACTOR, PipeName: pipe }, { product: 'windows' }),
      device(
        'dns_query',
        'DeviceEvents',
        ['DnsQueryResponse'],
        { ...ACTOR, QueryName: 'AdditionalFields.DnsQueryString' },
        { product: 'windows' },
      ),
    ].map(withoutLoss),
    ...windowsSources,
    ...cloud,
  ],
  types: {
    ...windowsTypes,
    ...cloudTypes,
    RemotePort: 'number',
    LocalPort: 'number',
    ProcessId: 'number',
    InitiatingProcessId: 'number',
    RemoteIP: 'address',
    LocalIP: 'address',
  },
}
