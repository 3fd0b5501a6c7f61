import { FIELD, param, as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, lit } from '../../../plan/build.ts'
import { numberOf, toNum } from '../../shared/convert.ts'

export const mathPow = builtin({
  name: 'math:pow',
  category: 'number',
  kind: 'transform',
  doc: 'The value to the power of an exponent.',
  notes: [],
  params: [FIELD, param('exponent', 'text', 'A number, or a field.', { required: true }), as('_pow')],
  output: '_pow',
  fidelity: 'exact',
  evidence: page('math:pow'),
  examples: [
    {
      title: 'Cube',
      given: [{ x: '2' }],
      query: 'math:pow(x, exponent=3, as=r) | groupBy(r, function=[])',
      gives: [{ r: '8' }],
      from: page('math:pow'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const word = args.text('exponent')
      const by = numberOf(word)
      return call('num.pow', 'num', [
        toNum(flow.read(args.field('field'))),
        by === null ? toNum(flow.read(word)) : lit(by, 'num'),
      ])
    },
  },
})
