// Translates every rule of a corpus (JSON lines with `path` and `rule`) and runs each translation against its rule over generated events.
//   npx tsx tools/corpus-translate.ts RULES.jsonl [--to cql,sumo] [--sample N] [--only windows,linux] [--show N] [--no-verify]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { printPred } from '../core/plan/print.ts'
import { languageNamed } from '../core/workbench/compile.ts'
import { translate, writtenLanguage } from '../core/workbench/translate.ts'
import { translateQuery } from '../engine/query/translate-query.ts'

interface Entry {
  readonly path: string
  readonly rule: string
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    to: { type: 'string', default: 'cql,sumo' },
    sample: { type: 'string' },
    only: { type: 'string', default: 'windows,linux,network,cloud' },
    show: { type: 'string', default: '5' },
    'no-verify': { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
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
const print = (text: string): void => void process.stdout.write(`${text}\n`)

function measure(to: string): void {
  const target = writtenLanguage(to)
  const sigma = languageNamed('sigma')
  if (!target || !sigma) throw new Error(`no writer for ${to}`)
  const texts = new Map<Entry, ReturnType<typeof translate>>()
  const began = performance.now()
  for (const e of entries) texts.set(e, translate({ name: e.path, text: e.rule }, sigma, target, { context: {} }))
  const seconds = (performance.now() - began) / 1000
  const refused = entries.filter((e) => texts.get(e)?.translations.every((t) => t.text === undefined) ?? true)
  print(
    `${to}: ${entries.length} rules in ${seconds.toFixed(1)} s, ${entries.length - refused.length} written (${share(entries.length - refused.length, entries.length)})`,
  )
  const names = new Map<string, number>()
  for (const t of texts.values()) if (t.vocabulary) names.set(t.vocabulary.id, (names.get(t.vocabulary.id) ?? 0) + 1)
  print(`  field names: ${[...names].map(([n, c]) => `${n} ${c}`).join(', ')}`)
  list(
    'refused',
    refused.map((e) => [reasonOf(texts.get(e)), e.path]),
  )
  const losses = entries.flatMap((e) =>
    (texts.get(e)?.diagnostics ?? [])
      .filter((d) => d.code === 'TRN002' || d.code === 'SIG146')
      .map((d): [string, string] => [d.message, e.path]),
  )
  list('losses', losses)
  if (values['no-verify']) return
  const outcomes = new Map<string, number>()
  const details: [string, string][] = []
  let same = 0
  let least = Number.POSITIVE_INFINITY
  let few = 0
  for (const e of entries.filter((r) => !refused.includes(r))) {
    const { translations, diagnostics } = translateQuery(
      { source: { name: e.path, text: e.rule }, language: 'sigma', path: undefined } as never,
      { to, lookups: [], param: [], pipeline: [], semantics: [] } as never,
    )
    const verdict = translations[0]?.verdict
    const kind = !verdict
      ? 'not executed'
      : verdict.kind === 'same' && verdict.notReached.length > 0
        ? 'not reached'
        : verdict.kind
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    if (verdict && verdict.kind !== 'proven') {
      least = Math.min(least, verdict.events)
      if (verdict.events < 200) few++
    }
    if (kind === 'same' || kind === 'proven') same++
    else if (verdict?.kind === 'same')
      details.push([
        `not reached: ${verdict.notReached.map((n) => `${n.side} ${n.pred ? printPred(n.pred).slice(0, 160) : 'output'}`)[0]}`,
        e.path,
      ])
    else details.push([diagnostics.find((d) => /^TRN01[23]/.test(d.code))?.message.slice(0, 500) ?? kind, e.path])
  }
  print(
    `  ${[...outcomes].map(([k, n]) => `${k} ${n}`).join(', ')}; no difference and every predicate reached: ${share(same, entries.length)} of all; fewest events ${least}, under 200: ${few}`,
  )
  list('open', details)
}

function reasonOf(t: ReturnType<typeof translate> | undefined): string {
  return t?.diagnostics.find((d) => d.severity === 'error')?.message ?? 'no text'
}

function list(title: string, rows: readonly (readonly [string, string])[]): void {
  const groups = new Map<string, string[]>()
  for (const [reason, where] of rows) groups.set(reason, [...(groups.get(reason) ?? []), where])
  const sorted = [...groups].sort((a, b) => b[1].length - a[1].length)
  if (sorted.length === 0) return
  print(`  ${title}: ${rows.length}`)
  for (const [reason, paths] of sorted.slice(0, Number(values.show)))
    print(`    ${paths.length} ${reason}  (${paths[0]})`)
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

for (const to of values.to.split(',')) measure(to)
