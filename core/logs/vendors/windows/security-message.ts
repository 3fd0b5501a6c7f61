// Data of the Security log from the words of its English message, for shippers that send only the message.
// Compared on 1,152 events of 52 kinds that have both (OTRF/Security-Datasets): values have the names that the event has as XML.
import { byName } from '../../../text/by-name.ts'

type Names = Readonly<Record<string, string>>
const account = (sid: string, prefix: string): Names =>
  byName({
    'Security ID': sid,
    'Account Name': `${prefix}UserName`,
    'Account Domain': `${prefix}DomainName`,
    'Logon ID': `${prefix}LogonId`,
  })
const SUBJECT = account('SubjectUserSid', 'Subject')
/** A session of this account. */
const SESSION = account('TargetUserSid', 'Target')
/** An account that is changed or asked for. */
const ACCOUNT = byName({
  ...account('TargetSid', 'Target'),
  'User ID': 'TargetSid',
  'Supplied Realm Name': 'TargetDomainName',
  'Old Account Name': 'OldTargetUserName',
  'New Account Name': 'NewTargetUserName',
})
const GROUP = byName({
  'Security ID': 'TargetSid',
  'Group Name': 'TargetUserName',
  'Group Domain': 'TargetDomainName',
})

/** Sections in which names mean another account than the subject, by the names of the same events as XML. */
const SECTIONS: Readonly<Record<string, Names>> = byName({
  'New Logon': SESSION,
  'Account For Which Logon Failed': SESSION,
  'Account Whose Credentials Were Used': SESSION,
  'Target Subject': SESSION,
  'Target Account': ACCOUNT,
  'New Account': ACCOUNT,
  'New Computer Account': ACCOUNT,
  'Computer Account That Was Changed': ACCOUNT,
  'Target Computer': ACCOUNT,
  'Account That Was Locked Out': ACCOUNT,
  'Account Information': ACCOUNT,
  User: ACCOUNT,
  Member: byName({ 'Security ID': 'MemberSid', 'Account Name': 'MemberName' }),
  Group: GROUP,
  'New Group': GROUP,
  'Deleted Group': GROUP,
})
/** Events that have other names for some labels, by their id, and sections of their own. */
interface Own {
  readonly names?: Names
  readonly sections?: Readonly<Record<string, Names>>
}
/** The filtering platform has names of its own for the ends of a connection. */
const filtered = (process: string): Own => ({
  names: byName({
    'Application Name': 'Application',
    'Destination Address': 'DestAddress',
    'Destination Port': 'DestPort',
    Direction: 'Direction',
    'Process ID': process,
    Protocol: 'Protocol',
    'Source Address': 'SourceAddress',
    'Source Port': 'SourcePort',
  }),
})
/** The end of a session: the subject is the account of the session. */
const LOGOFF: Own = { names: SESSION }
/** Groups of an account, or members of a group, were read. */
const CALLER: Own = {
  sections: byName({
    'Process Information': byName({ 'Process ID': 'CallerProcessId', 'Process Name': 'CallerProcessName' }),
  }),
}
/** A window station, and an access to a session that was refused. */
const STATION: Own = {
  names: byName({
    'Account Name': 'AccountName',
    'Account Domain': 'AccountDomain',
    'Logon ID': 'LogonID',
    'Session Name': 'SessionName',
    'Client Name': 'ClientName',
    'Client Address': 'ClientAddress',
  }),
}
/** The network policy server. */
const POLICY: Own = {
  sections: byName({
    User: SUBJECT,
    'Client Machine': byName({ 'Security ID': 'SubjectMachineSID', 'Account Name': 'SubjectMachineName' }),
  }),
}
const ids = (list: string, own: Own): Record<string, Own> => Object.fromEntries(list.split(' ').map((id) => [id, own]))
const BY_ID: Readonly<Record<string, Own>> = byName({
  ...ids('4634 4647', LOGOFF),
  ...ids('4798 4799', CALLER),
  ...ids('4778 4779 4825', STATION),
  ...ids('5150 5151 5152 5153 5154 5155 5158 5159', filtered('ProcessId')),
  ...ids('5156 5157', filtered('ProcessID')),
  ...ids('6272 6273 6274 6276 6277 6278 6279 6280', POLICY),
  '4673': { sections: byName({ Service: byName({ Server: 'ObjectServer', 'Service Name': 'Service' }) }) },
  '4703': { sections: byName({ 'Target Account': SESSION }) },
  '5447': { names: byName({ 'Security ID': 'UserSid', 'Account Name': 'UserName' }) },
  '4776': { names: byName({ 'Authentication Package': 'PackageName' }) },
})

const NAMES: Names = byName({
  'Access Mask': 'AccessMask',
  'Authentication Package': 'AuthenticationPackageName',
  'Caller Computer Name': 'TargetDomainName',
  'Client Address': 'IpAddress',
  'Client Port': 'IpPort',
  'Creator Process ID': 'ProcessId',
  'Creator Process Name': 'ParentProcessName',
  'Error Code': 'Status',
  'Failure Code': 'Status',
  'Failure Reason': 'FailureReason',
  'Key Length': 'KeyLength',
  'Logon Account': 'TargetUserName',
  'Logon Process': 'LogonProcessName',
  'Logon Type': 'LogonType',
  'Mandatory Label': 'MandatoryLabel',
  'Network Address': 'IpAddress',
  'New Process ID': 'NewProcessId',
  'New Process Name': 'NewProcessName',
  'Object Name': 'ObjectName',
  'Object Server': 'ObjectServer',
  'Object Type': 'ObjectType',
  'Object Value Name': 'ObjectValueName',
  Port: 'IpPort',
  'Pre-Authentication Type': 'PreAuthType',
  'Process Command Line': 'CommandLine',
  'Process ID': 'ProcessId',
  'Process Name': 'ProcessName',
  'Relative Target Name': 'RelativeTargetName',
  'Result Code': 'Status',
  'Service Account': 'ServiceAccount',
  'Service File Name': 'ServiceFileName',
  'Service Name': 'ServiceName',
  'Service Start Type': 'ServiceStartType',
  'Service Type': 'ServiceType',
  'Share Name': 'ShareName',
  'Share Path': 'ShareLocalPath',
  'Source Address': 'IpAddress',
  'Source Network Address': 'IpAddress',
  'Source Port': 'IpPort',
  'Source Workstation': 'Workstation',
  Status: 'Status',
  'Sub Status': 'SubStatus',
  'Target Server Name': 'TargetServerName',
  'Task Name': 'TaskName',
  'Ticket Encryption Type': 'TicketEncryptionType',
  'Ticket Options': 'TicketOptions',
  'Token Elevation Type': 'TokenElevationType',
  'Workstation Name': 'WorkstationName',
})

/** `Name:<tabs>value`, or a heading without a value, a line each; relays write blanks in place of line breaks and tabs. */
const LINE = /^\s*([A-Z][A-Za-z -]{2,40}):(?:\s+(\S(?:.*\S)?))?\s*$/

export function securityData(message: string, id: string | undefined): [string, string][] {
  const data = new Map<string, string>()
  const own = BY_ID[id ?? '']
  const subject = own?.names ?? SUBJECT
  let names = subject
  for (const line of linesOf(message)) {
    const m = LINE.exec(line)
    const [, label = '', value] = m ?? []
    if (!m) continue
    if (value === undefined) names = own?.sections?.[label] ?? SECTIONS[label] ?? subject
    const name = names[label] ?? NAMES[label]
    if (value !== undefined && name !== undefined && !data.has(name)) data.set(name, value)
  }
  return [...data]
}

/** Words of a label are one blank apart; a value may be words, too. */
const BLANKS = /(?<! ) {2,}(?=[A-Z](?:[A-Za-z-]| (?! )){2,40}:(?: |$))/
const linesOf = (message: string): string[] => message.split(message.includes('\n') ? /\r?\n/ : BLANKS)
