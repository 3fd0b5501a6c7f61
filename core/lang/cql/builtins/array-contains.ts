import { withBrackets } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, param, page } from '../4-lower/params.ts'
import { test, lit } from '../../../plan/build.ts'

export const arrayContains = builtin({
  name: 'array:contains',
  category: 'filter',
  kind: 'filter',
  doc: 'Is a value an element of an array?',
  notes: ['The array is named with brackets: `"a[]"`.'],
  params: [
    first('array', 'field', 'The array.', { required: true }),
    param('value', 'text', 'The element.', { required: true }),
  ],
  fidelity: 'exact',
  evidence: page('array:contains'),
  examples: [
    {
      title: 'An element',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }, { 'a[0]': 'z' }],
      query: 'array:contains("a[]", value="y") | count()',
      gives: [{ _count: 1 }],
      from: page('array:contains'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: ({ flow, args }) => {
      const list = flow.read(withBrackets(args.field('array')))
      return list.ty === 'list' ? test('list.contains', [list, lit(args.text('value'), 'str')]) : { kind: 'false' }
    },
  },
})
