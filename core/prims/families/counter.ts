// Counters that only grow.
import { finite, noSql } from '../kit.ts'
import { aggPrim } from '../prim.ts'

interface Point {
  readonly value: number
  readonly time: bigint
  readonly seq: bigint
}
const byTime = (a: Point, b: Point): number =>
  a.time < b.time ? -1 : a.time > b.time ? 1 : a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0

export const counterRate = aggPrim({
  id: 'agg.counterRate',
  doc: 'How much the value grows a second, from the earliest row to the latest; absent where it falls in between, or no time passes.',
  params: [
    ['value', 'num'],
    ['time', 'time'],
    ['seq', 'int'],
  ],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => ({
    init: (): Point[] => [],
    add: (all: Point[], value: number, time: bigint, seq: bigint) => {
      all.push({ value, time, seq })
      return all
    },
    done: (all: Point[]) => {
      const sorted = all.toSorted(byTime)
      const [first, last] = [sorted[0], sorted.at(-1)]
      if (!first || !last || last.time === first.time) return null
      if (sorted.some((p, i) => i > 0 && p.value < (sorted[i - 1] as Point).value)) return null
      return finite((last.value - first.value) / (Number(last.time - first.time) / 1e6))
    },
  }),
  sql: noSql,
  laws: [
    {
      rows: [
        [40, 4_000_000n, 1n],
        [10, 1_000_000n, 2n],
        [10, 2_000_000n, 3n],
        [null, 3_000_000n, 4n],
      ],
      gives: 10,
    },
    {
      rows: [
        [10, 1_000_000n, 1n],
        [5, 2_000_000n, 2n],
        [40, 3_000_000n, 3n],
      ],
      gives: null,
    },
    { rows: [[10, 1n, 1n]], gives: null },
    {
      rows: [
        [10, 1n, 1n],
        [20, 1n, 2n],
      ],
      gives: null,
    },
    { rows: [], gives: null },
  ],
})
