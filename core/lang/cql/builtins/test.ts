import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'

export const testFn = builtin({
  name: 'test',
  category: 'filter',
  kind: 'filter',
  doc: 'Keeps events for which an expression is true; without a value it is not.',
  notes: ['Bare words are fields here, on both sides; quoted ones are texts.'],
  params: [first('expression', 'expression', 'The condition.', { required: true })],
  fidelity: 'exact',
  evidence: page('test'),
  examples: [
    {
      title: 'Two fields',
      given: [{ a: '9', b: '10' }, { a: '11', b: '10' }, { a: '1' }],
      query: 'test(a < b) | select([a, b])',
      gives: [{ a: '9', b: '10' }],
      from: page('test'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: ({ args }) => args.cond('expression'),
  },
})
