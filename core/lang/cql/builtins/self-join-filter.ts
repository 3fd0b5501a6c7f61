import { FIELDS, param, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { keepMatchingKeys } from '../4-lower/functions/self-join.ts'

export const selfJoinFilter = builtin({
  name: 'selfJoinFilter',
  category: 'join',
  kind: 'join',
  doc: 'Keeps events whose key has, somewhere in the telemetry, an event for every clause.',
  notes: [
    'With `prefilter=true` only events that match a clause are kept. LogScale works with a Bloom filter, here it is exact.',
  ],
  params: [
    FIELDS,
    param('where', 'pipelines', 'The clauses, each in braces.', { required: true }),
    param('prefilter', 'bool', 'Keeps only events that match a clause.', { default: 'false' }),
    param('postfilter', 'bool', 'Removes false matches of the Bloom filter.', { unused: 'the join is exact here' }),
  ],
  fidelity: 'exact',
  evidence: page('selfJoinFilter'),
  examples: [
    {
      title: 'Both on one host',
      given: [
        { h: 'a', e: 'x' },
        { h: 'a', e: 'y' },
        { h: 'b', e: 'x' },
      ],
      query: 'selfJoinFilter(field=h, where=[{e=x}, {e=y}]) | groupBy(h)',
      gives: [{ h: 'a', _count: 2 }],
      from: page('selfJoinFilter'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: keepMatchingKeys,
  },
})
