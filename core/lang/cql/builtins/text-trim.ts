import { call } from '../../../plan/build.ts'
import { param } from '../4-lower/params.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const textTrim = textFunction({
  name: 'text:trim',
  output: '_trim',
  doc: 'The value without white space around it.',
  params: [
    param('mode', 'text', 'Where it is taken off.', {
      default: 'both',
      oneOf: { both: 'At both ends.', start: 'At the start.', end: 'At the end.' },
    }),
  ],
  make: (v, c) => call('str.trimSide', 'str', [v], { side: c.args.text('mode', 'both').toLowerCase() }),
  given: ' a b ',
  gives: 'a b',
})
