// Values of neighbouring rows. Only in a window stage, whose frame must be `distance` rows before (lag) or after (lead) and the current one:
// then the neighbour is the frame's first or last row, if the frame is full. The result depends on the order, which the stage defines.
import type { Sql } from '../../sql-text/fragment.ts'
import { argument, both, numConst } from '../kit.ts'
import { type AggLaw, aggPrim, type Prim, tail, type Value } from '../prim.ts'

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

interface Run {
  readonly number: bigint
  readonly begun: bigint | null
  readonly last: bigint | null
  readonly count: number
  readonly ended: boolean
}

/** A greedy cut: whether a row begins a run depends on where the run before it began. */
const run = aggPrim({
  id: 'win.run',
  doc: 'The number of the run of the last row. A row begins a run if it says so, if the row before ends one, or if the run would be too long with it.',
  params: [
    ['time', 'int'],
    ['begins', 'int'],
    ['ends', 'int'],
  ],
  consts: {
    maxSpan: 'The longest time of a run.',
    maxPause: 'The longest time between two rows.',
    maxRows: 'The most rows of a run.',
  },
  returns: 'int',
  nulls: 'own',
  js: (c) => {
    const [maxSpan, maxPause, maxRows] = ['maxSpan', 'maxPause', 'maxRows'].map((n) =>
      numConst(c, n, Number.POSITIVE_INFINITY),
    ) as [number, number, number]
    const apart = (from: bigint | null, to: bigint | null): number =>
      from === null || to === null ? 0 : Number(to - from)
    return {
      init: (): Run => ({ number: 0n, begun: null, last: null, count: 0, ended: true }),
      add: (r: Run, time: bigint | null, begins: bigint | null, ends: bigint | null): Run => {
        const cut =
          r.ended ||
          begins === 1n ||
          apart(r.begun, time) > maxSpan ||
          apart(r.last, time) > maxPause ||
          r.count >= maxRows
        return {
          number: cut ? r.number + 1n : r.number,
          begun: cut ? time : r.begun,
          last: time,
          count: cut ? 1 : r.count + 1,
          ended: ends === 1n,
        }
      },
      done: (r: Run) => (r.count === 0 ? null : r.number),
    }
  },
  sql: both(tail('where a run begins depends on all rows before')),
  laws: [
    {
      rows: [
        [1n, 0n, 0n],
        [2n, 0n, 1n],
        [3n, 0n, 0n],
        [4n, 1n, 0n],
      ],
      gives: 3n,
    },
    {
      rows: [
        [0n, 0n, 0n],
        [6n, 0n, 0n],
        [11n, 0n, 0n],
        [17n, 0n, 0n],
      ],
      consts: { maxSpan: 10 },
      gives: 2n,
    },
    {
      rows: [
        [0n, 0n, 0n],
        [6n, null, null],
        [17n, 0n, 0n],
        [null, 0n, 0n],
      ],
      consts: { maxPause: 10 },
      gives: 2n,
    },
    {
      rows: [
        [1n, 0n, 0n],
        [1n, 0n, 0n],
        [1n, 0n, 0n],
      ],
      consts: { maxRows: 2 },
      gives: 2n,
    },
    { rows: [], gives: null },
  ],
})

export const wins: readonly Prim[] = [
  run,
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
