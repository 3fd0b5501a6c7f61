import { textTest } from '../4-lower/functions/filters.ts'

export const textEndsWith = textTest('text:endsWith', 'str.endsWith', 'Does a text end with the other?', {
  s: 'abcd',
  part: 'cd',
})
