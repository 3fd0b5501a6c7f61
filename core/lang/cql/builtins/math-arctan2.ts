import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { param, as, page } from '../4-lower/params.ts'
import { toNum } from '../../shared/convert.ts'

export const mathArctan2 = builtin({
  name: 'math:arctan2',
  category: 'number',
  kind: 'transform',
  doc: 'The angle of the point (x, y) in radians.',
  notes: ['Reads fields, not expressions.'],
  params: [
    param('x', 'field', 'The field with x.', { required: true }),
    param('y', 'field', 'The field with y.', { required: true }),
    as('_arctan2'),
  ],
  output: '_arctan2',
  fidelity: 'exact',
  evidence: page('math:arctan2'),
  examples: [
    {
      title: 'Along the x axis',
      given: [{ a: '1', b: '0' }],
      query: 'math:arctan2(x=a, y=b, as=r) | groupBy(r, function=[])',
      gives: [{ r: '0' }],
      from: page('math:arctan2'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call('num.atan2', 'num', [toNum(flow.read(args.field('y'))), toNum(flow.read(args.field('x')))]),
  },
})
