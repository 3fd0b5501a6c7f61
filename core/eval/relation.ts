// Relations as chains of sinks: row stages stream, relation stages gather until the end.
import type { Env, From, Let, Relation, SourceNode, Stage, Value } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { compilePred, tupleScope } from './compile.ts'
import type { Hooks } from './evaluate.ts'
import { relationSink } from './relation-stages.ts'
import { isRowStage, rowSink } from './row-stages.ts'

/** A row as an array; a Layout says which column lies where. */
export type Tuple = readonly Value[]
export type Layout = ReadonlyMap<string, number>

export interface Sink {
  push(row: Tuple): void
  end(): void
}

/** A sink of a stage and the layout of what it hands on. */
export interface CompiledStage {
  readonly layout: Layout
  readonly sink: (next: Sink) => Sink
}

/** Something that is not in the rows but that a reader should know. */
export interface Tally {
  /** Path of the stage, as for hooks. */
  readonly path: string
  readonly what: 'cut-matches' | 'dropped-null-keys' | 'groups-over-limit' | 'unmatched'
  readonly count: number
}

export interface Context {
  readonly env: Env
  readonly lets: readonly Let[]
  readonly tables: (source: SourceNode) => Iterable<Tuple>
  readonly hooks: Hooks | undefined
  readonly tallies: Tally[]
  readonly letRows: Map<string, Materialised>
}

export interface Materialised {
  readonly layout: Layout
  readonly rows: readonly Tuple[]
}

export const layoutOf = (ids: readonly string[]): Layout => new Map(ids.map((id, i) => [id, i]))

/** The layout with further columns at its end; columns that are there keep their place. */
export function extended(layout: Layout, ids: readonly string[]): Layout {
  const out = new Map(layout)
  for (const id of ids) if (!out.has(id)) out.set(id, out.size)
  return out
}

export function tally(context: Context, path: string, what: Tally['what'], count: number): void {
  if (count > 0) context.tallies.push({ path, what, count })
}

/** Compiles a relation into a sink; `run` sends all its rows there, then ends it. */
export function pipe(
  relation: Relation,
  context: Context,
  path: string,
  target: Sink,
): { layout: Layout; run: () => void } {
  const from = fromOf(relation.from, context)
  let layout = from.layout
  const made: CompiledStage[] = []
  relation.stages.forEach((stage, i) => {
    const m = make(stage, layout, context, `${path}.${i}`)
    made.push(m)
    layout = m.layout
  })
  const counts = new Array<number>(made.length + 1).fill(0)
  const counted = (sink: Sink, i: number): Sink =>
    context.hooks === undefined
      ? sink
      : {
          push: (row) => {
            counts[i] = (counts[i] as number) + 1
            sink.push(row)
          },
          end: () => sink.end(),
        }
  let sink = counted(target, made.length)
  for (let i = made.length - 1; i >= 0; i--) sink = counted((made[i] as CompiledStage).sink(sink), i)
  const run = (): void => {
    from.run(sink)
    sink.end()
    relation.stages.forEach((stage, i) => {
      context.hooks?.stage(`${path}.${i}`, stage, counts[i] as number, counts[i + 1] as number)
    })
  }
  return { layout, run }
}

/** All rows of a relation. */
export function materialise(relation: Relation, context: Context, path: string): Materialised {
  const rows: Tuple[] = []
  const { layout, run } = pipe(relation, context, path, { push: (t) => rows.push(t), end: () => {} })
  run()
  return { layout, rows }
}

export const make = (stage: Stage, layout: Layout, context: Context, path: string): CompiledStage =>
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
