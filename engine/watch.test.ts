import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { whenChanged } from './watch.ts'

test('a file is seen again after an editor has replaced it, and so is one in a new folder', async () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-watch-'))
  mkdirSync(join(root, 'd/tests'), { recursive: true })
  const page = join(root, 'd/tests/a.case.md')
  writeFileSync(join(root, 'd/detection.yml'), '')
  writeFileSync(page, '')
  const seen: (readonly string[])[] = []
  const end = new AbortController()
  const done = whenChanged([root], async (paths) => void seen.push(paths), end.signal)
  const next = async (change: () => void): Promise<void> => {
    const before = seen.length
    change()
    for (let i = 0; i < 100 && seen.length === before; i++) await sleep(20)
    assert.equal(seen.length, before + 1)
  }
  try {
    await sleep(50)
    await next(() => {
      writeFileSync(`${page}.tmp`, 'replaced')
      renameSync(`${page}.tmp`, page)
    })
    await next(() => writeFileSync(page, 'and changed'))
    await next(() => mkdirSync(join(root, 'd/hunts')))
    await next(() => writeFileSync(join(root, 'd/hunts/h.md'), ''))
    assert.deepEqual(seen, [[root], ...Array.from({ length: 4 }, () => [join(root, 'd')])])
  } finally {
    end.abort()
    await done
    rmSync(root, { recursive: true })
  }
})
