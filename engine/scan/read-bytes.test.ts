// The descriptor of a file is closed once, also where its reader leaves before the end.
import assert from 'node:assert/strict'
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { formatNamed } from '../../core/logs/registry.ts'
import { newFileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import { readTask } from './read-bytes.ts'
import type { RecordScanner } from './record-scanner.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-bytes-'))
after(() => rmSync(folder, { recursive: true }))

test('bytes behind the gzip data end the file, and leave the files that are opened next open', async () => {
  const path = join(folder, 'a.gz')
  writeFileSync(path, Buffer.concat([gzipSync('{"a":"1"}\n'.repeat(3)), Buffer.alloc(1 << 20, 'x')]))
  const { size } = statSync(path)
  const file = { path, name: path, size, gzip: true, charset: 'utf-8', bom: 0 } as unknown as Recognised
  const format = formatNamed('json-lines')
  assert.ok(format)
  for (let n = 0; n < 5; n++) {
    let bytes = 0
    const scanner = {
      stats: newFileStats(),
      maxLine: 1 << 20,
      block: (block: Buffer) => {
        bytes += block.length
      },
    } as unknown as RecordScanner
    await readTask({ id: 0, file: 0, start: 0, end: size, whole: true }, file, format, scanner)
    const next = openSync(path, 'r')
    await setTimeout(5)
    assert.equal(fstatSync(next).size, size)
    closeSync(next)
    assert.deepEqual([bytes, scanner.stats.cut], [30, 'other bytes follow the gzip data'])
  }
})
