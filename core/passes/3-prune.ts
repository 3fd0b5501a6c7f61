// Pass 3: sources supply only needed columns, and REST only if whole events are needed. The scan then extracts few fields.
import { type Needs, needs } from '../plan/needs.ts'
import { type Plan, REST, type Relation, type Stage } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'

export { needs, type Needs, type PlanNeeds } from '../plan/needs.ts'

/** Removes columns on which the visible output does not depend. Rows and their order stay. */
export function prune(plan: Plan): Plan {
  const all = needs(plan)
  const relation = (r: Relation): Relation => {
    const steps = all.get(r) as readonly Needs[]
    const from = r.from.kind === 'source' ? pruneSource(r.from, steps[0] as Needs) : r.from
    return { from, stages: r.stages.flatMap((s, i) => stage(s, steps[i + 1] as Needs)) }
  }
  const stage = (s: Stage, after: Needs): Stage[] => {
    switch (s.kind) {
      case 'set': {
        const columns = s.columns.filter((c) => after.has(c.id))
        return columns.length === 0 ? [] : [{ ...s, columns }]
      }
      case 'project': {
        const columns = s.columns.filter((id) => after.has(id))
        return [{ ...s, columns, rest: s.rest && after.has(REST) }]
      }
      case 'aggregate':
        return [{ ...s, aggs: s.aggs.filter((a) => after.has(a.id)) }]
      case 'window': {
        const columns = s.columns.filter((c) => after.has(c.id))
        return columns.length === 0 ? [] : [{ ...s, columns }]
      }
      case 'join':
        return [{ ...s, right: relation(s.right), include: s.include.filter((i) => after.has(i.id)) }]
      case 'union':
        return [{ ...s, others: s.others.map(relation) }]
      default:
        return [s]
    }
  }
  return { lets: plan.lets.map((l) => ({ ...l, rel: relation(l.rel) })), out: relation(plan.out) }
}

function pruneSource(source: Extract<Relation['from'], { kind: 'source' }>, needed: Needs): typeof source {
  const wanted = columnsOfPred(source.where, new Set(needed))
  const rest = source.rest && wanted.has(REST)
  // A field without a column would appear in REST. So while REST stays, columns that take fields out of it stay too.
  const takes = (kind: string): boolean => rest && (kind === 'field' || kind === 'array' || kind === 'elements')
  return { ...source, rest, columns: source.columns.filter((c) => wanted.has(c.id) || takes(c.from.kind)) }
}
