import { FIELD, as, page } from '../4-lower/params.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { toNum } from '../../shared/convert.ts'

export const stdDev = builtin({
  name: 'stdDev',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The standard deviation of the values that are numbers.',
  notes: [],
  params: [FIELD, as('_stddev')],
  output: '_stddev',
  fidelity: {
    differs: 'No public text says whether LogScale divides by n or by n-1; see the semantic `stddev-flavour`.',
  },
  evidence: page('stdDev'),
  examples: [
    {
      title: 'Of a sample',
      given: [{ x: '1' }, { x: '2' }, { x: '3' }],
      query: 'stdDev(x)',
      gives: [{ _stddev: 1 }],
      from: { assumed: 'divided by n-1' },
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const prim = flow.lowering.choice('stddev-flavour') === 'population' ? 'agg.stddevPop' : 'agg.stddevSamp'
      return {
        calls: [aggCall(name ?? '_stddev', prim, 'num', [toNum(flow.read(args.field('field')))])],
        noneIsNoRow: true,
      }
    },
  },
})
