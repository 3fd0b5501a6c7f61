// Cuts a plan in two. The first part reads one event at a time and is computed once. The second part combines events and is computed for
// every window. The cut keeps the result: a stage that reads one row at a time gives the same row in every run.
import { col, TRUE } from '../../plan/build.ts'
import {
  type Column,
  HIDDEN,
  isHidden,
  type Plan,
  type Relation,
  type SourceColumn,
  type SourceNode,
  type Stage,
} from '../../plan/plan.ts'
import { schemaOf } from '../../plan/schema.ts'
import { totalOrder } from '../../plan/total-order.ts'
import { visitRelation, visitStage } from '../../plan/walk.ts'
import { optimise } from '../../passes/optimise.ts'

const TIME = `${HIDDEN}backtest.time`
const ingestId = (i: number): string => `${HIDDEN}backtest.ingest${i}`
/** The source of the second part: rows that went through the first part. */
export const EVENTS = 'events:window'

/** Rows for a source of the plan that runs per window. */
export interface Feed {
  readonly source: SourceNode
  /** Gives the columns of `feedColumns`, by their ids. */
  readonly plan: Plan
  /** In the order of the source's columns, then REST if it has one, then `kept`, then the marks. */
  readonly columns: readonly string[]
  /** More columns, under the names that the query gives them. */
  readonly kept: readonly Column[]
  /** Does a window read only the rows of its time? False: every window reads all rows. */
  readonly timed: boolean
}

export interface Cut {
  /** Optimised. */
  readonly rest: Plan
  /** The rows of its outer source. Undefined if the outer source is no telemetry: then the whole plan runs per window. */
  readonly feed: Feed | undefined
  /** Index of the first stage that runs per window, in the plan before the cut. */
  readonly at: number
}

/** Adds columns for the time of an event and its time of ingestion. Call it before a view is applied. */
export function marked(plan: Plan, ingest: readonly string[]): Plan {
  const { from } = plan.out
  if (from.kind !== 'source' || from.interval !== 'query') return plan
  return { ...plan, out: { ...plan.out, from: { ...from, columns: [...from.columns, ...marks(ingest)] } } }
}

const marks = (ingest: readonly string[]): SourceColumn[] => [
  { id: TIME, ty: 'time', from: { kind: 'meta', name: 'time' } },
  ...ingest.map((name, i): SourceColumn => ({ id: ingestId(i), ty: 'str', from: { kind: 'field', name } })),
]

/**
 * Cuts a marked plan. `viewed`: the stages without a place in the query's text are a view. A view belongs to the telemetry: it joins all
 * events, not only those of one window. `keep`: all visible text columns at the cut are kept, also those that the rest does not need.
 */
export function cut(plan: Plan, ingest: readonly string[], options: { viewed?: boolean; keep?: boolean } = {}): Cut {
  const whole = totalOrder(plan)
  const { from, stages } = whole.out
  const ids = marks(ingest).map((m) => m.id)
  const nothing: Cut = { rest: optimise(plan), feed: undefined, at: 0 }
  if (from.kind !== 'source') return nothing
  const at = placeOf(stages, whole.lets, options.viewed === true)
  const first = stages
    .slice(0, at)
    .map((s) => (s.kind === 'project' ? { ...s, columns: withMarks(s.columns, ids) } : s))
  const schema = schemaOf({ from, stages: first }, whole.lets)
  // A view passes the marks on under the same names.
  if (!ids.every((id) => schema.columns.has(id))) return nothing
  const columns = [...schema.columns].flatMap(([id, ty]): Column[] => (ids.includes(id) ? [] : [{ id, ty }]))
  const source = eventsOf(columns, schema.rest)
  const rest = optimise({ lets: whole.lets, out: { from: source, stages: stages.slice(at) } })
  const needed = rest.out.from as SourceNode
  const kept = options.keep ? columns.filter((c) => c.ty === 'str' && !isHidden(c.id)) : []
  const all: Column[] = [...needed.columns, ...kept, ...marks(ingest)]
  return {
    rest,
    at,
    feed: {
      source: needed,
      plan: optimise({ lets: whole.lets, out: named({ from, stages: first }, all, needed.rest) }),
      columns: all.map((_, i) => nameOf(i)),
      kept,
      timed: true,
    },
  }
}

/** The feed of another source of telemetry, which the rest reads in a join. */
export function feedOf(source: SourceNode): Feed {
  const timed = source.interval === 'query' && source.name === 'events'
  const columns = timed ? [...source.columns, ...marks([])] : source.columns
  return {
    source,
    plan: { lets: [], out: named({ from: { ...source, columns }, stages: [] }, columns, source.rest) },
    columns: columns.map((_, i) => nameOf(i)),
    kept: [],
    timed,
  }
}

const withMarks = (columns: readonly string[], ids: readonly string[]): string[] => [...new Set([...columns, ...ids])]

function eventsOf(columns: readonly Column[], rest: boolean): SourceNode {
  return {
    kind: 'source',
    name: EVENTS,
    columns: columns.map(({ id, ty }) => ({ id, ty, from: { kind: 'field', name: id } })),
    rest,
    interval: 'query',
    where: TRUE,
  }
}

const nameOf = (i: number): string => `w${i}`

/** A plan does not return hidden columns, so each of them gets a visible name. */
function named({ from, stages }: Relation, columns: readonly Column[], rest: boolean): Relation {
  const set: Stage = {
    kind: 'set',
    columns: columns.map(({ id, ty }, i) => ({ id: nameOf(i), expr: col(id, ty) })),
  }
  const project: Stage = { kind: 'project', columns: columns.map((_, i) => nameOf(i)), rest }
  return { from, stages: [...stages, set, project] }
}

function placeOf(stages: readonly Stage[], lets: Plan['lets'], viewed: boolean): number {
  const own = viewed ? stages.findIndex((s) => s.at !== undefined) : 0
  const from = own < 0 ? stages.length : own
  const at = stages.findIndex((s, i) => i >= from && !isAlone(s, lets))
  return at < 0 ? stages.length : at
}

/** Does a stage read one row at a time, with the same result in every window? */
function isAlone(stage: Stage, lets: Plan['lets']): boolean {
  if (readsEnv(stage)) return false
  switch (stage.kind) {
    case 'filter':
    case 'set':
    case 'project':
    case 'unnest':
      return true
    case 'join':
      return isTimeless(stage.right, lets)
    default:
      return false
  }
}

function readsEnv(stage: Stage): boolean {
  let reads = false
  const expr = (e: { kind: string }): void => {
    reads ||= e.kind === 'env'
  }
  visitStage(stage, { expr })
  return reads
}

/** Has a relation the same rows in every window? */
export function isTimeless(relation: Relation, lets: Plan['lets']): boolean {
  let timeless = true
  visitRelation(relation, {
    relation: ({ from, stages }) => {
      if (from.kind === 'source') timeless &&= from.interval === 'all' || from.name.startsWith('lookup:')
      else timeless &&= lets.some((l) => l.name === from.name && isTimeless(l.rel, lets))
      timeless &&= !stages.some(readsEnv)
    },
  })
  return timeless
}

/** Does a plan read the interval of its run? */
export const readsClock = (plan: Plan): boolean =>
  [plan.out, ...plan.lets.map((l) => l.rel)].some((r) => {
    let reads = false
    visitRelation(r, {
      expr: (e) => {
        reads ||= e.kind === 'env'
      },
    })
    return reads
  })
