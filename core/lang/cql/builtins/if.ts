import { builtin } from '../4-lower/builtin.ts'
import { choose } from '../4-lower/values.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { lit } from '../../../plan/build.ts'

export const ifFn = builtin({
  name: 'if',
  category: 'fields',
  kind: 'transform',
  doc: 'One of two values, by a condition.',
  notes: ['The condition may be a comparison or a filter function.'],
  params: [
    first('condition', 'expression', 'The condition.', { required: true }),
    param('then', 'expression', 'The value if it holds.', { required: true }),
    param('else', 'expression', 'The value if not.', { required: true }),
    as('_if'),
  ],
  output: '_if',
  fidelity: { differs: 'No public text says what a condition without a value gives; see the semantic `if-null`.' },
  evidence: page('if'),
  examples: [
    {
      title: 'By a comparison',
      given: [{ p: '21' }, { p: '80' }],
      query: 'kind := if(p == 21, then="FTP", else="other") | sort(p) | select([p, kind])',
      gives: [
        { p: '80', kind: 'other' },
        { p: '21', kind: 'FTP' },
      ],
      from: page('if'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const value = choose(c.args.cond('condition'), c.args.expr('then'), c.args.expr('else'))
      if (c.flow.lowering.choice('if-null') === 'else') return value
      const ast = c.args.ast('condition')
      const hasValue = ast ? c.flow.parts.hasValue(c.flow, ast) : ({ kind: 'true' } as const)
      return choose(hasValue, value, lit(null, value.ty))
    },
  },
})
