import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { singleCall } from '../4-lower/functions/group.ts'
import { present } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'

export const count = builtin({
  name: 'count',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'How many events there are; with a field, how many have it; with distinct, how many different values it has.',
  notes: ['LogScale estimates the distinct count above about a hundred values; here it is exact.'],
  params: [
    first('field', 'field', 'Counts only events that have it.'),
    param('distinct', 'bool', 'Counts different values.', { default: 'false' }),
    as('_count'),
  ],
  output: '_count',
  fidelity: 'exact',
  evidence: page('count'),
  examples: [
    {
      title: 'All events',
      given: [{ a: '1' }, { a: '1' }, { b: '2' }],
      query: 'count()',
      gives: [{ _count: 3 }],
      from: page('count'),
    },
    {
      title: 'Different values',
      given: [{ a: '1' }, { a: '1' }, { a: '2' }, { b: '2' }],
      query: 'count(a, distinct=true, as=n)',
      gives: [{ n: 2 }],
      from: page('count'),
    },
    { title: 'No events', given: [{ a: '1' }], query: 'a=2 | count()', gives: [{ _count: 0 }], from: page('count') },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const id = name ?? '_count'
      if (!args.has('field')) return singleCall(aggCall(id, 'agg.count', 'int', []))
      const value = flow.read(args.field('field'))
      if (args.flag('distinct')) return singleCall(aggCall(id, 'agg.countDistinct', 'int', [toStr(value)]))
      return singleCall(aggCall(id, 'agg.count', 'int', [], {}, present(value)))
    },
  },
})
