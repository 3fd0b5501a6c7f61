import {
  ARRAY,
  FUNCTION,
  AS_ARRAY,
  VAR,
  lambdaOf,
  outputArray,
  elementsWhere,
  elementsOf,
} from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { page } from '../4-lower/params.ts'

export const arrayFilter = builtin({
  name: 'array:filter',
  category: 'array',
  kind: 'transform',
  doc: 'The elements of an array that pass a filter, in their order.',
  notes: [],
  params: [ARRAY, FUNCTION, AS_ARRAY, VAR],
  fidelity: 'exact',
  evidence: page('array:filter'),
  examples: [
    {
      title: 'Only programs',
      given: [{ 'f[0]': 'a.exe', 'f[1]': 'b.txt', 'f[2]': 'c.EXE' }],
      query:
        'array:filter("f[]", function={x=/\\.exe$/i}, var=x, asArray="p[]") | concatArray(p, separator=",", as=r) | select(r)',
      gives: [{ r: 'a.exe,c.EXE' }],
      from: page('array:filter'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const over = lambdaOf(c, 'array:filter', 'function')
      if (over) c.flow.assign(outputArray(c), elementsWhere(elementsOf(c), over.cond, over.outer))
    },
  },
})
