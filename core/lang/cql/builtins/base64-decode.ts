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
    differs: 'UTF-16BE is not run.',
  },
  // Characters outside the alphabet are passed over.
  make: (v, c) =>
    call(
      'str.base64Decode',
      'str',
      [call('re.replace', 'str', [v], { pattern: '[^A-Za-z0-9+/=_-]', flags: '', with: '' })],
      { charset: c.args.text('charset', 'UTF-8').toUpperCase() },
    ),
  given: 'aG k=',
  gives: 'hi',
})
