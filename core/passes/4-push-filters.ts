// Pass 4: filters go to the scan, past every stage that they commute with, one conjunct at a time.
import { and, conjuncts, TRUE } from '../plan/build.ts'
import { type Plan, type Pred, REST, type Relation, type Stage } from '../plan/plan.ts'
import { columnsOfPred, mapPred, mapRelations } from '../plan/walk.ts'
import { mergeFilters } from './2-simplify.ts'

/** Moves conjuncts down to the source's `where` where they reach it. Rows and their order stay. */
export function pushFilters(plan: Plan): Plan {
  return mergeFilters(mapRelations(plan, pushInRelation))
}

function pushInRelation(r: Relation): Relation {
  const stages: Stage[] = []
  const atSource: Pred[] = []
  for (const s of r.stages) {
    if (s.kind !== 'filter') {
      stages.push(s)
      continue
    }
    const staying: Pred[] = []
    for (const p of conjuncts(s.where)) {
      const { place, where } = lowestPlace(stages, p)
      if (place === 0 && r.from.kind === 'source' && !columnsOfPred(where).has(REST)) atSource.push(where)
      else if (place < stages.length) stages.splice(place, 0, { ...s, where })
      else staying.push(p)
    }
    if (staying.length > 0) stages.push({ ...s, where: and(...staying) })
  }
  const from = r.from.kind === 'source' ? { ...r.from, where: and(r.from.where, ...atSource) } : r.from
  return { from, stages: stages.filter((s) => s.kind !== 'filter' || s.where !== TRUE) }
}

interface Place {
  readonly place: number
  /** The filter for that place, where a column may still have its old name. */
  readonly where: Pred
}

/** The first place at which the filter has the same effect as at the end. */
function lowestPlace(stages: readonly Stage[], p: Pred): Place {
  let best: Place = { place: stages.length, where: p }
  let where = p
  for (let i = stages.length - 1; i >= 0; i--) {
    const s = stages[i] as Stage
    const before = beforeRenames(s, where)
    if (!before) break
    where = before
    // Passing other filters gains nothing unless the filter then also passes another kind of stage, or reaches the source.
    if (s.kind !== 'filter' || i === 0) best = { place: i, where }
  }
  return best
}

/** The filter for the place before the stage. Undefined: it cannot move there. */
function beforeRenames(s: Stage, where: Pred): Pred | undefined {
  const reads = columnsOfPred(where)
  if (s.kind !== 'set') return commutes(s, reads) ? where : undefined
  const read = s.columns.filter((c) => reads.has(c.id))
  // A filter on a computed column stays: otherwise the value would be computed twice.
  if (read.some((c) => c.expr.kind !== 'col')) return undefined
  const old = new Map(read.map((c) => [c.id, c.expr]))
  return old.size === 0 ? where : mapPred(where, { expr: (e) => (e.kind === 'col' ? (old.get(e.id) ?? e) : e) })
}

function commutes(s: Stage, reads: ReadonlySet<string>): boolean {
  switch (s.kind) {
    case 'filter':
    case 'order':
    case 'project':
      return true
    case 'unnest':
      return !reads.has(s.into) && (s.index === null || !reads.has(s.index))
    case 'join':
      return s.include.every((i) => !reads.has(i.id))
    default:
      // Aggregates, windows and limits see the rows that the filter would take away; a union's other rows would not be filtered.
      return false
  }
}
