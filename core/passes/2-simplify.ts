// Pass 2: constants fold and neighbouring filters become one. (Pass 3 removes columns that are not read.)
import { and, FALSE, iff, not, or, TRUE } from '../plan/build.ts'
import type { Expr, Plan, Pred, Stage } from '../plan/plan.ts'
import { equal, type Mapper, mapExpr, mapPlan, mapPred, mapRelations } from '../plan/walk.ts'

/** Pure and repeatable; keeps the output's visible columns and the order of rows. */
export function simplify(plan: Plan): Plan {
  return mergeFilters(mapPlan(mergeFilters(plan), FOLD))
}

const FOLD: Mapper = { enter: foldShared, expr: foldExpr, pred: foldPred }

/** A cache: many rules share the expression of a field that has several names. */
const folded = new WeakMap<Expr, Expr>()

function foldShared(e: Expr): Expr | undefined {
  if (e.kind !== 'if') return undefined
  const known = folded.get(e)
  if (known) return known
  const cond = mapPred(e.cond, FOLD)
  const yes = mapExpr(e.then, FOLD)
  const no = mapExpr(e.else, FOLD)
  const isSame = cond === e.cond && yes === e.then && no === e.else
  const made = foldExpr(isSame ? e : iff(cond, yes, no))
  folded.set(e, made)
  return made
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
      return isFolded(p) ? p : and(...distinct(and(...p.of), 'and'))
    case 'or':
      return isFolded(p) ? p : or(...distinct(or(...p.of), 'or'))
    case 'not':
      return ['not', 'true', 'false'].includes(p.of.kind) ? not(p.of) : p
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

type Junction = Extract<Pred, { kind: 'and' | 'or' }>

/** Lists of texts are one `str.in`, so most junctions are short; long ones are left alone. */
const MOST_COMPARED = 64

/** Nothing is nested, decided or there twice. */
function isFolded({ kind, of }: Junction): boolean {
  if (of.length < 2) return false
  for (const q of of) if (q.kind === kind || q.kind === 'true' || q.kind === 'false') return false
  return firstRepeated(of) < 0
}

function distinct(p: Pred, kind: 'and' | 'or'): readonly Pred[] {
  if (p.kind !== kind) return [p]
  let of = p.of
  for (let i = firstRepeated(of); i >= 0; i = firstRepeated(of)) of = [...of.slice(0, i), ...of.slice(i + 1)]
  return of
}

/** The place of a predicate that equals one before it, or -1. */
function firstRepeated(of: readonly Pred[]): number {
  if (of.length > MOST_COMPARED) return -1
  const like = new Map<string, number>()
  for (let i = 0; i < of.length; i++) {
    const q = of[i] as Pred
    const key = likeness(q)
    const first = like.get(key)
    if (first === undefined) like.set(key, i)
    else for (let j = first; j < i; j++) if (equal(of[j], q)) return i
  }
  return -1
}

/** The same for equal predicates. */
function likeness(p: Pred): string {
  if (p.kind === 'holds' && p.expr.kind === 'col') return p.expr.id
  if (p.kind !== 'test') return p.kind
  const { pattern, values } = p.consts
  return `${p.prim} ${typeof pattern === 'string' ? pattern : Array.isArray(values) ? values[0] : ''}`
}

/** Filters that follow one another become one; those that are always true go. */
export function mergeFilters(plan: Plan): Plan {
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
