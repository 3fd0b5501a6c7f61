import { lit } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'

export const betaParam = builtin({
  name: 'beta:param',
  category: 'fields',
  kind: 'transform',
  doc: 'The value of a parameter of the query as a field.',
  notes: [],
  params: [
    first('parameter', 'text', 'Name of the parameter.', { required: true }),
    param('as', 'field', 'Name of the output field.', { required: true }),
  ],
  fidelity: 'exact',
  evidence: page('beta:param'),
  examples: [
    {
      title: 'A parameter with a default elsewhere in the query',
      given: [{ h: 'a' }],
      query: 'h=?{host=a} | beta:param(host, as=wanted) | select(wanted)',
      gives: [{ wanted: 'a' }],
      from: page('beta:param'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      lit(flow.lowering.parameter(args.text('parameter'), args.span('parameter')) ?? null, 'str'),
  },
})
