import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const positionOf = builtin({
  name: 'text:positionOf',
  category: 'text',
  kind: 'transform',
  doc: 'Position from 0 of a text inside another; nothing if it is not there.',
  notes: [],
  params: [
    first('string', 'expression', 'The text.', { required: true }),
    param('character', 'expression', 'What is looked for.', { required: true }),
    param('begin', 'number', 'Where the search begins.', { default: '0' }),
    param('occurrence', 'number', 'Which occurrence, from 1.', { default: '1' }),
    as('_position'),
  ],
  output: '_position',
  fidelity: { differs: 'Positions count code points, not grapheme clusters.' },
  evidence: page('text:positionOf'),
  examples: [
    {
      title: 'The second dot',
      given: [{ a: 'a.b.c' }],
      query: 'p := text:positionOf(string=a, character=".", occurrence=2) | groupBy(p, function=[])',
      gives: [{ p: '3' }],
      from: page('text:positionOf'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) =>
      call('str.positionOf', 'int', [toStr(args.expr('string')), toStr(args.expr('character'))], {
        begin: args.number('begin', 0),
        occurrence: args.number('occurrence', 1),
      }),
  },
})
