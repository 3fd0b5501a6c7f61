// A store whose writer is killed at any moment has whole contents only, and takes the rest at the next run.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'
import { isStore } from '../../engine/tables/store-place.ts'

const FILES = 4
const EVENTS = 3000

test('killed at random moments', { timeout: 600_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-kill-'))
  try {
    const logs = Array.from({ length: FILES }, (_, f) => {
      const path = join(root, `${f}.json`)
      const line = (n: number): string =>
        `${JSON.stringify({ event_simpleName: `Kind${n % 3}`, aid: 'a'.repeat(32), cid: 'c', timestamp: String(1767225600000 + n), f: String(f) })}\n`
      writeFileSync(path, Array.from({ length: EVENTS }, (_, n) => line(n)).join(''))
      return path
    })
    const folder = join(root, 'store')
    const store = (log: string, ms: number | undefined): Promise<number | null> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', 'cli/assay.ts', 'store', folder, log], {
          stdio: 'ignore',
        })
        const timer = ms === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), ms)
        child.once('exit', (code) => {
          clearTimeout(timer)
          resolve(code)
        })
      })
    for (const log of logs) {
      for (let i = 0; i < 4; i++) {
        await store(log, 300 + Math.floor(Math.random() * 4000))
        const counted = isStore(folder) ? await count(folder) : 0
        assert.equal(counted % EVENTS, 0, 'a content in part')
      }
      assert.equal(await store(log, undefined), 0)
    }
    assert.equal(await count(folder), FILES * EVENTS)
    const files = readdirSync(join(folder, 'parts'), { recursive: true, encoding: 'utf8' }).filter((f) =>
      /\.(?:part|parquet)$/.test(f),
    )
    assert.ok(
      files.every((f) => f.endsWith('.parquet')),
      'no half part is left',
    )
    assert.ok(!existsSync(join(folder, '.lock')))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

async function count(folder: string): Promise<number> {
  const { table, ok } = await runQuery({ query: { name: 'q', text: 'count()' }, language: 'cql', logs: [folder] })
  assert.ok(ok)
  return Number((table.rows[0]?.[0] as { number: string } | undefined)?.number ?? 0)
}
