// Flow records of nfdump and argus as connections: one-way records are joined, counts that are missing stay so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEvent, formatNamed } from '../registry.ts'
import type { LogFormat } from '../format.ts'
import { view } from './network-fixtures.ts'

const FIELDS = [
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'protocol',
  'established',
  'bytes_out',
  'bytes_in',
  'bytes',
  'link',
]

/** Records with the lines above them as the header. */
const lines = (name: string, header: string, records: readonly string[]): (readonly [LogFormat, string])[] => {
  const format = formatNamed(name) as LogFormat
  const withHeader: LogFormat = { ...format, reader: (context) => format.reader(context, [header]) }
  return records.map((r) => [withHeader, r] as const)
}

// From the lab, seed 9: an active FTP upload, and a refused connection.
const CSV = 'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt'
const csv = (
  at: string,
  lasted: string,
  from: string,
  to: string,
  sp: number,
  dp: number,
  flags: string,
  bytes: number,
): string => `2026-11-29 ${at},2026-11-29 ${at},${lasted},${from},${to},${sp},${dp},TCP,${flags},0,0,13,${bytes}`
const LONG =
  'Date first seen             Duration     Proto      Src IP Addr:Port          Dst IP Addr:Port     Flags Tos  Packets    Bytes Flows'
const ARGUS = 'StartTime,LastTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,SrcPkts,DstPkts,SrcBytes,DstBytes,State'
const UPLOAD = [
  '10.44.2.147 47697 203.0.113.31 20 tcp true 13038776 37160 13075936 inferred',
  '10.44.2.147 51784 203.0.113.31 21 tcp true 776 940 1716 -',
]

test('nfdump, CSV: two records are a connection; RST instead of SYN is a refusal', () => {
  const records = [
    csv('23:30:48', '0.240', '10.44.2.147', '203.0.113.31', 51784, 21, '...AP.SF', 776),
    csv('23:30:48', '0.240', '203.0.113.31', '10.44.2.147', 21, 51784, '...AP.SF', 940),
    csv('23:30:48', '0.215', '10.44.2.147', '203.0.113.31', 47697, 20, '...AP.SF', 13038776),
    csv('23:30:48', '0.215', '203.0.113.31', '10.44.2.147', 20, 47697, '...A..SF', 37160),
    csv('23:30:20', '0.000', '10.44.0.174', '203.0.113.24', 50374, 990, '......S.', 60),
    csv('23:30:20', '0.000', '203.0.113.24', '10.44.0.174', 990, 50374, '...A.R..', 40),
  ]
  const refused = '10.44.0.174 50374 203.0.113.24 990 tcp false 60 40 100 -'
  assert.deepEqual(view(lines('nfdump-csv', CSV, records), FIELDS), [refused, ...UPLOAD])
})

test('nfdump, CSV: the rows of an aggregation are no connections', () => {
  const header = 'ts,te,td,sa,da,sp,dp,pr,flg,ibyt,tr'
  // nfdump 1.7.1 -A dstip, and the same in New York; then a flow, which was received.
  const row = (received: string): string =>
    `2026-06-21 09:00:00,2026-06-21 09:00:00,0.620,0.0.0.0,198.51.100.20,0,0,0,........,16421,${received}`
  const flow =
    '2026-06-21 09:00:00,2026-06-21 09:00:00,0.290,0.0.0.0,198.51.100.20,68,67,UDP,........,688,2026-06-21 09:05:00.000'
  const records = [row('1970-01-01 00:00:00.000'), row('1969-12-31 19:00:00.000'), flow]
  assert.deepEqual(view(lines('nfdump-csv', header, records), ['src_ip', 'dest_ip', 'bytes']), [
    '0.0.0.0 198.51.100.20 688',
  ])
})

test('nfdump, CSV: titles and the summary are no records', () => {
  const reader = (formatNamed('nfdump-csv') as LogFormat).reader({ zone: 'UTC', year: 2026 }, [CSV])
  for (const line of [
    CSV,
    'Summary',
    'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
    '96,206354371,161805,24180263,2370,1275',
  ])
    assert.equal(isEvent(reader.read(line)), false, line)
})

test('nfdump, long: counts above a million are rounded', () => {
  const records = [
    '2026-11-29 23:30:48.200     00:00:00.240 TCP        10.44.2.147:51784 ->     203.0.113.31:21    ...AP.SF   0       13      776     1',
    '2026-11-29 23:30:48.200     00:00:00.240 TCP       203.0.113.31:21    ->      10.44.2.147:51784 ...AP.SF   0       13      940     1',
    '2026-11-29 23:30:48.218     00:00:00.215 TCP        10.44.2.147:47697 ->     203.0.113.31:20    ...AP.SF   0     8716   13.0 M     1',
    '2026-11-29 23:30:48.218     00:00:00.215 TCP       203.0.113.31:20    ->      10.44.2.147:47697 ...A..SF   0      714    37160     1',
  ]
  const rounded = UPLOAD.map((r) => r.replace('13038776', '13000000').replace('13075936', '13037160'))
  assert.deepEqual(view(lines('nfdump-text', LONG, records), FIELDS), rounded)
})

test('argus: a record is a connection, a reversed arrow turns it, RST after one packet is a refusal', () => {
  const records = [
    '1795995048.768354,1795995049.008730,0.240376,tcp,10.44.2.147,51784,   ->,203.0.113.31,21,13,13,776,940,FIN',
    '1795995048.786529,1795995049.002221,0.215692,tcp,203.0.113.31,20,   ->,10.44.2.147,47697,714,8716,37160,13038776,FIN',
    '1795995020.375744,1795995020.375756,0.000012,tcp,203.0.113.24,990,  <-,10.44.0.174,50374,1,1,54,74,RST',
  ]
  const refused = '10.44.0.174 50374 203.0.113.24 990 tcp false 74 54 128 -'
  assert.deepEqual(view(lines('argus', ARGUS, records), FIELDS), [refused, ...UPLOAD])
})

test('one direction only, and no counts: what the source did not see is absent', () => {
  const oneWay = [csv('23:30:48', '0.215', '10.44.2.147', '203.0.113.31', 47697, 445, '...AP.SF', 500)]
  assert.deepEqual(view(lines('nfdump-csv', CSV, oneWay), FIELDS), [
    '10.44.2.147 47697 203.0.113.31 445 tcp true 500 - 500 -',
  ])
  const header = 'StartTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State'
  const noCounts = ['1795995048.768354,tcp,10.44.2.147,51784,   ->,203.0.113.31,21,FIN']
  assert.deepEqual(view(lines('argus', header, noCounts), FIELDS), ['10.44.2.147 51784 203.0.113.31 21 tcp - - - - -'])
})
