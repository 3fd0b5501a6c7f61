// A hunt has the rows of each query alone, also where the order of the events decides, over several files and threads, in memory and spooled.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../tools/property-runs.ts'
import { openTelemetry } from '../query/prepare-query.ts'
import { runQuery } from '../query/run-query.ts'
import { type Finding, hunt } from './hunt.ts'
import { compileRules, readRules } from './hunt-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'hunt-order-'))
after(() => rmSync(folder, { recursive: true }))

const QUERIES = [
  'user=* | head(3) | select([user, n])',
  'user=* | tail(3) | select([user, n])',
  'user=a* | selectLast([n])',
  'user=* | groupBy(user, function=selectLast([n]))',
  'user=* | groupBy(user, function=collect(n, separator=";"))',
  'user=* | sort(user, limit=4) | select([user, n])',
  'user=* | table([user, n], limit=3)',
  'user=* | groupBy(user, function=tail(2)) | select([user, n])',
  // Two tables, so that their rows cannot be taken for each other's.
  'match(file="teams.csv", field=user) | groupBy(team, function=collect(n, separator=";"))',
  'match(file="rooms.csv", field=user) | groupBy(room, function=[count(), collect(n, separator=";")])',
]

/** Few times, so that many events have the same. */
const event = fc.record({ second: fc.nat(5), user: fc.constantFrom('ann', 'abe', 'bob') })
const files = fc.array(fc.array(event, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 3 })

test('the findings of queries that depend on the order of events are the rows of each query alone', async () => {
  const paths = QUERIES.map((text, i) => {
    const path = join(folder, `${i}.cql`)
    writeFileSync(path, text)
    return path
  })
  writeFileSync(join(folder, 'teams.csv'), 'user,team\nann,red\nabe,red\nbob,blue\n')
  writeFileSync(join(folder, 'rooms.csv'), 'user,room\nann,1\nbob,2\n')
  const lookups = [folder]
  let run = 0
  await fc.assert(
    fc.asyncProperty(files, fc.constantFrom(0, 40, Infinity), async (contents, memoryValues) => {
      run++
      let n = 0
      const logs = contents.map((events, i) => {
        const path = join(folder, `${run}-${i}.ndjson`)
        const lines = events.map(({ second, user }) => {
          const at = new Date(Date.UTC(2026, 5, 21, 9, 0, second)).toISOString()
          return JSON.stringify({ '@timestamp': at, user, n: `${n++}` })
        })
        writeFileSync(path, `${lines.join('\n')}\n`)
        return path
      })
      const telemetry = await openTelemetry({ logs })
      const { rules } = await compileRules(readRules(paths).queries, { view: 'vendor', lookups }, telemetry)
      assert.equal(rules.length, QUERIES.length)
      const found: Finding[] = []
      const { ok } = await hunt(rules, {
        files: telemetry.files,
        most: 1000,
        budget: 60,
        lookups,
        withEvent: false,
        workers: 2,
        memoryValues,
        onFinding: (f) => found.push(f),
      })
      assert.ok(ok)
      for (const [i, rule] of rules.entries()) {
        const query = { name: rule.file, text: rule.compiled.source.text }
        const { table } = await runQuery({ query, language: 'cql', logs, view: 'vendor', lookups })
        const own = found.filter((f) => f.rule === i)
        const rows = own.map((f) => table.columns.map((c) => f.cells[f.columns.indexOf(c)] ?? null))
        assert.deepEqual(rows, table.rows, `${query.text} of ${memoryValues} values`)
      }
    }),
    { numRuns: runs(12) },
  )
})
