// Relations as chains of sinks. Row stages stream; relation stages collect rows until the end.
import type { From, Relation, Stage } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { compilePred, tupleScope } from './compile.ts'
import { relationSink } from './relation-stages.ts'
import { isRowStage, rowSink } from './row-stages.ts'
import {
  type CompiledStage,
  type Context,
  type Layout,
  layoutOf,
  type Materialised,
  type Sink,
  type Tuple,
} from './sink.ts'

/** The context of one run over these tables. */
export function newContext(given: Pick<Context, 'env' | 'hooks' | 'lets' | 'tables'>): Context {
  const context: Context = {
    ...given,
    tallies: [],
    letRows: new Map(),
    materialise: (relation, path) => materialise(relation, context, path),
  }
  return context
}

/** A compiled relation. `to` gives the run that sends all its rows to the sink, then ends the sink. */
interface Pipe {
  readonly layout: Layout
  readonly to: (target: Sink) => () => void
}

export function pipe(relation: Relation, context: Context, path: string): Pipe {
  const from = fromOf(relation.from, context)
  let layout = from.layout
  const compiled: CompiledStage[] = []
  relation.stages.forEach((stage, i) => {
    const one = compileStage(stage, layout, context, `${path}.${i}`)
    compiled.push(one)
    layout = one.layout
  })
  const to = (target: Sink) => {
    const { hooks } = context
    const counts = new Array<number>(compiled.length + 1).fill(0)
    const counted = (sink: Sink, i: number): Sink =>
      hooks === undefined
        ? sink
        : {
            push: (row) => {
              counts[i] = (counts[i] as number) + 1
              hooks.alive?.()
              sink.push(row)
            },
            end: () => sink.end(),
          }
    let sink = counted(target, compiled.length)
    for (let i = compiled.length - 1; i >= 0; i--) sink = counted((compiled[i] as CompiledStage).sink(sink), i)
    return (): void => {
      from.run(sink)
      sink.end()
      relation.stages.forEach((stage, i) => {
        hooks?.stage?.(`${path}.${i}`, stage, counts[i] as number, counts[i + 1] as number)
      })
    }
  }
  return { layout, to }
}

/** All rows of a relation. */
function materialise(relation: Relation, context: Context, path: string): Materialised {
  const rows: Tuple[] = []
  const { layout, to } = pipe(relation, context, path)
  to({ push: (t) => rows.push(t), end: () => {} })()
  return { layout, rows }
}

export const compileStage = (stage: Stage, layout: Layout, context: Context, path: string): CompiledStage =>
  isRowStage(stage) ? rowSink(stage, layout, context) : relationSink(stage, layout, context, path)

function fromOf(from: From, context: Context): { layout: Layout; run: (sink: Sink) => void } {
  if (from.kind === 'let') {
    const { layout, rows } = letOf(from.name, context)
    return {
      layout,
      run: (sink) => {
        for (const row of rows) sink.push(row)
      },
    }
  }
  const layout = layoutOf([...from.columns.map((c) => c.id), ...(from.rest ? [REST] : [])])
  const where = compilePred(from.where, tupleScope(layout), context.env)
  return {
    layout,
    run: (sink) => {
      for (const row of context.tables(from)) if (where(row)) sink.push(row)
    },
  }
}

function letOf(name: string, context: Context): Materialised {
  const known = context.letRows.get(name)
  if (known) return known
  const found = context.lets.find((l) => l.name === name)
  if (!found) throw new Error(`internal: plan reads the relation ${name}, which it does not define`)
  const rows = materialise(found.rel, context, `let:${name}`)
  context.letRows.set(name, rows)
  return rows
}
