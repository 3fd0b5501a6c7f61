// Pass 7, for large inputs: a first aggregation where the events are read, so that groups travel instead of events. What comes out of
// it are rows like any others: a second aggregation of them, however often they were cut, equals the one over the events.
import { col, iff, lit, TRUE } from '../plan/build.ts'
import type { AggCall, Aggregate, Column, Expr, Plan, Relation, SourceNode, Stage } from '../plan/plan.ts'
import { visitRelation } from '../plan/walk.ts'

export interface TwoSteps {
  readonly source: SourceNode
  /** Row stages between the events and the first aggregation, in order. */
  readonly before: readonly Stage[]
  readonly first: Aggregate
  /** So many keys, from the first, have to be there: events without them are counted and dropped. */
  readonly needed: number
  /** Place of the aggregation among the stages. */
  readonly at: number
  /** The plan over the groups: its source stands for `source`, its stages keep their places. */
  readonly plan: Plan
}

/** Least or greatest of the least or greatest is the same. */
const SAME: ReadonlySet<string> = new Set(
  ['minNum', 'maxNum', 'minInt', 'maxInt', 'minTime', 'maxTime', 'minText', 'maxText', 'any'].map((n) => `agg.${n}`),
)
/** They see each text once, so the text may be a key of the first aggregation. */
const DISTINCT: ReadonlySet<string> = new Set(['agg.countDistinct', 'agg.collect', 'agg.list'])
const ROW_STAGES: ReadonlySet<string> = new Set(['filter', 'set', 'project'])
export const GROUPS = 'events:groups'

/** Undefined: the plan aggregates late or in a way that cannot be done in two steps. Sums of texts cannot: fractions round. */
export function partial(plan: Plan): TwoSteps | undefined {
  const { from, stages } = plan.out
  if (from.kind !== 'source' || plan.lets.length > 0 || !readsOnce(plan.out)) return undefined
  const at = stages.findIndex((s) => !ROW_STAGES.has(s.kind))
  const stage = stages[at]
  if (stage?.kind !== 'aggregate') return undefined
  const parts = partsOf(stage)
  if (!parts) return undefined
  const { first, second } = parts
  const columns: Column[] = [...first.keys.map((k) => ({ id: k.id, ty: k.expr.ty })), ...first.aggs]
  const groups: SourceNode = {
    kind: 'source',
    name: GROUPS,
    columns: columns.map(({ id, ty }) => ({ id, ty, from: { kind: 'field', name: id } })),
    rest: false,
    interval: 'all',
    where: TRUE,
  }
  const nothing = stages.slice(0, at).map((): Stage => ({ kind: 'filter', where: TRUE }))
  const out: Relation = { from: groups, stages: [...nothing, second, ...stages.slice(at + 1)] }
  const needed = stage.nullKeys === 'drop' ? stage.keys.length : 0
  return { source: from, before: stages.slice(0, at), first, needed, at, plan: { lets: [], out } }
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
    } else if (SAME.has(a.prim) && arg) {
      aggs.push({ ...a, id })
      second.push({ ...a, args: [col(id, a.ty)], where: TRUE })
    } else if (DISTINCT.has(a.prim) && arg) {
      const value = a.where.kind === 'true' ? arg : iff(a.where, arg, lit(null, arg.ty))
      const text = JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))
      // Two would make groups of every pair. Without keys of its own the aggregation has one row of no events, with a text for a key none.
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
