import { call } from '../../../plan/build.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const length = textFunction({
  name: 'length',
  output: '_length',
  doc: 'How many characters the value has.',
  notes: ['Characters are code points.'],
  make: (v) => call('str.length', 'int', [v]),
  given: 'abcd',
  gives: '4',
})
