// By which values rows are ordered, grouped and numbered.
import { col, TRUE } from '../../../plan/build.ts'
import type { Expr, OrderKey } from '../../../plan/plan.ts'
import type { Name, SortKey } from '../2-parse/ast.ts'
import type { Flow } from './flow.ts'
import { sortable } from './values.ts'

export function orderKeys(f: Flow, keys: readonly SortKey[]): OrderKey[] {
  const nulls = f.lowering.choice('null-order') as 'first' | 'last'
  return keys.map((k) => ({ expr: sortable(f.read(k.field).expr), dir: k.dir, nulls }))
}

export function groupKey(f: Flow, n: Name): { id: string; expr: Expr } {
  const { expr, field } = f.read(n)
  return { id: field?.id ?? n.name, expr }
}

/** Position of a row in its group, from 1. */
export function rank(f: Flow, partition: readonly Expr[], order: readonly OrderKey[], id: string): Expr {
  const frame = { before: null, after: 0 }
  f.push({
    kind: 'window',
    partition,
    order,
    columns: [{ id, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int', frame }],
  })
  return col(id, 'int')
}
