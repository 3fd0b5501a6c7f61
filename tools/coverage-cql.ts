// Development: counts the queries of a JSONL file ({"query": …} a line) that lower without an error, and the errors of the others.
// npx tsx tools/coverage-cql.ts PATH.jsonl
import { readFileSync } from 'node:fs'
import { lower } from '../core/lang/cql/lower.ts'
import { parse } from '../core/lang/cql/3-parse/parse.ts'
import { verify } from '../core/passes/0-verify.ts'

const path = process.argv[2]
if (!path) throw new Error('usage: coverage-cql.ts PATH.jsonl')
const queries = readFileSync(path, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((l) => JSON.parse(l) as { id: string; query: string })
// Functions that need files or services of the tenant.
const OUTSIDE = /\b(ipLocation|asn|rdns|reverseDns|ioc:lookup|worldMap|readFile|lookup|match)\s*\(|\$\s*["\w/:-]+\s*\(/i
const reasons = new Map<string, { count: number; example: string }>()
const tally = { all: 0, ok: 0, inside: 0, insideOk: 0, parse: 0, unsound: 0, threw: 0 }
const started = performance.now()
for (const { id, query } of queries) {
  tally.all++
  const inside = !OUTSIDE.test(query)
  if (inside) tally.inside++
  const source = { name: id, text: query }
  try {
    const parsed = parse(source)
    const lowered = lower(parsed.pipeline, source, {})
    const errors = [...parsed.diagnostics, ...lowered.diagnostics].filter((d) => d.severity === 'error')
    if (parsed.diagnostics.some((d) => d.severity === 'error')) tally.parse++
    const problems = verify(lowered.plan)
    if (problems.length > 0) {
      tally.unsound++
      console.error(`${id}: ${problems[0]}`)
    }
    if (errors.length === 0 && problems.length === 0) {
      tally.ok++
      if (inside) tally.insideOk++
    }
    for (const message of new Set(errors.map((e) => `${e.code} ${e.message}`))) {
      const r = reasons.get(message) ?? { count: 0, example: id }
      reasons.set(message, { ...r, count: r.count + 1 })
    }
  } catch (error) {
    tally.threw++
    console.error(
      `${id}: threw ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join(' ') : String(error)}`,
    )
  }
}
const percent = (n: number, of: number): string => `${n} of ${of} (${((100 * n) / of).toFixed(1)} %)`
console.log(`lower without error: ${percent(tally.ok, tally.all)}`)
console.log(`without lookup files, geo, saved queries: ${percent(tally.insideOk, tally.inside)}`)
console.log(
  `do not parse ${tally.parse}, unsound plans ${tally.unsound}, threw ${tally.threw}; ${Math.round(performance.now() - started)} ms`,
)
for (const [message, r] of [...reasons].sort((a, b) => b[1].count - a[1].count).slice(0, 40))
  console.log(`${r.count}\t${message}\t(${r.example})`)
