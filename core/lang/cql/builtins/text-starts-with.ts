import { textTest } from '../4-lower/functions/filters.ts'

export const textStartsWith = textTest('text:startsWith', 'str.startsWith', 'Does a text begin with the other?', {
  s: 'abcd',
  part: 'ab',
})
