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
