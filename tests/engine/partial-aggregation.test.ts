// Aggregation in scan workers: the result equals that of the plan, whatever the division of the events.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { evaluateTuples } from '../../core/eval/evaluate.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { planTwoSteps } from '../../core/passes/7-partial.ts'
import { call, col, not, present, test as pred, text, TRUE } from '../../core/plan/build.ts'
import type { AggCall, OrderKey, Plan, SourceNode, Stage, Ty } from '../../core/plan/plan.ts'
import { totalOrder } from '../../core/plan/total-order.ts'
import { verify } from '../../core/passes/0-verify.ts'
import { listInputs } from '../../engine/inputs/files.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { reducerOf } from '../../engine/scan/partial-aggregation.ts'
import { runPlan } from '../../engine/execute/run-plan.ts'
import { runs } from '../../tools/property-runs.ts'

const env = { now: 0n, start: 0n, end: 0n, zone: 'UTC' }
const str = (id: string) => col(id, 'str')
const num = (id: string) => call('num.parse', 'num', [str(id)])
const time = col('t', 'time')
const filled = not(pred('str.eq', [str('b'), text('')]))
const agg = (
  prim: string,
  ty: Ty,
  args: AggCall['args'],
  where = TRUE,
  consts: AggCall['consts'] = {},
): Omit<AggCall, 'id'> => ({ prim: `agg.${prim}`, ty, args, consts, where })
const AGGS: readonly Omit<AggCall, 'id'>[] = [
  agg('count', 'int', []),
  agg('count', 'int', [], present(str('b'))),
  agg('minNum', 'num', [num('c')]),
  agg('maxNum', 'num', [num('c')], filled),
  agg('minTime', 'time', [time]),
  agg('maxTime', 'time', [time], filled),
  agg('minText', 'str', [str('b')]),
  agg('maxText', 'str', [str('c')]),
  agg('any', 'str', [str('b')]),
  agg('countDistinct', 'int', [str('b')]),
  agg('collect', 'str', [str('b')], TRUE, { limit: 2, separator: ',' }),
  agg('list', 'list', [str('b')], TRUE, { limit: 9 }),
]

const plan = (keys: readonly string[], aggs: readonly number[], nullKeys: 'drop' | 'keep', filter: boolean): Plan => ({
  lets: [],
  out: {
    from: {
      kind: 'source',
      name: 'events',
      columns: [
        ...['a', 'b', 'c'].map((id) => ({ id, ty: 'str' as const, from: { kind: 'field' as const, name: id } })),
        { id: 't', ty: 'time', from: { kind: 'meta', name: 'time' } },
      ],
      rest: false,
      interval: 'query',
      where: TRUE,
    },
    stages: [
      { kind: 'set', columns: [{ id: 'low', expr: call('str.lower', 'str', [str('a')]) }] },
      ...(filter ? [{ kind: 'filter', where: filled } satisfies Stage] : []),
      {
        kind: 'aggregate',
        keys: keys.map((id) => ({ id, expr: str(id) })),
        nullKeys,
        aggs: aggs.map((n, i) => ({ ...(AGGS[n] as Omit<AggCall, 'id'>), id: `x${i}` })),
        limit: null,
      },
      { kind: 'filter', where: TRUE },
    ],
  },
})

const value = fc.option(fc.constantFrom('', 'x', 'X', 'é', '1', '-2.5', '10'), { freq: 5 })
const row = fc.tuple(value, value, value, fc.option(fc.bigInt({ min: 0n, max: 9n }), { freq: 5 }))

test('groups of groups are the groups', () => {
  let reduced = 0
  fc.assert(
    fc.property(
      fc.subarray(['a', 'b', 'low']),
      fc.uniqueArray(fc.nat(AGGS.length - 1), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('drop' as const, 'keep' as const),
      fc.boolean(),
      fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      (keys, aggs, nullKeys, filter, parts) => {
        const p = plan(keys, aggs, nullKeys, filter)
        const two = planTwoSteps(p)
        if (keys.length === 0 && aggs.some((n) => n >= 9)) return assert.equal(two, undefined)
        assert.ok(two)
        assert.deepEqual(verify({ lets: [], out: { from: two.source, stages: [...two.before, two.first] } }), [])
        const groups: Tuple[] = []
        let dropped = 0
        for (const part of parts) {
          const reducer = reducerOf(two.source, two, env)
          for (const r of part) reducer.push(r)
          groups.push(...reducer.drain())
          dropped += reducer.dropped
        }
        const expected = evaluateTuples(p, () => parts.flat(), env)
        const found = evaluateTuples(two.plan, () => groups, env)
        assert.deepEqual(found.columns, expected.columns)
        assert.deepEqual(found.rows, expected.rows)
        assert.equal(dropped, expected.tallies.find((t) => t.what === 'dropped-null-keys')?.count ?? 0)
        reduced += Number(groups.length < parts.flat().length)
      },
    ),
    { numRuns: 400 },
  )
  assert.ok(reduced > 50, `${reduced}`)
})

test('the first of the firsts are the first', () => {
  const key = fc.record({
    expr: fc.constantFrom<OrderKey['expr']>(str('a'), num('c'), time),
    dir: fc.constantFrom('asc' as const, 'desc' as const),
    nulls: fc.constantFrom('first' as const, 'last' as const),
  })
  fc.assert(
    fc.property(
      fc.array(key, { minLength: 1, maxLength: 2 }),
      fc.nat(5),
      fc.boolean(),
      fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      (by, count, rest, parts) => {
        const grouped = plan(['a'], [0], 'keep', true)
        const stages: Stage[] = [...grouped.out.stages.slice(0, 2), { kind: 'take', count, by }]
        const p = totalOrder({ lets: [], out: { from: { ...grouped.out.from, rest } as SourceNode, stages } })
        const two = planTwoSteps(p)
        assert.ok(two)
        const withRest = parts.map((part) => part.map((r) => (rest ? [...r, `{"n":"${r.join()}"}`] : r)))
        const kept: Tuple[] = []
        for (const part of withRest) {
          const reducer = reducerOf(two.source, two, env)
          for (const r of part) reducer.push(r)
          const first = [...reducer.drain()]
          assert.ok(first.length <= count)
          kept.push(...first)
        }
        const expected = evaluateTuples(p, () => withRest.flat(), env)
        assert.deepEqual(
          evaluateTuples(two.plan, () => kept, env),
          expected,
        )
      },
    ),
    { numRuns: runs(300) },
  )
})

test('what cannot be done in two steps is not', () => {
  const with_ = (...aggs: Omit<AggCall, 'id'>[]): Plan => {
    const p = plan(['a'], [], 'keep', false)
    const stages = p.out.stages.map((s) =>
      s.kind === 'aggregate' ? { ...s, aggs: aggs.map((a, i) => ({ ...a, id: `x${i}` })) } : s,
    )
    return { ...p, out: { ...p.out, stages } }
  }
  assert.ok(planTwoSteps(with_(agg('count', 'int', []))))
  assert.equal(planTwoSteps(with_(agg('sum', 'dec', [str('b')]))), undefined)
  assert.equal(planTwoSteps(with_(agg('avg', 'num', [num('b')]))), undefined)
  assert.equal(
    planTwoSteps(with_(agg('countDistinct', 'int', [str('b')]), agg('countDistinct', 'int', [str('c')]))),
    undefined,
  )
})

const folder = mkdtempSync(join(tmpdir(), 'engine-reduce-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a run that keeps the last events says what the others say', async () => {
  const path = join(folder, 'last.ndjson')
  const line = (i: number) =>
    JSON.stringify({ a: `${i % 5}`, b: `${i}`, more: 'x', time: 1_700_000_000_000 + (i % 777) })
  writeFileSync(path, Array.from({ length: 20_000 }, (_, i) => `${line(i)}\n`).join(''))
  const { files } = recogniseInputs((await listInputs([path])).inputs)
  const from = { ...plan([], [], 'keep', false).out.from, rest: true } as SourceNode
  const by: OrderKey[] = [{ expr: time, dir: 'desc', nulls: 'last' }]
  const p = totalOrder({ lets: [], out: { from, stages: [{ kind: 'take', count: 200, by }] } })
  const [kept, all] = await Promise.all([
    runPlan(p, { files, fullCheck: 0, workers: 2 }),
    runPlan(p, { files, engine: 'duckdb' }),
  ])
  assert.equal(kept.rows.length, 200)
  assert.match(kept.engine.why, /^\d{4} values/)
  assert.deepEqual(kept.rows, all.rows)
  assert.deepEqual([kept.columns, kept.rest, kept.sources], [all.columns, all.rest, all.sources])
})

test('a run that reduces says what the others say', async () => {
  const path = join(folder, 'x.ndjson')
  const line = (i: number) =>
    JSON.stringify({ a: i % 7 ? `A${i % 90_000}` : null, b: `${i % 3}`, c: `${i % 11}`, time: 1_700_000_000_000 + i })
  writeFileSync(path, Array.from({ length: 160_000 }, (_, i) => `${line(i)}\n`).join(''))
  const { files } = recogniseInputs((await listInputs([path])).inputs)
  const p = plan(['a', 'b'], [0, 5, 9], 'drop', true)
  const big = { files, fullCheck: 0, workers: 2 }
  const [reduced, spooled, gathered] = await Promise.all([
    runPlan(p, big),
    runPlan(p, { ...big, memoryValues: 1000 }),
    runPlan(p, { ...big, engine: 'evaluator' }),
  ])
  assert.deepEqual(
    [reduced, spooled, gathered].flatMap((r) => (r.ok ? [] : r.diagnostics.map((d) => d.message))),
    [],
  )
  assert.equal(spooled.engine.used, 'duckdb')
  assert.equal(gathered.rows.length > 50_000, true)
  const sorted = (r: typeof reduced) => r.rows.map((x) => `${x['a']} ${x['b']} ${x['x0']} ${x['x1']} ${x['x2']}`).sort()
  for (const r of [reduced, spooled]) {
    assert.deepEqual(sorted(r), sorted(gathered))
    assert.deepEqual(r.sources, gathered.sources)
    assert.deepEqual(r.tallies, gathered.tallies)
    assert.deepEqual(r.columns, gathered.columns)
  }
})
