import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAll } from '../read-lines-fixture.ts'
import { recognise } from '../registry.ts'

const isCsv = (text: string): boolean => recognise(text.split('\n')).some((r) => r.format.name === 'csv')

const PROSE = [
  'disk full, code 5\ndisk full, code 6\nnet down, code 7',
  'error, retry\nwarning, abort',
  '%NGIPS-1-430003: EventPriority: Low, InstanceID: 2\n%NGIPS-1-430003: EventPriority: Low, InstanceID: 3',
  'user bob logged in from home, all is well\nuser eve logged in from work, all is well',
  '10:00:00,started\n10:00:01,stopped',
]
const TABLES = [
  'a,b\n1,2',
  'Date,Source IP,Bytes Sent (total)\n1,2,3',
  'Date, Source, Target\n1, 2, 3',
  'TenantId,TimeGenerated [UTC],Computer\n1,"11/20/2025, 10:00:00.123 AM",x',
  'frame.time_epoch,ip.src,_ws.col.Protocol\n"1.5","a","FTP"',
  'Time;Host\n1;2',
]

for (const text of PROSE) test(`prose: ${text.split('\n')[0]}`, () => assert.equal(isCsv(text), false))
for (const text of TABLES) test(`a header: ${text.split('\n')[0]}`, () => assert.equal(isCsv(text), true))

const rows = (text: string): string[] =>
  readAll(text).events.map((e) => ['user', 'note', 'ip'].map((n) => e.fields.get(n) ?? '-').join('|'))
const HEADER = 'user,note,ip'

test('a record over several lines', () => {
  assert.deepEqual(rows(`${HEADER}\nann,"a\n\n""b"",",192.0.2.1\nbob,c,192.0.2.2`), [
    'ann|a\n\n"b",|192.0.2.1',
    'bob|c|192.0.2.2',
  ])
})
test('a quote that is missing gives no record the values of another', () => {
  for (const next of ['bob,"b",192.0.2.2', '"bob","b",192.0.2.2'])
    assert.deepEqual(rows(`${HEADER}\nann,"a,192.0.2.1\n${next}\neve,c,192.0.2.3`), ['eve|c|192.0.2.3'])
})
