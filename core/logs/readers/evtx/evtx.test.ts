// Whatever the bytes are: lines, and a line about each damaged part. Records of real logs: tests/engine/evtx.test.ts.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { runs } from '../../../../tools/property-runs.ts'
import { CARVED, CHUNK, chunkRecords, DAMAGE, FILE_HEADER, isEvtx } from './evtx.ts'
import { fileTime, valueText } from './values.ts'

const log = gunzipSync(readFileSync('tests/engine/evtx/new-user-security.evtx.gz'))
const chunk = log.subarray(FILE_HEADER, FILE_HEADER + CHUNK)
const linesOf = (bytes: Uint8Array, carve = false): string[] =>
  [...chunkRecords(bytes, FILE_HEADER, carve)].map((r) => r.line)

test('a chunk of zeros has no records; other bytes are one damaged part; a cut chunk says so', () => {
  assert.ok(isEvtx(log) && !isEvtx(chunk))
  assert.deepEqual(linesOf(new Uint8Array(CHUNK)), [])
  assert.deepEqual(linesOf(new Uint8Array(CHUNK).fill(7)), [`${DAMAGE}at byte 4096: not a chunk`])
  assert.deepEqual(linesOf(chunk.subarray(0, 100)), [`${DAMAGE}at byte 4096: 100 bytes of a chunk`])
  const cut = linesOf(chunk.subarray(0, 5000))
  assert.equal(cut[0], `${DAMAGE}at byte 4144: the chunk ends early`)
  assert.ok(cut.slice(1, -1).every((l) => linesOf(chunk).includes(l)))
  assert.match(cut.at(-1) ?? '', /^damaged event log: at byte \d+: \d+ bytes that are no record$/)
})

test('damaged anywhere: no exception, every record is a line, and the records before the damage stay', () => {
  const whole = linesOf(chunk)
  const place = fc.integer({ min: 0, max: 12_000 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      (edits) => {
        const damaged = Uint8Array.from(chunk)
        for (const [at, byte] of edits) damaged[at] = byte
        const lines = linesOf(damaged)
        for (const line of lines)
          assert.ok(!line.includes('\n') && (line.startsWith('<') || line.startsWith(DAMAGE)), line)
        for (const line of linesOf(damaged, true))
          assert.ok(!line.includes('\n') && ['<', DAMAGE, CARVED].some((begin) => line.startsWith(begin)), line)
        const first = Math.min(...edits.map(([at]) => at))
        if (first > 11_000) assert.equal(lines[0], whole[0])
      },
    ),
    { numRuns: runs(3000) },
  )
})

test('carved: records that a chunk gave up, and those of a chunk without its head; never one whose template is gone', () => {
  const whole = linesOf(chunk)
  assert.deepEqual(linesOf(chunk, true).slice(0, whole.length), whole)
  // The chunk forgets all records but the first.
  const fewer = Uint8Array.from(chunk)
  const view = new DataView(fewer.buffer)
  const second = 512 + view.getUint32(516, true)
  view.setUint32(48, second, true)
  assert.deepEqual(linesOf(fewer), whole.slice(0, 1))
  const found = linesOf(fewer, true)
  assert.deepEqual(
    found.filter((l) => l.startsWith(CARVED)).map((l) => l.slice(1)),
    whole.slice(1),
  )
  // The head of the chunk is lost.
  const headless = Uint8Array.from(chunk).fill(0, 0, 8)
  assert.deepEqual(linesOf(headless), [`${DAMAGE}at byte 4096: not a chunk`])
  assert.deepEqual(
    linesOf(headless, true).filter((l) => l.startsWith(CARVED)),
    whole.map((l) => CARVED + l),
  )
  // The template of the second record was in the first one, which is overwritten.
  const overwritten = Uint8Array.from(fewer).fill(0x41, 512 + 24 + 10, second - 4)
  const left = linesOf(overwritten, true)
  assert.ok(left.some((l) => l.includes('in the unused part: ')))
  assert.ok(left.filter((l) => l.startsWith(CARVED)).every((l) => whole.includes(l.slice(1))))
})

test('values as Windows shows them', () => {
  const value = (type: number, ...bytes: number[]): string =>
    valueText(new DataView(Uint8Array.from(bytes).buffer), { type, from: 0, to: bytes.length })
  assert.equal(fileTime(131_587_674_291_368_792n), '2017-12-26T13:10:29.1368792Z')
  assert.equal(fileTime(0n), '1601-01-01T00:00:00.0000000Z')
  assert.equal(fileTime(2n ** 63n), '9223372036854775808')
  assert.equal(value(0x01, 0x41, 0, 0x42, 0, 0, 0), 'AB')
  assert.equal(value(0x07, 0xff, 0xff, 0xff, 0xff), '-1')
  assert.equal(value(0x15, 0xe7, 3, 0, 0, 0, 0, 0, 0), '0x3e7')
  assert.equal(value(0x10, 4, 0, 0, 0, 0, 0, 0, 0), '0x4')
  assert.equal(value(0x0d, 2, 0, 0, 0), 'true')
  assert.equal(value(0x0e, 0xde, 0xad), 'DEAD')
  assert.equal(value(0x13, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0), 'S-1-5-18')
  assert.equal(
    value(0x0f, 0xc2, 0x3f, 0x38, 0x57, 0xe0, 0x22, 0x43, 0x4e, 0xbf, 0x4c, 0x06, 0xf5, 0x69, 0x8f, 0xfb, 0xd9),
    '{57383FC2-22E0-4E43-BF4C-06F5698FFBD9}',
  )
  // Too short for its type.
  assert.equal(value(0x08, 1), '01')
})
