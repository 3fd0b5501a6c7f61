import { param } from '../4-lower/params.ts'
import { call } from '../../../plan/build.ts'
import { inPlaceFunction } from '../4-lower/functions/in-place-function.ts'

const UNITS = {
  d: 'Days.',
  h: 'Hours.',
  m: 'Minutes.',
  s: 'Seconds.',
  ms: 'Milliseconds.',
  us: 'Microseconds.',
  ns: 'Nanoseconds.',
}

export const formatDuration = inPlaceFunction({
  name: 'formatDuration',
  doc: 'A whole number of a unit as days, hours, minutes and so on; what is no whole number stays as it is.',
  notes: ['Parts that are 0 are left out.'],
  params: [
    param('from', 'text', 'What the number counts.', { default: 'ms', oneOf: UNITS }),
    param('precision', 'number', 'How many steps of the scale are shown; 0: all.', { default: '0' }),
  ],
  fidelity: { differs: 'No public text says how parts that are 0 print, nor whether they count for the precision.' },
  make: (v, { args }) =>
    call('str.duration', 'str', [v], { from: args.text('from', 'ms'), precision: args.number('precision', 0) }),
  given: '23452553',
  call: 'formatDuration(x)',
  gives: '6h30m52s553ms',
})
