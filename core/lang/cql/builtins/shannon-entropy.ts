import { call } from '../../../plan/build.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const shannonEntropy = textFunction({
  name: 'shannonEntropy',
  output: '_shannonentropy',
  doc: 'The entropy of the value in bits per character.',
  make: (v) => call('str.entropy', 'num', [v]),
  given: 'aabb',
  gives: '1',
})
