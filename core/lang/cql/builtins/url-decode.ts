import { call } from '../../../plan/build.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const urlDecode = textFunction({
  name: 'urlDecode',
  output: '_urldecode',
  doc: 'The value with percent escapes decoded.',
  make: (v) => call('str.urlDecode', 'str', [v], { plus: false }),
  given: 'a%20b',
  gives: 'a b',
})
