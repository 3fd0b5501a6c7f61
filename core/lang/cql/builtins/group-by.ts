import { FIELDS, FUNCTION, limit, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { aggregatesOrCount, DEFAULT_GROUPS } from '../4-lower/functions/group.ts'

export const groupBy = builtin({
  name: 'groupBy',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'One row per combination of values of the keys, with aggregates over its events.',
  notes: ['`function=[]` gives the combinations alone.', 'Rows have no order until sort().'],
  params: [FIELDS, FUNCTION, limit('20000', 'The most groups, or `max`.')],
  fidelity: 'exact',
  evidence: page('groupBy'),
  examples: [
    {
      title: 'How often each status occurs',
      given: [{ s: '440' }, { s: '500' }, { s: '440' }, { s: '440' }],
      query: 'groupBy(s)',
      gives: [
        { s: '440', _count: 3 },
        { s: '500', _count: 1 },
      ],
      from: page('groupBy'),
    },
    {
      title: 'Only the combinations',
      given: [
        { a: 'x', b: '1' },
        { a: 'x', b: '1' },
        { a: 'x', b: '2' },
      ],
      query: 'groupBy([a, b], function=[])',
      gives: [
        { a: 'x', b: '1' },
        { a: 'x', b: '2' },
      ],
      from: page('groupBy'),
    },
    {
      title: 'A grouping in a grouping, beside an aggregate of the whole group',
      given: [
        { a: 'x', b: '1' },
        { a: 'x', b: '2' },
        { a: 'y', b: '1' },
      ],
      query:
        'groupBy(a, function=[count(as=all), groupBy(b, function=count(as=n))]) | sort([a, b], type=string, order=asc)',
      gives: [
        { a: 'x', all: 2, b: '1', n: 1 },
        { a: 'x', all: 2, b: '2', n: 1 },
        { a: 'y', all: 1, b: '1', n: 1 },
      ],
      from: { assumed: 'the functions of a grouping are those of stats(), for each group' },
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const keys = args.fields('field').map((name) => ({ name, expr: flow.read(name) }))
      flow.parts.group(flow, keys, aggregatesOrCount(c), { limit: args.limit('limit', DEFAULT_GROUPS, 1_000_000) })
      if (!args.has('limit')) flow.lowering.limits.push({ what: 'groupBy', limit: DEFAULT_GROUPS })
    },
  },
})
