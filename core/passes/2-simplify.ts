// Pass 2: constants fold, neighbouring filters become one, columns that nobody reads are not computed.
import { and, FALSE, not, or, TRUE } from '../plan/build.ts'
import { type Needs, needs } from '../plan/needs.ts'
import type { Expr, Plan, Pred, Relation, Stage } from '../plan/plan.ts'
import { equal, mapPlan, mapRelations } from '../plan/walk.ts'

/** Pure and repeatable; keeps the output's visible columns and the order of rows. */
export function simplify(plan: Plan): Plan {
  return dropDead(mergeFilters(mapPlan(plan, { expr: foldExpr, pred: foldPred })))
}

function foldExpr(e: Expr): Expr {
  if (e.kind === 'if') {
    if (e.cond.kind === 'true' || equal(e.then, e.else)) return e.then
    if (e.cond.kind === 'false') return e.else
  }
  if (e.kind === 'truth') {
    if (e.of.kind === 'true' || e.of.kind === 'false') return { kind: 'lit', value: e.of.kind === 'true', ty: 'bool' }
  }
  return e
}

function foldPred(p: Pred): Pred {
  switch (p.kind) {
    case 'and':
      return and(...distinct(and(...p.of), 'and'))
    case 'or':
      return or(...distinct(or(...p.of), 'or'))
    case 'not':
      return not(p.of)
    case 'holds':
      if (p.expr.kind === 'truth') return p.expr.of
      if (p.expr.kind === 'lit') return p.expr.value === true ? TRUE : FALSE
      return p
    case 'present':
      if (p.expr.kind === 'lit') return p.expr.value === null ? FALSE : TRUE
      return p.expr.kind === 'truth' ? TRUE : p
    default:
      return p
  }
}

function distinct(p: Pred, kind: 'and' | 'or'): Pred[] {
  if (p.kind !== kind) return [p]
  const out: Pred[] = []
  // Quadratic, but lists of texts are one `str.in`, so conjunctions are short; long ones are left alone.
  if (p.of.length > 64) return [...p.of]
  for (const q of p.of) if (!out.some((o) => equal(o, q))) out.push(q)
  return out
}

function mergeFilters(plan: Plan): Plan {
  return mapRelations(plan, (r) => {
    const stages: Stage[] = []
    for (const s of r.stages) {
      const last = stages.at(-1)
      if (s.kind === 'filter' && s.where.kind === 'true') continue
      // The merged filter keeps the place of the first: explain works on the plan as it was lowered.
      if (s.kind === 'filter' && last?.kind === 'filter')
        stages[stages.length - 1] = { ...last, where: and(last.where, s.where) }
      else stages.push(s)
    }
    return { ...r, stages }
  })
}

function dropDead(plan: Plan): Plan {
  const all = needs(plan)
  const alive = (stages: readonly Stage[], steps: readonly Needs[]): Stage[] =>
    stages.flatMap((s, i) => {
      const wanted = steps[i + 1] as Needs
      if (s.kind !== 'set') return [s]
      // A field of the source that is overwritten would come back with its old value if the set went and the column stayed:
      // it stays out of the output only because nobody needs the id.
      const columns = s.columns.filter((c) => wanted.has(c.id))
      return columns.length === 0 ? [] : [{ ...s, columns }]
    })
  const relation = (r: Relation): Relation => {
    const steps = all.get(r) as readonly Needs[]
    return { ...r, stages: alive(r.stages, steps).map(inner) }
  }
  const inner = (s: Stage): Stage => {
    if (s.kind === 'join') return { ...s, right: relation(s.right) }
    if (s.kind === 'union') return { ...s, others: s.others.map(relation) }
    return s
  }
  return { lets: plan.lets.map((l) => ({ ...l, rel: relation(l.rel) })), out: relation(plan.out) }
}
