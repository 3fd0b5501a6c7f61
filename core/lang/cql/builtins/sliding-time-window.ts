import { call } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { AGGREGATES, CURRENT } from '../4-lower/functions/sequence.ts'
import { addRunningAggregates, sequenceOrder } from '../4-lower/group/sequence.ts'
import { page, param } from '../4-lower/params.ts'
import { toInt } from '../4-lower/values.ts'

export const slidingTimeWindow = builtin({
  name: 'slidingTimeWindow',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Aggregates over the rows of a span of time before each row, added to it.',
  notes: ['Rows need an order of time: put head() in front. In a grouping they are in that order.'],
  params: [
    AGGREGATES,
    param('span', 'text', 'How far back, such as `10m`.', { required: true }),
    CURRENT,
    param('timestampfield', 'field', 'The time of a row in epoch milliseconds.', { default: '@timestamp' }),
  ],
  fidelity: {
    differs: 'Rows of the same time see each other. LogScale refuses rows in another order.',
  },
  evidence: page('slidingTimeWindow'),
  examples: [
    {
      title: 'How many in ten seconds',
      given: [
        { '@timestamp': 1_000, n: 'a' },
        { '@timestamp': 5_000, n: 'b' },
        { '@timestamp': 12_000, n: 'c' },
      ],
      query: 'head() | slidingTimeWindow(count(as=c), span=10s) | select([n, c])',
      gives: [
        { n: 'a', c: 1 },
        { n: 'b', c: 2 },
        { n: 'c', c: 2 },
      ],
      from: page('slidingTimeWindow'),
    },
    {
      title: 'A row exactly one span back is outside',
      given: [
        { '@timestamp': 1_001, v: '1' },
        { '@timestamp': 1_002, v: '4' },
        { '@timestamp': 4_001, v: '2' },
      ],
      query: 'head() | slidingTimeWindow(sum(v), span=3s) | select([v, _sum])',
      gives: [
        { v: '1', _sum: 1 },
        { v: '4', _sum: 5 },
        { v: '2', _sum: 6 },
      ],
      from: page('slidingTimeWindow'),
    },
    {
      title: 'Without the row itself',
      given: [
        { '@timestamp': 1_000, v: '1' },
        { '@timestamp': 5_000, v: '4' },
        { '@timestamp': 12_000, v: '2' },
      ],
      query: 'head() | slidingTimeWindow([count(as=c), sum(v)], span=10s, current=exclude) | select([v, c, _sum])',
      gives: [
        { v: '1', c: 0, _sum: 0 },
        { v: '4', c: 1, _sum: 1 },
        { v: '2', c: 1, _sum: 4 },
      ],
      from: page('slidingTimeWindow'),
    },
    {
      title: 'In each group',
      given: [
        { '@timestamp': 1_000, u: 'x', ok: 'no' },
        { '@timestamp': 2_000, u: 'y', ok: 'no' },
        { '@timestamp': 3_000, u: 'x', ok: 'yes' },
      ],
      query:
        'groupBy(u, function={slidingTimeWindow({ok=no | count(as=failed)}, span=10m) | ok=yes | select([failed])}) | failed > 0',
      gives: [{ u: 'x', failed: 1 }],
      from: page('slidingTimeWindow'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const at = args.call.nameSpan
      const others = args.text('current', 'include').toLowerCase() === 'exclude'
      const ms = args.duration('span')
      if (ms === undefined) return
      if (!sequenceOrder(flow, 'slidingTimeWindow', at)) return
      // A row exactly one span back is outside; times of LogScale are milliseconds.
      const micros = BigInt(Math.round(ms * 1000) - 1000)
      const own = args.field('timestampfield', '@timestamp')
      const time = own === '@timestamp' ? flow.time() : undefined
      const key = time ?? call('time.fromMillis', 'time', [toInt(flow.read(own))])
      const order = [{ expr: key, dir: 'asc', nulls: 'last' } as const]
      addRunningAggregates(
        flow,
        args.items('function'),
        order,
        others ? { back: micros, others } : { back: micros },
        'slidingTimeWindow',
      )
    },
  },
})
