import { param } from '../4-lower/params.ts'
import { call } from '../../../plan/build.ts'
import { inPlaceFunction } from '../4-lower/functions/in-place-function.ts'

export const unitConvert = inPlaceFunction({
  name: 'unit:convert',
  doc: 'A quantity such as `5 MB` in another unit prefix.',
  notes: ['Prefixes are powers of 1000 unless `binary=true` or they end in `i`.'],
  params: [
    param('from', 'text', 'Unit of numbers that have none.'),
    param('to', 'text', 'Prefix to convert to; the base unit.'),
    param('binary', 'bool', 'Prefixes are powers of 1024.', { default: 'false' }),
    param('keepUnit', 'bool', 'Puts the unit behind the number.', { default: 'false' }),
    param('unit', 'text', 'The unit that the text must have, without its prefix.'),
  ],
  fidelity: { differs: 'Prefixes only: no conversion between units, such as bits and bytes.' },
  make: (v, { args }) =>
    call('str.convertUnit', 'str', [v], {
      from: args.text('from'),
      to: args.text('to'),
      binary: args.flag('binary'),
      keepUnit: args.flag('keepUnit'),
      unit: args.text('unit'),
    }),
  given: '2500',
  call: 'unit:convert(x, to=k)',
  gives: '2.5',
})
