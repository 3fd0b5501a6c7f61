import { FIELD, param, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, lit, iff, test } from '../../../plan/build.ts'
import { toNum } from '../../shared/convert.ts'

export const round = builtin({
  name: 'round',
  category: 'number',
  kind: 'transform',
  doc: 'The value as a whole number.',
  notes: ['For decimals use format("%.2f").'],
  params: [
    FIELD,
    param('how', 'text', 'Which way.', {
      default: 'round',
      oneOf: { round: 'To the nearest.', ceil: 'Up.', floor: 'Down.' },
    }),
    param('as', 'field', 'Name of the output field; without it the field itself changes.'),
  ],
  fidelity: 'exact',
  evidence: page('round'),
  examples: [
    {
      title: 'To the nearest',
      given: [{ x: '2.5' }],
      query: 'round(x) | groupBy(x, function=[])',
      gives: [{ x: '3' }],
      from: page('round'),
    },
    {
      title: 'Down',
      given: [{ x: '2.9' }],
      query: 'y := round(x, how=floor) | groupBy(y, function=[])',
      gives: [{ y: '2' }],
      from: page('round'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const x = toNum(flow.read(args.field('field')))
      const how = args.text('how', 'round')
      if (how === 'ceil' || how === 'floor') return call(`num.${how}`, 'num', [x])
      const up = call('num.floor', 'num', [call('num.add', 'num', [x, lit(0.5, 'num')])])
      if (flow.lowering.choice('round-half') === 'up') return up
      const down = call('num.ceil', 'num', [call('num.sub', 'num', [x, lit(0.5, 'num')])])
      return iff(test('num.lt', [x, lit(0, 'num')]), down, up)
    },
    asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field'), value),
  },
})
