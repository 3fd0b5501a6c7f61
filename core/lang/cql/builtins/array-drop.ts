import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'

export const arrayDrop = builtin({
  name: 'array:drop',
  category: 'array',
  kind: 'transform',
  doc: 'Removes an array.',
  notes: [],
  params: [first('array', 'field', 'The array, with brackets: `"a[]"`.', { required: true })],
  fidelity: { differs: 'Elements behind a gap are removed too.' },
  evidence: page('array:drop'),
  examples: [
    {
      title: 'Gone',
      given: [{ 'a[0]': 'x', b: 'y' }],
      query: 'array:drop("a[]") | concatArray(a, as=c) | default(value="-", field=c) | select([b, c])',
      gives: [{ b: 'y', c: '-' }],
      from: page('array:drop'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const name = args.field('array')
      flow.drop(name.includes('[]') ? name : `${name}[]`)
    },
  },
})
