import { builtin } from '../4-lower/builtin.ts'
import { param, page } from '../4-lower/params.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'

export const setField = builtin({
  name: 'setField',
  category: 'fields',
  kind: 'transform',
  doc: 'Sets a field whose name is given as an expression.',
  notes: [],
  params: [
    param('target', 'expression', 'The name.', { required: true }),
    param('value', 'expression', 'The value.', { required: true }),
  ],
  fidelity: { differs: 'Only names that are known before the query runs.' },
  evidence: page('setField'),
  examples: [
    {
      title: 'A name with a hyphen',
      given: [{ a: '1' }],
      query: 'setField(target="host-name", value=a) | groupBy("host-name", function=[])',
      gives: [{ 'host-name': '1' }],
      from: page('setField'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const name = args.expr('target')
      if (name.kind === 'lit' && typeof name.value === 'string') return flow.assign(name.value, args.expr('value'))
      flow.lowering.report(wrongKind, args.span('target'), {
        fn: 'setField',
        name: 'target',
        takes: 'a text that is known before the query runs',
      })
    },
  },
})
