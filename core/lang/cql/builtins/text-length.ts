import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { first, as, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const textLength = builtin({
  name: 'text:length',
  category: 'text',
  kind: 'transform',
  doc: 'How many characters a text has.',
  notes: ['Characters are code points; LogScale counts grapheme clusters.'],
  params: [first('string', 'expression', 'The text.', { required: true }), as('_length')],
  output: '_length',
  fidelity: { differs: 'Code points, not grapheme clusters.' },
  evidence: page('text:length'),
  examples: [
    {
      title: 'Of a field',
      given: [{ a: 'abc' }],
      query: 'n := text:length(a) | groupBy(n, function=[])',
      gives: [{ n: '3' }],
      from: page('text:length'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) => call('str.length', 'int', [toStr(args.expr('string'))]),
  },
})
