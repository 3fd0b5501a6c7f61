// Values of neighbouring rows. Only in a window stage, whose frame must be `distance` rows before (lag) or after (lead) and the current one:
// then the neighbour is the frame's first or last row, if the frame is full. The result depends on the order, which the stage defines.
import type { Sql } from '../../sql-text/fragment.ts'
import { argument, numConst } from '../kit.ts'
import { type AggLaw, aggPrim, type Prim, type Value } from '../prim.ts'

const neighbour = (
  id: Prim['id'],
  doc: string,
  last: boolean,
  click: string,
  laws: readonly [AggLaw, ...AggLaw[]],
): Prim =>
  aggPrim({
    id,
    doc,
    params: [['x', 'str']],
    consts: { distance: 'How many rows away.' },
    returns: 'str',
    nulls: 'own',
    js: (c) => {
      const size = numConst(c, 'distance', 1) + 1
      return {
        init: (): Value[] => [],
        add: (seen: Value[], x: Value) => {
          seen.push(x)
          return seen
        },
        done: (seen: Value[]) => (seen.length < size ? null : ((last ? seen.at(-1) : seen[0]) ?? null)),
      }
    },
    sql: {
      // Without an `over`: the compiler of the window stage adds it.
      duckdb: (sql, args, c) =>
        sql`${sql.raw(last ? 'lead' : 'lag')}(${argument(args, 0)}, ${sql.num(numConst(c, 'distance', 1))})`,
      // ClickHouse's lag gives '' beyond the edge unless the column is nullable; the frame must be unbounded.
      clickhouse: (sql, args, c) =>
        sql`${sql.raw(click)}(toNullable(${args[0] as Sql}), ${sql.num(numConst(c, 'distance', 1))})`,
    },
    laws,
  })

export const wins: readonly Prim[] = [
  neighbour('win.lag', 'The value some rows before.', false, 'lagInFrame', [
    { rows: [['a'], ['b'], ['c']], consts: { distance: 2 }, gives: 'a' },
    { rows: [['a']], consts: { distance: 1 }, gives: null },
    { rows: [[null], ['b']], consts: { distance: 1 }, gives: null },
  ]),
  neighbour('win.lead', 'The value some rows after.', true, 'leadInFrame', [
    { rows: [['a'], ['b']], consts: { distance: 1 }, gives: 'b' },
    { rows: [['a'], [null]], consts: { distance: 1 }, gives: null },
  ]),
]
