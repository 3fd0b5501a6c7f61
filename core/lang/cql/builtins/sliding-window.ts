import { AGGREGATES, CURRENT, lastOfFrame } from '../4-lower/functions/sequence.ts'
import { builtin } from '../4-lower/builtin.ts'
import { param, page } from '../4-lower/params.ts'
import { sequenceOrder, addRunningAggregates } from '../4-lower/group/sequence.ts'

export const slidingWindow = builtin({
  name: 'slidingWindow',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Aggregates over the last few rows, added to every row.',
  notes: ['Rows need an order: put sort() or head() in front.'],
  params: [AGGREGATES, param('events', 'number', 'How many rows, with the current one.', { required: true }), CURRENT],
  fidelity: 'exact',
  evidence: page('slidingWindow'),
  examples: [
    {
      title: 'Of two rows',
      given: [{ n: '3' }, { n: '1' }, { n: '2' }],
      query: 'sort(n, order=asc) | slidingWindow(max(n, as=m), events=2) | select([n, m])',
      gives: [
        { n: '1', m: 1 },
        { n: '2', m: 2 },
        { n: '3', m: 3 },
      ],
      from: page('slidingWindow'),
    },
    {
      title: 'Of the two rows before',
      given: [{ n: '3' }, { n: '1' }, { n: '2' }, { n: '4' }],
      query: 'sort(n, order=asc) | slidingWindow(sum(n, as=s), events=2, current=exclude) | select([n, s])',
      gives: [
        { n: '1', s: 0 },
        { n: '2', s: 1 },
        { n: '3', s: 3 },
        { n: '4', s: 5 },
      ],
      from: page('slidingWindow'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const order = sequenceOrder(flow, 'slidingWindow', args.call.nameSpan)
      const events = Math.max(1, Math.min(1000, args.number('events', 1)))
      const last = lastOfFrame(c)
      const frame = { before: events - 1 - last, after: last }
      if (order) addRunningAggregates(flow, args.items('function'), order, frame, 'slidingWindow')
    },
  },
})
