import { FIELD, as, page } from '../4-lower/params.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { singleCall } from '../4-lower/functions/group.ts'
import { toStr } from '../../shared/convert.ts'

export const sum = builtin({
  name: 'sum',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The sum of the values that are numbers; 0 if there is none.',
  notes: ['Whole numbers are added exactly, however large.'],
  params: [FIELD, as('_sum')],
  output: '_sum',
  fidelity: 'exact',
  evidence: page('sum'),
  examples: [
    {
      title: 'Texts that are no numbers count for nothing',
      given: [{ b: '10' }, { b: '-' }, { b: '2.5' }, { c: '1' }],
      query: 'sum(b)',
      gives: [{ _sum: 12.5 }],
      from: page('sum'),
    },
    {
      title: 'A field that nobody has',
      given: [{ a: '1' }],
      query: 'sum(BytesSent)',
      gives: [{ _sum: 0 }],
      from: page('sum'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) =>
      singleCall(aggCall(name ?? '_sum', 'agg.sum', 'dec', [toStr(flow.read(args.field('field')))])),
  },
})
