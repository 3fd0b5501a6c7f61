import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'

export const drop = builtin({
  name: 'drop',
  category: 'fields',
  kind: 'transform',
  doc: 'Removes fields.',
  notes: [],
  params: [first('fields', 'fields', 'The fields.', { required: true })],
  fidelity: 'exact',
  evidence: page('drop'),
  examples: [
    {
      title: 'Gone',
      given: [{ a: '1', b: '2' }],
      query: 'groupBy([a, b]) | drop([b, _count])',
      gives: [{ a: '1' }],
      from: page('drop'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      for (const name of args.fields('fields')) flow.drop(name)
    },
  },
})
