// Conformance cases with events on a cluster of two shards: what it computes equals the evaluator, and what it cannot has a reason.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPages } from '../../engine/project/list-files.ts'
import { runs } from '../../tools/property-runs.ts'
import { type ClusterCase, ClusterCases } from './cluster-cases.ts'
import { NOT_IN_A_TABLE } from '../../tools/case-tables.ts'
import { startServers } from '../../tools/clickhouse-servers.ts'

/** `npm run test:deep` runs all pages, `npm test` one in six: all of them take minutes. */
const EVERY = 6 / runs(6)

test('conformance cases on two shards', { timeout: 3_600_000 }, async (t) => {
  const servers = await startServers()
  if (!servers) return t.skip('chdb is not installed (ASSAY_CHDB)')
  try {
    for (const shard of [0, 1]) await servers.run(shard, 'create database logs')
    const cases = new ClusterCases(servers)
    const { pages } = listPages(['conformance', 'core/lint/rules'])
    const asked = pages.filter((p, i) => i % EVERY === 0 && !NOT_IN_A_TABLE.some(([page]) => page.test(p.name)))
    const answers: ClusterCase[] = []
    for (const page of asked) answers.push(...(await cases.run(page)))
    const differ = answers.filter((a) => a.difference.length > 0)
    assert.deepEqual(
      differ.map((a) => [a.page, a.title, ...a.difference]),
      [],
    )
    const pushed = answers.filter((a) => a.isPushed)
    const reasons = [...new Set(answers.flatMap((a) => a.reasons))].sort()
    t.diagnostic(
      `${pushed.length} of ${answers.length} queries ran on the shards alone; the others: ${reasons.join('; ')}`,
    )
    assert.ok(answers.every((a) => a.isPushed || a.reasons.length > 0))
  } finally {
    await servers.close()
  }
})
