import { call } from '../../../plan/build.ts'
import { textFunction } from '../4-lower/functions/text.ts'
import { param } from '../4-lower/params.ts'

export const parseHexString = textFunction({
  name: 'parseHexString',
  output: '_parsehexstring',
  doc: 'The text whose bytes hexadecimal digits write.',
  notes: ['Characters that are no digits and a prefix `0x` or `16#` are passed over.'],
  params: [
    param('charset', 'text', 'Charset of the bytes.', {
      default: 'UTF-8',
      oneOf: { 'UTF-8': '', 'ISO-8859-1': '' },
    }),
  ],
  fidelity: { differs: 'UTF-16 is not run.' },
  make: (v, c) => call('str.hexDecode', 'str', [v], { charset: c.args.text('charset', 'UTF-8') }),
  given: '0x48656C6C6F',
  gives: 'Hello',
})
