// Events of the Security log whose data are only in the message.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import { formatNamed, isEvent, recognise } from '../registry.ts'

const NAMES = [
  'EventID',
  'Channel',
  'Computer',
  'SubjectUserName',
  'TargetUserName',
  'LogonType',
  'IpAddress',
  'IpPort',
] as const

function read(text: string): (string | undefined)[][] {
  const format = recognise(text.split('\n'))[0]?.format
  const records = format?.split ? [...format.split(text)].map((r) => r.record) : text.split('\n')
  const reader = format?.reader({ zone: 'UTC', year: 2026 }, [])
  return records
    .map((r) => reader?.read(r) ?? { bad: '' })
    .filter(isEvent)
    .map((e) => [e.time === undefined ? undefined : isoTime(e.time), ...NAMES.map((n) => e.fields.get(n))])
}

const LOGON =
  'An account was successfully logged on.\n\nSubject:\n\tSecurity ID:\t\tS-1-5-18\n\tAccount Name:\t\tWS1$\n\nLogon Type:\t\t\t3\n\nNew Logon:\n\tAccount Name:\t\tann\n\tAccount Domain:\t\tCORP\n\nNetwork Information:\n\tSource Network Address:\t198.51.100.9\n\tSource Port:\t\t50000'
const EXPECTED = ['4624', 'Security', 'ws1', 'WS1$', 'ann', '3', '198.51.100.9', '50000']

test('WinEventLog text: each event is its own, the last one too, before and after noon', () => {
  const event = (time: string): string =>
    `${time}\nLogName=Security\nEventCode=4624\nEventType=0\nComputerName=ws1\nSourceName=Microsoft Windows security auditing.\nMessage=${LOGON}\n`
  assert.deepEqual(read(`${event('03/02/2026 12:00:06 AM')}\n${event('03/02/2026 12:00:07 PM')}`), [
    ['2026-03-02T00:00:06Z', ...EXPECTED],
    ['2026-03-02T12:00:07Z', ...EXPECTED],
  ])
  // A date in prose begins no event.
  assert.equal(recognise(['03/02/2026 10:00:06 AM', 'door opened'])[0]?.format.name === 'windows-text', false)
})

test('Snare: blanks in place of line breaks; a line that is cut off is told', () => {
  const line = `<14>Mar  2 10:00:05 ws1 MSWinEventLog\t1\tSecurity\t12\tMon Mar 02 10:00:05 2026\t4624\tMicrosoft-Windows-Security-Auditing\tCORP\\ann\tN/A\tSuccess Audit\tws1\tLogon\t\t${LOGON.replaceAll(/\n+\t?/g, '   ').replaceAll(/\t+/g, '  ')}\t55`
  assert.deepEqual(read(line), [['2026-03-02T10:00:05Z', ...EXPECTED]])
  const cut = formatNamed('windows-snare')?.reader({ zone: 'UTC', year: 2026 }, []).read(line.slice(0, 120))
  assert.match(JSON.stringify(cut), /cut off/)
})

test('names that the record has itself go before words of the message', () => {
  const record = { EventID: 4624, Channel: 'Security', SourceName: 'x', TargetUserName: 'bob', Message: LOGON }
  assert.equal(read(JSON.stringify(record))[0]?.[5], 'bob')
})

/** The data of a message, from lines and as Snare writes it. */
function told(id: number, message: string, names: readonly string[]): string {
  const snare = message.replaceAll(/\n+\t?/g, '   ').replaceAll(/\t+/g, '  ')
  const [lines, blanks] = [message, snare].map((m) => {
    const record = JSON.stringify({ EventID: id, Channel: 'Security', SourceName: 'x', Computer: 'ws1', Message: m })
    const read = formatNamed('windows-json')?.reader({ zone: 'UTC', year: 2026 }, []).read(record)
    return names.map((n) => (read && isEvent(read) ? (read.fields.get(n) ?? '-') : 'bad')).join(' ')
  })
  assert.equal(blanks, lines)
  return lines as string
}

test('words behind a value are a label of their own', () => {
  const message =
    'An account failed to log on.\n\nSubject:\n\tAccount Name:\t\t-\n\nAccount For Which Logon Failed:\n\tAccount Name:\t\tann\n\tAccount Domain:\t\tCORP\n\nFailure Information:\n\tStatus:\t\t0xC000006D\n\nDetailed Authentication Information:\n\tLogon Process:\t\tNtLmSsp\n\tAuthentication Package:\tNTLM'
  assert.equal(
    told(4625, message, ['TargetUserName', 'TargetDomainName', 'Status', 'LogonProcessName']),
    'ann CORP 0xC000006D NtLmSsp',
  )
})

test('an account has the name that the event has as XML', () => {
  const subject =
    'Subject:\n\tSecurity ID:\t\tS-1-5-21-1\n\tAccount Name:\t\tadm\n\tAccount Domain:\t\tCORP\n\tLogon ID:\t\t0x9'
  const added = `A member was added.\n\n${subject}\n\nMember:\n\tSecurity ID:\t\tS-1-5-21-2\n\tAccount Name:\t\tcn=ann\n\nGroup:\n\tSecurity ID:\t\tS-1-5-32-544\n\tGroup Name:\t\tAdministrators\n\tGroup Domain:\t\tBuiltin`
  assert.equal(
    told(4732, added, ['SubjectUserName', 'MemberSid', 'MemberName', 'TargetSid', 'TargetUserName']),
    'adm S-1-5-21-2 cn=ann S-1-5-32-544 Administrators',
  )
  assert.equal(
    told(4634, `Logged off.\n\n${subject}`, ['SubjectUserName', 'TargetUserName', 'TargetLogonId']),
    '- adm 0x9',
  )
  const ticket =
    'A ticket was requested.\n\nAccount Information:\n\tAccount Name:\t\tann@CORP\n\nService Information:\n\tService Name:\t\tsql\n\nNetwork Information:\n\tClient Address:\t\t::ffff:192.0.2.1\n\nAdditional Information:\n\tTicket Encryption Type:\t0x17\n\tFailure Code:\t\t0x0'
  assert.equal(
    told(4769, ticket, ['TargetUserName', 'ServiceName', 'TicketEncryptionType', 'Status']),
    'ann@CORP sql 0x17 0x0',
  )
  const allowed =
    'A connection was allowed.\n\nNetwork Information:\n\tSource Address:\t\t192.0.2.1\n\tDestination Address:\t198.51.100.1\n\tDestination Port:\t21'
  assert.equal(
    told(5156, allowed, ['SourceAddress', 'DestAddress', 'DestPort', 'IpAddress']),
    '192.0.2.1 198.51.100.1 21 -',
  )
})

test('events that have names of their own', () => {
  const subject = 'Subject:\n\tSecurity ID:\t\tS-1-5-18\n\tAccount Name:\t\tadm\n\tLogon ID:\t\t0x3E7'
  const process = 'Process Information:\n\tProcess ID:\t\t0xd94\n\tProcess Name:\t\tC:\\a.exe'
  const members = `Members were read.\n\n${subject}\n\nGroup:\n\tGroup Name:\t\tAdministrators\n\n${process}`
  assert.equal(told(4799, members, ['CallerProcessId', 'CallerProcessName', 'ProcessId']), '0xd94 C:\\a.exe -')
  const right = `A right was adjusted.\n\n${subject}\n\nTarget Account:\n\tSecurity ID:\t\tS-1-0-0\n\tAccount Name:\t\tpc$\n\n${process}`
  assert.equal(told(4703, right, ['TargetUserSid', 'TargetSid', 'TargetUserName', 'ProcessId']), 'S-1-0-0 - pc$ 0xd94')
  const service = `A service was called.\n\n${subject}\n\nService:\n\tServer:\tSecurity\n\tService Name:\tlsa`
  assert.equal(told(4673, service, ['ObjectServer', 'Service', 'ServiceName']), 'Security lsa -')
  const computer = `A computer was changed.\n\n${subject}\n\nComputer Account That Was Changed:\n\tSecurity ID:\t\tS-1-5-21-1\n\tAccount Name:\t\tpc$`
  assert.equal(told(4742, computer, ['SubjectUserName', 'TargetSid', 'TargetUserName']), 'adm S-1-5-21-1 pc$')
  const policy =
    'Access was granted.\n\nUser:\n\tSecurity ID:\t\tS-1-5-21-2\n\tAccount Name:\t\tann\n\nClient Machine:\n\tSecurity ID:\t\tS-1-0-0\n\tAccount Name:\t\tpc'
  assert.equal(told(6272, policy, ['SubjectUserName', 'SubjectMachineName', 'TargetUserName']), 'ann pc -')
  for (const [id, name, other] of [
    [5156, 'ProcessID', 'ProcessId'],
    [5158, 'ProcessId', 'ProcessID'],
  ] as const)
    assert.equal(told(id, 'Permitted.\n\nApplication Information:\n\tProcess ID:\t\t832', [name, other]), '832 -')
})
