import { call } from '../../../plan/build.ts'
import { param } from '../4-lower/params.ts'
import { textFunction } from '../4-lower/functions/text.ts'

export const urlEncode = textFunction({
  name: 'urlEncode',
  output: '_urlencode',
  doc: 'The value with everything but letters, digits and `.-*_` as percent escapes.',
  notes: ['A space becomes `+`.'],
  params: [param('type', 'text', 'Not used here: a warning says so.')],
  fidelity: { differs: 'Form encoding; other types are not run.' },
  make: (v) => call('str.urlEncode', 'str', [v]),
  given: 'a/b',
  gives: 'a%2Fb',
})
