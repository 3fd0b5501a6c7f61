// Windows logs in Microsoft Sentinel: the table WindowsEvent has the fields of an event in the JSON column EventData.
import { all, constant } from '../../shared/condition.ts'
import type { TargetSource } from '../../shared/target.ts'
import { AUDITED, CHANNELS, POWERSHELL_EVENTS, SYSMON, SYSMON_EVENTS } from '../../shared/windows-events.ts'

const SYSTEM = {
  EventID: 'EventID',
  Channel: 'Channel',
  Provider_Name: 'Provider',
  Computer: 'Computer',
  ComputerName: 'Computer',
  Level: 'EventLevel',
}
const eventData = (field: string): string => `EventData.${field}`

const windowsEvent = (
  match: Pick<TargetSource, 'category' | 'service'>,
  channels: readonly string[],
  ...ids: readonly string[]
): TargetSource => ({
  ...match,
  product: 'windows',
  from: 'WindowsEvent',
  where: all(constant('Channel', ...channels), ...(ids.length === 0 ? [] : [constant('EventID', ...ids)])),
  fields: SYSTEM,
  other: eventData,
})

/** Columns of SecurityEvent. A rule that needs another field reads WindowsEvent. */
const SECURITY = (
  'Account AccountType AccessList AccessMask AuthenticationPackageName Channel CommandLine Computer EventID ElevatedToken FailureReason ' +
  'ImpersonationLevel IpAddress IpPort KeyLength LmPackageName LogonProcessName LogonType MandatoryLabel MemberName MemberSid NewProcessId NewProcessName ' +
  'ObjectName ObjectServer ObjectType ParentProcessName PrivilegeList ProcessId ProcessName RelativeTargetName SamAccountName ServiceAccount ' +
  'ServiceFileName ServiceName ServiceStartType ServiceType ShareLocalPath ShareName Status SubStatus SubjectDomainName SubjectLogonId ' +
  'SubjectUserName SubjectUserSid TargetDomainName TargetLogonId TargetServerName TargetSid TargetUserName TargetUserSid TokenElevationType ' +
  'WorkstationName'
).split(' ')

const security: TargetSource = {
  product: 'windows',
  service: 'security',
  from: 'SecurityEvent',
  fields: {
    ...Object.fromEntries(SECURITY.map((n) => [n, n])),
    ComputerName: 'Computer',
    Provider_Name: 'EventSourceName',
  },
}

/** Sysmon's events, for fields that a sensor's table lacks. */
const sysmon: readonly TargetSource[] = Object.entries(SYSMON_EVENTS).map(([category, ids]) => ({
  ...windowsEvent({ category }, [SYSMON['windows'] as string], ...ids),
  unread: AUDITED[category],
  fields: { ...SYSTEM },
}))
const objects = (['registry_add', 'registry_delete'] as const).map((category): TargetSource => {
  const source = windowsEvent({ category }, [SYSMON['windows'] as string], '12')
  const types = category === 'registry_add' ? ['CreateKey', 'CreateValue'] : ['DeleteKey', 'DeleteValue']
  return { ...source, where: all(source.where ?? { kind: 'always' }, constant('EventData.EventType', ...types)) }
})

export const windowsSources: readonly TargetSource[] = [
  ...sysmon,
  ...objects,
  ...Object.entries(POWERSHELL_EVENTS).map(([category, { channels, id }]) => windowsEvent({ category }, channels, id)),
  security,
  ...Object.entries(CHANNELS).map(([service, channels]) => windowsEvent({ service }, channels)),
  windowsEvent({ service: 'sysmon' }, [SYSMON['windows'] as string]),
]
export const windowsTypes = {
  EventID: 'number',
  LogonType: 'number',
  KeyLength: 'number',
  EventLevel: 'number',
} as const
