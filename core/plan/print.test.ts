import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, call, col, lit, not, or, present, test as holds, text, TRUE } from './build.ts'
import type { Plan } from './plan.ts'
import { printPlan } from './print.ts'
import { verify } from '../passes/0-verify.ts'

const a = col('a', 'str')
const plan: Plan = {
  lets: [],
  out: {
    from: {
      kind: 'source',
      name: 'events',
      columns: [
        { id: 'a', ty: 'str', from: { kind: 'field', name: 'a' } },
        { id: 'b c', ty: 'str', from: { kind: 'field', name: 'b c' } },
        { id: '@timestamp', ty: 'time', from: { kind: 'meta', name: 'time' } },
      ],
      rest: true,
      interval: 'query',
      where: TRUE,
    },
    stages: [
      {
        kind: 'filter',
        where: and(
          or(holds('str.eq', [a, text('404')]), holds('num.eq', [call('num.parse', 'num', [a]), lit(404, 'num')])),
          not(present(a)),
        ),
      },
      {
        kind: 'aggregate',
        keys: [{ id: 'k', expr: a }],
        nullKeys: 'drop',
        aggs: [{ id: 'n', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }],
        limit: 10,
      },
    ],
  },
}

test('a plan prints as a pipeline', () => {
  assert.equal(
    printPlan(plan),
    [
      'from events (a, `b c`, @timestamp = meta time, rest)',
      '| filter (a = "404" or num.parse(a) = 404) and not present(a)',
      '| aggregate n = agg.count() by k = a dropping absent limit 10',
    ].join('\n'),
  )
})

test('the verifier names what is wrong and where', () => {
  assert.deepEqual(verify(plan), [])
  const broken: Plan = {
    lets: [],
    out: {
      ...plan.out,
      stages: [
        { kind: 'filter', where: holds('num.eq', [a, lit(1n, 'num')]) },
        { kind: 'set', columns: [{ id: 'x', expr: call('str.nothing', 'str', [col('gone', 'str')]) }] },
        { kind: 'project', columns: ['a', 'a'], rest: true },
      ],
    },
  }
  assert.deepEqual(verify(broken), [
    'out.0: a literal is not num: 1',
    'out.0: num.eq takes num as argument 1, not str',
    'out.1: reads gone, which is no column',
    'out.1: there is no primitive str.nothing',
    'out.2: names a twice',
  ])
})
