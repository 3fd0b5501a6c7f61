import { FIELD, page } from '../4-lower/params.ts'
import { INCLUDE, selectFromExtreme } from '../4-lower/functions/select.ts'
import { builtin } from '../4-lower/builtin.ts'

export const selectFromMin = builtin({
  name: 'selectFromMin',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Fields of the event with the least number in a field.',
  notes: [],
  params: [FIELD, INCLUDE],
  fidelity: 'exact',
  evidence: page('selectFromMin'),
  examples: [
    {
      title: 'The first user',
      given: [
        { b: '9', u: 'x' },
        { b: '10', u: 'y' },
      ],
      query: 'selectFromMin(b, include=u)',
      gives: [{ u: 'x' }],
      from: page('selectFromMin'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: (c) => selectFromExtreme(c, 'agg.argMin'),
  },
})
