// Counts the operators, functions and aggregates of a corpus, those that Assay runs, and the queries that fail for one of them alone.
//   npx tsx tools/coverage-sumo.ts FILE
import { readFileSync } from 'node:fs'
import { lower } from '../core/lang/sumo/lower.ts'
import { builtins } from '../core/lang/sumo/registry.ts'
import { parse } from '../core/lang/sumo/parse.ts'
import { filled } from './corpus-sumo-given.ts'

const [file] = process.argv.slice(2)
if (!file) throw new Error('usage: coverage-sumo FILE')
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as { id: string; query: string })

/** Kinds of stages and names of calls and aggregates in a tree. */
function units(node: unknown, into: Set<string>): Set<string> {
  if (Array.isArray(node)) for (const n of node) units(n, into)
  else if (typeof node === 'object' && node !== null) {
    const o = node as { kind?: unknown; name?: unknown; head?: unknown; nameSpan?: unknown }
    if (o.head !== undefined && typeof o.kind === 'string')
      into.add(`stage ${o.kind === 'operator' || o.kind === 'notRun' ? String(o.name) : o.kind}`)
    if (o.kind === 'call') into.add(`function ${String(o.name).toLowerCase()}`)
    else if (o.nameSpan !== undefined && typeof o.name === 'string') into.add(`aggregate ${o.name}`)
    for (const v of Object.values(node)) units(v, into)
  }
  return into
}

const used = new Map<string, { queries: number; run: number }>()
const blockers = new Map<string, number>()
let parsed = 0
let run = 0
for (const { id, query } of rows) {
  const text = filled(query)
  const p = parse({ name: id, text }, { scopeless: id.startsWith('sumo-fer') })
  if (p.diagnostics.some((d) => d.severity === 'error')) continue
  parsed++
  // Lookup tables are files of the user, so a missing table does not count as an error.
  const wrong = lower(p.query, p.source).diagnostics.filter((d) => d.severity === 'error' && d.code !== 'SUM213')
  if (wrong.length === 0) run++
  for (const u of units(p.query, new Set())) {
    const before = used.get(u) ?? { queries: 0, run: 0 }
    used.set(u, { queries: before.queries + 1, run: before.run + (wrong.length === 0 ? 1 : 0) })
  }
  const reasons = new Set(wrong.map((d) => (d.code === 'SUM203' ? (d.data as { name: string }).name : d.code)))
  const [only] = reasons
  if (reasons.size === 1 && only !== undefined) blockers.set(only, (blockers.get(only) ?? 0) + 1)
}

const percent = (n: number, of: number): string => `${((100 * n) / of).toFixed(1)} %`
console.log(
  `${rows.length} queries, ${parsed} parse (${percent(parsed, rows.length)}), ${run} run given their tables (${percent(run, rows.length)})`,
)
console.log(`${builtins.length} builtins described, ${builtins.reduce((n, b) => n + b.examples.length, 0)} examples\n`)
console.log('what alone keeps queries from running')
for (const [name, n] of [...blockers].sort((a, b) => b[1] - a[1]).slice(0, 25))
  console.log(`${String(n).padStart(6)}  ${name}`)
console.log('\nunit: queries, of which run')
for (const [name, n] of [...used].sort((a, b) => b[1].queries - a[1].queries))
  console.log(`${String(n.queries).padStart(6)} ${String(n.run).padStart(6)}  ${name}`)
