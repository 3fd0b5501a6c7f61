// The firewall logs of firewalls.test.ts, in a size at which the prefilter skips lines.
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { QueryOptions } from '../../engine/query/run-query.ts'
import { asPrinted, foundGroups, HAS_BYTES, make, mended, query, remove, sameGroups, VENDORS } from './firewalls.ts'

// Above this size the prefilter skips lines.
const MB = 68

for (const format of VENDORS) {
  test(`${format}, ${MB} MB: exactly the planted groups, by connections in the network view, by lines as a tenant counts them`, async () => {
    const made = await make(format, MB)
    try {
      const { truth } = made
      sameGroups(foundGroups(await query(made, { view: 'network' })), asPrinted(truth.sessions, HAS_BYTES[format]))
      assert.ok(truth.tenant.length > 0)
      sameGroups(foundGroups(await query(made, { query: mended(format) })), asPrinted(truth.tenant, HAS_BYTES[format]))
    } finally {
      remove(made)
    }
  })
}

test('above the size up to which every line is parsed: strangers, broken and cut lines are counted as below it', async () => {
  const made = await make('asa', 68)
  try {
    const path = join(made.folder, 'asa.log')
    const strange = [
      'kernel: no such thing',
      '',
      '{"a": 1}',
      'Mar 02 2026 00:00:01 fw : %AS',
      'Mar 02 2026 00:00:01 fw : %ASA-6-302014: Teard',
    ]
    appendFileSync(path, `${strange.join('\n')}`)
    const counts = async (more: Partial<QueryOptions>) => {
      const { run } = await query(made, more)
      const { lines, events, bad, blank, unread } = run?.files[0]?.stats ?? assert.fail('not run')
      assert.equal(lines, events + bad + blank)
      return { lines, bad, blank, unread: unread > 0 }
    }
    const large = await counts({ view: 'network' })
    assert.deepEqual(large, { lines: made.truth.lines + 5, bad: 4, blank: 1, unread: true })
    // A count of all events must read every line.
    const all = await counts({ query: { name: 'q.sumo', text: '* | count by action' } })
    assert.deepEqual(all, { ...large, unread: false })
  } finally {
    remove(made)
  }
})
