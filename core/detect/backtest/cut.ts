// A plan cut in two: what every event goes through by itself is computed once, and only what looks at several events together is computed
// for every window. The cut changes no answer, since a stage that sees one row at a time cannot tell which run it is in.
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
/** The source of a cut plan: rows that went through the first part. */
export const EVENTS = 'events:window'

/** Rows for a source of the plan that runs per window. */
export interface Feed {
  readonly source: SourceNode
  /** Gives the columns of `feedColumns`, by their ids. */
  readonly plan: Plan
  /** In the order of the source's columns, then REST if it has one, then `kept`, then the marks. */
  readonly columns: readonly string[]
  /** Columns beside those of the source, by the names that the query has for them. */
  readonly kept: readonly Column[]
  /** Does the window decide which rows are seen? */
  readonly timed: boolean
}

export interface Cut {
  /** Optimised. */
  readonly rest: Plan
  /** What feeds its outer source; undefined: that is no telemetry, and the whole plan runs per window. */
  readonly feed: Feed | undefined
  /** Place of the first stage that runs per window, in the plan that was cut. */
  readonly at: number
}

/** The plan with columns that tell when an event happened and when it was taken in. To be done before a view is applied. */
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
 * Cuts a marked plan. `viewed`: stages without a place in the query's text are a view, which belongs to the telemetry: its connections are
 * made of all events, not of those of one window. `keep`: all visible texts at the cut are kept beside what the rest needs.
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
  // A view hands the marks on under their names, whatever it reads itself.
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

/** Rows of any other telemetry that the rest reads. */
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

/** Hidden columns do not leave a plan, so all of them get names that can be seen. */
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

/** Does a stage see one row at a time, whatever the window? */
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

/** Is a relation the same in every window? */
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

/** Does anything in a plan depend on the run's own times? */
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
