// Faults of the disk while a store is written or read: a coded error, and never a part taken for the whole.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'
import { storeLogs } from '../../engine/store/store.ts'
import { assay } from '../end-to-end/assay.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-faults-'))
after(() => rmSync(root, { recursive: true, force: true }))
const at = (name: string): string => join(root, name)

/** Texts that no compression makes shorter. */
const digest = (text: string): string => createHash('sha512').update(text).digest('base64')
const event = (log: string, n: number): string =>
  `${JSON.stringify({ event_simpleName: 'X', aid: 'a', timestamp: String(1767225600000 + n), Text: digest(log + n) })}\n`
for (const log of ['a', 'b', 'c']) writeFileSync(at(log), Array.from({ length: 600 }, (_, n) => event(log, n)).join(''))

const put = (folder: string, log: string) => storeLogs({ folder: at(folder), logs: [at(log)], raw: false })
const count = async (folder: string): Promise<string> => {
  const query = { name: 'q', text: 'count()' }
  const { table } = await runQuery({ query, language: 'cql', logs: [at(folder)] })
  return JSON.stringify(table.rows)
}
const parts = (folder: string): string[] =>
  readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.parquet'))

/** The command where no file may have more KiB: writing fails as on a full disk. */
function limited(kib: number, ...args: readonly string[]): { status: number | null; stderr: string } {
  const command = [process.execPath, '--import', 'tsx', 'cli/assay.ts', 'store', ...args]
  return spawnSync('bash', ['-c', `ulimit -f ${kib}; exec "$0" "$@"`, ...command], { encoding: 'utf8' })
}

test('a disk that is full leaves the store as it was', { skip: process.platform === 'win32' }, async () => {
  for (const log of ['a', 'b']) assert.ok((await put('s', log)).ok)
  const before = readFileSync(at('s/assay-store.json'), 'utf8')
  const added = limited(20, at('s'), at('c'))
  assert.deepEqual([added.status, /^error\[LOG511\]/.test(added.stderr)], [2, true], added.stderr)
  const compacted = limited(70, at('s'), '--compact')
  assert.deepEqual([compacted.status, /^error\[LOG511\]/.test(compacted.stderr)], [2, true], compacted.stderr)
  assert.equal(readFileSync(at('s/assay-store.json'), 'utf8'), before)
  const unlisted = readdirSync(at('s'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.part'))
  assert.deepEqual(unlisted, [])
  assert.equal(await count('s'), '[[{"number":"1200"}]]')
  assert.ok((await put('s', 'c')).ok)
  assert.equal(await count('s'), '[[{"number":"1800"}]]')
})

test('a part that is deleted under a reader ends the query', async () => {
  for (const log of ['a', 'b']) assert.ok((await put('d', log)).ok)
  const [one = ''] = parts('d')
  const { ok, table, diagnostics } = await runQuery({
    query: { name: 'q', text: 'Text=/x/ | count()' },
    language: 'cql',
    logs: [at('d')],
    onProgress: () => rmSync(at(join('d', one)), { force: true }),
  })
  assert.deepEqual([ok, table.rows], [false, []])
  assert.deepEqual(
    diagnostics.filter((d) => d.severity === 'error').map((d) => d.code),
    ['LOG501'],
  )
})

/** The codes that a run, a hunt and a backtest of a query over a store give, and their exit statuses. */
async function codesOf(query: string, folder: string): Promise<readonly (readonly [status: number, found: boolean])[]> {
  const code = query === 'X' ? 'LOG516' : 'LOG501'
  writeFileSync(at('q.cql'), query)
  const calls = [
    ['run', at('q.cql'), at(folder)],
    ['hunt', at('q.cql'), '--logs', at(folder)],
    ['backtest', at('q.cql'), at(folder), '--every', '1h', '--lookback', '1h'],
  ]
  const found: (readonly [number, boolean])[] = []
  for (const call of calls) {
    const { status, err } = await assay(...call)
    found.push([status, err.includes(`[${code}]`)])
  }
  return found
}

test('run, hunt and backtest say the same of a store without records, and of a part that is cut off', async () => {
  assert.ok((await put('e', 'a')).ok)
  const free = await codesOf('X', 'e')
  assert.deepEqual(
    free.map(([, found]) => found),
    [true, true, true],
  )
  const [one = ''] = parts('e')
  truncateSync(at(join('e', one)), 200)
  assert.deepEqual(await codesOf('aid=a', 'e'), [
    [2, true],
    [2, true],
    [2, true],
  ])
})
