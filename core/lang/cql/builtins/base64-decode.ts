import { call } from '../../../plan/build.ts'
import { param } from '../4-lower/params.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const base64Decode = textFunction({
  name: 'base64Decode',
  output: '_base64Decode',
  doc: 'The value decoded from base64; nothing if it is not base64.',
  params: [
    param('charset', 'text', 'Charset of the decoded bytes.', {
      default: 'UTF-8',
      oneOf: { 'UTF-8': '', 'UTF-16LE': '', 'ISO-8859-1': '' },
    }),
  ],
  fidelity: {
    differs:
      'LogScale passes over characters outside the alphabet, here they make the value invalid. UTF-16BE is not run.',
  },
  make: (v, c) => call('str.base64Decode', 'str', [v], { charset: c.args.text('charset', 'UTF-8').toUpperCase() }),
  given: 'aGk=',
  gives: 'hi',
})
