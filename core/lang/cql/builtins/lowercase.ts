import { LOCALE } from '../4-lower/functions/text.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { toStr } from '../../shared/convert.ts'

export const lowercase = builtin({
  name: 'lowercase',
  category: 'text',
  kind: 'transform',
  doc: 'Fields in lower case, in place.',
  notes: ['Made for parsers; lower() is its like in queries.'],
  deprecated: { use: 'lower' },
  params: [
    first('field', 'fields', 'The fields.', { required: true }),
    param('include', 'text', 'What is changed.', {
      default: 'values',
      oneOf: { values: 'Values.', fields: 'Names; not run here.', both: 'Both; not run here.' },
    }),
    LOCALE,
  ],
  fidelity: { differs: 'Only values, and only of fields that are named.' },
  evidence: page('lowercase'),
  examples: [
    {
      title: 'In place',
      given: [{ a: 'AbC' }],
      query: 'lowercase(a) | groupBy(a, function=[])',
      gives: [{ a: 'abc' }],
      from: page('lowercase'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const names = args.fields('field')
      if (names.some((n) => n.includes('*')) || args.text('include', 'values') !== 'values')
        return flow.lowering.report(notRunHere, args.call.nameSpan, {
          name: 'lowercase',
          what: '`lowercase()` of names or of all fields',
        })
      flow.assignAll(names.map((name) => ({ name, expr: call('str.lower', 'str', [toStr(flow.read(name))]) })))
    },
  },
})
