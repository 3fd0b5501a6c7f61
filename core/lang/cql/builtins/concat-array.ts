import { builtin } from '../4-lower/builtin.ts'
import { choose } from '../4-lower/values.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { lit, call, present } from '../../../plan/build.ts'

export const concatArray = builtin({
  name: 'concatArray',
  category: 'fields',
  kind: 'transform',
  doc: 'The elements of an array joined into one text; nothing if there is no first element.',
  notes: [],
  params: [
    first('field', 'field', 'The array.', { required: true }),
    param('separator', 'text', 'Between two elements.', { default: '' }),
    param('prefix', 'text', 'In front of the text.', { default: '' }),
    param('suffix', 'text', 'Behind the text.', { default: '' }),
    param('from', 'number', 'First index.', { default: '0' }),
    param('to', 'number', 'Last index; the last there is.'),
    as('_concatArray'),
  ],
  output: '_concatArray',
  fidelity: { differs: 'No public text says whether `to` is part of it; here it is.' },
  evidence: page('concatArray'),
  examples: [
    {
      title: 'Joined',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }],
      query: 'concatArray(a, separator="-", as=c) | select(c)',
      gives: [{ c: 'x-y' }],
      from: page('concatArray'),
    },
    {
      title: 'A part',
      given: [{ 'a[0]': 'x', 'a[1]': 'y', 'a[2]': 'z' }],
      query: 'concatArray(a, from=1, as=c) | select(c)',
      gives: [{ c: 'yz' }],
      from: page('concatArray'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const name = args.field('field')
      const list = flow.read(name.includes('[]') ? name : `${name}[]`)
      if (list.ty !== 'list') return lit(null, 'str')
      const from = args.number('from', 0)
      const part =
        from > 0 || args.has('to')
          ? call('list.slice', 'list', [list], { from, ...(args.has('to') ? { to: args.number('to', 0) + 1 } : {}) })
          : list
      const joined = call('list.join', 'str', [part], { separator: args.text('separator') })
      const whole = call('str.concat', 'str', [
        lit(args.text('prefix'), 'str'),
        joined,
        lit(args.text('suffix'), 'str'),
      ])
      return choose(present(call('list.at', 'str', [list], { index: from })), whole, lit(null, 'str'))
    },
  },
})
