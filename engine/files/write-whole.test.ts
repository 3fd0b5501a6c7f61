import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { writeWhole } from './write-whole.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-whole-'))
after(() => rmSync(root, { recursive: true }))
const at = (name: string): string => join(root, name)
const parts = (): string[] => readdirSync(root).filter((n) => n.endsWith('.part'))

test('a file keeps its mode, a link its target, and nothing else is left', () => {
  writeFileSync(at('a'), 'old', { mode: 0o640 })
  symlinkSync('a', at('link'))
  assert.equal(writeWhole(at('link'), 'new'), undefined)
  assert.equal(readFileSync(at('a'), 'utf8'), 'new')
  assert.equal(statSync(at('a')).mode & 0o777, 0o640)
  assert.deepEqual(readdirSync(root).sort(), ['a', 'link'])
})

test('a missing folder and what is no regular file are refused', () => {
  for (const path of [at('none/x'), root, ...(existsSync('/dev/null') ? ['/dev/null'] : [])])
    assert.equal(writeWhole(path, 'x')?.code, 'RUN003', path)
  assert.ok(!existsSync('/dev/null') || statSync('/dev/null').isCharacterDevice())
})

/** Writes without end, in a process that is ended in the middle of it. */
async function interrupted(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  const script = `
    import { writeWhole } from ${JSON.stringify(resolve('engine/files/write-whole.ts'))}
    const texts = ['a', 'b'].map((c) => c.repeat(20_000_000))
    for (let i = 0; ; i++) {
      writeWhole(${JSON.stringify(at('big'))}, texts[i % 2])
      if (i === 0) console.log('begun')
      await new Promise((r) => setImmediate(r))
    }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])
  await new Promise((begun) => child.stdout.once('data', begun))
  child.kill(signal)
  return new Promise((ended) => child.once('close', (status, by) => ended(status ?? by)))
}

test('an interrupt leaves a whole file and no other', async () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    assert.equal(await interrupted(signal), status)
    assert.match(readFileSync(at('big'), 'utf8'), /^(?:a+|b+)$/)
    assert.deepEqual(parts(), [])
  }
})

test('what a killed process left is removed by the next writer of the same file, what a running one prepares is not', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  for (const name of [`.big.${dead}.part`, `.other.${dead}.part`, `.big.${process.ppid}.part`])
    writeFileSync(at(name), '')
  writeWhole(at('big'), 'c')
  assert.deepEqual(parts().sort(), [`.big.${process.ppid}.part`, `.other.${dead}.part`].sort())
})
