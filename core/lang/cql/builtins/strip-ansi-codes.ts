import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { fieldText } from '../4-lower/functions/text.ts'

export const stripAnsiCodes = builtin({
  name: 'stripAnsiCodes',
  category: 'text',
  kind: 'transform',
  doc: 'The value without the escape sequences of terminals.',
  notes: [],
  params: [
    first('field', 'field', 'The field.', { default: '@rawstring' }),
    param('as', 'field', 'Name of the output field; without it the field itself changes.'),
  ],
  fidelity: 'exact',
  evidence: page('stripAnsiCodes'),
  examples: [
    {
      title: 'Colour',
      given: [{ a: '\u001b[31mred\u001b[0m' }],
      query: 'stripAnsiCodes(a) | groupBy(a, function=[])',
      gives: [{ a: 'red' }],
      from: page('stripAnsiCodes'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) =>
      c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), call('str.stripAnsi', 'str', [fieldText(c)])),
  },
})
