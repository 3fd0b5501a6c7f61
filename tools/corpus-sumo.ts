// How many queries of a corpus (JSON lines with `id` and `query`) parse, lower, and why the others do not.
//   npx tsx tools/corpus-sumo.ts FILE [--show N] [--code SUM201]
import { readFileSync } from 'node:fs'
import { parse } from '../core/lang/sumo/2-parse.ts'
import { lower } from '../core/lang/sumo/3-lower.ts'
import type { Stage } from '../core/lang/sumo/ast.ts'
import { evaluate } from '../core/eval/evaluate.ts'
import { optimise } from '../core/passes/optimise.ts'
import { verify } from '../core/plan/verify.ts'

const [file, ...rest] = process.argv.slice(2)
if (!file) throw new Error('usage: corpus-sumo FILE [--show N] [--code CODE]')
const option = (name: string): string | undefined => rest[rest.indexOf(name) + 1 || rest.length]
const show = Number(option('--show') ?? 0)
const only = option('--code')

const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as { id: string; query: string })

/** Values as dashboards have them: `*` in strings and scopes, a width after timeslice, else a number. */
function filled(text: string): string {
  return text.replace(/\{\{(?:[^{}]|\$\{[^{}]*\})*\}\}|\$\{[^{}]*\}|\$\$\w+/g, (hole, at: number) => {
    const before = text.slice(0, at)
    if (/timeslice\s*(\(|by\s+)?\s*$/i.test(before)) return '1h'
    if (/timeshift\s*-?$/i.test(before)) return '1d'
    if (/\bby\s+$/i.test(before)) return 'field_of_a_template'
    if (/[A-Za-z0-9_)]\s+$/.test(before) && /\|/.test(before) && /^\s*\)/.test(text.slice(at + hole.length)))
      return '> 1'
    const line = before.slice(before.lastIndexOf('|') + 1)
    const inString = (line.replace(/\\./g, '').match(/"/g) ?? []).length % 2 === 1
    if (inString || !before.includes('|')) return '*'
    return /\n\s*$/.test(before) ? '' : '10'
  })
}

/** Tables that the query names anywhere, with the columns that it names and one more. */
function anyLookup(stages: readonly Stage[]): Record<string, { columns: string[] }> {
  const out: Record<string, { columns: string[] }> = {}
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const n of node) walk(n)
    else if (typeof node === 'object' && node !== null) {
      const s = node as Stage
      if (s.kind === 'lookup') {
        const columns = s.columns === '*' ? ['x'] : s.columns.map((c) => c.from.name)
        out[s.path] = { columns: [...columns, ...s.on.flatMap((o) => [o.column.name, o.event.name])] }
      }
      const e = node as { kind?: unknown; text?: unknown }
      if (e.kind === 'path' && typeof e.text === 'string') out[e.text.replace(/"/g, '')] = { columns: ['x'] }
      for (const v of Object.values(node)) walk(v)
    }
  }
  walk(stages)
  return out
}

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
    const low = lower(result.query, result.source, { lookups: anyLookup(result.query.stages) })
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
