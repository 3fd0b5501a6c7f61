import * as codes from '../../../diag/catalogue/cql-lower.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'
import { rowLimit } from '../4-lower/functions/order.ts'
import { takeNewest } from '../4-lower/ordering.ts'

export const tail = builtin({
  name: 'tail',
  category: 'order',
  kind: 'aggregate',
  doc: 'The newest rows, newest first.',
  notes: ['A query without an aggregate ends with tail(200), written or not.'],
  params: [first('limit', 'number', 'How many, or `max`.', { default: '200' })],
  fidelity: 'exact',
  evidence: page('tail'),
  examples: [
    {
      title: 'The newest event',
      given: [
        { '@timestamp': 2000, x: 'b' },
        { '@timestamp': 1000, x: 'a' },
      ],
      query: 'tail(1) | select(x)',
      gives: [{ x: 'b' }],
      from: page('tail'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      if (c.flow.aggregated && !c.flow.orderTime())
        c.flow.lowering.report(codes.needsTime, c.args.call.nameSpan, { fn: 'tail' })
      takeNewest(c.flow, rowLimit(c, 'tail'))
    },
  },
})
