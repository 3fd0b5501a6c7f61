import { call } from '../../../plan/build.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const base64Encode = textFunction({
  name: 'base64Encode',
  output: '_base64Encode',
  doc: 'The value as UTF-8 in base64.',
  make: (v) => call('str.base64Encode', 'str', [v]),
  given: 'hi',
  gives: 'aGk=',
})
