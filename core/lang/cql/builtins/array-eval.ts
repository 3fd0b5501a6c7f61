import type { Const } from '../../../plan/plan.ts'
import { ARRAY, FUNCTION, AS_ARRAY, VAR, lambdaOf, outputArray, elementsOf } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { page } from '../4-lower/params.ts'

export const arrayEval = builtin({
  name: 'array:eval',
  category: 'array',
  kind: 'transform',
  doc: 'What the function writes for every element, as an array without gaps; elements that it drops are left out.',
  notes: [
    'The function writes to the field that is named like the output array; if it does not, the element itself is taken as it is behind it.',
  ],
  params: [ARRAY, FUNCTION, AS_ARRAY, VAR],
  fidelity: 'exact',
  evidence: page('array:eval'),
  examples: [
    {
      title: 'In lower case, without the empty ones',
      given: [{ 'a[0]': 'X', 'a[1]': '', 'a[2]': 'Yz' }],
      query:
        'array:eval("a[]", function={x=/./ | b := lower(x)}, var=x, asArray="b[]") | concatArray(b, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,yz' }],
      from: page('array:eval'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const over = lambdaOf(c, 'array:eval', 'function')
      if (over)
        c.flow.assign(
          outputArray(c),
          call('list.each', 'list', [elementsOf(c), ...over.outer], { expr: over.value as unknown as Const }),
        )
    },
  },
})
