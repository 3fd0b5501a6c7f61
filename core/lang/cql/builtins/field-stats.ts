import { col } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { eachField } from '../4-lower/functions/field-list.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { limit, page } from '../4-lower/params.ts'

export const fieldset = builtin({
  name: 'fieldset',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The names of the fields that the rows have.',
  notes: [],
  params: [],
  fidelity: { differs: 'The name of the column is not documented: it is `field`, as in fieldstats().' },
  evidence: page('fieldset'),
  examples: [
    {
      title: 'Of two rows',
      given: [{ a: '1' }, { a: '2', b: 'x' }],
      query: 'select([a, b]) | fieldset()',
      gives: [{ field: 'a' }, { field: 'b' }],
      from: { assumed: 'the name of the column' },
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow }) => {
      const { name } = eachField(flow)
      flow.push({ kind: 'aggregate', keys: [{ id: 'field', expr: name }], nullKeys: 'drop', aggs: [], limit: null })
      flow.rel.neverAbsent.clear()
      flow.renew([['field', col('field', 'str')]])
    },
  },
})

export const fieldstats = builtin({
  name: 'fieldstats',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'For each field, how many rows have it and how many different values it has.',
  notes: [],
  params: [limit('200', 'The most fields.')],
  fidelity: {
    differs:
      'Published queries read the columns `field` and `distinct`; the reference names `_count` and `_distinct`. All are there.',
  },
  evidence: page('fieldstats'),
  examples: [
    {
      title: 'Of two rows',
      given: [{ a: '1' }, { a: '2', b: 'x' }],
      query: 'select([a, b]) | fieldstats() | sort(field, type=string, order=asc) | select([field, _count, distinct])',
      gives: [
        { field: 'a', _count: 2, distinct: 2 },
        { field: 'b', _count: 1, distinct: 1 },
      ],
      from: page('fieldstats'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const { name, value } = eachField(flow)
      flow.push({
        kind: 'aggregate',
        keys: [{ id: 'field', expr: name }],
        nullKeys: 'drop',
        aggs: [aggCall('_count', 'agg.count', 'int', []), aggCall('_distinct', 'agg.countDistinct', 'int', [value])],
        limit: args.limit('limit', 200, 10_000),
      })
      flow.rel.neverAbsent.clear()
      flow.renew([
        ['field', col('field', 'str')],
        ['_count', col('_count', 'int')],
        ['_distinct', col('_distinct', 'int')],
        ['distinct', col('_distinct', 'int')],
      ])
    },
  },
})
