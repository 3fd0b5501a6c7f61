// Development: counts the queries of a collection (one JSON object with `id` and `query` a line) that the CQL parser accepts.
import { readFileSync } from 'node:fs'
import { parse } from '../core/lang/cql/3-parse/parse.ts'

const [path, filter] = process.argv.slice(2)
if (!path) throw new Error('usage: tsx tools/corpus-cql.ts FILE.jsonl [ID-PART]')
let accepted = 0
const misses = new Map<string, number>()
const rows = readFileSync(path, 'utf8').split('\n').filter(Boolean)
const started = performance.now()
for (const row of rows) {
  const { id, query } = JSON.parse(row) as { id: string; query: string }
  if (filter && !id.includes(filter)) continue
  const parsed = parse({ name: id, text: query })
  const show = (message: string, start: number, what: string): void =>
    console.log(
      `${what} ${id} @${start}: ${message}  ⟨${query.slice(Math.max(0, start - 30), start + 30).replace(/\s+/g, ' ')}⟩`,
    )
  if (parsed.diagnostics.length === 0) accepted++
  for (const d of parsed.diagnostics) if (d.at.kind === 'text') show(d.message, d.at.span.start, d.code)
  for (const n of parsed.nearMisses) {
    misses.set(n.id, (misses.get(n.id) ?? 0) + 1)
    show(n.diagnostic.message, n.span.start, n.diagnostic.code)
  }
}
console.log(`${accepted} of ${rows.length} accepted, ${Math.round(performance.now() - started)} ms`)
for (const [id, n] of misses) console.log(`near-miss ${id}: ${n}`)
