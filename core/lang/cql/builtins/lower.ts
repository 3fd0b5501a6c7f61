import { call } from '../../../plan/build.ts'
import { textFunction, LOCALE } from '../4-lower/functions/text.ts'

export const lower = textFunction({
  name: 'lower',
  output: '_lower',
  doc: 'The value in lower case.',
  make: (v) => call('str.lower', 'str', [v]),
  given: 'AbC',
  gives: 'abc',
  params: [LOCALE],
})
