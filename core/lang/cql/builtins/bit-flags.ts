import { builtin } from '../4-lower/builtin.ts'
import { call, lit, test, present } from '../../../plan/build.ts'
import { choose } from '../4-lower/values.ts'
import { param, page } from '../4-lower/params.ts'
import { toNum } from '../../shared/convert.ts'

export const bitFlags = builtin({
  name: 'bitfield:extractFlags',
  category: 'number',
  kind: 'transform',
  doc: 'Bits of a number as fields that are `true` or `false`; bit 0 is the least significant.',
  notes: [],
  params: [
    param('field', 'field', 'The field.', { required: true }),
    param('output', 'expressions', 'Pairs of bit and name.', { required: true }),
    param('onlyTrue', 'bool', 'Sets only fields of bits that are set.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('bitfield:extractFlags'),
  examples: [
    {
      title: 'Two bits',
      given: [{ flags: '4' }],
      query: 'bitfield:extractFlags(field=flags, output=[[1, E], [2, W]]) | groupBy([E, W], function=[])',
      gives: [{ E: 'false', W: 'true' }],
      from: page('bitfield:extractFlags'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const x = call('num.floor', 'num', [toNum(flow.read(args.field('field')))])
      const onlyTrue = args.flag('onlyTrue')
      for (const pair of args.items('output')) {
        if (pair.kind !== 'array' || !pair.items[0] || !pair.items[1]) continue
        const [bit, name] = pair.items.map((i) => (i.kind === 'field' ? i.name.name : 'text' in i ? i.text : ''))
        const shifted = call('num.floor', 'num', [call('num.div', 'num', [x, lit(2 ** Number(bit), 'num')])])
        const set = test('num.eq', [call('num.mod', 'num', [shifted, lit(2, 'num')]), lit(1, 'num')])
        const other = onlyTrue ? lit(null, 'str') : lit('false', 'str')
        flow.assign(name ?? '', choose(present(x), choose(set, lit('true', 'str'), other), lit(null, 'str')))
      }
    },
  },
})
