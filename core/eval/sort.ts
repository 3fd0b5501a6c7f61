// Sorting of rows by keys that are computed once per row.
import type { OrderKey, Value } from '../plan/plan.ts'
import { compareValues } from '../plan/value.ts'
import { compileExpr, tupleScope } from './compile.ts'
import type { Context, Layout, Tuple } from './sink.ts'

export interface Keyed {
  readonly row: Tuple
  readonly keys: readonly Value[]
}

export interface Sorter {
  key(row: Tuple): Keyed
  /** Sorts in place; rows with equal keys keep their order. */
  sort(rows: Keyed[]): Keyed[]
}

/** Comparisons between two signs of life. */
const COMPARISONS = 65_536

export function sorter(by: readonly OrderKey[], layout: Layout, context: Pick<Context, 'env' | 'hooks'>): Sorter {
  const exprs = by.map((k) => compileExpr(k.expr, tupleScope(layout), context.env))
  const compareOnly = compareKeys(by)
  let compared = 0
  // The hooks are those of the run, which a compiled plan can have many of.
  const compareOf = (hooks: Context['hooks']): typeof compareOnly =>
    hooks === undefined
      ? compareOnly
      : (a, b) => {
          if (++compared % COMPARISONS === 0) hooks.alive?.()
          return compareOnly(a, b)
        }
  return {
    key: (row) => ({ row, keys: exprs.map((e) => e(row)) }),
    sort: (rows) => {
      if (by.length === 0) return rows
      const compare = compareOf(context.hooks)
      return rows.sort((a, b) => compare(a.keys, b.keys))
    },
  }
}

export function compareKeys(
  by: readonly Pick<OrderKey, 'dir' | 'nulls'>[],
): (a: readonly Value[], b: readonly Value[]) => number {
  const signs = by.map((k) => (k.dir === 'desc' ? -1 : 1))
  const absents = by.map((k) => (k.nulls === 'first' ? -1 : 1))
  return (a, b) => {
    for (let i = 0; i < signs.length; i++) {
      const x = a[i] as Value
      const y = b[i] as Value
      if (x === null || y === null) {
        if (x === y) continue
        return x === null ? (absents[i] as number) : -(absents[i] as number)
      }
      const c = compareValues(x, y)
      if (c !== 0) return c * (signs[i] as number)
    }
    return 0
  }
}
