// docs/guide/clickhouse.md takes an operator from an empty cluster to the first finding: its blocks, as they are, in their order.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { runQuery } from '../../engine/query/run-query.ts'
import { startServers } from '../../tools/clickhouse-servers.ts'

const GUIDE = 'docs/guide/clickhouse.md'

test('from an empty cluster to the first finding', { timeout: 300_000 }, async (t) => {
  const servers = await startServers()
  if (!servers) return t.skip('chdb is not installed (ASSAY_CHDB)')
  const folder = mkdtempSync(join(tmpdir(), 'assay-guide-'))
  try {
    const section =
      /## From an empty cluster to the first finding\n(.*?)\n## /s.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? ''
    const blocks = [...section.matchAll(/```(\w+)\n(.*?)```/gs)].map((m) => [m[1] as string, m[2] as string] as const)
    assert.deepEqual(
      blocks.map(([kind]) => kind),
      ['sql', 'sh', 'yaml', 'sh'],
    )
    const program = `${process.execPath} --import ${resolve('node_modules/tsx/dist/loader.mjs')} ${resolve('cli/assay.ts')}`
    const own = (text: string): string =>
      text
        .replaceAll('ch.example.org:8123', `127.0.0.1:${servers.ports[0]}`)
        .replaceAll('reader@', 'default@')
        .replaceAll(/npx assay (.*)/g, `${program} $1 --format json`)
        .replaceAll('detections/', `${resolve('detections')}/`)
    mkdirSync(join(folder, 'falcon'))
    for (const name of ['events.ndjson.gz', 'aidmaster.ndjson.gz'])
      copyFileSync(join('examples/t1071.002/raw', name), join(folder, 'falcon', name))
    let out = ''
    for (const [kind, text] of blocks) {
      if (kind === 'sql') {
        for (const statement of text.split(/;\s*\n/).filter((s) => s.trim() !== ''))
          for (const shard of [0, 1]) await servers.run(shard, statement)
      } else if (kind === 'yaml') writeFileSync(join(folder, 'assay.yml'), own(text))
      else out = (await promisify(execFile)('sh', ['-ec', own(text)], { cwd: folder })).stdout
    }
    const query = { name: 'q', text: readFileSync('detections/T1071.002-file-transfer-protocols/logscale.cql', 'utf8') }
    const wanted = await runQuery({ query, language: 'cql', logs: ['examples/t1071.002/raw'] })
    const findings = JSON.parse(out) as unknown[]
    assert.ok(findings.length > 0)
    assert.equal(findings.length, wanted.table.rows.length)
  } finally {
    await servers.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
