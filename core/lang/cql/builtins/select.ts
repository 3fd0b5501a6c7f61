import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'

export const select = builtin({
  name: 'select',
  category: 'fields',
  kind: 'transform',
  doc: 'Keeps only these fields.',
  notes: ['The implied tail(200) still applies: it is no aggregate.'],
  params: [first('fields', 'fields', 'The fields, in order.', { required: true })],
  fidelity: 'exact',
  evidence: page('select'),
  examples: [
    {
      title: 'Two of three',
      given: [{ a: '1', b: '2', c: '3' }],
      query: 'select([c, a])',
      gives: [{ c: '3', a: '1' }],
      from: page('select'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      flow.close(args.fields('fields').map((name) => [name, flow.read(name)] as const))
    },
  },
})
