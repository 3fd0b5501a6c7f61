// Entries as `journalctl -o json` writes them, with made-up names and addresses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../workbench/interval.ts'
import type { Event } from '../format.ts'
import { isEvent, recognise } from '../registry.ts'

const HEAD = '"__CURSOR":"s=1;i=1","__REALTIME_TIMESTAMP":"1772445606000123","__MONOTONIC_TIMESTAMP":"1","_BOOT_ID":"b"'

function read(...lines: readonly string[]): { format: string | undefined; events: readonly Event[] } {
  const format = recognise(lines)[0]?.format
  const reader = format?.reader({ zone: 'UTC', year: 2026 }, lines)
  return { format: format?.name, events: lines.map((l) => reader?.read(l) ?? { bad: '' }).filter(isEvent) }
}
const values = (e: Event | undefined, ...names: readonly string[]): (string | undefined)[] =>
  names.map((n) => e?.fields.get(n))

test('an entry has the names of the journal and those of the syslog line that journalctl shows', () => {
  const { format, events } = read(
    `{${HEAD},"_HOSTNAME":"h1","PRIORITY":"6","SYSLOG_FACILITY":"10","SYSLOG_IDENTIFIER":"sshd","SYSLOG_PID":"812","_COMM":"sshd","_CMDLINE":"sshd: ann [priv]","MESSAGE":"Failed password for root from 198.51.100.9 port 50000 ssh2"}`,
  )
  assert.equal(format, 'journald')
  assert.equal(isoTime(events[0]?.time as bigint), '2026-03-02T10:00:06.000123Z')
  assert.deepEqual(values(events[0], '_CMDLINE', 'SYSLOG_IDENTIFIER', '_HOSTNAME'), ['sshd: ann [priv]', 'sshd', 'h1'])
  assert.deepEqual(values(events[0], 'host', 'app', 'pid', 'facility', 'severity', 'message'), [
    'h1',
    'sshd',
    '812',
    'authpriv',
    'info',
    'Failed password for root from 198.51.100.9 port 50000 ssh2',
  ])
  assert.equal(events[0]?.notes, undefined)
})

test('the message of a known product is read as its own format; pairs of other messages as in syslog', () => {
  const { events } = read(
    `{${HEAD},"_HOSTNAME":"h1","SYSLOG_IDENTIFIER":"vsftpd","_PID":"9","MESSAGE":"[u1] OK UPLOAD: Client \\"198.51.100.9\\", \\"/a b.txt\\", 12582912 bytes, 5.29Kbyte/sec"}`,
    `{${HEAD},"_HOSTNAME":"h1","SYSLOG_IDENTIFIER":"kernel","_TRANSPORT":"kernel","PRIORITY":"4","SYSLOG_FACILITY":"0","MESSAGE":"DROP IN=eth0 OUT= SRC=198.51.100.9 DST=10.0.0.5 LEN=60 PROTO=TCP SPT=50000 DPT=21 SYN"}`,
    `{${HEAD},"_HOSTNAME":"h1","SYSLOG_IDENTIFIER":"app","MESSAGE":"login user=ann result=ok"}`,
    `{${HEAD},"SYSLOG_IDENTIFIER":"app","MESSAGE":"no host at all"}`,
  )
  assert.deepEqual(values(events[0], 'operation', 'user', 'bytes', '_sourceCategory'), [
    'UPLOAD',
    'u1',
    '12582912',
    'app/vsftpd',
  ])
  assert.deepEqual(values(events[1], 'network:dest_ip', 'network:dest_port', '_TRANSPORT'), [
    '10.0.0.5',
    '21',
    'kernel',
  ])
  assert.deepEqual(values(events[2], 'user', 'result', 'host', 'app'), ['ann', 'ok', 'h1', 'app'])
  assert.deepEqual(values(events[3], 'host', 'app', 'message'), [undefined, undefined, undefined])
})

test('null is a value that journalctl left out: each is counted in a note, and no field is made of it', () => {
  const { events } = read(`{${HEAD},"_HOSTNAME":"h1","MESSAGE":null,"_CMDLINE":null,"PATTERN":"a:null"}`)
  assert.deepEqual(values(events[0], 'MESSAGE', '_CMDLINE', 'message', 'PATTERN'), [
    undefined,
    undefined,
    undefined,
    'a:null',
  ])
  assert.equal(events[0]?.notes?.length, 2)
  assert.match(
    events[0]?.notes?.[0] ?? '',
    /^MESSAGE is null, .*4,096 bytes and more: export with journalctl -o json --all/,
  )
})

test('a list of byte numbers is the text, with a note; a field that occurs several times stays a list', () => {
  const { events } = read(
    `{${HEAD},"_HOSTNAME":"h1","SYSLOG_IDENTIFIER":"x","MESSAGE":[99,117,114,108,32,27,91,48,109,32,195,164],"TAG":["a",[98,27]],"NUMBERS":[1,300],"EMPTY":[]}`,
  )
  assert.deepEqual(values(events[0], 'MESSAGE', 'MESSAGE[0]', 'message'), [
    'curl \u001b[0m ä',
    undefined,
    'curl \u001b[0m ä',
  ])
  assert.deepEqual(values(events[0], 'TAG[0]', 'TAG[1]', 'NUMBERS[1]'), ['a', 'b\u001b', '300'])
  assert.equal(events[0]?.notes?.length, 2)
  assert.match(events[0]?.notes?.[0] ?? '', /^MESSAGE is a list of byte numbers/)
})

test('of a repeated field, the line has the first value, with a note', () => {
  const { events } = read(
    `{${HEAD},"_HOSTNAME":["h1","h2"],"SYSLOG_IDENTIFIER":"app","PRIORITY":["4","6"],"SYSLOG_FACILITY":"3","MESSAGE":["login user=ann",[98,27],"c"]}`,
    `{${HEAD},"_HOSTNAME":"h1","SYSLOG_IDENTIFIER":["vsftpd","x"],"_PID":"9","MESSAGE":["[u1] OK LOGIN: Client \\"198.51.100.9\\"","b"]}`,
    `{${HEAD},"_HOSTNAME":["h1","h2"],"MESSAGE":[null,"b"]}`,
  )
  const names = ['host', 'app', 'severity', 'message', 'user'] as const
  assert.deepEqual(values(events[0], ...names), ['h1', 'app', 'warning', 'login user=ann', 'ann'])
  assert.deepEqual(values(events[0], 'MESSAGE', 'MESSAGE[0]', 'MESSAGE[1]', '_HOSTNAME[1]'), [
    undefined,
    'login user=ann',
    'b\u001b',
    'h2',
  ])
  assert.deepEqual(events[0]?.notes?.toSorted().slice(0, 2), [
    'MESSAGE has 3 values: the syslog line of the entry is made with the first, MESSAGE[0]',
    'MESSAGE[1] is a list of byte numbers, because the text has control characters: its field has the text, a search of the raw message finds no word of it',
  ])
  assert.equal(events[0]?.notes?.length, 4)
  assert.deepEqual(values(events[1], 'host', 'operation', 'user', 'MESSAGE[0]'), [
    'h1',
    'LOGIN',
    'u1',
    '[u1] OK LOGIN: Client "198.51.100.9"',
  ])
  assert.deepEqual(values(events[2], 'message', 'MESSAGE[0]', 'MESSAGE[1]'), [undefined, undefined, 'b'])
  assert.deepEqual(
    events[2]?.notes?.map((n) => n.slice(0, 23)),
    ['_HOSTNAME has 2 values:', 'MESSAGE[0] is null, bec'],
  )
})

test('entries that go on over several lines, cut off, and other objects with some of the names', () => {
  const documents = recognise([
    `{`,
    `"__CURSOR" : "s=1",`,
    `"__REALTIME_TIMESTAMP" : "1772445606000123",`,
    `"MESSAGE" : "x"`,
    `}`,
  ])
  assert.equal(documents[0]?.format.name, 'journald-documents')
  const cut = recognise([`{${HEAD}}`])[0]?.format.reader({ zone: 'UTC', year: 2026 }, [])
  assert.deepEqual(cut?.read(`{${HEAD},"MESSAGE":[99,11`), { bad: 'cut off' })
  assert.notEqual(read('{"__REALTIME_TIMESTAMP":"1772445606000123","MESSAGE":"x"}').format, 'journald')
})
