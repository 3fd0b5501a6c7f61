// A signal ends a run at once and leaves no file.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generate } from '../../bench/generate.ts'

const folder = mkdtempSync(join(tmpdir(), 'engine-signals-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'events.ndjson')
generate(data, 30e6)

test('SIGTERM and SIGINT leave nothing in the temporary folder', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const temp = join(folder, signal)
    mkdirSync(temp)
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'bench/run-plan.ts', data, 'duckdb', 'aid,ComputerName'],
      {
        env: { ...process.env, TMPDIR: temp },
        stdio: 'ignore',
      },
    )
    const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
    // tsx has its own folder there.
    const ours = (): string[] => readdirSync(temp).filter((f) => f.startsWith('assay-'))
    while (ours().length === 0 && child.exitCode === null) await new Promise((r) => setTimeout(r, 20))
    await new Promise((r) => setTimeout(r, 300))
    assert.equal(child.exitCode, null, 'it was over before the signal came')
    child.kill(signal)
    assert.equal(await ended, signal === 'SIGINT' ? 130 : 143)
    assert.deepEqual(ours(), [])
  }
})
