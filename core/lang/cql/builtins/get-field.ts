import { builtin } from '../4-lower/builtin.ts'
import { first, as, page } from '../4-lower/params.ts'
import { lit } from '../../../plan/build.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'

export const getField = builtin({
  name: 'getField',
  category: 'fields',
  kind: 'transform',
  doc: 'The value of a field whose name is given as an expression.',
  notes: ['The way to read a field whose name needs quotes: `getField("host-name")`.'],
  params: [first('source', 'expression', 'The name.', { required: true }), as('_getField')],
  output: '_getField',
  fidelity: { differs: 'Only names that are known before the query runs.' },
  evidence: page('getField'),
  examples: [
    {
      title: 'A name with a hyphen',
      given: [{ 'host-name': 'x' }],
      query: 'h := getField("host-name") | select(h)',
      gives: [{ h: 'x' }],
      from: page('getField'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const name = args.expr('source')
      if (name.kind === 'lit' && typeof name.value === 'string') return flow.read(name.value)
      flow.lowering.report(wrongKind, args.span('source'), {
        fn: 'getField',
        name: 'source',
        takes: 'a text that is known before the query runs',
      })
      return lit(null, 'str')
    },
  },
})
