import { arrayFunction } from '../4-lower/functions/array-function.ts'

export const arrayRename = arrayFunction({
  name: 'array:rename',
  doc: 'Gives an array another name.',
  moves: true,
  make: (v) => v,
  given: ['x', 'y', 'z'],
  call: 'array:rename("a[]", asArray="b[]")',
  gives: 'x,y,z',
})
