import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runQuery } from '../query/run-query.ts'
import { after, test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import { listInputs } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'unpack-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, content: Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Name and content of the files that a command over the path reads, and the codes of what it says. */
async function read(
  path: string,
): Promise<{ files: readonly (readonly [string, string])[]; codes: readonly string[] }> {
  const { inputs, diagnostics } = await listInputs([path])
  return {
    files: inputs.map((i) => [i.name.slice(folder.length + 1), readFileSync(i.path, 'utf8').slice(0, 50)]),
    codes: diagnostics.map((d) => d.code),
  }
}

interface Member {
  readonly name: string
  readonly content: string
  readonly encrypted?: true
  /** In place of the packed content. */
  readonly packed?: Buffer
}

function zipOf(members: readonly Member[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const { name, content, encrypted, packed } of members) {
    const [text, data] = [Buffer.from(name), packed ?? deflateRawSync(content)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(encrypted ? 1 : 0, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(0x5a62, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(Buffer.byteLength(content), 18)
    common.writeUInt16LE(text.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, text, data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), common, tail, text]))
    locals.push(local)
    at += local.length
  }
  const central = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, central, end])
}

/** A frame of one block as it is; `runs` blocks more of 128 KiB of one byte each. */
function zstdOf(text: string, runs = 0): Buffer {
  const block = (last: boolean, type: 0 | 1, size: number): Buffer => {
    const head = Buffer.alloc(4)
    head.writeUInt32LE((last ? 1 : 0) | (type << 1) | (size << 3))
    return head.subarray(0, 3)
  }
  const many = Array.from({ length: runs }, (_, i) =>
    Buffer.concat([block(i === runs - 1, 1, 1 << 17), Buffer.from('a')]),
  )
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x48]),
    block(runs === 0, 0, text.length),
    Buffer.from(text),
    ...many,
  ])
}

test('zip: a file for each file in it, under its name; folders and hidden files are left out', async () => {
  const path = put(
    'logs.zip',
    zipOf([
      { name: 'b/', content: '' },
      { name: 'b/two.log', content: 'two\n' },
      { name: 'a.log', content: 'one\n' },
      { name: '__MACOSX/a.log', content: 'x' },
      { name: 'b/.DS_Store', content: 'x' },
    ]),
  )
  assert.deepEqual(await read(path), {
    files: [
      ['logs.zip/a.log', 'one\n'],
      ['logs.zip/b/two.log', 'two\n'],
    ],
    codes: [],
  })
})

test('zip: an encrypted or damaged file is refused, the others are read; names are no paths', async () => {
  const path = put(
    'odd.zip',
    zipOf([
      { name: 'secret.log', content: 'x', encrypted: true },
      { name: 'wrong.log', content: 'abc', packed: Buffer.from([0xff, 0xff, 0xff]) },
      { name: 'changed.log', content: 'abc', packed: deflateRawSync('abd') },
      { name: 'good.log', content: 'good\n' },
    ]),
  )
  const found = await read(path)
  assert.deepEqual(found.files, [['odd.zip/good.log', 'good\n']])
  assert.deepEqual(found.codes, ['LOG102', 'LOG102', 'LOG102'])
  assert.deepEqual(await read(put('up.zip', zipOf([{ name: '../up.log', content: 'x' }]))), {
    files: [],
    codes: ['LOG102'],
  })
  assert.deepEqual(await read(put('cut.zip', zipOf([{ name: 'a.log', content: 'one\n' }]).subarray(0, 40))), {
    files: [],
    codes: ['LOG102'],
  })
})

test('zstd: read under its own name, several frames too; a file that ends early is refused', async () => {
  assert.deepEqual(await read(put('a.log.zst', zstdOf('one\n'))), { files: [['a.log.zst', 'one\n']], codes: [] })
  const two = Buffer.concat([zstdOf('one\n'), zstdOf('two\n')])
  assert.deepEqual((await read(put('two.log.zst', two))).files, [['two.log.zst', 'one\ntwo\n']])
  assert.deepEqual(await read(put('cut.log.zst', zstdOf('one\n').subarray(0, 10))), { files: [], codes: ['LOG102'] })
})

test('an archive that unpacks to too much is refused', async () => {
  assert.deepEqual(await read(put('much.zst', zstdOf('x', 150))), { files: [], codes: ['LOG209'] })
  const content = 'a'.repeat(9 << 20)
  const zip = zipOf([
    { name: 'a.log', content },
    { name: 'b.log', content },
    { name: 'c.log', content },
    { name: 'd.log', content },
    { name: 'e.log', content },
  ])
  const found = await read(put('much.zip', zip))
  assert.deepEqual(found.codes, zip.length * 1000 + (16 << 20) < 5 * content.length ? ['LOG209'] : [])
})

test('a name in an archive that begins with `./` is not hidden', async () => {
  const path = put(
    'dots.zip',
    zipOf([
      { name: 'a.log', content: 'one\n' },
      { name: './b.log', content: 'two\n' },
      { name: './.c.log', content: 'three\n' },
      { name: '.d/e.log', content: 'four\n' },
    ]),
  )
  const { files } = await read(path)
  assert.deepEqual(
    files.map(([, text]) => text),
    ['two\n', 'one\n'],
  )
})

test('zstd: damaged data and a wrong check sum are refused, frames without data are passed over', async () => {
  // `printf 'one\\ntwo\\n' | zstd` of zstd 1.5.4.
  const packed = Buffer.from('28b52ffd04584100006f6e650a74776f0ae6a60e40', 'hex')
  assert.deepEqual((await read(put('sum.log.zst', packed))).files, [['sum.log.zst', 'one\ntwo\n']])
  const skippable = Buffer.from('502a4d1803000000616263', 'hex')
  assert.deepEqual((await read(put('two-sums.log.zst', Buffer.concat([packed, skippable, packed])))).files, [
    ['two-sums.log.zst', 'one\ntwo\none\ntwo\n'],
  ])
  for (const at of [packed.length - 1, packed.length - 6]) {
    const damaged = Buffer.from(packed)
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
    assert.deepEqual(await read(put(`at-${at}.log.zst`, damaged)), { files: [], codes: ['LOG102'] })
  }
  const tail = Buffer.concat([packed, Buffer.from('rest')])
  assert.deepEqual(await read(put('tail.log.zst', tail)), { files: [], codes: ['LOG102'] })
})

test('zstd: a query reads what was packed', async () => {
  const log = put('events.zst', zstdOf('{"@timestamp":1782032400000,"a":"1"}\n'))
  const result = await runQuery({ query: { name: 'q.cql', text: 'count()' }, language: 'cql', logs: [log] })
  assert.ok(result.ok)
  assert.deepEqual(result.table.rows, [[{ number: '1' }]])
})
