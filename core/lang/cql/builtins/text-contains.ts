import { textTest } from '../4-lower/functions/filters.ts'

export const textContains = textTest('text:contains', 'str.contains', 'Is one text a part of the other?', {
  s: 'abcd',
  part: 'bc',
})
