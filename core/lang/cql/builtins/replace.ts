import { builtin } from '../4-lower/builtin.ts'
import { call, lit } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { patternOf } from '../4-lower/regex.ts'
import { fieldText } from '../4-lower/functions/text.ts'

export const replace = builtin({
  name: 'replace',
  category: 'text',
  kind: 'transform',
  doc: 'The value with every match of a pattern replaced.',
  notes: ['`$1` inserts a group. Without `as` the field itself changes.'],
  params: [
    first('regex', 'text', 'The pattern.', { required: true }),
    param('with', 'text', 'The replacement.', { default: '' }),
    param('replacement', 'text', 'Another name of `with`.'),
    param('field', 'field', 'The field.', { default: '@rawstring' }),
    param('flags', 'text', 'Of `d`, `i`, `m`, `F`.', { default: 'm' }),
    param('as', 'field', 'Name of the output field.'),
  ],
  fidelity: 'exact',
  evidence: page('replace'),
  examples: [
    {
      title: 'In place',
      given: [{ f: 'a1b22' }],
      query: 'replace("[0-9]+", with="#", field=f) | groupBy(f, function=[])',
      gives: [{ f: 'a#b#' }],
      from: page('replace'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const p = patternOf(c.flow, c.args.pattern('regex'), c.args.text('flags', 'm'), c.args.span('regex'))
      const by = c.args.text('with', c.args.text('replacement'))
      return p ? call('re.replace', 'str', [fieldText(c)], { ...p.consts, with: by }) : lit(null, 'str')
    },
    asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), value),
  },
})
