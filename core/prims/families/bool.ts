// Truth values.
import type { Sql } from '../../sql-text/fragment.ts'
import { both } from '../kit.ts'
import { scalar } from '../prim.ts'

export const boolToText = scalar({
  id: 'bool.toText',
  doc: '`true` or `false`.',
  params: [['x', 'bool']],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (x: boolean) => String(x),
  sql: both((sql, [x]) => sql`case when ${x as Sql} then 'true' when not ${x as Sql} then 'false' end`),
  laws: [
    { args: [true], gives: 'true' },
    { args: [false], gives: 'false' },
    { args: [null], gives: null },
  ],
})
