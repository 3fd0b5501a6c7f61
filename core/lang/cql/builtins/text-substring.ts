import { builtin } from '../4-lower/builtin.ts'
import { call, lit } from '../../../plan/build.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { toInt } from '../4-lower/values.ts'
import { toStr } from '../../shared/convert.ts'

export const textSubstring = builtin({
  name: 'text:substring',
  category: 'text',
  kind: 'transform',
  doc: 'A part of a text by positions from 0, the end excluded.',
  notes: [],
  params: [
    first('string', 'expression', 'The text.', { required: true }),
    param('begin', 'expression', 'First position.', { default: '0' }),
    param('end', 'expression', 'Position behind the last; the end of the text.'),
    as('_string'),
  ],
  output: '_string',
  fidelity: { differs: 'Positions count code points, not grapheme clusters.' },
  evidence: page('text:substring'),
  examples: [
    {
      title: 'In the middle',
      given: [{ a: 'abcdef' }],
      query: 's := text:substring(string=a, begin=1, end=3) | groupBy(s, function=[])',
      gives: [{ s: 'bc' }],
      from: page('text:substring'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) =>
      call('str.substring', 'str', [
        toStr(args.expr('string')),
        args.has('begin') ? toInt(args.expr('begin')) : lit(0n, 'int'),
        args.has('end') ? toInt(args.expr('end')) : lit(null, 'int'),
      ]),
  },
})
