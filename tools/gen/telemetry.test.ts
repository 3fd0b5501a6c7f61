import assert from 'node:assert/strict'
import { test } from 'node:test'
import { binder } from '../../core/eval/bind.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import type { Event } from '../../core/logs/format.ts'
import { isEvent, recognise } from '../../core/logs/registry.ts'
import { falconView } from '../../core/logs/views/falcon.ts'
import type { Env, Plan, Row, SourceNode } from '../../core/plan/plan.ts'
import { huntPlan } from './hunt.ts'
import { generate, type Options, type Truth, type TruthGroup } from './telemetry.ts'

const START = Date.UTC(2026, 0, 15)
const OPTIONS = { seed: 7, mb: 0.6, start: START, hours: 24 }

interface Loaded {
  readonly truth: Truth
  readonly format: string
  readonly events: readonly Event[]
  readonly bad: number
  readonly aliases: Readonly<Record<string, readonly string[]>>
}

function load(options: Options): Loaded {
  const texts = { events: '', aidmaster: '' }
  const truth = generate(options, (file, text) => {
    texts[file] += text
  })
  const read = (text: string): { events: Event[]; bad: number; best: ReturnType<typeof recognise>[number] } => {
    const lines = text.split('\n')
    const [best] = recognise(lines.slice(0, 100))
    assert.ok(best)
    const records = best.format.split ? [...best.format.split(text)].map((p) => p.record) : lines
    const reader = best.format.reader({ zone: 'UTC', year: 2026 }, lines.slice(0, 1))
    const all = records.map((r) => reader.read(r))
    return { events: all.filter(isEvent), bad: all.filter((r) => 'bad' in r).length, best }
  }
  const main = read(texts.events)
  const hosts = texts.aidmaster === '' ? [] : read(texts.aidmaster).events
  const { format } = main.best
  return { truth, format: format.name, events: [...main.events, ...hosts], bad: main.bad, aliases: format.aliases }
}

function run(plan: Plan, { events, aliases, truth }: Loaded): readonly Row[] {
  const env: Env = { now: 0n, start: BigInt(truth.start) * 1000n, end: BigInt(truth.end) * 1000n, zone: 'UTC' }
  const inside = (e: Event): boolean => e.time !== undefined && e.time >= env.start && e.time < env.end
  const tables = (source: SourceNode): Row[] => {
    const bind = binder(source, aliases)
    const wanted = source.interval === 'all' ? events : events.filter(inside)
    return wanted.map((e, i) => bind.row(e, { file: '', raw: '', seq: BigInt(i) }))
  }
  return evaluate(plan, tables, env).rows
}

const line = (r: Row): string =>
  [
    r['ComputerName'],
    r['ImageFileName'],
    r['UserName'],
    r['RemoteAddressIP4'],
    r['RemotePort'],
    r['count'],
    r['sent'],
    r['received'],
    r['first'],
    r['last'],
  ].join(' | ')
const truthLine = (g: TruthGroup): string =>
  [
    g.host,
    g.image,
    g.user,
    g.remote,
    g.port,
    g.connections,
    g.sent ?? 0,
    g.received ?? 0,
    BigInt(g.first) * 1000n,
    BigInt(g.last) * 1000n,
  ].join(' | ')
const expected = (truth: Truth): string[] => truth.expected.map(truthLine).sort()

test('events that carry every field: exactly the planted groups', () => {
  const loaded = load({ ...OPTIONS, feed: 'enriched' })
  assert.deepEqual(run(huntPlan(), loaded).map(line).sort(), expected(loaded.truth))
  assert.ok(
    loaded.truth.expected.some((g) => g.sent === 10_485_760) &&
      loaded.truth.expected.some((g) => g.sent === 10_485_761),
  )
})

test('raw feed: nothing without the view, exactly the planted groups with it', () => {
  const loaded = load({ ...OPTIONS, feed: 'raw' })
  assert.deepEqual(run(huntPlan(), loaded), [])
  const viewed = falconView.rewrite(huntPlan(), falconView.fields)
  assert.deepEqual(run(viewed.plan, loaded).map(line).sort(), expected(loaded.truth))
  assert.equal(viewed.did.length, 3)
  assert.ok(viewed.audit)
  const [counts] = run(viewed.audit, loaded)
  const connections = [...loaded.truth.expected, ...loaded.truth.notExpected].filter(
    (g) => !/private|loopback|link-local|another port/.test(g.why) || g.why === 'beside a private range',
  )
  const rows = BigInt(connections.reduce((n, g) => n + g.connections, 0))
  const lost = BigInt(loaded.truth.unresolved)
  assert.deepEqual(counts, { rows, no_host: 0n, no_process: lost, no_user: lost })
})

test('a raw event that carries a value keeps it', () => {
  const loaded = load({ ...OPTIONS, feed: 'enriched', mb: 0.1 })
  const viewed = falconView.rewrite(huntPlan(), falconView.fields)
  assert.deepEqual(run(viewed.plan, loaded).map(line).sort(), run(huntPlan(), loaded).map(line).sort())
})

test('an NG-SIEM export is the same in every shape, and has no image and user', () => {
  const shapes = (['ndjson', 'array', 'csv'] as const).map((shape) =>
    load({ ...OPTIONS, mb: 0.2, feed: 'ngsiem', shape }),
  )
  assert.deepEqual(
    shapes.map((s) => s.format),
    ['ngsiem', 'ngsiem-json', 'ngsiem-csv'],
  )
  const [first, ...others] = shapes.map((s) =>
    s.events.map((e) => [String(e.time), ...[...e.fields].map(([k, v]) => `${k}=${v}`).sort()]),
  )
  for (const other of others) assert.deepEqual(other, first)
  for (const s of shapes) {
    assert.equal(s.bad, 0)
    assert.equal(s.events.length, s.truth.records)
    assert.deepEqual(run(huntPlan(), s), [])
  }
})

test('the same options give the same bytes, another seed others; some events come late', () => {
  const bytes = (seed: number): string => {
    let all = ''
    generate({ ...OPTIONS, seed, mb: 0.2, feed: 'raw' }, (_, text) => {
      all += text
    })
    return all
  }
  assert.equal(bytes(1), bytes(1))
  assert.notEqual(bytes(1), bytes(2))
  const times = load({ ...OPTIONS, feed: 'raw' }).events.map((e) => e.time as bigint)
  assert.ok(times.some((t, i) => i > 0 && t < (times[i - 1] as bigint)))
})
