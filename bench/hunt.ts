// Many rules over events: the index of a hunt beside each filter alone, and beside the double number of rules.
// Usage: node --import tsx bench/hunt.ts RULES LOG [EVENTS] [PLAIN]: the first EVENTS lines of LOG, the first PLAIN of them without the index.
import { readFileSync } from 'node:fs'
import { columnReader, type EventMeta } from '../core/eval/bind.ts'
import { compilePred } from '../core/eval/compile.ts'
import { GramCounts } from '../core/hunt/grams.ts'
import { Matcher } from '../core/hunt/matcher.ts'
import { type Filter, indexFilters } from '../core/hunt/rule-index.ts'
import type { Event } from '../core/logs/format.ts'
import { NO_ENV } from '../core/plan/build.ts'
import type { SourceNode } from '../core/plan/plan.ts'
import { planSources } from '../core/plan/sources.ts'
import { compileRules, readRules } from '../engine/hunt/hunt-rules.ts'
import { formatOf } from '../engine/inputs/format-of.ts'
import type { Recognised } from '../engine/inputs/input.ts'
import { openTelemetry } from '../engine/query/prepare-query.ts'

/** Milliseconds of processor time: other programs on the machine count less. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const timed = <T>(work: () => T): readonly [made: T, ms: number] => {
  const began = cpu()
  const made = work()
  return [made, cpu() - began]
}
const say = (what: string, text: string): void => console.log(`${what.padEnd(34)} ${text}`)
const rate = (events: number, ms: number): string =>
  `${Math.round((1000 * events) / ms).toLocaleString('en')} events/s of one core`

const [rulesAt = '', log = '', most = '100000', plainly = '2000'] = process.argv.slice(2)
const telemetry = await openTelemetry({ logs: [log] })
const file = telemetry.files[0] as Recognised
const format = formatOf(file)
if (!format) throw new Error(`no format for ${log}`)
const began = cpu()
const chosen = await compileRules(readRules([rulesAt]).queries, {}, telemetry)
const loading = cpu() - began
const sources = chosen.rules.flatMap((r) => planSources(r.plan))
const kinds = new Set(chosen.rules.flatMap((r) => r.kinds))
const lines = readFileSync(log, 'utf8').split('\n').slice(0, Number(most))
const reader = format.reader({ zone: 'UTC', year: 1970 }, file.head)
const [events, parsing] = timed(() =>
  lines.flatMap((raw, i): { event: Event; meta: EventMeta }[] => {
    const event = reader.read(raw)
    return 'fields' in event ? [{ event, meta: { file: log, raw, seq: BigInt(i) } }] : []
  }),
)
const counts = new GramCounts()
for (const { event } of events.slice(0, 60)) for (const value of event.fields.values()) counts.add(value)
const scope = { aliases: format.aliases, tags: { ...format.tags }, env: NO_ENV, respelled: format.respelled }

/** Found filters of each event, with the index. */
function hunted(of: readonly SourceNode[]): {
  readonly found: number[][]
  readonly index: number
  readonly ms: number
  readonly tried: number
} {
  const [{ index, filters }, built] = timed(() => indexFilters(of, kinds, counts, 60))
  const matcher = new Matcher((i) => filters[i] as Filter, index, scope)
  let tried = 0
  const watch = { begin: () => ++tried > 0, end: () => {} }
  const [found, ms] = timed(() =>
    events.map(({ event, meta }) => {
      const own: number[] = []
      matcher.match(event, meta, watch, (f) => own.push(f))
      return own.sort((a, b) => a - b)
    }),
  )
  return { found, index: built, ms, tried }
}

const one = hunted(sources)
// The second half has other texts: each rule with its letters in another order would never match.
const changed = (text: string): string =>
  text.replaceAll(/[aeiou]/g, (c) => ({ a: 'e', e: 'i', i: 'o', o: 'u', u: 'a' })[c] ?? c)
const altered = sources.map(
  (s): SourceNode => ({
    ...s,
    where: JSON.parse(JSON.stringify(s.where), (key, value: unknown) =>
      key === 'pattern' ? changed(String(value)) : key === 'values' ? (value as string[]).map(changed) : value,
    ),
  }),
)
const two = hunted([...sources, ...altered])
const some = events.slice(0, Number(plainly))
const current: { of: (typeof events)[number] | undefined } = { of: undefined }
const tests = sources.map((source) =>
  compilePred<null>(
    source.where,
    (id) => {
      const read = columnReader(source, id, scope.aliases, scope.tags)
      return () => (current.of ? read(current.of.event, current.of.meta) : null)
    },
    NO_ENV,
  ),
)
const [alone, plain] = timed(() =>
  some.map((of) => {
    current.of = of
    return tests.flatMap((holds, i) => (holds(null) ? [i] : []))
  }),
)
const wrong = alone.filter((own, i) => own.join() !== one.found[i]?.join()).length

say('rules, events', `${chosen.rules.length}, ${events.length}`)
say('loading and index', `${(loading / 1000).toFixed(1)} s and ${(one.index / 1000).toFixed(1)} s`)
say('reading the events', rate(events.length, parsing))
say(
  'all rules, with the index',
  `${rate(events.length, one.ms)}; ${(one.tried / events.length).toFixed(1)} rules tried per event`,
)
say('both', rate(events.length, parsing + one.ms))
say('twice the rules', `${((parsing + two.ms) / (parsing + one.ms)).toFixed(2)} times the time`)
say(
  'each rule alone, without the index',
  `${rate(some.length, plain)}; ${(plain / some.length / (one.ms / events.length)).toFixed(0)} times the time`,
)
say('events with other findings', `${wrong} of ${some.length}`)
say('memory', `${Math.round(process.memoryUsage().rss / 1e6)} MB, with all events`)
if (wrong > 0) process.exitCode = 1
