// Data of the Security log from the words of its English message, for shippers that send only the message.
import { byName } from '../../../text/by-name.ts'

/** Headings of sections whose names belong to another account than the subject. */
const TARGET =
  /^(?:New Logon|Account For Which Logon Failed|Account Whose Credentials Were Used|Target Account|Target Subject|New Account|Account That Was Locked Out|Member|Group|User)$/

const OF_ACCOUNT: Readonly<Record<string, string>> = byName({
  'Security ID': 'UserSid',
  'Account Name': 'UserName',
  'Account Domain': 'DomainName',
  'Logon ID': 'LogonId',
})

const NAMES: Readonly<Record<string, string>> = byName({
  'Authentication Package': 'AuthenticationPackageName',
  'Client Address': 'IpAddress',
  'Client Port': 'IpPort',
  'Creator Process Name': 'ParentProcessName',
  'Failure Reason': 'FailureReason',
  'Logon Process': 'LogonProcessName',
  'Logon Type': 'LogonType',
  'New Process ID': 'NewProcessId',
  'New Process Name': 'NewProcessName',
  'Object Name': 'ObjectName',
  'Process Command Line': 'CommandLine',
  'Process Name': 'ProcessName',
  'Relative Target Name': 'RelativeTargetName',
  'Service File Name': 'ServiceFileName',
  'Service Name': 'ServiceName',
  'Share Name': 'ShareName',
  'Source Address': 'IpAddress',
  'Source Network Address': 'IpAddress',
  'Source Port': 'IpPort',
  'Source Workstation': 'Workstation',
  Status: 'Status',
  'Sub Status': 'SubStatus',
  'Task Name': 'TaskName',
  'Workstation Name': 'WorkstationName',
})

/** `Name:<tabs>value`, or a heading without a value, a line each; relays write blanks in place of line breaks and tabs. */
const LINE = /^\s*([A-Z][A-Za-z -]{2,40}):(?:\s+(\S.*?))?\s*$/

export function securityData(message: string): [string, string][] {
  const data = new Map<string, string>()
  let section = ''
  for (const line of linesOf(message)) {
    const m = LINE.exec(line)
    const [, label = '', value] = m ?? []
    if (!m) continue
    if (value === undefined) section = label
    const account = OF_ACCOUNT[label]
    const name = account ? `${TARGET.test(section) ? 'Target' : 'Subject'}${account}` : NAMES[label]
    if (value !== undefined && name !== undefined && !data.has(name)) data.set(name, value)
  }
  return [...data]
}

const linesOf = (message: string): string[] =>
  message.includes('\n') ? message.split(/\r?\n/) : message.split(/ {2,}(?=[A-Z][A-Za-z -]{2,40}:(?: |$))/)
