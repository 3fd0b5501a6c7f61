import { call, lit } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { as, page } from '../4-lower/params.ts'

export const eventSize = builtin({
  name: 'eventSize',
  category: 'fields',
  kind: 'transform',
  doc: 'How many bytes an event takes; 0 behind an aggregate.',
  notes: [],
  params: [as('_eventSize')],
  output: '_eventSize',
  fidelity: { differs: 'LogScale counts the bytes that it stores, Assay those of the record that it reads.' },
  evidence: page('eventSize'),
  examples: [
    {
      title: 'Of a line',
      given: [{ '@rawstring': 'naïve' }],
      query: 'eventSize(as=n) | select(n)',
      gives: [{ n: '6' }],
      from: { assumed: 'the bytes of the record' },
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow }) =>
      flow.aggregated ? lit(0n, 'int') : call('str.utf8Length', 'int', [toStr(flow.read('@rawstring'))]),
  },
})
