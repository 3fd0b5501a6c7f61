// Events that pass one plan and, by a predicate or a value that only the other has, not the other.
import { call, conjuncts, lit, not, or, present, test } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Expr, Plan, Pred, Stage, Ty } from '../plan/plan.ts'
import { columnsOfPred, mapPred } from '../plan/walk.ts'
import { textsConst } from '../prims/kit.ts'
import { escapeRegex } from '../text/escape-regex.ts'
import type { Assignment } from './assignment.ts'
import { type Chain, chainsOf, type Condition, conditionsOf, type Goal, type Origin, originOf } from './chain.ts'
import { mutationsAt } from './mutators.ts'
import { narrow } from './narrow.ts'
import { solve, type Work } from './solve.ts'
import type { Passing } from './witness.ts'

/** Of plans that have little in common, the usual events are enough. */
const MOST_PREDICATES = 8
const MOST_VALUES = 12
const MOST_NEAR = 3
const TRIALS = 220

export function* apart(
  passing: Passing,
  other: Plan,
  work: Work,
  isFrozen: (variable: string) => boolean = () => false,
): Generator<Assignment> {
  const { template, conditions, assigned, chain, seed } = passing
  const theirs = nearest(chain, chainsOf(other))
  if (!theirs) return
  for (const { goals, against } of [
    ...byPredicates(chain, theirs, conditions),
    ...byValues(chain, theirs).map((against) => ({ goals: conditions, against })),
  ]) {
    if (work.left <= 0) return
    if (!against.every((g) => isReadable(chain, g))) continue
    const rows = template.rows(assigned)
    const { hints } = narrow([...against, ...against.map((g) => ({ ...g, want: !g.want }))], {
      chain,
      env: template.env,
      rows,
      holds: (g) => template.holds(g, rows),
      random: undefined,
    })
    const all = [...conditions, ...against]
    let near = 0
    for (const [variable, of] of hints)
      for (const { text } of isFrozen(variable) ? [] : mutationsAt(assigned.get(variable) ?? null, of)) {
        if (near >= MOST_NEAR || work.left <= 0 || (variable === 'time' && !/^\d{15,17}$/.test(text ?? ''))) break
        const mutated = new Map(assigned).set(variable, text)
        const after = template.rows(mutated)
        work.left--
        if (!all.every((g) => template.holds(g, after))) continue
        near++
        yield mutated
      }
    const how = { start: assigned, seed, attempts: 8, trials: TRIALS, work, isFrozen, turns: true }
    const solved = solve(template, [...goals, ...against], how)
    if (solved.ok) yield solved.assigned
  }
}

/** A column of the other plan can have another type here. */
function isReadable(chain: Chain, { pred, step }: Goal): boolean {
  let same = true
  mapPred(pred, {
    expr: (e) => {
      if (e.kind === 'col') same &&= typeOf(originOf(chain, e.id, step, e.ty)) === e.ty
      return e
    },
  })
  return same
}

function typeOf(origin: Origin): Ty | undefined {
  switch (origin.kind) {
    case 'expr':
      return origin.expr.ty
    case 'element':
      return 'str'
    case 'source':
      return origin.column.ty
    case 'none':
      return undefined
    default:
      return origin.ty
  }
}

/** Goals of partners that a join of the other plan does not take. `others`: the partners' ways there. */
export function partnersApart(right: Chain, others: readonly Chain[]): Goal[][] {
  const theirs = nearest(right, others)
  const conditions = conditionsOf(right)
  const sets = theirs
    ? [
        ...byPredicates(right, theirs, conditions),
        ...byValues(right, theirs).map((against) => ({ goals: conditions, against })),
      ]
    : []
  return sets.flatMap(({ goals, against }) =>
    against.every((g) => isReadable(right, g)) ? [[...goals, ...against]] : [],
  )
}

/** The way of the other plan that has most steps in common with this one. */
export function nearest(chain: Chain, others: readonly Chain[]): Chain | undefined {
  const own = new Set(chain.steps.map(({ stage }) => jsonText(stage)))
  let best: { chain: Chain; shared: number } | undefined
  for (const c of others) {
    const shared =
      c.steps.filter(({ stage }) => own.has(jsonText(stage))).length - Math.abs(c.steps.length - chain.steps.length)
    if (!best || shared > best.shared) best = { chain: c, shared }
  }
  return best?.chain
}

/** Of the two ways' steps, the number that are the same before the first that is not. */
function sharedSteps(a: Chain, b: Chain): number {
  const at = a.steps.findIndex(({ stage }, i) => jsonText(stage) !== jsonText(b.steps[i]?.stage ?? null))
  return at < 0 ? a.steps.length : at
}

/** The step of this way at which the other's step can be asked: counted from the end behind the first difference. */
function placeOf(step: number, own: Chain, theirs: Chain): number {
  if (step <= sharedSteps(own, theirs)) return step
  return Math.max(0, own.steps.length - (theirs.steps.length - step))
}

/** `against`: what the other asks for, and is not so. `goals`: what this plan asks for, without what both allow. */
interface Apart {
  readonly goals: readonly Goal[]
  readonly against: readonly Goal[]
}

function byPredicates(own: Chain, theirs: Chain, conditions: readonly Condition[]): Apart[] {
  const others = conditionsOf(theirs)
  const known = new Set(conditions.map((c) => jsonText(c.pred)))
  const only = others.filter((c) => !known.has(jsonText(c.pred)))
  const said = new Set(others.map((c) => jsonText(c.pred)))
  const ownOnly = conditions.filter((c) => !said.has(jsonText(c.pred)))
  return only.slice(0, MOST_PREDICATES).map((c, i) => {
    const twin = ownOnly.length === only.length ? ownOnly[i] : undefined
    const narrower = twin && withoutShared(twin.pred, c.pred)
    const step = placeOf(c.step, own, theirs)
    return {
      goals: conditions.map((g) => (g === twin && narrower ? { ...g, pred: narrower } : g)),
      against: conjuncts(not(c.pred)).map((pred): Goal => ({ step, pred, want: true })),
    }
  })
}

/** The alternatives of a predicate that the other predicate lacks. */
function withoutShared(own: Pred, other: Pred): Pred | undefined {
  if (own.kind === 'or' && other.kind === 'or') {
    const shared = new Set(other.of.map((p) => jsonText(p)))
    const rest = own.of.filter((p) => !shared.has(jsonText(p)))
    return rest.length > 0 ? or(...rest) : undefined
  }
  if (own.kind !== 'test' || own.prim !== 'str.in' || other.kind !== 'test' || other.prim !== 'str.in') return undefined
  const shared = new Set(textsConst(other.consts, 'values'))
  const values = textsConst(own.consts, 'values').filter((v) => !shared.has(v))
  return values.length > 0 ? { ...own, consts: { ...own.consts, values } } : undefined
}

type Named = { readonly id: string; readonly expr: Expr }
const named = (stage: Stage): readonly Named[] =>
  stage.kind === 'set'
    ? stage.columns
    : stage.kind === 'aggregate'
      ? [...stage.keys, ...stage.aggs.flatMap((a) => (a.args[0] ? [{ id: `${a.prim} ${a.id}`, expr: a.args[0] }] : []))]
      : stage.kind === 'unnest'
        ? [{ id: stage.into, expr: stage.list }]
        : []

/** That one column, computed in two ways, has a value only by one of them, or another value. */
function byValues(own: Chain, theirs: Chain): Goal[][] {
  const deciding: Goal[][] = []
  const unequal: Goal[][] = []
  const alone: Goal[][] = []
  for (const [step, { stage }] of own.steps.entries()) {
    const twin = theirs.steps[theirs.steps.length - (own.steps.length - step)] ?? theirs.steps[step]
    for (const { id, expr } of named(stage)) {
      const other = twin && named(twin.stage).find((o) => o.id === id)?.expr
      if (!other || other.ty !== expr.ty || jsonText(other) === jsonText(expr)) continue
      const is = (e: Expr, want: boolean): Goal => ({ step, pred: present(e), want })
      const way = wayApart(expr, other, step)
      for (const [a, b] of [
        [expr, other],
        [other, expr],
      ] as const)
        for (const preds of testsApart(a, b)) {
          const goals = [...way, ...preds.map((pred): Goal => ({ step, pred, want: true }))]
          deciding.push(...choicesBy(own, id, step).map((c) => [...goals, ...c]), goals)
        }
      alone.push([...way, is(expr, true), is(other, false)], [...way, is(expr, false), is(other, true)])
      const equal = equalityOf(other, expr)
      if (equal) unequal.push([...way, is(expr, true), is(other, true), { step, pred: equal, want: false }])
    }
  }
  const turns = unequal.flatMap((u, i) => [u, ...deciding.slice(i, i + 1)])
  return [...turns, ...deciding.slice(unequal.length), ...alone].slice(0, MOST_VALUES)
}

/** The choices that lead to the first place where two nested choices are not the same. */
function wayApart(a: Expr, b: Expr, step: number): Goal[] {
  if (a.kind !== 'if' || b.kind !== 'if' || jsonText(a.cond) !== jsonText(b.cond)) return []
  const want = jsonText(a.then) !== jsonText(b.then)
  const goals = conjuncts(want ? a.cond : not(a.cond)).map((pred): Goal => ({ step, pred, want: true }))
  return [...goals, ...(want ? wayApart(a.then, b.then, step) : wayApart(a.else, b.else, step))]
}

/** That a later choice by this column is one between two values. */
function choicesBy({ steps }: Chain, id: string, step: number): Goal[][] {
  const [read, shown]: [Goal[][], Goal[][]] = [[], []]
  for (const [at, { stage }] of steps.entries())
    for (const { id: to, expr } of at > step && stage.kind === 'set' ? stage.columns : []) {
      if (expr.kind !== 'if' || !columnsOfPred(expr.cond).has(id)) continue
      const equal = equalityOf(expr.then, expr.else)
      const isThere: Goal = { step: at, pred: present(expr.then), want: true }
      const isRead = steps.slice(at).some((s) => s.stage.kind === 'filter' && columnsOfPred(s.stage.where).has(to))
      ;(isRead ? read : shown).push([isThere, ...(equal ? [{ step: at, pred: equal, want: false }] : [])])
    }
  return [...read, ...shown].slice(0, MOST_CHOICES)
}
const MOST_CHOICES = 2

/** Where two expressions differ: only the first one finds its text, or makes its choice. */
function testsApart(a: Expr, b: Expr): Pred[][] {
  if (a.kind === 'truth' && b.kind === 'truth') return [[...conjuncts(a.of), ...conjuncts(not(b.of))]]
  if (a.kind === 'if' && b.kind === 'if') {
    if (jsonText(a.cond) !== jsonText(b.cond)) return [[...conjuncts(a.cond), ...conjuncts(not(b.cond))]]
    return [
      ...testsApart(a.then, b.then).map((of) => [...conjuncts(a.cond), ...of]),
      ...testsApart(a.else, b.else).map((of) => [...conjuncts(not(a.cond)), ...of]),
    ]
  }
  if (a.kind !== 'call' || b.kind !== 'call' || a.prim !== b.prim || a.args.length !== b.args.length) return []
  const inside = a.args.flatMap((x, i) => testsApart(x, b.args[i] as Expr))
  const [list] = a.args
  if (list?.ty === 'list' && a.consts['separator'] !== b.consts['separator'])
    return [[test('int.ge', [call('list.length', 'int', [list]), lit(2n, 'int')])], ...inside]
  const [own, theirs] = [patternIn(a), patternIn(b)]
  return own && theirs && jsonText(own) !== jsonText(theirs) ? [[own, not(theirs)], ...inside] : inside
}

/** That the text which a function looks for is there. */
function patternIn({ args, consts }: Expr & { kind: 'call' }): Pred | undefined {
  const { pattern, flags, find } = consts
  const [of] = args
  if (!of) return undefined
  if (typeof pattern === 'string' && typeof flags === 'string') return test('re.test', [of], { pattern, flags })
  return typeof find === 'string' && find !== ''
    ? test('re.test', [of], { pattern: escapeRegex(find), flags: '' })
    : undefined
}

function equalityOf(a: Expr, b: Expr): Pred | undefined {
  switch (a.ty) {
    case 'str':
      return test('str.eq', [a, b])
    case 'int':
      return test('int.eq', [a, b])
    case 'num':
      return test('num.eq', [a, b])
    case 'dec':
      return test('num.eq', [call('dec.toNum', 'num', [a]), call('dec.toNum', 'num', [b])])
    default:
      return undefined
  }
}
