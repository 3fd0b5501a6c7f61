import { FIELD, page } from '../4-lower/params.ts'
import { INCLUDE, selectFromExtreme } from '../4-lower/functions/select.ts'
import { builtin } from '../4-lower/builtin.ts'

export const selectFromMax = builtin({
  name: 'selectFromMax',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Fields of the event with the greatest number in a field.',
  notes: ['Of several such events the last of the input is taken.'],
  params: [FIELD, INCLUDE],
  fidelity: 'exact',
  evidence: page('selectFromMax'),
  examples: [
    {
      title: 'Who sent the most',
      given: [
        { b: '9', u: 'x' },
        { b: '10', u: 'y' },
      ],
      query: 'selectFromMax(b, include=[u, b])',
      gives: [{ u: 'y', b: '10' }],
      from: page('selectFromMax'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: (c) => selectFromExtreme(c, 'agg.argMax'),
  },
})
