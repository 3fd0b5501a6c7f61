// Short constructors for plan nodes.
import type { Call, ColumnRef, Consts, Env, Expr, Lit, Pred, Ty, Value } from './plan.ts'

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
  const flat = of.flatMap((p) => (p.kind === 'and' ? p.of : p.kind === 'true' ? [] : [p]))
  if (flat.some((p) => p.kind === 'false')) return FALSE
  return flat.length === 0 ? TRUE : flat.length === 1 ? (flat[0] as Pred) : { kind: 'and', of: flat }
}
/** The predicates of a conjunction, nested ones included; a predicate of another kind is its only conjunct. */
export const conjuncts = (p: Pred): readonly Pred[] => (p.kind === 'and' ? p.of.flatMap(conjuncts) : [p])
export function or(...of: readonly Pred[]): Pred {
  const flat = of.flatMap((p) => (p.kind === 'or' ? p.of : p.kind === 'false' ? [] : [p]))
  if (flat.some((p) => p.kind === 'true')) return TRUE
  return flat.length === 0 ? FALSE : flat.length === 1 ? (flat[0] as Pred) : { kind: 'or', of: flat }
}

/** For predicates and plans that read neither the interval nor the clock. */
export const NO_ENV: Env = { now: 0n, start: 0n, end: 0n, zone: 'UTC' }
