import { call, iff, lit, test } from '../../../plan/build.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { Const } from '../../../plan/plan.ts'
import { overElement } from '../4-lower/array-lambda.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'

const bracketed = (name: string): string => (name.includes('[]') ? name : `${name}[]`)

export const objectArrayEval = builtin({
  name: 'objectArray:eval',
  category: 'array',
  kind: 'transform',
  doc: 'The value that the function writes for every element of an array, as an array without gaps.',
  notes: ['The function writes to the field that is named like the output array.'],
  params: [
    first('array', 'field', 'The array, with brackets: `"a[]"`.', { required: true }),
    param('function', 'pipeline', 'The steps for every element, in braces.', { required: true }),
    param('asArray', 'field', 'Name of the output array.', { required: true }),
    param('var', 'field', 'Name of the element inside the function; the name of the array.'),
  ],
  fidelity: { differs: 'The function sees the element and no other field.' },
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
    step: ({ flow, args }) => {
      const pipeline = args.pipeline('function')
      if (!pipeline) {
        const takes = 'a sub-pipeline in braces'
        flow.lowering.report(wrongKind, args.span('function'), { fn: 'objectArray:eval', name: 'function', takes })
        return
      }
      const source = bracketed(args.field('array'))
      const output = bracketed(args.field('asArray'))
      const names = args.has('var') ? [args.field('var')] : [source.slice(0, -2), source]
      const over = overElement(flow, names, pipeline, {
        fn: 'objectArray:eval',
        at: args.span('function'),
        output: output.slice(0, -2),
        objects: true,
      })
      const list = flow.read(source)
      const objects = flow.elements(source.slice(0, -2))
      const texts = list.ty === 'list' ? list : lit([], 'list')
      const isOfTexts = test('int.gt', [call('list.length', 'int', [texts]), lit(0n, 'int')])
      const elements = iff(isOfTexts, texts, objects)
      if (over) flow.assign(output, call('list.each', 'list', [elements], { expr: over.value as unknown as Const }))
    },
  },
})
