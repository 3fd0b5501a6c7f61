// Development: does `verify` find a planted change? One mutant of each of so many queries of a collection, by the mutation operators.
//   npx tsx tools/verify-mutants.ts FILE.jsonl cql|sumo|sigma [HOW-MANY] [SEED] [--show] [--why] [--only 3,17]
import { readFileSync } from 'node:fs'
import { mutantsOf } from '../core/detect/mutation/mutants.ts'
import { parse } from '../core/lang/sumo/parse.ts'
import { printPlan } from '../core/plan/print.ts'
import { type Compiled, compile, languageNamed, optimised } from '../core/workbench/compile.ts'
import { Random } from '../core/witness/random.ts'
import { jsonLine } from '../core/logs/readers/json/write.ts'
import { WITNESS_ENV } from '../core/witness/telemetry.ts'
import { planText, withoutIdle } from '../core/witness/same-plan.ts'
import { type Side, verify } from '../core/witness/verify.ts'
import { anyLookup, filled } from './corpus-sumo-given.ts'

const [file, id = 'cql', many = '50', seed = '1', ...rest] = process.argv.slice(2)
const language = languageNamed(id)
if (!file || !language)
  throw new Error('usage: verify-mutants FILE.jsonl cql|sumo|sigma [HOW-MANY] [SEED] [--show] [--why] [--only 3,17]')

const parametersOf = (query: string): Record<string, string> =>
  Object.fromEntries([...query.matchAll(/\?\{?([\w-]+)/g)].map((m) => [m[1] as string, '1']))

function compiled(name: string, text: string): Compiled {
  const source = { name, text }
  const lookups = id === 'sumo' ? anyLookup(parse(source, { scopeless: false }).query) : {}
  return compile(source, id, {
    context: { lookups, parameters: parametersOf(text), interval: WITNESS_ENV, zone: 'UTC' },
  })
}
const side = (c: Compiled): Side | undefined =>
  c.plan && { plan: c.plan, language: id, ordered: c.presentation.ordered, reading: {} }

/** Numbers of planted changes; the others are planted and not looked at. */
const only = rest.includes('--only') ? new Set(rest[rest.indexOf('--only') + 1]?.split(',').map(Number)) : undefined
const random = new Random(Number(seed))
const queries = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => JSON.parse(l) as { id: string; query?: string; rule?: string; text?: string })
let planted = 0
/** Changes of predicates that always hold, and of columns that nothing reads. */
let equivalent = 0
let found = 0
let same = 0
let warned = 0
let slow = 0
let longest = 0
while (planted < Number(many)) {
  const q = queries[random.below(queries.length)]
  const whole = q?.query ?? q?.rule ?? q?.text
  if (!q || whole === undefined) continue
  // A parameter needs a value of its user.
  if (id === 'cql' && /\?\{?[\w-]+/.test(whole.replace(/"(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)*\//g, ''))) continue
  const text = id === 'sumo' ? filled(whole) : whole
  const own = compiled(q.id, text)
  const a = side(own)
  if (!a || own.wouldBeRefused) continue
  const mutants = mutantsOf(language, text)
  const mutant = mutants[random.below(Math.max(1, mutants.length))]
  const other = mutant && compiled(q.id, mutant.text)
  const b = other && side(other)
  if (!mutant || !b || other.wouldBeRefused) continue
  if (printPlan(optimised(a.plan)) === printPlan(optimised(b.plan))) continue
  if (planText(withoutIdle(a.plan)) === planText(withoutIdle(b.plan))) {
    equivalent++
    if (rest.includes('--why'))
      console.log(
        `EQUIVALENT ${q.id} (${mutant.operator.id}): ${mutant.before.slice(0, 160)} → ${mutant.after.slice(0, 160)}`,
      )
    continue
  }
  planted++
  if (only && !only.has(planted)) continue
  const before = process.cpuUsage()
  const verdict = verify(a, b)
  const used = process.cpuUsage(before)
  const took = (used.user + used.system) / 1000
  longest = Math.max(longest, took)
  if (took > 5000) slow++
  if (verdict.kind === 'differs') {
    found++
    if (rest.includes('--show'))
      console.log(
        `found #${planted} ${q.id} ${mutant.operator.id}: ${verdict.telemetry.events.map(jsonLine).join(' ').slice(0, 200)}`,
      )
    continue
  }
  same++
  if (verdict.kind === 'same' && verdict.notReached.length > 0) warned++
  console.log(
    `MISSED #${planted} ${q.id} (${mutant.operator.id}, ${Math.round(took)} ms, ${verdict.kind === 'same' ? `${verdict.events} events, ${verdict.notReached.length} not reached` : verdict.kind}): ${mutant.before.slice(0, 160)} → ${mutant.after.slice(0, 160)}`,
  )
  if (rest.includes('--why')) {
    const [x, y] = [a, b].map(({ plan }) => printPlan(optimised(plan)).split('\n'))
    for (const line of x ?? []) if (!y?.includes(line)) console.log(`    - ${line.slice(0, 400)}`)
    for (const line of y ?? []) if (!x?.includes(line)) console.log(`    + ${line.slice(0, 400)}`)
  }
}
console.log(
  `${equivalent} changes without effect; ${found + same} planted changes, ${found} found (${((100 * found) / (found + same)).toFixed(1)} %), ${same} not (${warned} of them with predicates not reached); longest ${Math.round(longest)} ms of CPU, ${slow} above 5 s`,
)
