// Steps of a child pipeline see the rows of one group at a time. Its flow pushes stages as any other; here they get the group's keys.
import { and, col, lit, not, present, test, TRUE } from '../../../plan/build.ts'
import type { Aggregate, OrderKey, Stage } from '../../../plan/plan.ts'

/** The groups whose rows a flow holds, all at once. */
export interface Partition {
  /** Hidden text columns that are equal for the rows of one group and never absent. */
  readonly ids: readonly string[]
  /** Name of the let with one row for each group. */
  readonly groups: string
}

interface Rows {
  readonly partition: Partition
  /** A group may have no row left. */
  lossy: boolean
  readonly hidden: (hint: string) => string
  /** Columns of the groups in a let that holds rows of groups. */
  readonly idsOf: (letName: string) => readonly string[]
  readonly order: readonly OrderKey[]
}

/** The stages that do to every group what the stage does to all rows. */
export function inEveryGroup(stage: Stage, rows: Rows): readonly Stage[] {
  const { partition, hidden } = rows
  if (partition.ids.length === 0) return [stage]
  const ids = partition.ids.map((id) => col(id, 'str'))
  switch (stage.kind) {
    case 'filter':
      rows.lossy = true
      return [stage]
    case 'unnest':
      rows.lossy ||= !stage.keep
      return [stage]
    case 'project':
      return [{ ...stage, columns: [...new Set([...stage.columns, ...partition.ids])] }]
    case 'window':
      return [{ ...stage, partition: [...ids, ...stage.partition] }]
    case 'take': {
      rows.lossy ||= stage.count < 1
      return firstOfEach(ids, stage.by.length > 0 ? stage.by : rows.order, stage.count, hidden('place'))
    }
    case 'join': {
      rows.lossy ||= stage.how !== 'left'
      const shared = stage.right.from.kind === 'let' ? rows.idsOf(stage.right.from.name) : []
      const same = partition.ids.filter((id) => shared.includes(id))
      return [{ ...stage, on: [...same.map((id) => ({ left: col(id, 'str'), right: col(id, 'str') })), ...stage.on] }]
    }
    case 'aggregate':
      return aggregateEach(stage, rows)
    default:
      return [stage]
  }
}

function firstOfEach(
  partition: readonly ReturnType<typeof col>[],
  order: readonly OrderKey[],
  count: number,
  place: string,
): Stage[] {
  if (count >= Number.MAX_SAFE_INTEGER) return []
  const frame = { before: null, after: null }
  const rank = { id: place, prim: 'win.rank', args: [], consts: {}, where: TRUE, ty: 'int' as const, frame }
  return [
    { kind: 'window', partition, order, columns: [rank] },
    { kind: 'filter', where: test('int.le', [col(place, 'int'), lit(BigInt(count), 'int')]) },
  ]
}

/** An aggregate without keys gives a row for every group, also for those that have no row left: a count of 0. */
function aggregateEach(stage: Aggregate, rows: Rows): Stage[] {
  const { partition, hidden } = rows
  const ids = partition.ids.map((id) => ({ id, expr: col(id, 'str') }))
  const each: Aggregate = { ...stage, keys: [...ids, ...stage.keys], limit: null }
  if (stage.keys.length > 0) {
    rows.lossy ||= stage.nullKeys === 'drop'
    if (stage.limit === null) return [each]
    const by = stage.keys.map((k): OrderKey => ({ expr: col(k.id, k.expr.ty), dir: 'asc', nulls: 'first' }))
    const partitionBy = ids.map((k) => k.expr)
    return [each, ...firstOfEach(partitionBy, by, stage.limit, hidden('place'))]
  }
  if (!rows.lossy) return [each]
  rows.lossy = false
  const filler = hidden('filler')
  const groups: Stage[] = [
    { kind: 'project', columns: partition.ids, rest: false },
    { kind: 'set', columns: [{ id: filler, expr: lit(true, 'bool') }] },
  ]
  const real = not(present(col(filler, 'bool')))
  return [
    { kind: 'set', columns: [{ id: filler, expr: lit(null, 'bool') }] },
    { kind: 'union', others: [{ from: { kind: 'let', name: partition.groups }, stages: groups }] },
    { ...each, aggs: stage.aggs.map((a) => ({ ...a, where: and(real, a.where) })) },
  ]
}
