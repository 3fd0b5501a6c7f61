import { builtin } from '../4-lower/builtin.ts'
import { byTime } from '../4-lower/ordering.ts'
import { first, page } from '../4-lower/params.ts'
import { rowLimit } from '../4-lower/functions/order.ts'

export const head = builtin({
  name: 'head',
  category: 'order',
  kind: 'aggregate',
  doc: 'The oldest rows, oldest first.',
  notes: ['Behind a step that gives rows without time, the first rows of their order.'],
  params: [first('limit', 'number', 'How many, or `max`.', { default: '200' })],
  fidelity: 'exact',
  evidence: page('head'),
  examples: [
    {
      title: 'The oldest event',
      given: [
        { '@timestamp': 2000, x: 'b' },
        { '@timestamp': 1000, x: 'a' },
      ],
      query: 'head(1) | select(x)',
      gives: [{ x: 'a' }],
      from: page('head'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow } = c
      const by = byTime(flow, 'asc')
      flow.push({ kind: 'take', count: rowLimit(c, 'head'), by })
      flow.ordered = true
      flow.orderKeys = by
      flow.newestFirst = false
    },
  },
})
