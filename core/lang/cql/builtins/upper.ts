import { call } from '../../../plan/build.ts'
import { textFunction, LOCALE } from '../4-lower/functions/text.ts'

export const upper = textFunction({
  name: 'upper',
  output: '_upper',
  doc: 'The value in upper case.',
  make: (v) => call('str.upper', 'str', [v]),
  given: 'AbC',
  gives: 'ABC',
  params: [LOCALE],
})
