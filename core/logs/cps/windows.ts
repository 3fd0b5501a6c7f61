// Windows events in Next-Gen SIEM: the event as it is under `windows.`, and what users published of the parser's other names.
import { byName } from '../../text/by-name.ts'
import type { Answers, CpsNames } from '../format.ts'
import { absent, first, is, mapped, when } from './answers.ts'

type Get = (field: string) => string | undefined

const security = (get: Get): boolean => get('Channel') === 'Security'
/** Keywords of an audited event: https://learn.microsoft.com/windows/win32/wes/defining-keywords-used-to-classify-types-of-events */
const AUDIT: Readonly<Record<string, string>> = byName({
  '0x8020000000000000': 'success',
  '0x8010000000000000': 'failure',
})

const reported: Answers = {
  '#Vendor': is('microsoft'),
  '#event.module': is('windows'),
  '#event.dataset': mapped('Channel', {
    security: 'windows.security',
    application: 'windows.application',
    system: 'windows.system',
  }),
  '#windows.EventID': 'EventID',
  'windows.ProviderName': 'Provider',
  'windows.EventRecordId': 'EventRecordID',
  'event.provider': 'Provider',
  'event.id': 'EventID',
  'event.code': 'EventID',
  'host.name': 'Computer',
  'source.ip': first('IpAddress', 'SourceIp'),
  'source.port': first('IpPort', 'SourcePort'),
  'user.name': first('SubjectUserName', 'User'),
  'user.id': first('SubjectUserSid'),
  'user.domain': first('SubjectDomainName'),
  'user.target.name': 'TargetUserName',
  'user.target.id': first('TargetUserSid', 'TargetSid'),
  'process.executable': first('NewProcessName', 'ProcessName', 'Image'),
  'process.command_line': 'CommandLine',
  'process.pid': first('NewProcessId', 'ProcessId'),
}

const inferred: Answers = {
  '#event.kind': is('event'),
  '#event.outcome': when(security, mapped('Keywords', AUDIT)),
  'destination.ip': 'DestinationIp',
  'destination.port': 'DestinationPort',
  'host.os.type': is('windows'),
}

/** The parts of the system are not among the data of the event. */
const SYSTEM = ['EventID', 'Channel', 'Computer', 'Provider', 'Level', 'Task', 'Keywords', 'TimeCreated']
const notInData: Answers = Object.fromEntries(SYSTEM.map((name) => [`windows.EventData.${name}`, absent]))

export const WINDOWS_CPS: CpsNames = {
  reported,
  inferred: { ...inferred, ...notInData },
  prefixes: ['windows.EventData.', 'windows.'],
}
