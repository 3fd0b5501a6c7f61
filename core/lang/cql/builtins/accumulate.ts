import { AGGREGATES, CURRENT, reportExclude } from '../4-lower/functions/sequence.ts'
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
  fidelity: { differs: '`current=exclude` is not run.' },
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
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const order = sequenceOrder(flow, 'accumulate', args.call.nameSpan)
      if (order && !reportExclude(c, 'accumulate'))
        addRunningAggregates(flow, args.items('function'), order, null, args.call.nameSpan, 'accumulate')
    },
  },
})
