import { builtin } from '../4-lower/builtin.ts'
import { first, param, page } from '../4-lower/params.ts'

export const session = builtin({
  name: 'session',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates over runs of events between which no pause is longer than `maxpause`.',
  notes: [
    'In a grouping, alone: `groupBy(user, function=session(maxpause=15m, count()))`; runs are then those of each group.',
  ],
  params: [
    first('function', 'aggregates', 'Aggregates, in brackets if several.', { default: 'count(as=_count)' }),
    param('maxpause', 'text', 'The longest pause.', { default: '15m' }),
  ],
  fidelity: { differs: 'In a grouping no other aggregate may stand beside it.' },
  evidence: page('session'),
  examples: [
    {
      title: 'Two runs of one user, one of the other',
      given: [
        { '@timestamp': 0, u: 'a' },
        { '@timestamp': 60_000, u: 'a' },
        { '@timestamp': 70_000, u: 'b' },
        { '@timestamp': 600_000, u: 'a' },
      ],
      query:
        'groupBy(u, function=session(maxpause=5m, [count(), min(@timestamp, as=from)])) | sort(from, order=asc) | select([u, _count, from])',
      gives: [
        { u: 'a', _count: 2, from: 0 },
        { u: 'b', _count: 1, from: 70_000 },
        { u: 'a', _count: 1, from: 600_000 },
      ],
      from: page('session'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const item = { kind: 'call' as const, call: args.call, span: args.call.span }
      flow.parts.group(flow, [], [item], { limit: null })
    },
  },
})
