import { ARRAY, elementsOf } from '../4-lower/functions/arrays.ts'
import { as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'

export const arrayLength = builtin({
  name: 'array:length',
  category: 'array',
  kind: 'transform',
  doc: 'Number of elements of an array up to the first gap.',
  notes: [],
  params: [ARRAY, as('_length')],
  output: '_length',
  fidelity: 'exact',
  evidence: page('array:length'),
  examples: [
    {
      title: 'Two',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }],
      query: 'array:length("a[]") | select(_length)',
      gives: [{ _length: 2 }],
      from: page('array:length'),
    },
    {
      title: 'No array',
      given: [{ b: 'x' }],
      query: 'array:length("a[]", as=n) | select(n)',
      gives: [{ n: 0 }],
      from: page('array:length'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => call('list.length', 'int', [elementsOf(c)]),
  },
})
