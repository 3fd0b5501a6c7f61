// A killed process leaves events in clear behind: the next one removes them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'temp-folders-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('folders of dead processes are removed, those of living ones and of others stay', () => {
  // A process that has ended: its number is free, or another process has it and the folder stays, which is right too.
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const names = { dead: `assay-${dead}-abcdef`, alive: `assay-${process.pid}-abcdef`, foreign: 'assay-notes' }
  for (const name of Object.values(names)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 's0-1.ndjson'), '{}')
  }
  const code = `const { makeTemp } = await import('${new URL('./temp.ts', import.meta.url)}'); makeTemp()`
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    env: { ...process.env, TMPDIR: folder },
    encoding: 'utf8',
  })
  assert.equal(run.stderr, '')
  const left = Object.entries(names).filter(([, name]) => existsSync(join(folder, name)))
  assert.deepEqual(
    left.map(([what]) => what),
    ['alive', 'foreign'],
  )
})
