// `npm run test:large [MB]`: the truth at a gigabyte. Takes a few minutes and as much disk.
import { codesOf, holdsTruth, make, query, remove } from './mission.ts'

const mb = Number(process.argv[2] ?? 1000)
let passed = 0
let failed = 0
for (const feed of ['enriched', 'raw'] as const) {
  const made = await make(feed, mb)
  for (const engine of ['auto', 'duckdb'] as const) {
    try {
      const began = performance.now()
      const result = await query(made, { engine })
      holdsTruth(result, made.truth.expected)
      console.log(
        `${feed}, ${mb} MB, ${engine}: ${result.table.rows.length} groups in ${((performance.now() - began) / 1000).toFixed(1)} s (${[...new Set(codesOf(result))].join(' ')})`,
      )
      passed++
    } catch (e) {
      console.error(`${feed}, ${mb} MB, ${engine}:`, e)
      failed++
    }
  }
  remove(made)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
