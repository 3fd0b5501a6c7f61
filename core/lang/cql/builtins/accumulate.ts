import { AGGREGATES, CURRENT, lastOfFrame } from '../4-lower/functions/sequence.ts'
import { builtin } from '../4-lower/builtin.ts'
import { page } from '../4-lower/params.ts'
import { sequenceOrder, addRunningAggregates } from '../4-lower/group/sequence.ts'

export const accumulate = builtin({
  name: 'accumulate',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Aggregates over all rows so far, added to every row.',
  notes: ['Rows need an order: put sort() or head() in front.'],
  params: [AGGREGATES, CURRENT],
  fidelity: 'exact',
  evidence: page('accumulate'),
  examples: [
    {
      title: 'A running sum',
      given: [{ n: '3' }, { n: '1' }, { n: '2' }],
      query: 'sort(n, order=asc) | accumulate(sum(n, as=s)) | select([n, s])',
      gives: [
        { n: '1', s: 1 },
        { n: '2', s: 3 },
        { n: '3', s: 6 },
      ],
      from: page('accumulate'),
    },
    {
      title: 'Of the rows before',
      given: [{ n: '3' }, { n: '1' }, { n: '2' }],
      query: 'sort(n, order=asc) | accumulate([count(as=c), max(n, as=m)], current=exclude) | select([n, c, m])',
      gives: [
        { n: '1', c: 0 },
        { n: '2', c: 1, m: 1 },
        { n: '3', c: 2, m: 2 },
      ],
      from: page('accumulate'),
    },
    {
      title: 'In each group, in the order of time',
      given: [
        { '@timestamp': 1, k: 'a', n: '5' },
        { '@timestamp': 2, k: 'b', n: '6' },
        { '@timestamp': 3, k: 'a', n: '1' },
      ],
      query: 'groupBy(k, function={accumulate(sum(n, as=s)) | select([n, s])}) | sort(s, order=asc)',
      gives: [
        { k: 'a', n: '5', s: 5 },
        { k: 'a', n: '1', s: 6 },
        { k: 'b', n: '6', s: 6 },
      ],
      from: page('accumulate'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const order = sequenceOrder(flow, 'accumulate', args.call.nameSpan)
      const frame = { before: null, after: lastOfFrame(c) }
      if (order) addRunningAggregates(flow, args.items('function'), order, frame, 'accumulate')
    },
  },
})
