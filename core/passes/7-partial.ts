// Pass 7, for large inputs: scan workers aggregate their events first, and send groups instead of events. A second aggregation, of the
// groups, gives the same result as one aggregation of all events, whatever the division. The same holds for the first rows of an order.
import { col, iff, lit, TRUE } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { AggCall, Aggregate, Column, Expr, Plan, Relation, SourceNode, Stage, Take } from '../plan/plan.ts'
import { schemaOf } from '../plan/schema.ts'
import { visitRelation } from '../plan/walk.ts'

export interface TwoSteps {
  readonly source: SourceNode
  /** Row stages between the events and the first aggregation, in order. */
  readonly before: readonly Stage[]
  readonly first: Aggregate | Take
  /** Number of keys, from the first, that must be present: an event without one is counted and dropped. */
  readonly needed: number
  /** Place of the aggregation among the stages. */
  readonly at: number
  /** The plan over the groups. It reads them instead of `source`, and its stages keep their places. */
  readonly plan: Plan
}

/** Aggregates that combine their own results: the least of the least is the least. */
const SELF_COMBINING: ReadonlySet<string> = new Set(
  ['minNum', 'maxNum', 'minInt', 'maxInt', 'minTime', 'maxTime', 'minText', 'maxText', 'any'].map((n) => `agg.${n}`),
)
/** Aggregates over distinct texts: the text may be a key of the first aggregation. */
const DISTINCT: ReadonlySet<string> = new Set(['agg.countDistinct', 'agg.collect', 'agg.list'])
/** Scan workers keep at most this many first rows. */
const MOST_ROWS = 10_000
const ROW_STAGES: ReadonlySet<string> = new Set(['filter', 'set', 'project'])
export const GROUPS = 'events:groups'

/** Undefined: the plan aggregates late, or its aggregates cannot be done in two steps (sums of texts: fractions round). */
export function planTwoSteps(plan: Plan): TwoSteps | undefined {
  const { from, stages } = plan.out
  if (from.kind !== 'source' || plan.lets.length > 0 || !readsOnce(plan.out)) return undefined
  const at = stages.findIndex((s) => !ROW_STAGES.has(s.kind))
  const stage = stages[at]
  const before = stages.slice(0, at)
  if (stage?.kind === 'take') return takeTwice(from, before, stage, stages.slice(at + 1))
  if (stage?.kind !== 'aggregate') return undefined
  const parts = partsOf(stage)
  if (!parts) return undefined
  const { first, second } = parts
  const columns: Column[] = [...first.keys.map((k) => ({ id: k.id, ty: k.expr.ty })), ...first.aggs]
  const needed = stage.nullKeys === 'drop' ? stage.keys.length : 0
  return {
    source: from,
    before,
    first,
    needed,
    at,
    plan: planOverGroups(columns, false, before, [second, ...stages.slice(at + 1)]),
  }
}

/** The order is total (pass 1), so the first rows do not depend on how the events were divided. */
function takeTwice(
  from: SourceNode,
  before: readonly Stage[],
  first: Take & Stage,
  after: readonly Stage[],
): TwoSteps | undefined {
  if (first.by.length === 0 || first.count > MOST_ROWS) return undefined
  const { columns, rest } = schemaOf({ from, stages: before }, [])
  const plan = planOverGroups(
    [...columns].map(([id, ty]) => ({ id, ty })),
    rest,
    before,
    [first, ...after],
  )
  return { source: from, before, first, needed: 0, at: before.length, plan }
}

/** The stages over the output of the first step. Filters that are always true keep the places of those before it. */
function planOverGroups(
  columns: readonly Column[],
  rest: boolean,
  before: readonly Stage[],
  stages: readonly Stage[],
): Plan {
  const from: SourceNode = {
    kind: 'source',
    name: GROUPS,
    columns: columns.map(({ id, ty }) => ({ id, ty, from: { kind: 'field', name: id } })),
    rest,
    interval: 'all',
    where: TRUE,
  }
  const nothing = before.map((): Stage => ({ kind: 'filter', where: TRUE }))
  const out: Relation = { from, stages: [...nothing, ...stages] }
  return { lets: [], out }
}

function readsOnce(relation: Relation): boolean {
  let sources = 0
  visitRelation(relation, { relation: () => sources++ })
  return sources === 1
}

function partsOf(stage: Aggregate): { first: Aggregate; second: Aggregate & Stage } | undefined {
  const keys = stage.keys.map((k, i) => ({ id: `k${i}`, expr: k.expr }))
  const aggs: AggCall[] = []
  const second: AggCall[] = []
  let once: { readonly text: string; readonly ref: Expr } | undefined
  for (const [i, a] of stage.aggs.entries()) {
    const id = `a${i}`
    const [arg] = a.args
    if (a.prim === 'agg.count' && a.args.length === 0) {
      aggs.push({ ...a, id })
      second.push({ ...a, prim: 'agg.sumInt', args: [col(id, 'int')], where: TRUE })
    } else if (SELF_COMBINING.has(a.prim) && arg) {
      aggs.push({ ...a, id })
      second.push({ ...a, args: [col(id, a.ty)], where: TRUE })
    } else if (DISTINCT.has(a.prim) && arg) {
      const value = a.where.kind === 'true' ? arg : iff(a.where, arg, lit(null, arg.ty))
      const text = jsonText(value)
      // Two distinct texts would need a group for every pair. Without keys, no events give one row; with the text as key they give none.
      if (stage.keys.length === 0) return undefined
      if (once !== undefined && once.text !== text) return undefined
      if (once === undefined) {
        keys.push({ id, expr: value })
        once = { text, ref: col(id, arg.ty) }
      }
      second.push({ ...a, args: [once.ref], where: TRUE })
    } else return undefined
  }
  return {
    first: { kind: 'aggregate', keys, nullKeys: 'keep', aggs, limit: null },
    second: { ...stage, keys: stage.keys.map((k, i) => ({ id: k.id, expr: col(`k${i}`, k.expr.ty) })), aggs: second },
  }
}
