import { FIELD, as, page } from '../4-lower/params.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { toNum } from '../../shared/convert.ts'

export const avg = builtin({
  name: 'avg',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The mean of the values that are numbers; nothing if there is none.',
  notes: [],
  params: [FIELD, as('_avg')],
  output: '_avg',
  fidelity: 'exact',
  evidence: page('avg'),
  examples: [
    {
      title: 'Mean',
      given: [{ x: '1' }, { x: '2' }, { x: '9' }, { x: '10' }, { x: 'n/a' }],
      query: 'avg(x)',
      gives: [{ _avg: 5.5 }],
      from: page('avg'),
    },
    { title: 'No number, no row', given: [{ x: 'n/a' }], query: 'avg(x)', gives: [], from: page('avg') },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => ({
      calls: [aggCall(name ?? '_avg', 'agg.avg', 'num', [toNum(flow.read(args.field('field')))])],
      noneIsNoRow: true,
    }),
  },
})
