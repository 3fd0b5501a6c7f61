// The parts of the evaluator's stages: rows and their layout, sinks, and the context that all stages of a run share.
import type { Env, Let, Relation, SourceNode, Stage, Value } from '../plan/plan.ts'

/** A row as an array; a Layout gives the place of each column. */
export type Tuple = readonly Value[]
export type Layout = ReadonlyMap<string, number>

export interface Sink {
  push(row: Tuple): void
  end(): void
}

/** A stage as a function from the sink of its output to the sink of its input, and the layout of its output. */
export interface CompiledStage {
  readonly layout: Layout
  readonly sink: (next: Sink) => Sink
}

/** A number that a reader should know and that is not in the rows. */
export interface Tally {
  /** Path of the stage, as for hooks. */
  readonly path: string
  readonly what: 'cut-matches' | 'dropped-null-keys' | 'groups-over-limit' | 'unmatched'
  readonly count: number
}

export interface Hooks {
  /** Called once per stage after all rows of its relation. `path`: `out.3`, `let:NAME.0`, `out.3.right.1`, `out.2.other0.1`. */
  stage?(path: string, stage: Stage, rowsIn: number, rowsOut: number): void
  /** Called for every row that enters a stage, and now and then while rows are sorted: work that goes on. */
  alive?(): void
}

export interface Materialised {
  readonly layout: Layout
  readonly rows: readonly Tuple[]
}

export interface Context {
  readonly env: Env
  readonly lets: readonly Let[]
  readonly tables: (source: SourceNode) => Iterable<Tuple>
  readonly hooks: Hooks | undefined
  readonly tallies: Tally[]
  readonly letRows: Map<string, Materialised>
  /** All rows of a relation inside a stage: the right side of a join, the others of a union. */
  readonly materialise: (relation: Relation, path: string) => Materialised
}

export const layoutOf = (ids: readonly string[]): Layout => new Map(ids.map((id, i) => [id, i]))

/** The layout with more columns at its end. Existing columns keep their place. */
export function addColumns(layout: Layout, ids: readonly string[]): Layout {
  const out = new Map(layout)
  for (const id of ids) if (!out.has(id)) out.set(id, out.size)
  return out
}

/** The row, with room for columns at its end: a copy that grows is allocated twice. */
export function copied(row: Tuple, width: number): Value[] {
  const out = new Array<Value>(width)
  for (let i = 0; i < row.length; i++) out[i] = row[i] as Value
  return out
}

/** Records the tally, unless it counts nothing. */
export function addTally(context: Context, path: string, what: Tally['what'], count: number): void {
  if (count > 0) context.tallies.push({ path, what, count })
}
