import { FIELD, as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { extreme } from '../4-lower/functions/group.ts'

export const max = builtin({
  name: 'max',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The greatest value that is a number; nothing if there is none.',
  notes: ['Of `@timestamp` it is the last time, in epoch milliseconds.'],
  params: [FIELD, as('_max')],
  output: '_max',
  fidelity: 'exact',
  evidence: page('max'),
  examples: [
    {
      title: 'Greatest',
      given: [{ x: '10' }, { x: '9' }, { x: 'abc' }],
      query: 'max(x)',
      gives: [{ _max: 10 }],
      from: page('max'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => ({
      calls: [extreme(name ?? '_max', 'max', flow.read(args.field('field')))],
      noneIsNoRow: true,
    }),
  },
})
