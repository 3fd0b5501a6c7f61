// Stages that number the connections of a key by their starts, and make one row of each.
import { call, col, iff, lit, not, test, TRUE } from '../../plan/build.ts'
import {
  type AggCall,
  type Expr,
  HIDDEN,
  type SetColumns,
  type SourceColumn,
  type Stage,
  type Ty,
} from '../../plan/plan.ts'

const PREFIX = `${HIDDEN}net.`
/** Microseconds. Records of one connection give starts that differ by a second: logs cut fractions off. */
const SLACK = 2_000_000n

export const hidden = (name: string): string => PREFIX + name
const str = (id: string): Expr => col(hidden(id), 'str')

export function agg(id: string, prim: string, args: readonly Expr[], ty: Ty): AggCall {
  return { id, prim, args, consts: {}, where: TRUE, ty }
}

/** Numbers the connections of a key: a new one begins where two starts are further apart than the slack. */
export function numberConnections(): Stage[] {
  const at = col(hidden('at'), 'int')
  const part = str('part')
  const order = [
    { expr: at, dir: 'asc' as const, nulls: 'first' as const },
    { expr: col(hidden('meta.seq'), 'int'), dir: 'asc' as const, nulls: 'first' as const },
  ]
  const previous = call('int.parse', 'int', [str('previous')])
  const gap = call('int.sub', 'int', [at, previous])
  const begins = not(test('int.le', [gap, lit(SLACK, 'int')]))
  const one: SetColumns = {
    kind: 'set',
    columns: [{ id: hidden('begins'), expr: iff(begins, lit(1n, 'int'), lit(0n, 'int')) }],
  }
  return [
    { kind: 'set', columns: [{ id: hidden('text'), expr: call('int.toText', 'str', [at]) }] },
    {
      kind: 'window',
      partition: [part],
      order,
      columns: [
        {
          ...agg(hidden('previous'), 'win.lag', [str('text')], 'str'),
          consts: { distance: 1 },
          frame: { before: null, after: null },
        },
      ],
    },
    one,
    {
      kind: 'window',
      partition: [part],
      order,
      columns: [
        {
          ...agg(hidden('number'), 'agg.sumInt', [col(hidden('begins'), 'int')], 'int'),
          frame: { before: null, after: 0 },
        },
      ],
    },
  ]
}

export const groupConnections = (aggs: readonly AggCall[]): Stage => ({
  kind: 'aggregate',
  keys: [
    { id: hidden('part'), expr: str('part') },
    { id: hidden('number'), expr: col(hidden('number'), 'int') },
  ],
  nullKeys: 'keep',
  aggs,
  limit: null,
})

export const finish = (columns: readonly SourceColumn[], values: readonly Expr[]): SetColumns => ({
  kind: 'set',
  columns: columns.map((c, i) => ({ id: c.id, expr: values[i] as Expr })),
})
