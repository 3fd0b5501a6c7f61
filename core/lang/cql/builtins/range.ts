import { FIELD, as, page } from '../4-lower/params.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, col } from '../../../plan/build.ts'
import { toNum } from '../../shared/convert.ts'

export const range = builtin({
  name: 'range',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The greatest value that is a number less the least one.',
  notes: [],
  params: [FIELD, as('_range')],
  output: '_range',
  fidelity: 'exact',
  evidence: page('range'),
  examples: [
    {
      title: 'Span of values',
      given: [{ x: '10' }, { x: '3' }],
      query: 'range(x)',
      gives: [{ _range: 7 }],
      from: page('range'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const value = toNum(flow.read(args.field('field')))
      const [hi, lo] = [flow.hidden('max'), flow.hidden('min')]
      return {
        calls: [aggCall(hi, 'agg.maxNum', 'num', [value]), aggCall(lo, 'agg.minNum', 'num', [value])],
        outputs: [{ id: name ?? '_range', expr: call('num.sub', 'num', [col(hi, 'num'), col(lo, 'num')]) }],
        noneIsNoRow: true,
      }
    },
  },
})
