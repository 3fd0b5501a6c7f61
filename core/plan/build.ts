// Short constructors for plan nodes.
import type { AggCall, Call, ColumnRef, Consts, Env, Expr, Lit, Pred, Ty, Value } from './plan.ts'

export const col = (id: string, ty: Ty): ColumnRef => ({ kind: 'col', id, ty })
export const lit = (value: Value, ty: Ty): Lit => ({ kind: 'lit', value, ty })
export const text = (value: string): Lit => lit(value, 'str')
export const absent = (ty: Ty): Lit => lit(null, ty)
export const call = (prim: string, ty: Ty, args: readonly Expr[], consts: Consts = {}): Call => ({
  kind: 'call',
  prim,
  args,
  consts,
  ty,
})
export const test = (prim: string, args: readonly Expr[], consts: Consts = {}): Pred => ({
  kind: 'test',
  prim,
  args,
  consts,
})
export const TRUE: Pred = { kind: 'true' }
export const FALSE: Pred = { kind: 'false' }
export const present = (expr: Expr): Pred => ({ kind: 'present', expr })
export const holds = (expr: Expr): Pred => ({ kind: 'holds', expr })
export const truth = (of: Pred): Expr => ({ kind: 'truth', of, ty: 'bool' })
/** The number of rows that meet the condition. */
export const countOf = (id: string, where: Pred = TRUE): AggCall => ({
  id,
  prim: 'agg.count',
  args: [],
  consts: {},
  where,
  ty: 'int',
})
export const iff = (cond: Pred, then: Expr, otherwise: Expr): Expr => ({
  kind: 'if',
  cond,
  then,
  else: otherwise,
  ty: then.ty,
})

export function not(of: Pred): Pred {
  if (of.kind === 'not') return of.of
  if (of.kind === 'true') return FALSE
  if (of.kind === 'false') return TRUE
  return { kind: 'not', of }
}
export function and(...of: readonly Pred[]): Pred {
  // Conjuncts come one by one, thousands of them in a long query, so the earlier ones are not looked at again.
  const [first, next] = of
  if (of.length === 2 && first?.kind === 'and' && next && !['and', 'false', 'true'].includes(next.kind))
    return { kind: 'and', of: [...first.of, next] }
  const flat = flattened(of, 'and', 'true')
  for (const p of flat) if (p.kind === 'false') return FALSE
  return flat.length === 0 ? TRUE : flat.length === 1 ? (flat[0] as Pred) : { kind: 'and', of: flat }
}
/** The predicates of a conjunction, nested ones included; a predicate of another kind is its only conjunct. */
export const conjuncts = (p: Pred): readonly Pred[] => (p.kind === 'and' ? p.of.flatMap(conjuncts) : [p])
export function or(...of: readonly Pred[]): Pred {
  const flat = flattened(of, 'or', 'false')
  for (const p of flat) if (p.kind === 'true') return TRUE
  return flat.length === 0 ? FALSE : flat.length === 1 ? (flat[0] as Pred) : { kind: 'or', of: flat }
}

/** The parts of a junction, with those of a junction of the same kind in its place. */
function flattened(of: readonly Pred[], kind: 'and' | 'or', without: 'false' | 'true'): Pred[] {
  const flat: Pred[] = []
  for (const p of of)
    if (p.kind === kind) for (const q of p.of) flat.push(q)
    else if (p.kind !== without) flat.push(p)
  return flat
}

/** For predicates and plans that read neither the interval nor the clock. */
export const NO_ENV: Env = { now: 0n, start: 0n, end: 0n, zone: 'UTC' }
