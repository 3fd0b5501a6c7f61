import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readParser } from '../inputs/parser-file.ts'
import { listPages } from '../project/list-files.ts'
import { readQuery } from '../project/query-files.ts'
import { MOST_SMALL, readSmall, readSmallText } from './read-small.ts'

const folder = mkdtempSync(join(tmpdir(), 'small-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function put(name: string, content = '', size?: number): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  if (size !== undefined) truncateSync(path, size)
  return path
}

test('the bytes of a file, longer than one read', () => {
  const text = 'äx'.repeat(100_000)
  assert.equal(readSmallText(put('long', text)), text)
  assert.equal(readSmall(put('empty')).length, 0)
})

test('a file beyond the bound is refused, also one without a size', () => {
  assert.equal(readSmall(put('fits', 'abc'), 3).toString(), 'abc')
  assert.throws(() => readSmall(put('more', 'abcd'), 3), /it has more than 3 bytes/)
  if (process.platform === 'linux') assert.throws(() => readSmall('/dev/zero'), /it has more than 33554432 bytes/)
})

test('queries, pages and parser scripts say so', () => {
  const big = (name: string): string => put(name, '', MOST_SMALL + 1)
  const query = readQuery(big('big.cql'), 'cql')
  const parser = readParser(big('big.yaml'))
  const found = [
    ...(query.ok ? [] : query.diagnostics),
    ...(parser.ok ? [] : parser.diagnostics),
    ...listPages([big('big.case.md')]).diagnostics,
  ]
  assert.equal(found.length, 3)
  for (const d of found) assert.match(d.message, /it has more than 33554432 bytes/)
})
