// Relations that are equal by laws which cost a run time: filters over choices, orders of groups, steps behind a filter that lets nothing through.
import { compileExpr, rowScope } from '../eval/compile.ts'
import { and, conjuncts, FALSE, lit, NO_ENV, not, or, present } from '../plan/build.ts'
import type { Expr, Pred, Relation, SourceNode, Stage } from '../plan/plan.ts'
import { jsonText } from '../plan/json-text.ts'
import { columnsOfPred, mapPred } from '../plan/walk.ts'
import { decidedPred, isFixed } from './chain.ts'
import { onlyPresence, SURE, TOTAL } from './presence.ts'

/** A function of constants is a constant. */
export const foldedCall = (e: Expr): Expr =>
  e.kind === 'call' && isFixed(e) ? lit(compileExpr(e, rowScope, NO_ENV)({}), e.ty) : e

export const normal = (r: Relation): Relation => withoutTies(withoutFirstOfTwo(emptied(lowered(r))))

// ── filters go before the steps that compute what they read, where this makes them simpler ──

function lowered(r: Relation): Relation {
  const stages: Stage[] = []
  for (const s of r.stages) {
    if (s.kind !== 'filter') {
      stages.push(s)
      continue
    }
    for (const p of conjuncts(s.where)) {
      const { place, where } = lowest(stages, p)
      stages.splice(place, 0, { ...s, where })
    }
  }
  return { ...r, stages }
}

function lowest(stages: readonly Stage[], p: Pred): { place: number; where: Pred } {
  let best = { place: stages.length, where: simpler(p) ?? p }
  let { where } = best
  for (let i = stages.length - 1; i >= 0; i--) {
    const s = stages[i] as Stage
    if (s.kind !== 'set') {
      if (s.kind !== 'filter' && s.kind !== 'order') break
      continue
    }
    const reads = columnsOfPred(where)
    const read = new Map(s.columns.filter((c) => reads.has(c.id)).map((c) => [c.id, c.expr]))
    if (read.size === 0) continue
    const made = simpler(mapPred(where, { expr: (e) => (e.kind === 'col' ? (read.get(e.id) ?? e) : e) }))
    if (!made) break
    where = made
    best = { place: i, where }
  }
  return best
}

/** A choice between more constants stays. */
const MOST_CHOICES = 12

/** Undefined: no law makes it simpler. */
function simpler(p: Pred): Pred | undefined {
  const of = onlyPresence(p)
  if (of) {
    const parts = presenceOf(of)
    return parts.length === 1 && parts[0] === of && p.kind === 'present' ? undefined : and(...parts.map(present))
  }
  if (p.kind === 'not') {
    const inner = simpler(p.of)
    return inner && not(inner)
  }
  if (p.kind !== 'test') return undefined
  const [first, ...others] = p.args
  if (first?.kind !== 'if' || others.some((o) => o.kind !== 'lit') || leaves(first) > MOST_CHOICES) return undefined
  return overChoice(first, (value) => ({ ...p, args: [value, ...others] }))
}

const overChoice = (e: Expr, test: (value: Expr) => Pred): Pred => {
  if (e.kind !== 'if') return decidedPred(test(e))
  return or(and(e.cond, overChoice(e.then, test)), and(not(e.cond), overChoice(e.else, test)))
}

/** Choices between constants only. */
function leaves(e: Expr): number {
  if (e.kind === 'if') return leaves(e.then) + leaves(e.else)
  return e.kind === 'lit' ? 1 : MOST_CHOICES + 1
}

/** The expressions that must have a value for this one to have one. */
function presenceOf(e: Expr): Expr[] {
  if (e.kind !== 'call' || !TOTAL.has(e.prim)) return [e]
  if (SURE.has(e.prim)) return []
  return e.args.filter((a) => a.kind !== 'lit').flatMap(presenceOf)
}

// ── behind a filter that lets nothing through ──

const NOTHING: SourceNode = {
  kind: 'source',
  name: 'events',
  columns: [],
  rest: false,
  interval: 'query',
  where: FALSE,
}

function emptied(r: Relation): Relation {
  const isNever = (p: Pred): boolean => conjuncts(p).some((c) => c.kind === 'false')
  const at = r.stages.findIndex((s) => s.kind === 'filter' && isNever(s.where))
  if (at < 0 && !(r.from.kind === 'source' && isNever(r.from.where))) return r
  // A count without groups has a row for no rows too.
  const rest = r.stages.slice(at + 1)
  const isEmpty = !rest.some((s) => s.kind === 'union' || (s.kind === 'aggregate' && s.keys.length === 0))
  return isEmpty ? { from: NOTHING, stages: [] } : r
}

/** Of two choices of columns the later one counts. */
const withoutFirstOfTwo = (r: Relation): Relation => ({
  ...r,
  stages: r.stages.filter((s, i) => {
    const next = r.stages.slice(i + 1).find((n) => n.kind !== 'order' && n.kind !== 'take')
    if (s.kind !== 'project' || next?.kind !== 'project' || next.rest) return true
    return !next.columns.every((c) => s.columns.includes(c))
  }),
})

// ── groups have different keys, so an order by all of them has no ties ──

function withoutTies(r: Relation): Relation {
  let keys: ReadonlySet<string> | undefined
  const stages = withoutSecondOrder(r.stages).map((s): Stage => {
    if (s.kind === 'aggregate') keys = new Set(s.keys.map((k) => k.id))
    else if (s.kind === 'set' && s.columns.some((c) => keys?.has(c.id))) keys = undefined
    else if (s.kind === 'join' || s.kind === 'union' || s.kind === 'unnest') keys = undefined
    if (!keys || (s.kind !== 'order' && s.kind !== 'take')) return s
    const open = new Set(keys)
    const end = s.by.findIndex(({ expr }) => {
      if (expr.kind === 'col') open.delete(expr.id)
      return open.size === 0
    })
    return end < 0 ? s : { ...s, by: s.by.slice(0, end + 1) }
  })
  return { ...r, stages }
}

/** The first rows of fewer rows that are in this order already. */
const withoutSecondOrder = (stages: readonly Stage[]): readonly Stage[] =>
  stages.filter((s, i) => {
    const before = stages[i - 1]
    return !(
      s.kind === 'take' &&
      before?.kind === 'take' &&
      before.count <= s.count &&
      jsonText(before.by) === jsonText(s.by)
    )
  })
