import { call } from '../../../plan/build.ts'
import { arrayFunction } from '../4-lower/functions/array-function.ts'

export const arrayDedup = arrayFunction({
  name: 'array:dedup',
  doc: 'Every element once, in the order of its first occurrence.',
  make: (v) => call('list.distinct', 'list', [v]),
  given: ['y', 'x', 'y'],
  call: 'array:dedup("a[]", asArray="b[]")',
  gives: 'y,x',
})
