// The columns that each stage must get so that the output is complete: a backward pass over the plan.
import { isHidden, type AggCall, type OrderKey, type Plan, REST, type Relation, type Stage, type Ty } from './plan.ts'
import { afterStage, idsOf, type Schema, schemaOf, schemaOfFrom } from './schema.ts'
import { columnsOf, columnsOfPred } from './walk.ts'

/** Column ids, with REST if it is needed. */
export type Needs = ReadonlySet<string>

/**
 * For every relation of the plan: what is needed before stage 0 (of its source), before stage 1, …, and last of its output.
 * A relation that is used twice has the union of its uses.
 */
export type PlanNeeds = ReadonlyMap<Relation, readonly Needs[]>

/** The columns of the output that a reader can see. */
export const visible = (schema: Schema): Needs => new Set(idsOf(schema).filter((id) => id === REST || !isHidden(id)))

/** The visible columns of the result, without the schemas before the last choice of columns where that is enough. */
function outputOf({ out, lets }: Plan): Needs {
  const { from, stages } = out
  const at = stages.findLastIndex((s) => s.kind === 'project')
  const chosen = stages[at]
  if (chosen?.kind !== 'project') return visible(schemaOf(out, lets))
  const isOpen = from.kind === 'source' && from.rest && stages.slice(0, at).every((s) => KEEPS_REST.has(s.kind))
  if (chosen.rest && !isOpen) return visible(schemaOf(out, lets))
  const columns = new Map(chosen.columns.map((id): [string, Ty] => [id, 'str']))
  return visible(schemaOf({ from, stages: stages.slice(at + 1) }, lets, { columns, rest: chosen.rest }))
}
const KEEPS_REST: ReadonlySet<Stage['kind']> = new Set(['filter', 'order', 'set', 'take'])

/** `output`: the needed columns of the result. Default: the visible ones. */
export function needs(plan: Plan, output: Needs = outputOf(plan)): PlanNeeds {
  const found = new Map<Relation, Needs[]>()
  const ofLets = new Map<string, Set<string>>()
  const relation = (r: Relation, wanted: Needs): void => {
    const before = found.get(r)
    const steps: Needs[] = new Array(r.stages.length + 1)
    steps[r.stages.length] = wanted
    for (let i = r.stages.length - 1; i >= 0; i--) {
      const stage = r.stages[i] as Stage
      const after = steps[i + 1] as Needs
      steps[i] = neededBefore(stage, after)
      for (const [inner, inNeeds] of innerNeeds(stage, after)) relation(inner, inNeeds)
    }
    found.set(r, before ? steps.map((s, i) => union(s, before[i] as Needs)) : steps)
    if (r.from.kind === 'let') {
      const of = ofLets.get(r.from.name) ?? new Set<string>()
      for (const id of steps[0] as Needs) of.add(id)
      ofLets.set(r.from.name, of)
    }
  }
  relation(plan.out, output)
  for (const l of [...plan.lets].reverse()) relation(l.rel, ofLets.get(l.name) ?? new Set())
  return found
}

const union = (a: Needs, b: Needs): Needs => new Set([...a, ...b])

function orderColumns(by: readonly OrderKey[], into: Set<string>): void {
  for (const k of by) columnsOf(k.expr, into)
}
function aggColumns(aggs: readonly AggCall[], into: Set<string>): void {
  for (const a of aggs) {
    for (const arg of a.args) columnsOf(arg, into)
    columnsOfPred(a.where, into)
  }
}

/** The columns of the stage's input on which the columns `after` of its output depend. */
function neededBefore(stage: Stage, after: Needs): Needs {
  const out = new Set(after)
  switch (stage.kind) {
    case 'filter':
      return columnsOfPred(stage.where, out)
    case 'set':
      for (const c of stage.columns) out.delete(c.id)
      for (const c of stage.columns) if (after.has(c.id)) columnsOf(c.expr, out)
      return out
    case 'project': {
      const kept = new Set(stage.columns)
      return new Set([...after].filter((id) => (id === REST ? stage.rest : kept.has(id))))
    }
    case 'unnest':
      out.delete(stage.into)
      if (stage.index !== null) out.delete(stage.index)
      return columnsOf(stage.list, out)
    case 'aggregate': {
      const of = new Set<string>()
      for (const k of stage.keys) columnsOf(k.expr, of)
      aggColumns(
        stage.aggs.filter((a) => after.has(a.id)),
        of,
      )
      return of
    }
    case 'order':
    case 'take':
      orderColumns(stage.by, out)
      return out
    case 'window': {
      const used = stage.columns.filter((c) => after.has(c.id))
      for (const c of stage.columns) out.delete(c.id)
      if (used.length === 0) return out
      aggColumns(used, out)
      for (const e of stage.partition) columnsOf(e, out)
      orderColumns(stage.order, out)
      return out
    }
    case 'join':
      for (const i of stage.include) out.delete(i.id)
      for (const o of stage.on) columnsOf(o.left, out)
      if (stage.within) columnsOf(stage.within.left, out)
      return out
    case 'union':
      return out
  }
}

/** The stage without the columns that `after` lacks, its inner relations as they are; undefined: it makes no other. */
export function onlyNeeded(stage: Stage, after: Needs): Stage | undefined {
  switch (stage.kind) {
    case 'set': {
      const columns = stage.columns.filter((c) => after.has(c.id))
      return columns.length === 0 ? undefined : { ...stage, columns }
    }
    case 'project': {
      const columns = stage.columns.filter((id) => after.has(id))
      return { ...stage, columns, rest: stage.rest && after.has(REST) }
    }
    case 'aggregate':
      return { ...stage, aggs: stage.aggs.filter((a) => after.has(a.id)) }
    case 'window': {
      const columns = stage.columns.filter((c) => after.has(c.id))
      return columns.length === 0 ? undefined : { ...stage, columns }
    }
    case 'join':
      return { ...stage, include: stage.include.filter((i) => after.has(i.id)) }
    default:
      return stage
  }
}

function innerNeeds(stage: Stage, after: Needs): (readonly [Relation, Needs])[] {
  if (stage.kind === 'union') return stage.others.map((r) => [r, after])
  if (stage.kind !== 'join') return []
  const of = new Set<string>()
  for (const i of stage.include) if (after.has(i.id)) of.add(i.from)
  for (const o of stage.on) columnsOf(o.right, of)
  if (stage.within) columnsOf(stage.within.right, of)
  orderColumns(stage.order, of)
  return [[stage.right, of]]
}

/** Schemas before stage 0, before stage 1, … and of the output. */
export function schemasOf(r: Relation, lets: Plan['lets']): Schema[] {
  const out = [schemaOfFrom(r.from, lets)]
  for (const s of r.stages) out.push(afterStage(out[out.length - 1] as Schema, s, lets))
  return out
}
