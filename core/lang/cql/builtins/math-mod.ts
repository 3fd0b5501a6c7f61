import { FIELD, param, as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { lit, call } from '../../../plan/build.ts'
import { toNum, numberOf } from '../../shared/convert.ts'

export const mathMod = builtin({
  name: 'math:mod',
  category: 'number',
  kind: 'transform',
  doc: 'The remainder with the sign of the divisor.',
  notes: [],
  params: [FIELD, param('divisor', 'number', 'The divisor.', { required: true }), as('_mod')],
  output: '_mod',
  fidelity: 'exact',
  evidence: page('math:mod'),
  examples: [
    {
      title: 'Of a negative value',
      given: [{ x: '-1' }],
      query: 'math:mod(x, divisor=3, as=r) | groupBy(r, function=[])',
      gives: [{ r: '2' }],
      from: page('math:mod'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const x = toNum(flow.read(args.field('field')))
      const d = lit(numberOf(args.text('divisor')), 'num')
      const whole = call('num.floor', 'num', [call('num.div', 'num', [x, d])])
      return call('num.sub', 'num', [x, call('num.mul', 'num', [d, whole])])
    },
  },
})
