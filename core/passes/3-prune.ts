// Pass 3: sources supply only needed columns, and REST only if whole events are needed. The scan then extracts few fields.
import { type Needs, needs, onlyNeeded } from '../plan/needs.ts'
import { type Plan, REST, type Relation, type Stage } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'

export { needs, type Needs, type PlanNeeds } from '../plan/needs.ts'

/** Removes columns on which the visible output does not depend. Rows and their order stay. */
export function prune(plan: Plan): Plan {
  const all = needs(plan)
  const relation = (r: Relation): Relation => {
    const steps = all.get(r) as readonly Needs[]
    const from = r.from.kind === 'source' ? pruneSource(r.from, steps[0] as Needs) : r.from
    const kept = r.stages.flatMap((s, i) => onlyNeeded(s, steps[i + 1] as Needs) ?? [])
    return { from, stages: kept.map(inner) }
  }
  const inner = (s: Stage): Stage => {
    if (s.kind === 'join') return { ...s, right: relation(s.right) }
    if (s.kind === 'union') return { ...s, others: s.others.map(relation) }
    return s
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
