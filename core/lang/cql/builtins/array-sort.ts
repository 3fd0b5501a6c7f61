import { call } from '../../../plan/build.ts'
import { param } from '../4-lower/params.ts'
import { arrayFunction } from '../4-lower/functions/array-function.ts'

export const arraySort = arrayFunction({
  name: 'array:sort',
  doc: 'The elements in order: as texts without regard to case, or as numbers, before what is no number.',
  more: [
    param('order', 'text', 'Which way.', { default: 'asc', oneOf: { asc: 'Least first.', desc: 'Greatest first.' } }),
    param('type', 'text', 'How they are compared.', {
      default: 'string',
      oneOf: { string: 'As texts.', number: 'As numbers.' },
    }),
  ],
  make: (v, c) =>
    call('list.sort', 'list', [v], {
      number: c.args.text('type', 'string') === 'number',
      desc: c.args.text('order', 'asc').startsWith('desc'),
    }),
  given: ['10', 'x', '9'],
  call: 'array:sort("a[]", type=number, asArray="b[]")',
  gives: '9,10,x',
})
