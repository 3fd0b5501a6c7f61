// Stages that see one row.
import type { Filter, Project, SetColumns, Stage, Unnest, Value } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { compileExpr, compilePred, tupleScope } from './compile.ts'
import { type Context, addColumns, copied, type Layout, layoutOf, type CompiledStage, type Tuple } from './sink.ts'

type RowStage = Filter | Project | SetColumns | Unnest
const KINDS: Readonly<Record<RowStage['kind'], true>> = { filter: true, project: true, set: true, unnest: true }
export const isRowStage = (s: Stage): s is Extract<Stage, RowStage> => Object.hasOwn(KINDS, s.kind)

export function rowSink(stage: RowStage, layout: Layout, context: Context): CompiledStage {
  switch (stage.kind) {
    case 'filter':
      return filter(stage, layout, context)
    case 'set':
      return set(stage, layout, context)
    case 'project':
      return project(stage, layout)
    case 'unnest':
      return unnest(stage, layout, context)
  }
}

function filter(stage: Filter, layout: Layout, context: Context): CompiledStage {
  const where = compilePred(stage.where, tupleScope(layout), context.env)
  return {
    layout,
    sink: (next) => ({
      push: (row) => {
        if (where(row)) next.push(row)
      },
      end: () => next.end(),
    }),
  }
}

function set(stage: SetColumns, layout: Layout, context: Context): CompiledStage {
  const after = addColumns(
    layout,
    stage.columns.map((c) => c.id),
  )
  const exprs = stage.columns.map((c) => compileExpr(c.expr, tupleScope(layout), context.env))
  const slots = stage.columns.map((c) => after.get(c.id) as number)
  return {
    layout: after,
    sink: (next) => ({
      push: (row) => {
        const out = copied(row, after.size)
        for (let i = 0; i < exprs.length; i++) out[slots[i] as number] = (exprs[i] as (r: Tuple) => Value)(row)
        next.push(out)
      },
      end: () => next.end(),
    }),
  }
}

function project(stage: Project, layout: Layout): CompiledStage {
  const ids = [...stage.columns, ...(stage.rest && layout.has(REST) ? [REST] : [])]
  const slots = ids.map((id) => layout.get(id) ?? -1)
  return {
    layout: layoutOf(ids),
    sink: (next) => ({
      push: (row) => next.push(slots.map((slot) => (slot < 0 ? null : (row[slot] as Value)))),
      end: () => next.end(),
    }),
  }
}

function unnest(stage: Unnest, layout: Layout, context: Context): CompiledStage {
  const ids = stage.index === null ? [stage.into] : [stage.into, stage.index]
  const after = addColumns(layout, ids)
  const list = compileExpr(stage.list, tupleScope(layout), context.env)
  const into = after.get(stage.into) as number
  const index = stage.index === null ? undefined : (after.get(stage.index) as number)
  const withElement = (row: Tuple, element: string | null, at: number | null): Tuple => {
    const out = row.slice()
    out[into] = element
    if (index !== undefined) out[index] = at === null ? null : BigInt(at)
    return out
  }
  return {
    layout: after,
    sink: (next) => ({
      push: (row) => {
        const elements = (list(row) ?? []) as readonly string[]
        elements.forEach((element, i) => {
          next.push(withElement(row, element, i))
        })
        if (elements.length === 0 && stage.keep) next.push(withElement(row, null, null))
      },
      end: () => next.end(),
    }),
  }
}
