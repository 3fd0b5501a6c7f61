import { ARRAY, VAR, lambdaOf, elementsWhere, elementsOf } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { param, page } from '../4-lower/params.ts'
import { test, call, lit } from '../../../plan/build.ts'

export const arrayExists = builtin({
  name: 'array:exists',
  category: 'filter',
  kind: 'filter',
  doc: 'Does an element of an array pass a filter?',
  notes: [],
  params: [ARRAY, param('condition', 'pipeline', 'The filter, in braces.', { required: true }), VAR],
  fidelity: 'exact',
  evidence: page('array:exists'),
  examples: [
    {
      title: 'One of several values',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }, { 'a[0]': 'z' }],
      query: 'array:exists("a[]", condition={in(e, values=[y, w])}, var=e) | count()',
      gives: [{ _count: 1 }],
      from: page('array:exists'),
    },
    {
      title: 'An element that another field has, too',
      given: [
        { 'a[0]': 'x', 'a[1]': 'y', own: 'y' },
        { 'a[0]': 'x', own: 'z' },
      ],
      query: 'array:exists("a[]", condition=test(e == own), var=e) | select(own)',
      gives: [{ own: 'y' }],
      from: page('array:exists'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => {
      const over = lambdaOf(c, 'array:exists', 'condition')
      if (!over) return { kind: 'false' }
      return test('int.gt', [
        call('list.length', 'int', [elementsWhere(elementsOf(c), over.cond, over.outer)]),
        lit(0n, 'int'),
      ])
    },
  },
})
