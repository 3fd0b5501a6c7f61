// Data of Sysmon's events by their order, for shippers that leave out the names (Get-WinEvent's Properties, Fluent Bit's StringInserts).
import { byName } from '../../../text/by-name.ts'
import { isSysmon } from './windows.ts'

/** Schema 4.50 and later. Earlier ones lack RuleName in front, and events of older schemas end earlier. */
const ORDER: Readonly<Record<string, string>> = byName({
  '1': 'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser',
  '3': 'RuleName UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName',
  '5': 'RuleName UtcTime ProcessGuid ProcessId Image User',
  '7': 'RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus User',
  '8': 'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser',
  '10': 'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser',
  '11': 'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime User',
  '12': 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User',
  '13': 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User',
  '17': 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  '18': 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  '22': 'RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User',
})

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/
const LIST = /^(?:Properties\[(\d+)\]\.Value|StringInserts\[(\d+)\])$/

/** Name and value of data without names. Empty: the event is not Sysmon's, or its data have names. */
export function positionalData(
  system: ReadonlyMap<string, string>,
  fields: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  if (system.has('UtcTime') || !isSysmon(system)) return []
  const values: string[] = []
  for (const [name, value] of fields) {
    const m = LIST.exec(name)
    if (m) values[Number(m[1] ?? m[2])] = value
  }
  const names = ORDER[system.get('EventID') ?? '']?.split(' ') ?? []
  // The place of the time tells the schema; without it, the order is not known.
  const time = values.findIndex((v) => v !== undefined && TIME.test(v))
  const shift = names.indexOf('UtcTime') - time
  if (time < 0 || shift < 0 || shift > 1) return []
  return values.flatMap((value, i) => {
    const name = names[i + shift]
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
}
