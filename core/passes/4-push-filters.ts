// Pass 4: filters go to the scan, past every stage that they commute with, one conjunct at a time.
import { and, TRUE } from '../plan/build.ts'
import { type Plan, type Pred, REST, type Relation, type Stage } from '../plan/plan.ts'
import { columnsOfPred, mapRelations } from '../plan/walk.ts'
import { mergeFilters } from './2-simplify.ts'

/** Moves conjuncts down to the source's `where` where they reach it. Rows and their order stay. */
export function pushFilters(plan: Plan): Plan {
  return mergeFilters(mapRelations(plan, pushed))
}

function pushed(r: Relation): Relation {
  const stages: Stage[] = []
  const atSource: Pred[] = []
  for (const s of r.stages) {
    if (s.kind !== 'filter') {
      stages.push(s)
      continue
    }
    const staying: Pred[] = []
    for (const p of s.where.kind === 'and' ? s.where.of : [s.where]) {
      const reads = columnsOfPred(p)
      const place = lowest(stages, reads)
      if (place === 0 && r.from.kind === 'source' && !reads.has(REST)) atSource.push(p)
      else if (place < stages.length) stages.splice(place, 0, { ...s, where: p })
      else staying.push(p)
    }
    if (staying.length > 0) stages.push({ ...s, where: and(...staying) })
  }
  const from = r.from.kind === 'source' ? { ...r.from, where: and(r.from.where, ...atSource) } : r.from
  return { from, stages: stages.filter((s) => s.kind !== 'filter' || s.where !== TRUE) }
}

/** The first place in the list at which a filter that reads these columns sees what it would see at the end. */
function lowest(stages: readonly Stage[], reads: ReadonlySet<string>): number {
  let place = stages.length
  for (let i = stages.length - 1; i >= 0; i--) {
    const s = stages[i] as Stage
    if (!commutes(s, reads)) break
    // Going past filters alone gains nothing, unless they let it reach something else to pass, or the source.
    if (s.kind !== 'filter' || i === 0) place = i
  }
  return place
}

function commutes(s: Stage, reads: ReadonlySet<string>): boolean {
  switch (s.kind) {
    case 'filter':
    case 'order':
    case 'project':
      return true
    case 'set':
      return s.columns.every((c) => !reads.has(c.id))
    case 'unnest':
      return !reads.has(s.into) && (s.index === null || !reads.has(s.index))
    case 'join':
      return s.include.every((i) => !reads.has(i.id))
    default:
      // Aggregates, windows and limits see the rows that the filter would take away; a union's other rows would not be filtered.
      return false
  }
}
