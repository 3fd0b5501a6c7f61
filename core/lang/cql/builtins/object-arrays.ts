import { call, lit, test } from '../../../plan/build.ts'
import type { Const } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import {
  ARRAY,
  elementsWhere,
  FUNCTION,
  lambdaOf,
  objectsOf,
  outputArray,
  VAR,
  withBrackets,
} from '../4-lower/functions/arrays.ts'
import { page, param } from '../4-lower/params.ts'

export const objectArrayEval = builtin({
  name: 'objectArray:eval',
  category: 'array',
  kind: 'transform',
  doc: 'The value that the function writes for every element of an array, as an array without gaps.',
  notes: ['The function writes to the field that is named like the output array.'],
  params: [ARRAY, FUNCTION, param('asArray', 'field', 'Name of the output array.', { required: true }), VAR],
  fidelity: 'exact',
  evidence: page('objectArray:eval'),
  examples: [
    {
      title: 'Every element in upper case',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }],
      query:
        'objectArray:eval("a[]", asArray="b[]", var=e, function={b := upper(e)}) | concatArray(b, separator=",", as=r) | select(r)',
      gives: [{ r: 'X,Y' }],
      from: page('objectArray:eval'),
    },
    {
      title: 'A member of the objects that come through',
      given: [{ j: '{"e":[{"t":"ip","n":"10.0.0.1"},{"t":"host","n":"a"}]}' }],
      query:
        'parseJson(j) | objectArray:eval("e[]", asArray="ip[]", function={e.t=ip | ip := e.n}) | concatArray(ip, as=r) | select(r)',
      gives: [{ r: '10.0.0.1' }],
      from: page('objectArray:eval'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const over = lambdaOf(c, 'objectArray:eval', 'function', true)
      if (!over) return
      const array = c.args.field('array')
      const elements = objectsOf(c, array, outputArray(c) !== withBrackets(array))
      const values = call('list.each', 'list', [elements, ...over.outer], { expr: over.value as unknown as Const })
      c.flow.assign(outputArray(c), values)
    },
  },
})

export const objectArrayExists = builtin({
  name: 'objectArray:exists',
  category: 'filter',
  kind: 'filter',
  doc: 'Does an element of an array of objects pass a filter?',
  notes: [
    'A member of the element stands behind its name and a dot: `e.name`. Arrays in it are read with `array:exists()`.',
  ],
  params: [ARRAY, param('condition', 'pipeline', 'The filter, in braces.', { required: true }), VAR],
  fidelity: 'exact',
  evidence: page('objectArray:exists'),
  examples: [
    {
      title: 'A member of an object',
      given: [
        { j: '{"Vendor":{"resources":[{"ARN":"arn:gcp:x"},{"ARN":"arn:aws:s3"}]}}' },
        { j: '{"Vendor":{"resources":[{"ARN":"arn:azure:vm1"}]}}' },
      ],
      query:
        'parseJson(j) | objectArray:exists("Vendor.resources[]", condition={Vendor.resources.ARN="arn:aws:*"}) | count()',
      gives: [{ _count: 1 }],
      from: page('objectArray:exists'),
    },
    {
      title: 'A value of an array in an object',
      given: [
        { 'a[0].field.b[0]': '1' },
        { 'a[0].field.b[0]': '1', 'a[0].field.b[1]': '2' },
        { 'a[1].field.b[0]': '3' },
        { 'a[0].field.b[0]': '1', 'a[0].field.b[1]': '2', 'a[1].field.b[0]': '3', 'a[2].field.b[0]': '4' },
      ],
      query:
        'objectArray:exists(array="a[]", condition=array:exists(array="a.field.b[]", var=x, condition=test(x==2))) | default(field=a[1].field.b[0], value="-") | select([a[0].field.b[1], a[1].field.b[0]]) | sort(a[1].field.b[0], type=string, order=asc)',
      gives: [
        { 'a[0].field.b[1]': '2', 'a[1].field.b[0]': '-' },
        { 'a[0].field.b[1]': '2', 'a[1].field.b[0]': '3' },
      ],
      from: page('objectArray:exists'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => {
      const over = lambdaOf(c, 'objectArray:exists', 'condition', true)
      if (!over) return { kind: 'false' }
      const found = elementsWhere(objectsOf(c, c.args.field('array'), true), over.cond, over.outer)
      return test('int.gt', [call('list.length', 'int', [found]), lit(0n, 'int')])
    },
  },
})
