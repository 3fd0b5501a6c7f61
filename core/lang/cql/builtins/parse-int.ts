import { param } from '../4-lower/params.ts'
import { call } from '../../../plan/build.ts'
import { inPlaceFunction } from '../4-lower/functions/in-place-function.ts'

export const parseInteger = inPlaceFunction({
  name: 'parseInt',
  doc: 'Digits of a radix as a decimal number.',
  params: [
    param('radix', 'number', '2 to 36.', { default: '16' }),
    param('endian', 'text', 'Order of pairs of digits.', {
      default: 'big',
      oneOf: { big: 'As written.', little: 'Last pair first.' },
    }),
  ],
  make: (v, { args }) =>
    call('int.parseRadix', 'int', [v], {
      radix: args.number('radix', 16),
      little: args.text('endian', 'big').toLowerCase() === 'little',
    }),
  given: '1f4',
  call: 'parseInt(x)',
  gives: '500',
})
