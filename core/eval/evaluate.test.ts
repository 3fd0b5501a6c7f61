import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, call, col, lit, test as holdsTest, text, TRUE } from '../plan/build.ts'
import type { AggCall, Env, Plan, Row, SourceNode, Stage, Value } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { bindEvent } from './bind.ts'
import { evaluate } from './evaluate.ts'
import { eventOutcomes, stepCounts } from './steps.ts'

const env: Env = { now: 9n, start: 0n, end: 9n, zone: 'UTC' }
const source = (...ids: string[]): SourceNode => ({
  kind: 'source',
  name: 'events',
  columns: ids.map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } })),
  rest: false,
  interval: 'query',
  where: TRUE,
})
const plan = (ids: string[], ...stages: Stage[]): Plan => ({ lets: [], out: { from: source(...ids), stages } })
const rows = (p: Plan, input: Row[]): Value[][] => evaluate(p, () => input, env).rows.map((r) => Object.values(r))
const a = col('a', 'str')
const b = col('b', 'str')
const agg = (id: string, prim: string, ty: AggCall['ty'], ...args: AggCall['args']): AggCall => ({
  id,
  prim,
  args,
  consts: {},
  where: TRUE,
  ty,
})
const grouped = (nullKeys: 'drop' | 'keep'): Stage => ({
  kind: 'aggregate',
  keys: [{ id: 'a', expr: a }],
  nullKeys,
  aggs: [agg('n', 'agg.count', 'int')],
  limit: null,
})

test('absent and empty keys are different groups, or absent ones are dropped and counted', () => {
  const input = [{ a: '' }, {}, { a: 'x' }, { a: '' }]
  assert.deepEqual(rows(plan(['a'], grouped('keep')), input), [
    [null, 1n],
    ['', 2n],
    ['x', 1n],
  ])
  const dropped = evaluate(plan(['a'], grouped('drop')), () => input, env)
  assert.deepEqual(dropped.rows.length, 2)
  assert.deepEqual(dropped.tallies, [{ path: 'out.0', what: 'dropped-null-keys', count: 1 }])
})

test('an aggregate without keys has one row even for nothing', () => {
  const count: Stage = { ...(grouped('keep') as Extract<Stage, { kind: 'aggregate' }>), keys: [] }
  assert.deepEqual(rows(plan(['a'], count), []), [[0n]])
  assert.deepEqual(rows(plan(['a'], grouped('keep')), []), [])
})

test('a column named like something every object has is absent where no event has it', () => {
  assert.deepEqual(rows(plan(['constructor', '__proto__']), [{}]), [[null, null]])
})

test('set sees the columns as they were', () => {
  const swap: Stage = {
    kind: 'set',
    columns: [
      { id: 'a', expr: b },
      { id: 'b', expr: a },
    ],
  }
  assert.deepEqual(rows(plan(['a', 'b'], swap), [{ a: '1', b: '2' }]), [['2', '1']])
})

test('text is ordered by code point', () => {
  const by: Stage = { kind: 'order', by: [{ expr: a, dir: 'desc', nulls: 'last' }] }
  assert.deepEqual(rows(plan(['a'], by), [{ a: '\uffff' }, {}, { a: '😀' }, { a: 'a' }]), [
    ['😀'],
    ['\uffff'],
    ['a'],
    [null],
  ])
})

test('ties of a take are broken by the other columns, and a take inherits the order before it', () => {
  const by = { expr: a, dir: 'desc' as const, nulls: 'last' as const }
  const input = [
    { a: '1', b: 'z' },
    { a: '2', b: 'y' },
    { a: '2', b: 'x' },
  ]
  assert.deepEqual(rows(plan(['a', 'b'], { kind: 'take', count: 1, by: [by] }), input), [['2', 'x']])
  const two: Stage[] = [
    { kind: 'order', by: [by] },
    { kind: 'take', count: 2, by: [] },
  ]
  assert.deepEqual(rows(plan(['a', 'b'], ...two), input), [
    ['2', 'x'],
    ['2', 'y'],
  ])
})

const joined = (how: 'anti' | 'inner' | 'left' | 'semi', max: number | null): Stage => ({
  kind: 'join',
  how,
  right: { from: { ...source('k', 'v'), name: 'lookup:t' }, stages: [] },
  on: [{ left: a, right: col('k', 'str') }],
  within: null,
  include: how === 'inner' || how === 'left' ? [{ id: 'v', from: 'v' }] : [],
  missing: '',
  max,
  order: [{ expr: col('v', 'str'), dir: 'desc', nulls: 'last' }],
})
test('joins', () => {
  const left = [{ a: 'x' }, { a: 'y' }, {}]
  const right = [{ k: 'x', v: '1' }, { k: 'x', v: '2' }, { v: '3' }, { k: 'y' }]
  const run = (s: Stage): Value[][] =>
    evaluate(plan(['a'], s), (from) => (from.name === 'events' ? left : right), env).rows.map((r) => Object.values(r))
  assert.deepEqual(run(joined('inner', null)), [
    ['x', '2'],
    ['x', '1'],
    ['y', ''],
  ])
  assert.deepEqual(run(joined('left', 1)), [
    ['x', '2'],
    ['y', ''],
    [null, ''],
  ])
  assert.deepEqual(run(joined('semi', null)), [['x'], ['y']])
  assert.deepEqual(run(joined('anti', null)), [[null]])
  const asOf = {
    ...(joined('left', 1) as Extract<Stage, { kind: 'join' }>),
    within: { prim: 'str.ge', left: text('1'), right: col('v', 'str') },
  }
  assert.deepEqual(run(asOf), [
    ['x', '1'],
    ['y', ''],
    [null, ''],
  ])
})

test('windows run within their partition and leave the rows where they were', () => {
  const sum: Stage = {
    kind: 'window',
    partition: [a],
    order: [{ expr: b, dir: 'asc', nulls: 'last' }],
    columns: [
      { ...agg('n', 'agg.count', 'int'), frame: { before: null, after: 0 } },
      { ...agg('p', 'win.lag', 'str', b), frame: { before: 1, after: 0 } },
    ],
  }
  assert.deepEqual(
    rows(plan(['a', 'b'], sum), [
      { a: 'x', b: '2' },
      { a: 'y', b: '1' },
      { a: 'x', b: '1' },
    ]),
    [
      ['x', '2', 2n, '1'],
      ['y', '1', 1n, null],
      ['x', '1', 1n, null],
    ],
  )
})

test('unnest and union', () => {
  const split: Stage = {
    kind: 'unnest',
    list: call('str.split', 'list', [a], { separator: ',' }),
    into: 'e',
    index: 'i',
    keep: true,
  }
  assert.deepEqual(rows(plan(['a'], split), [{ a: 'p,q' }, {}]), [
    ['p,q', 'p', 0n],
    ['p,q', 'q', 1n],
    [null, null, null],
  ])
  const both: Stage = { kind: 'union', others: [{ from: source('b'), stages: [] }] }
  assert.deepEqual(rows(plan(['a'], both), [{ a: '1', b: '2' }]), [
    ['1', null],
    [null, '2'],
  ])
})

test('binding: aliases in order, arrays to the first gap, free text, and the rest in the order of the record', () => {
  const from: SourceNode = {
    ...source(),
    rest: true,
    columns: [
      { id: 'src', ty: 'str', from: { kind: 'field', name: 'src' } },
      { id: 't[]', ty: 'list', from: { kind: 'array', name: 't' } },
      { id: 'seq', ty: 'int', from: { kind: 'meta', name: 'seq' } },
      {
        id: '$:f',
        ty: 'bool',
        from: {
          kind: 'search',
          test: { prim: 'str.glob', consts: { pattern: '*ell*', ignoreCase: false } },
          except: ['z'],
        },
      },
    ],
  }
  const bind = (fields: [string, string][], raw = ''): Row =>
    bindEvent({ fields: new Map(fields), time: undefined }, { file: 'f', raw, seq: 7n }, from, {
      src: ['source', 'srcip'],
    })
  const full = bind([
    ['t[1]', 'B'],
    ['z', 'hello'],
    ['srcip', '2'],
    ['t[0]', 'A'],
    ['t[3]', 'D'],
    ['source', ''],
  ])
  assert.deepEqual(full, {
    src: '',
    't[]': ['A', 'B'],
    seq: 7n,
    '$:f': false,
    [REST]: '{"z":"hello","srcip":"2","t[3]":"D"}',
  })
  assert.deepEqual(
    bind([
      ['Src', '1'],
      ['y', 'hello'],
    ])['$:f'],
    true,
  )
  assert.deepEqual(bind([['Src', '1']])['src'], null)
  assert.deepEqual(bind([], 'bell')['$:f'], true)
})

test('explain: counts per step, and which conjunct an event failed', () => {
  const is = (id: string, value: string) => holdsTest('str.eq', [col(id, 'str'), text(value)])
  const p = plan(['a', 'b'], { kind: 'filter', where: and(is('a', '1'), is('b', '2')) }, grouped('keep'))
  const input = [
    { a: '1', b: '3' },
    { a: '1', b: '2' },
  ]
  assert.deepEqual(
    stepCounts(p, () => input, env).map((s) => [s.path, s.rowsIn, s.rowsOut]),
    [
      ['out.0', 2, 1],
      ['out.1', 1, 1],
    ],
  )
  const [first, second] = eventOutcomes(p, input, () => input, env)
  assert.ok(first?.kind === 'out')
  assert.deepEqual(first.because, [{ pred: is('b', '2'), values: { b: '3' } }])
  assert.deepEqual(second, { kind: 'in', path: 'out.1' })
})

test('data of the wrong kind gives absents, never exceptions', () => {
  const odd: Stage = {
    kind: 'set',
    columns: [{ id: 'n', expr: call('num.div', 'num', [call('num.parse', 'num', [a]), lit(0, 'num')]) }],
  }
  assert.deepEqual(
    rows(plan(['a'], odd), [{ a: 'x' }, { a: '1' }, {}]).map((r) => r[1]),
    [null, null, null],
  )
})

test('signs of life: rows behind an aggregate, and comparisons of a long sort', () => {
  let signs = 0
  const hooks = { alive: () => void signs++ }
  const input = Array.from({ length: 20_000 }, (_, i) => ({ a: `${(i * 7919) % 20_000}` }))
  const order: Stage = { kind: 'order', by: [{ expr: a, dir: 'asc', nulls: 'last' }] }
  evaluate(plan(['a'], grouped('keep'), { kind: 'filter', where: TRUE }), () => input, env, hooks)
  assert.ok(signs > 2 * input.length, `${signs}`)
  signs = 0
  evaluate(plan(['a'], order), () => input, env, hooks)
  assert.ok(signs > 2 * input.length, `${signs}`)
})
