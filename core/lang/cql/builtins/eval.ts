import { builtin } from '../4-lower/builtin.ts'
import { page } from '../4-lower/params.ts'

export const evalFn = builtin({
  name: 'eval',
  category: 'fields',
  kind: 'transform',
  doc: 'Sets fields to expressions, from left to right.',
  notes: ['`field := expression` is its shorthand. An expression without a value leaves the field as it was.'],
  params: [],
  fidelity: 'exact',
  evidence: page('eval'),
  examples: [
    {
      title: 'One after the other',
      given: [{ a: '2' }],
      query: 'eval(b=a*3, c=b+1) | select([b, c])',
      gives: [{ b: '6', c: '7' }],
      from: page('eval'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      for (const name of args.names()) flow.assign(name, args.expr(name))
    },
  },
})
