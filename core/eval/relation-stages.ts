// Stages that see all rows.
import type { Aggregate, Join, OrderBy, Take, Union, Value, WindowStage } from '../plan/plan.ts'
import { compileAggregate } from './aggregate.ts'
import { compileJoin } from './join.ts'
import { type Keyed, sorter } from './sort.ts'
import { compileWindow } from './window.ts'
import { type Context, addColumns, type Layout, type CompiledStage, type Tuple } from './sink.ts'

export function relationSink(
  stage: Aggregate | Join | OrderBy | Take | Union | WindowStage,
  layout: Layout,
  context: Context,
  path: string,
): CompiledStage {
  switch (stage.kind) {
    case 'aggregate':
      return compileAggregate(stage, layout, context, path)
    case 'order':
      return order(stage, layout, context)
    case 'take':
      return take(stage, layout, context)
    case 'join':
      return compileJoin(stage, layout, context, path)
    case 'union':
      return union(stage, layout, context, path)
    case 'window':
      return compileWindow(stage, layout, context)
  }
}

function order(stage: OrderBy, layout: Layout, context: Context): CompiledStage {
  const by = sorter(stage.by, layout, context)
  return {
    layout,
    sink: (next) => {
      const rows: Keyed[] = []
      return {
        push: (row) => rows.push(by.key(row)),
        end: () => {
          for (const { row } of by.sort(rows)) next.push(row)
          next.end()
        },
      }
    },
  }
}

function take(stage: Take, layout: Layout, context: Context): CompiledStage {
  const by = sorter(stage.by, layout, context)
  return {
    layout,
    sink: (next) => {
      let rows: Keyed[] = []
      // Sorting and cutting at twice the count keeps the memory proportional to the result.
      const full = stage.count * 2 + 1024
      const cut = (): void => {
        rows = by.sort(rows).slice(0, stage.count)
      }
      return {
        push: (row) => {
          rows.push(by.key(row))
          if (rows.length >= full) cut()
        },
        end: () => {
          cut()
          for (const { row } of rows) next.push(row)
          next.end()
        },
      }
    },
  }
}

function union(stage: Union, layout: Layout, context: Context, path: string): CompiledStage {
  const others = stage.others.map((r, i) => context.materialise(r, `${path}.other${i}`))
  const ids = [...new Set(others.flatMap((o) => [...o.layout.keys()]))]
  const after = addColumns(layout, ids)
  const missing = new Array<Value>(after.size - layout.size).fill(null)
  return {
    layout: after,
    sink: (next) => ({
      push: (row) => next.push(missing.length === 0 ? row : [...row, ...missing]),
      end: () => {
        for (const other of others) {
          const slots = [...after.keys()].map((id) => other.layout.get(id))
          const align = (row: Tuple): Tuple => slots.map((slot) => (slot === undefined ? null : (row[slot] as Value)))
          for (const row of other.rows) next.push(align(row))
        }
        next.end()
      },
    }),
  }
}
