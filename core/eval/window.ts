// Columns computed over neighbouring rows of a partition.
import type { Frame, Value, WindowStage } from '../plan/plan.ts'
import { valueKey } from '../plan/value.ts'
import { type Aggregator, aggregator } from './aggregate.ts'
import { compileExpr, tupleScope } from './compile.ts'
import { type Keyed, sorter } from './sort.ts'
import { type Context, addColumns, copied, type Layout, type CompiledStage, type Tuple } from './sink.ts'

type WindowColumn = WindowStage['columns'][number]
/** The column's values for the rows of one partition, in order. */
type Compute = (rows: readonly Tuple[]) => Value[]

/** The rows keep their order; only the computation uses the window's order. */
export function compileWindow(stage: WindowStage, layout: Layout, context: Context): CompiledStage {
  const after = addColumns(
    layout,
    stage.columns.map((c) => c.id),
  )
  const partition = stage.partition.map((e) => compileExpr(e, tupleScope(layout), context.env))
  const by = sorter(stage.order, layout, context)
  const [main] = stage.order
  const key = main ? compileExpr(main.expr, tupleScope(layout), context.env) : () => null
  const columns = stage.columns.map((c) => ({
    slot: after.get(c.id) as number,
    compute: computeOf(c, layout, context, key),
  }))
  return {
    layout: after,
    sink: (next) => {
      const parts = new Map<string, Numbered[]>()
      const out: Value[][] = []
      return {
        push: (row) => {
          let key = ''
          for (const e of partition) key += valueKey(e(row))
          const numbered = { row, keys: by.key(row).keys, at: out.length }
          const part = parts.get(key)
          if (part) part.push(numbered)
          else parts.set(key, [numbered])
          out.push(copied(row, after.size))
        },
        end: () => {
          for (const part of parts.values()) {
            if (part.length > 1) by.sort(part)
            const rows = part.map((p) => p.row)
            for (const { slot, compute } of columns) {
              const values = compute(rows)
              for (let i = 0; i < part.length; i++)
                (out[(part[i] as Numbered).at] as Value[])[slot] = values[i] as Value
            }
          }
          for (const row of out) next.push(row)
          next.end()
        },
      }
    },
  }
}

interface Numbered extends Keyed {
  readonly at: number
}

function computeOf(column: WindowColumn, layout: Layout, context: Context, key: (row: Tuple) => Value): Compute {
  const [first] = column.args
  const { prim } = column
  if (prim === 'win.rank') return (rows) => rows.map((_, i) => BigInt(i + 1))
  if (prim === 'win.lag' || prim === 'win.lead') {
    const value = first ? compileExpr(first, tupleScope(layout), context.env) : () => null
    const distance = Number(column.consts['distance'] ?? 1) * (prim === 'win.lag' ? -1 : 1)
    return (rows) =>
      rows.map((_, i) => {
        const other = rows[i + distance]
        return other === undefined ? null : value(other)
      })
  }
  const agg = aggregator(column, layout, context.env)
  return 'back' in column.frame ? computeRange(agg, column.frame, key) : computeFrame(agg, column.frame)
}

type Range = Extract<Frame, { back: bigint }>

/** Rows are ordered by the key. Those with an absent key are together, at one end. */
function computeRange(agg: Aggregator, { back, others }: Range, key: (row: Tuple) => Value): Compute {
  return (rows) => {
    const keys = rows.map(key) as (bigint | null)[]
    const out: Value[] = []
    for (let first = 0, i = 0; i < rows.length; ) {
      const at = keys[i] as bigint | null
      let end = i
      while (end < rows.length && keys[end] === at) end++
      const isOutside = (k: bigint | null | undefined): boolean =>
        at === null ? k !== null : k == null || k < at - back
      while (first < i && isOutside(keys[first])) first++
      const whole = others ? null : aggregateRows(agg, rows, first, end)
      for (; i < end; i++) out.push(others ? aggregateRows(agg, rows, first, end, i) : whole)
    }
    return out
  }
}

function computeFrame(agg: Aggregator, { before, after }: Exclude<Frame, Range>): Compute {
  if (before === null && after === null) {
    return (rows) => {
      const value = aggregateRows(agg, rows, 0, rows.length)
      return rows.map(() => value)
    }
  }
  if (before === null) {
    // Rows are added to a frame that only grows; it is never computed anew.
    return (rows) => {
      let state = agg.init()
      let added = 0
      return rows.map((_, i) => {
        const end = Math.min(rows.length, i + (after as number) + 1)
        for (; added < end; added++) state = agg.add(state, rows[added] as Tuple)
        return agg.done(state)
      })
    }
  }
  return (rows) =>
    rows.map((_, i) =>
      aggregateRows(
        agg,
        rows,
        Math.max(0, i - before),
        after === null ? rows.length : Math.min(rows.length, i + after + 1),
      ),
    )
}

function aggregateRows(agg: Aggregator, rows: readonly Tuple[], start: number, end: number, except = -1): Value {
  let state = agg.init()
  for (let i = start; i < end; i++) if (i !== except) state = agg.add(state, rows[i] as Tuple)
  return agg.done(state)
}
