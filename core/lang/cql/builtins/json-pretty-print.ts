import { call, present } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { fieldText } from '../4-lower/functions/text.ts'
import { first, page, param } from '../4-lower/params.ts'

export const jsonPrettyPrint = builtin({
  name: 'json:prettyPrint',
  category: 'text',
  kind: 'transform',
  doc: 'A JSON text with a line for every member.',
  notes: ['Numbers stay as written.'],
  params: [
    first('field', 'field', 'The field with the text.', { default: '@rawstring' }),
    param('step', 'number', 'How many blanks a level is set in.', { default: '2' }),
    param('strict', 'bool', 'Drops events whose field is no JSON.', { default: 'false' }),
    param('as', 'field', 'Name of the output field; the field itself.'),
  ],
  fidelity: 'exact',
  evidence: page('json:prettyPrint'),
  examples: [
    {
      title: 'One member',
      given: [{ j: '{"a":1}' }, { j: 'none' }],
      query: 'json:prettyPrint(j, strict=true) | select(j)',
      gives: [{ j: '{\n  "a": 1\n}' }],
      from: page('json:prettyPrint'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => call('json.pretty', 'str', [fieldText(c)], { step: c.args.number('step', 2) }),
    asStep: (c, value) => {
      if (c.args.flag('strict')) c.flow.filter(present(value))
      c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), value)
    },
  },
})
