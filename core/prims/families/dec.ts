// Decimals: texts that are exact numbers.
import type { Sql } from '../../sql-text/fragment.ts'
import { argument, both } from '../kit.ts'
import { type Prim, scalar } from '../prim.ts'

const decToNum = scalar({
  id: 'dec.toNum',
  doc: 'The double nearest to a decimal.',
  params: [['x', 'dec']],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => (x: string) => Number(x),
  sql: {
    duckdb: (sql, [x]) => sql`cast(${x as Sql} as double)`,
    clickhouse: (sql, [x]) => sql`toFloat64OrNull(${x as Sql})`,
  },
  laws: [
    { args: ['12.5'], gives: 12.5 },
    { args: ['12345678901234567890'], gives: 12345678901234567000 },
    { args: ['1e+21'], gives: 1e21 },
    { args: [null], gives: null },
  ],
})
const decToText = scalar({
  id: 'dec.toText',
  doc: 'The decimal’s canonical text, which it already is.',
  params: [['x', 'dec']],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (x: string) => x,
  sql: both((_, args) => argument(args, 0)),
  laws: [{ args: ['12.5'], gives: '12.5' }],
})

export const decimals: readonly Prim[] = [decToNum, decToText]
