// Mapping and visiting of plans. Mapping returns the same node if nothing below it changed.
import { iff } from './build.ts'
import type { AggCall, Expr, If, OrderKey, Plan, Pred, Relation, Stage } from './plan.ts'

export interface Mapper {
  /** Called top-down, before the parts. Its result is not mapped further. Undefined: the parts are mapped. */
  readonly enter?: (e: Expr) => Expr | undefined
  /** Called bottom-up, after the parts. */
  readonly expr?: (e: Expr) => Expr
  readonly pred?: (p: Pred) => Pred
}

/** The same list if `f` changes nothing. `f` gets the mapper, so that no node needs a function of its own. */
function mapList<T>(list: readonly T[], f: (x: T, m: Mapper) => T, m: Mapper): readonly T[] {
  for (let i = 0; i < list.length; i++) {
    const mapped = f(list[i] as T, m)
    if (mapped !== list[i]) return [...list.slice(0, i), mapped, ...list.slice(i + 1).map((x) => f(x, m))]
  }
  return list
}

export function mapExpr(e: Expr, m: Mapper): Expr {
  const entered = m.enter?.(e)
  if (entered) return entered
  const inner = exprParts(e, m)
  return m.expr ? m.expr(inner) : inner
}

function exprParts(e: Expr, m: Mapper): Expr {
  switch (e.kind) {
    case 'call': {
      const args = mapList(e.args, mapExpr, m)
      return args === e.args ? e : { ...e, args }
    }
    case 'if': {
      const cond = mapPred(e.cond, m)
      const yes = mapExpr(e.then, m)
      const no = mapExpr(e.else, m)
      return cond === e.cond && yes === e.then && no === e.else ? e : iff(cond, yes, no)
    }
    case 'truth': {
      const of = mapPred(e.of, m)
      return of === e.of ? e : { ...e, of }
    }
    default:
      return e
  }
}

export function mapPred(p: Pred, m: Mapper): Pred {
  const inner = predParts(p, m)
  return m.pred ? m.pred(inner) : inner
}

function predParts(p: Pred, m: Mapper): Pred {
  switch (p.kind) {
    case 'and':
    case 'or': {
      const of = mapList(p.of, mapPred, m)
      return of === p.of ? p : { ...p, of }
    }
    case 'not': {
      const of = mapPred(p.of, m)
      return of === p.of ? p : { ...p, of }
    }
    case 'holds':
    case 'present': {
      const expr = mapExpr(p.expr, m)
      return expr === p.expr ? p : { ...p, expr }
    }
    case 'test': {
      const args = mapList(p.args, mapExpr, m)
      return args === p.args ? p : { ...p, args }
    }
    default:
      return p
  }
}

const mapKey = <K extends { readonly expr: Expr }>(k: K, m: Mapper): K => {
  const expr = mapExpr(k.expr, m)
  return expr === k.expr ? k : { ...k, expr }
}
const mapAgg = <A extends AggCall>(a: A, m: Mapper): A => ({
  ...a,
  args: mapList(a.args, mapExpr, m),
  where: mapPred(a.where, m),
})

/** Maps the expressions and predicates of a stage, those of relations inside it included. */
export function mapStage(s: Stage, m: Mapper): Stage {
  const e = (x: Expr): Expr => mapExpr(x, m)
  const order = (by: readonly OrderKey[]): readonly OrderKey[] => mapList(by, mapKey, m)
  switch (s.kind) {
    case 'filter':
      return { ...s, where: mapPred(s.where, m) }
    case 'set':
      return { ...s, columns: mapList(s.columns, mapKey, m) }
    case 'project':
      return s
    case 'unnest':
      return { ...s, list: e(s.list) }
    case 'aggregate':
      return { ...s, keys: mapList(s.keys, mapKey, m), aggs: s.aggs.map((a) => mapAgg(a, m)) }
    case 'order':
    case 'take':
      return { ...s, by: order(s.by) }
    case 'window':
      return {
        ...s,
        partition: mapList(s.partition, mapExpr, m),
        order: order(s.order),
        columns: s.columns.map((a) => mapAgg(a, m)),
      }
    case 'join':
      return {
        ...s,
        right: mapRelation(s.right, m),
        on: s.on.map((o) => ({ left: e(o.left), right: e(o.right) })),
        within: s.within && { ...s.within, left: e(s.within.left), right: e(s.within.right) },
        order: order(s.order),
      }
    case 'union':
      return { ...s, others: s.others.map((r) => mapRelation(r, m)) }
  }
}

export function mapRelation(r: Relation, m: Mapper): Relation {
  const from = r.from.kind === 'source' ? { ...r.from, where: mapPred(r.from.where, m) } : r.from
  return { from, stages: r.stages.map((s) => mapStage(s, m)) }
}

export function mapPlan(plan: Plan, m: Mapper): Plan {
  return { lets: plan.lets.map((l) => ({ ...l, rel: mapRelation(l.rel, m) })), out: mapRelation(plan.out, m) }
}

/** Applies `f` to every relation of a plan, inner ones (of joins and unions) before the one that holds them. */
export function mapRelations(plan: Plan, f: (r: Relation) => Relation): Plan {
  const relation = (r: Relation): Relation => f({ ...r, stages: r.stages.map(stage) })
  const stage = (s: Stage): Stage => {
    if (s.kind === 'join') return { ...s, right: relation(s.right) }
    if (s.kind === 'union') return { ...s, others: s.others.map(relation) }
    return s
  }
  return { lets: plan.lets.map((l) => ({ ...l, rel: relation(l.rel) })), out: relation(plan.out) }
}

interface Visitor {
  readonly expr?: (e: Expr) => void
  readonly pred?: (p: Pred) => void
  readonly stage?: (s: Stage) => void
  readonly relation?: (r: Relation) => void
}

/** Visits the parts before the whole. */
export function visitExpr(e: Expr, v: Visitor): void {
  if (e.kind === 'call') for (const a of e.args) visitExpr(a, v)
  else if (e.kind === 'if') {
    visitPred(e.cond, v)
    visitExpr(e.then, v)
    visitExpr(e.else, v)
  } else if (e.kind === 'truth') visitPred(e.of, v)
  v.expr?.(e)
}

export function visitPred(p: Pred, v: Visitor): void {
  switch (p.kind) {
    case 'and':
    case 'or':
      for (const q of p.of) visitPred(q, v)
      break
    case 'not':
      visitPred(p.of, v)
      break
    case 'holds':
    case 'present':
      visitExpr(p.expr, v)
      break
    case 'test':
      for (const a of p.args) visitExpr(a, v)
  }
  v.pred?.(p)
}

/** Visits the stage, its expressions and predicates, and the relations inside it. */
export function visitStage(s: Stage, v: Visitor): void {
  v.stage?.(s)
  const exprs = (some: readonly { readonly expr: Expr }[]): void => {
    for (const { expr } of some) visitExpr(expr, v)
  }
  const aggs = (some: readonly AggCall[]): void => {
    for (const a of some) {
      for (const x of a.args) visitExpr(x, v)
      visitPred(a.where, v)
    }
  }
  switch (s.kind) {
    case 'filter':
      visitPred(s.where, v)
      break
    case 'set':
      exprs(s.columns)
      break
    case 'project':
      break
    case 'unnest':
      visitExpr(s.list, v)
      break
    case 'aggregate':
      exprs(s.keys)
      aggs(s.aggs)
      break
    case 'order':
    case 'take':
      exprs(s.by)
      break
    case 'window':
      for (const e of s.partition) visitExpr(e, v)
      exprs(s.order)
      aggs(s.columns)
      break
    case 'join':
      visitRelation(s.right, v)
      for (const { left, right } of s.on) {
        visitExpr(left, v)
        visitExpr(right, v)
      }
      if (s.within) {
        visitExpr(s.within.left, v)
        visitExpr(s.within.right, v)
      }
      exprs(s.order)
      break
    case 'union':
      for (const r of s.others) visitRelation(r, v)
  }
}

export function visitRelation(r: Relation, v: Visitor): void {
  v.relation?.(r)
  if (r.from.kind === 'source') visitPred(r.from.where, v)
  for (const s of r.stages) visitStage(s, v)
}

export function visitPlan(plan: Plan, v: Visitor): void {
  for (const l of plan.lets) visitRelation(l.rel, v)
  visitRelation(plan.out, v)
}

/** Ids of columns that an expression reads. */
export function columnsOf(e: Expr, into: Set<string> = new Set()): Set<string> {
  switch (e.kind) {
    case 'col':
      into.add(e.id)
      break
    case 'call':
      for (const a of e.args) columnsOf(a, into)
      break
    case 'if':
      for (const id of columnsOfIf(e)) into.add(id)
      break
    case 'truth':
      columnsOfPred(e.of, into)
  }
  return into
}

export function columnsOfPred(p: Pred, into: Set<string> = new Set()): Set<string> {
  switch (p.kind) {
    case 'and':
    case 'or': {
      // Tests of one value follow each other.
      let last: Expr | undefined
      for (const q of p.of) {
        const [only, second] = q.kind === 'test' ? q.args : NO_ARGS
        if (only === undefined || second !== undefined) columnsOfPred(q, into)
        else if (only !== last) columnsOf(only, into)
        last = only
      }
      break
    }
    case 'not':
      columnsOfPred(p.of, into)
      break
    case 'holds':
    case 'present':
      columnsOf(p.expr, into)
      break
    case 'test':
      for (const a of p.args) columnsOf(a, into)
  }
  return into
}

const NO_ARGS: readonly Expr[] = []

/** A cache: nodes never change, and many rules share the expression of a field that has several names. */
const readBy = new WeakMap<If, readonly string[]>()

function columnsOfIf(e: If): readonly string[] {
  const known = readBy.get(e)
  if (known) return known
  const ids = [...columnsOf(e.else, columnsOf(e.then, columnsOfPred(e.cond)))]
  readBy.set(e, ids)
  return ids
}

/** Equality of plan data; places in the query (`at`) do not count. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false
    return true
  }
  const x = a as Record<string, unknown>
  const y = b as Record<string, unknown>
  let more = 0
  for (const k in x) {
    if (k === 'at') continue
    if (!Object.hasOwn(y, k) || !equal(x[k], y[k])) return false
    more++
  }
  for (const k in y) if (k !== 'at') more--
  return more === 0
}
