// Development: for how many queries of a collection (one JSON object with `id` and `query` a line) the generator finds telemetry with
// findings, and for each predicate an event that falls out there.
//   npx tsx tools/corpus-witness.ts FILE.jsonl [cql|sumo] [EVERY-NTH] [--sample N SEED] [--show N] [--id PART] [--duckdb]
import { readFileSync } from 'node:fs'
import { parse } from '../core/lang/sumo/parse.ts'
import { isHidden, type Plan } from '../core/plan/plan.ts'
import { printPred } from '../core/plan/print.ts'
import { compile, optimised } from '../core/workbench/compile.ts'
import { Random } from '../core/witness/random.ts'
import { WITNESS_ENV, rowsOf, type Telemetry } from '../core/witness/telemetry.ts'
import { type Witnesses, witnesses } from '../core/witness/witness.ts'
import { type Executor, evaluator, openDuckdb, type Ran } from '../engine/cases/case-executors.ts'
import { rowKey } from '../engine/cases/sql-engines.ts'
import { anyLookup, filled } from './corpus-sumo-given.ts'

const [file, ...rest] = process.argv.slice(2)
if (!file)
  throw new Error(
    'usage: corpus-witness FILE.jsonl [cql|sumo] [EVERY-NTH] [--sample N SEED] [--show N] [--id PART] [--duckdb]',
  )
const option = (name: string): string | undefined => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined)
const language = rest.includes('sumo') || (/sumo/.test(file) && !rest.includes('cql')) ? 'sumo' : 'cql'
const nth = Number(rest.slice(0, 2).find((r, i) => /^\d+$/.test(r) && !rest[i - 1]?.startsWith('--')) ?? 1)
const sample = Number(option('--sample') ?? 0)
const sampleSeed = Number(rest[rest.indexOf('--sample') + 2] ?? 1)
const show = Number(option('--show') ?? 0)
const part = option('--id')

function sampled<T>(all: readonly T[], many: number, random: Random): T[] {
  const left = [...all]
  return Array.from({ length: Math.min(many, left.length) }, () => left.splice(random.below(left.length), 1)[0] as T)
}

/** A value for each parameter of a query: `*` is what a dashboard offers first, a number what a threshold takes. */
const VALUES = ['*', '1'] as const
const parametersOf = (query: string, value: string): Record<string, string> =>
  Object.fromEntries([...query.matchAll(/\?\{?([\w-]+)/g)].map((m) => [m[1] as string, value]))

function planOf(id: string, query: string, value: string): Plan | undefined {
  const text = language === 'sumo' ? filled(query) : query
  const source = { name: id, text }
  const lookups = language === 'sumo' ? anyLookup(parse(source, { scopeless: id.startsWith('sumo-fer') }).query) : {}
  return compile(source, language, {
    context: { lookups, parameters: parametersOf(query, value), interval: WITNESS_ENV, zone: 'UTC' },
  }).plan
}

const keys = ({ columns, rows }: Ran): string => {
  const shown = columns.filter((c) => !isHidden(c.id))
  const types = shown.map((c) => c.ty)
  return rows
    .map((r) =>
      rowKey(
        shown.map((c) => r[c.id] ?? null),
        types,
      ),
    )
    .sort()
    .join('\n')
}
async function agrees(plan: Plan, telemetry: Telemetry, executor: Executor): Promise<boolean> {
  const rows = rowsOf(telemetry, WITNESS_ENV)
  const ready = optimised(plan)
  return keys(await evaluator.run(ready, rows, WITNESS_ENV)) === keys(await executor.run(ready, rows, WITNESS_ENV))
}

const every = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .filter((_, i) => i % nth === 0)
const lines = sample > 0 ? sampled(every, sample, new Random(sampleSeed)) : every
const tally = {
  compiled: 0,
  pass: 0,
  whole: 0,
  predicates: 0,
  fall: 0,
  alone: 0,
  misses: 0,
  slow: 0,
  implied: 0,
  differ: 0,
  events: 0,
}
const reasons = new Map<string, number>()
const executor = rest.includes('--duckdb') ? await openDuckdb() : undefined
let shown = 0
const started = performance.now()
const say = (text: string): void => void (shown++ < show && console.log(text.slice(0, 700)))
for (const line of lines) {
  const { id, query } = JSON.parse(line) as { id: string; query: string }
  if (part !== undefined && !id.includes(part)) continue
  const before = performance.now()
  let plan: Plan | undefined
  let found: Witnesses | undefined
  try {
    for (const value of /\?\{?[\w-]/.test(query) ? VALUES : ['1']) {
      plan = planOf(id, query, value) ?? plan
      if (!plan) continue
      found = witnesses(plan)
      if (found.passing.length > 0) break
    }
    if (!plan || !found) continue
    tally.compiled++
  } catch (e) {
    say(`${id} THROWS ${(e as Error).stack}`)
    reasons.set('throws', (reasons.get('throws') ?? 0) + 1)
    continue
  }
  const took = performance.now() - before
  if (took > 2000) {
    tally.slow++
    say(`${id} takes ${Math.round(took)} ms`)
  }
  const passes = found.passing.length > 0
  if (passes) tally.pass++
  const missed = found.reached.filter((r) => r.misses.length === 0 && !r.implied)
  if (passes && missed.length === 0) tally.whole++
  for (const r of found.reached) {
    if (r.implied) {
      tally.implied++
      continue
    }
    tally.predicates++
    if (r.misses.length > 0) tally.fall++
    if (r.misses.some((m) => m.alone)) tally.alone++
    tally.misses += r.misses.length
  }
  if (!passes) {
    const d = found.defeated
    const why = d?.pred ? printPred(d.pred) : (d?.stage?.kind ?? 'end')
    reasons.set(`no pass: ${d?.stage?.kind ?? 'end'}`, (reasons.get(`no pass: ${d?.stage?.kind ?? 'end'}`) ?? 0) + 1)
    say(`${id} NO PASS at ${d?.path}: ${why}\n    ${query.replace(/\s+/g, ' ').slice(0, 500)}`)
  } else if (missed.length > 0) {
    reasons.set('a predicate without a near-miss', (reasons.get('a predicate without a near-miss') ?? 0) + 1)
    say(
      `${id} NO MISS ${missed[0]?.condition.path}: ${printPred((missed[0] as Witnesses['reached'][0]).condition.pred)}\n    ${query.replace(/\s+/g, ' ').slice(0, 400)}`,
    )
  }
  if (executor)
    for (const t of [...found.passing, ...found.reached.flatMap((r) => r.misses.map((m) => m.telemetry))]) {
      tally.events++
      if (t.events.length > 200) continue
      try {
        if (await agrees(plan, t, executor)) continue
        say(`${id} DIFFERS on DuckDB`)
      } catch (e) {
        say(`${id} FAILS on DuckDB: ${String(e).slice(0, 300)}`)
      }
      tally.differ++
      break
    }
}
executor?.close()
const percent = (a: number, b: number): string => `${((100 * a) / Math.max(1, b)).toFixed(1)} %`
console.log(
  `${lines.length} queries, ${tally.compiled} compile; findings ${tally.pass} (${percent(tally.pass, tally.compiled)}); findings and every predicate ${tally.whole} (${percent(tally.whole, tally.compiled)})`,
)
console.log(
  `${tally.predicates} predicates (and ${tally.implied} that follow from earlier ones), a falling event for ${tally.fall} (${percent(tally.fall, tally.predicates)}), alone ${tally.alone}; ${tally.misses} near-misses; ${tally.slow} queries above 2 s; ${Math.round(performance.now() - started)} ms`,
)
if (executor) console.log(`${tally.events} telemetries on DuckDB, ${tally.differ} queries differ`)
for (const [why, n] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`${String(n).padStart(6)} ${why}`)
