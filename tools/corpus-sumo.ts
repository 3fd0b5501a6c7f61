// Counts the queries of a corpus (JSON lines with `id` and `query`) that parse and lower, and the reasons of the others.
//   npx tsx tools/corpus-sumo.ts FILE [--show N] [--code SUM201]
import { readFileSync } from 'node:fs'
import { parse } from '../core/lang/sumo/parse.ts'
import { lower } from '../core/lang/sumo/lower.ts'
import { anyLookup, filled } from './corpus-sumo-given.ts'
import { evaluate } from '../core/eval/evaluate.ts'
import { optimise } from '../core/passes/optimise.ts'
import { verify } from '../core/passes/0-verify.ts'

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
let lowered = 0
let evaluated = 0
for (const { id, query } of rows) {
  const scopeless = id.startsWith('sumo-fer')
  const text = rest.includes('--holes') ? query : filled(query)
  const result = parse({ name: id, text }, { scopeless })
  const errors = result.diagnostics.filter((d) => d.severity === 'error')
  if (errors.length === 0) {
    parsed++
    const low = lower(result.query, result.source, { lookups: anyLookup(result.query) })
    const wrong = low.diagnostics.filter((d) => d.severity === 'error')
    if (wrong.length === 0) {
      lowered++
      const unsound = [...verify(low.plan), ...verify(optimise(low.plan))]
      if (unsound.length > 0) {
        count('plan that is not sound')
        if (shown < show && !only) {
          shown++
          console.log(`${id}: ${unsound.join('; ')}`)
        }
      }
      try {
        evaluate(low.plan, (source) => (source.name === 'events' ? [] : []), {
          now: 2n,
          start: 0n,
          end: 1n,
          zone: 'UTC',
        })
        evaluated++
      } catch (e) {
        count(`plan ${String(e).slice(0, 80)}`)
        if (shown < show && !only) {
          shown++
          console.log(`${id}: ${String(e)}`)
        }
      }
    }
    for (const c of new Set(
      wrong.map((d) => (d.code === 'SUM203' ? `SUM203 ${(d.data as { name: string }).name}` : d.code)),
    ))
      count(`lower ${c}`)
    if (only) errors.push(...wrong)
  }
  for (const n of result.nearMisses) count(`near ${n.id}`)
  for (const e of errors) count(`error ${e.code}`)
  const first = errors.find((e) => !only || e.code === only)
  if (first && shown < show && first.at.kind === 'text') {
    shown++
    const { start } = first.at.span
    console.log(
      `${id}: ${first.code} ${first.message}\n    …${result.source.text.slice(Math.max(0, start - 80), start)}⟦${result.source.text.slice(start, start + 60)}⟧`.replace(
        /\n(?! {4})/g,
        ' ',
      ),
    )
  }
}
console.log(
  `${rows.length} queries, ${parsed} parse without error (${((100 * parsed) / rows.length).toFixed(2)} %), ${lowered} lower without error, ${evaluated} of them give a plan that evaluates, ${(performance.now() - started).toFixed(0)} ms`,
)
for (const [k, n] of [...tally].sort((a, b) => b[1] - a[1])) console.log(`${String(n).padStart(6)} ${k}`)
