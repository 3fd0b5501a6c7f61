// Development: translates every rule of a corpus (JSON lines with `path` and `rule`), runs each translation against its rule over generated
// events, and prints the counts by outcome and by reason.
//   npx tsx tools/corpus-translate.ts RULES.jsonl [--to cql,sumo] [--sample N] [--only windows,linux] [--show N] [--no-verify]
//     [--part I/N] [--log FILE]   every N-th rule, for several processes; a JSON line for each rule and platform, appended to the file
//     [--fields NAME]         the field names of the target, in place of the first that fit
//     [--report FILE]             only prints the counts of such a file
import { appendFileSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { predicateText } from '../engine/query/write-telemetry.ts'
import { languageNamed } from '../core/workbench/compile.ts'
import { type Translated, translate, writtenLanguage } from '../core/workbench/translate.ts'
import type { Pred } from '../core/plan/plan.ts'
import { witnessQuery } from '../engine/query/witness-query.ts'
import { translateQuery } from '../engine/query/translate-query.ts'

interface Entry {
  readonly path: string
  readonly rule: string
}

type Kind =
  | 'contradicts itself'
  | 'differs'
  | 'not executed'
  | 'not reached'
  | 'proven'
  | 'refused'
  | 'same'
  | 'written'
/** The outcome of one rule on one platform. */
interface Outcome {
  readonly to: string
  readonly path: string
  readonly kind: Kind
  readonly reason: string
  readonly losses: readonly string[]
  readonly names: string
  readonly events: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: 'string', default: 'cql,sumo' },
    sample: { type: 'string' },
    only: { type: 'string', default: 'windows,linux,network,cloud' },
    show: { type: 'string', default: '5' },
    report: { type: 'string' },
    log: { type: 'string' },
    'no-verify': { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    part: { type: 'string' },
    fields: { type: 'string' },
  },
})
const [path] = positionals
if (path === undefined) {
  process.stderr.write('usage: corpus-translate RULES.jsonl [--to cql,sumo] [--sample N] [--only words] [--show N]\n')
  process.exit(2)
}
const words = values.only.split(',')
const all = readFileSync(path, 'utf8')
  .split('\n')
  .filter((l) => l.trim() !== '')
  .map((l) => JSON.parse(l) as Entry)
  .filter((e) => words.includes('all') || words.some((w) => e.path.split('/').includes(w)))
const entries = values.sample === undefined ? all : sample(all, Number(values.sample), Number(values.seed))
const targets = values.to.split(',')
const NO_INPUTS = { lookups: [], param: [], pipeline: [], semantics: [] }
const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** Translating alone, for its speed. */
function translateAll(to: string): Outcome[] {
  const [sigma, target] = [languageNamed('sigma'), writtenLanguage(to)]
  if (!target || !sigma) throw new Error(`no writer for ${to}`)
  const before = process.cpuUsage()
  const translated = entries.map((e) => translate({ name: e.path, text: e.rule }, sigma, target, { context: {} }))
  const { user, system } = process.cpuUsage(before)
  print(`${to}: ${entries.length} rules translated in ${((user + system) / 1e6).toFixed(1)} s of CPU`)
  return translated.map((t, i) => outcomeOf(to, (entries[i] as Entry).path, t, 'written', '', 0))
}

function verified(to: string, { path: name, rule }: Entry): Outcome {
  const result = translateQuery(
    { source: { name, text: rule }, language: 'sigma' },
    { to, fields: values.fields, ...NO_INPUTS },
  )
  const verdict = result.translations[0]?.verdict
  const events = verdict && verdict.kind !== 'proven' ? verdict.events : 0
  const why = (code: RegExp): string => result.diagnostics.find((d) => code.test(d.code))?.message ?? ''
  if (!verdict) return outcomeOf(to, name, result, 'not executed', why(/^TRN01/), 0)
  if (verdict.kind === 'differs') return outcomeOf(to, name, result, 'differs', why(/^TRN012/), events)
  const [first] = verdict.kind === 'same' ? verdict.notReached : []
  if (first && contradiction(name, rule))
    return outcomeOf(to, name, result, 'contradicts itself', predicateOf(first.pred), events)
  if (verdict.kind === 'nothing') return outcomeOf(to, name, result, 'not executed', 'no event could be generated', 0)
  return first
    ? outcomeOf(to, name, result, 'not reached', `${first.side} ${predicateOf(first.pred)}`, events)
    : outcomeOf(to, name, result, verdict.kind, '', events)
}

const predicateOf = (pred: Pred | null): string => (pred ? predicateText(pred) : 'output')

/** No event can meet the rule, so nothing of it can be reached. */
function contradiction(name: string, text: string): boolean {
  const { found } = witnessQuery({ source: { name, text }, language: 'sigma' }, { seed: 1, ...NO_INPUTS })
  return found?.defeated?.isImpossible ?? false
}

function outcomeOf(to: string, name: string, t: Translated, kind: Kind, reason: string, events: number): Outcome {
  const isRefused = t.translations.every((x) => x.text === undefined)
  return {
    to,
    path: name,
    kind: isRefused ? 'refused' : kind,
    reason: isRefused ? (t.diagnostics.find((d) => d.severity === 'error')?.message ?? 'no text') : reason,
    losses: t.diagnostics.flatMap((d) => (/^(?:TRN002|SIG146)$/.test(d.code) ? [d.message] : [])),
    names: t.vocabulary?.id ?? 'its own',
    events,
  }
}

function report(to: string, outcomes: readonly Outcome[]): void {
  const counts = countOf(outcomes.map((o) => o.kind))
  print(
    `${to}: ${outcomes.length} rules: ${[...counts].map(([k, n]) => `${k} ${n} (${share(n, outcomes.length)})`).join(', ')}`,
  )
  print(`  field names: ${[...countOf(outcomes.map((o) => o.names))].map(([k, n]) => `${k} ${n}`).join(', ')}`)
  const run = outcomes.filter((o) => o.events > 0).map((o) => o.events)
  const least = run.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const whole = outcomes.filter((o) => o.kind === 'same' || o.kind === 'proven').length
  if (!values['no-verify'])
    print(
      `  no difference and every predicate reached: ${whole} (${share(whole, outcomes.length)}); fewest events ${least}, below 200: ${run.filter((n) => n < 200).length}`,
    )
  for (const kind of ['refused', 'differs', 'not reached', 'contradicts itself', 'not executed'] as const)
    list(
      kind,
      outcomes.filter((o) => o.kind === kind).map((o) => [o.reason, o.path]),
    )
  list(
    'losses',
    outcomes.flatMap((o) => o.losses.map((l): [string, string] => [l, o.path])),
  )
}

const countOf = (of: readonly string[]): Map<string, number> => {
  const out = new Map<string, number>()
  for (const x of of) out.set(x, (out.get(x) ?? 0) + 1)
  return new Map([...out].sort((a, b) => b[1] - a[1]))
}

/** Reasons that differ only in names and values are one. */
const kindOf = (reason: string): string => reason.replace(/"[^"]*"|`[^`]*`|\d+/g, '…')

function list(title: string, rows: readonly (readonly [string, string])[]): void {
  const groups = new Map<string, (readonly [string, string])[]>()
  for (const row of rows) groups.set(kindOf(row[0]), [...(groups.get(kindOf(row[0])) ?? []), row])
  const sorted = [...groups.values()].sort((a, b) => b.length - a.length)
  if (sorted.length === 0) return
  print(`  ${title}: ${rows.length}`)
  for (const [first, ...others] of sorted.slice(0, Number(values.show)))
    if (first) print(`    ${others.length + 1} ${first[0].slice(0, 500)}  (${first[1]})`)
}

function share(n: number, of: number): string {
  return `${((100 * n) / Math.max(1, of)).toFixed(1)} %`
}

function sample<T>(of: readonly T[], n: number, seed: number): T[] {
  let state = seed
  const keyed = of.map((e) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return [state, e] as const
  })
  return keyed
    .sort((a, b) => a[0] - b[0])
    .slice(0, n)
    .map(([, e]) => e)
}

const turnOf = (part: string, of: readonly Entry[]): readonly Entry[] => {
  const [turn = 0, parts = 1] = part.split('/').map(Number)
  return of.filter((_, i) => i % parts === turn)
}

function verifyAll(): Outcome[] {
  const outcomes: Outcome[] = []
  for (const e of values.part === undefined ? entries : turnOf(values.part, entries))
    for (const to of targets) {
      const outcome = verified(to, e)
      outcomes.push(outcome)
      if (values.log !== undefined) appendFileSync(values.log, `${JSON.stringify(outcome)}\n`)
    }
  return outcomes
}

const logged = (file: string): Outcome[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((l) => (l === '' ? [] : [JSON.parse(l) as Outcome]))

const outcomes =
  values.report !== undefined
    ? logged(values.report)
    : values['no-verify']
      ? targets.flatMap(translateAll)
      : verifyAll()
for (const to of targets)
  report(
    to,
    outcomes.filter((o) => o.to === to),
  )
