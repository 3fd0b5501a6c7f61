// Values in a text with directives of Java's Formatter.
import { noSql } from '../kit.ts'
import { javaFormat } from '../java-format.ts'
import { scalar } from '../prim.ts'

export const format = scalar({
  id: 'str.javaFormat',
  doc: 'A text with %-directives of Java’s Formatter filled with values; absent if a value is missing or does not fit its directive.',
  params: [
    ['format', 'str'],
    ['values...', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js:
    () =>
    (pattern: string, ...values: string[]) =>
      javaFormat(pattern, values),
  sql: noSql,
  laws: [
    { args: ['%s-%s', 'a', 'b'], gives: 'a-b' },
    { args: ['%,.2f', '1234.5'], gives: '1,234.50' },
    { args: ['%05d', '42'], gives: '00042' },
    { args: ['%S %%', 'a'], gives: 'A %' },
    { args: ['%d', 'x'], gives: null },
    { args: ['%s', null], gives: null },
  ],
})
