// How many queries of a corpus (JSON lines with `id` and `query`) parse, lower, and why the others do not.
//   npx tsx tools/corpus-sumo.ts FILE [--show N] [--code SUM201]
import { readFileSync } from 'node:fs'
import { parse } from '../core/lang/sumo/2-parse.ts'
import { templateNames } from '../core/lang/sumo/template.ts'

const [file, ...rest] = process.argv.slice(2)
if (!file) throw new Error('usage: corpus-sumo FILE [--show N] [--code CODE]')
const option = (name: string): string | undefined => rest[rest.indexOf(name) + 1 || rest.length]
const show = Number(option('--show') ?? 0)
const only = option('--code')

const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as { id: string; query: string })

const tally = new Map<string, number>()
const count = (key: string): void => void tally.set(key, (tally.get(key) ?? 0) + 1)
let shown = 0
const started = performance.now()
let parsed = 0
for (const { id, query } of rows) {
  const scopeless = id.startsWith('sumo-fer')
  const params = new Map(templateNames(query).map((n) => [n, /timeslice\s+(by\s+)?\{\{/.test(query) && new RegExp(`timeslice\\s+(by\\s+)?\\{\\{\\s*${n.replace(/\W/g, '\\$&')}`).test(query) ? '1h' : '*']))
  const result = parse({ name: id, text: query }, { scopeless, ...(rest.includes('--holes') ? {} : { params }) })
  const errors = result.diagnostics.filter((d) => d.severity === 'error')
  if (errors.length === 0) parsed++
  for (const n of result.nearMisses) count(`near ${n.id}`)
  for (const e of errors) count(`error ${e.code}`)
  const first = errors.find((e) => !only || e.code === only)
  if (first && shown < show && first.at.kind === 'text') {
    shown++
    const { start } = first.at.span
    console.log(`${id}: ${first.code} ${first.message}\n    …${result.source.text.slice(Math.max(0, start - 80), start)}⟦${result.source.text.slice(start, start + 60)}⟧`.replace(/\n(?! {4})/g, ' '))
  }
}
console.log(`${rows.length} queries, ${parsed} parse without error (${((100 * parsed) / rows.length).toFixed(2)} %), ${(performance.now() - started).toFixed(0)} ms`)
for (const [k, n] of [...tally].sort((a, b) => b[1] - a[1])) console.log(`${String(n).padStart(6)} ${k}`)
