import { FIELD, as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { extreme } from '../4-lower/functions/group.ts'

export const min = builtin({
  name: 'min',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The least value that is a number; nothing if there is none.',
  notes: ['Of `@timestamp` it is the first time, in epoch milliseconds.'],
  params: [FIELD, as('_min')],
  output: '_min',
  fidelity: 'exact',
  evidence: page('min'),
  examples: [
    {
      title: 'Least',
      given: [{ x: '10' }, { x: '9' }, { x: 'abc' }],
      query: 'min(x)',
      gives: [{ _min: 9 }],
      from: page('min'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => ({
      calls: [extreme(name ?? '_min', 'min', flow.read(args.field('field')))],
      noneIsNoRow: true,
    }),
  },
})
