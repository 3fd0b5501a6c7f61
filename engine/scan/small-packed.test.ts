// A small packed file is read at once only if it is whole.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Recognised } from '../inputs/input.ts'
import { smallText, unpackSmall } from './small-packed.ts'

const folder = mkdtempSync(join(tmpdir(), 'small-packed-'))
after(() => rmSync(folder, { recursive: true }))

let n = 0
function file(bytes: Buffer): Recognised {
  const path = join(folder, `${n++}.gz`)
  writeFileSync(path, bytes)
  return { path, size: bytes.length } as Recognised
}

const text = '{"a":"1"}\n'.repeat(1000)
const packed = gzipSync(text)
const damaged = Buffer.from(packed)
damaged.writeUInt32LE(1, packed.length - 8)

test('whole members are unpacked', () => {
  for (const bytes of [packed, Buffer.concat([packed, packed])]) {
    const one = file(bytes)
    assert.equal(unpackSmall([one]), true)
    assert.equal(smallText(one)?.toString(), text.repeat(bytes.length / packed.length))
  }
})

for (const [name, bytes] of Object.entries({
  'cut off': packed.subarray(0, -9),
  'a wrong checksum': damaged,
  'other bytes behind': Buffer.concat([packed, Buffer.from('x')]),
  'zeros behind': Buffer.concat([packed, Buffer.alloc(10)]),
  'a large text': gzipSync(Buffer.alloc(9 << 20)),
  empty: Buffer.alloc(0),
}))
  test(`left to a thread: ${name}`, () => {
    const one = file(bytes)
    assert.equal(unpackSmall([one]), false)
    assert.equal(smallText(one), undefined)
  })

test('many files together have a bound, too', () => {
  const many = Array.from({ length: 4 }, () => file(gzipSync(Buffer.alloc(3 << 20))))
  assert.equal(unpackSmall(many.slice(0, 2)), true)
  assert.equal(unpackSmall(many), false)
})
