// Expressions and predicates as closures, compiled once and called per row. No code is generated, so any browser policy allows it.
import type { Call, Consts, Env, Expr, Pred, Row, Test, Ty, Value } from '../plan/plan.ts'
import type { Prim } from '../prims/prim.ts'
import { primOf, prims } from '../prims/registry.ts'

/** Returns the function that reads a column from a row; called once per use of the column. */
export type Scope<R> = (id: string, ty: Ty) => (row: R) => Value

/** Rows as records. Only own properties count, so a field named `constructor` is absent where no event has it. */
export const rowScope: Scope<Row> = (id) => (row) => (Object.hasOwn(row, id) ? (row[id] ?? null) : null)

/** Rows as arrays; a column without a slot is absent. */
export const tupleScope =
  (slots: ReadonlyMap<string, number>): Scope<readonly Value[]> =>
  (id) => {
    const slot = slots.get(id)
    return slot === undefined ? () => null : (row) => row[slot] as Value
  }

type ReadValue<R> = (row: R) => Value
type Holds<R> = (row: R) => boolean

/** The primitive. Throws on an unknown id, which is a bug of a lowering; the verifier reports it earlier. */
export function knownPrim<K extends Prim['kind']>(id: string, kind: K): Extract<Prim, { kind: K }> {
  const prim = prims.get(id)
  if (prim?.kind !== kind) throw new Error(`internal: plan names ${kind} primitive ${id}, which does not exist`)
  return prim as Extract<Prim, { kind: K }>
}

export function compileExpr<R>(e: Expr, scope: Scope<R>, env: Env): ReadValue<R> {
  switch (e.kind) {
    case 'lit': {
      const { value } = e
      return () => value
    }
    case 'col':
      return scope(e.id, e.ty)
    case 'env': {
      const value = env[e.name]
      return () => value
    }
    case 'truth':
      return compilePred(e.of, scope, env)
    case 'if': {
      const cond = compilePred(e.cond, scope, env)
      const yes = compileExpr(e.then, scope, env)
      const no = compileExpr(e.else, scope, env)
      return (row) => (cond(row) ? yes(row) : no(row))
    }
    case 'call':
      return compileCall(e, scope, env)
  }
}

function compileCall<R>(e: Call, scope: Scope<R>, env: Env): ReadValue<R> {
  const prim = knownPrim(e.prim, 'scalar')
  const f = prim.js(e.consts, primOf) as (...args: Value[]) => Value
  const args = e.args.map((a) => compileExpr(a, scope, env))
  return apply(f, args, prim.nulls === 'propagate', null)
}

function compileTest<R>(e: Test, scope: Scope<R>, env: Env): Holds<R> {
  const prim = knownPrim(e.prim, 'test')
  const f = prim.js(e.consts, primOf) as (...args: Value[]) => boolean
  const args = e.args.map((a) => compileExpr(a, scope, env))
  return apply(f, args, prim.nulls === 'propagate', false)
}

/** Nearly all calls have one or two arguments; these need no list. */
function apply<R, T>(
  f: (...args: Value[]) => T,
  args: readonly ReadValue<R>[],
  propagate: boolean,
  none: T,
): (row: R) => T {
  const [a, b] = args
  if (args.length === 1 && a) {
    if (!propagate) return (row) => f(a(row))
    return (row) => {
      const x = a(row)
      return x === null ? none : f(x)
    }
  }
  if (args.length === 2 && a && b) {
    if (!propagate) return (row) => f(a(row), b(row))
    return (row) => {
      const x = a(row)
      if (x === null) return none
      const y = b(row)
      return y === null ? none : f(x, y)
    }
  }
  return (row) => {
    const values: Value[] = []
    for (const arg of args) {
      const x = arg(row)
      if (propagate && x === null) return none
      values.push(x)
    }
    return f(...values)
  }
}

export function compilePred<R>(p: Pred, scope: Scope<R>, env: Env): Holds<R> {
  switch (p.kind) {
    case 'true':
      return () => true
    case 'false':
      return () => false
    case 'and':
      return every(p.of.map((q) => compilePred(q, scope, env)))
    case 'or':
      return some(p.of.map((q) => compilePred(q, scope, env)))
    case 'not': {
      const of = compilePred(p.of, scope, env)
      return (row) => !of(row)
    }
    case 'holds': {
      const expr = compileExpr(p.expr, scope, env)
      return (row) => expr(row) === true
    }
    case 'present': {
      const expr = compileExpr(p.expr, scope, env)
      return (row) => expr(row) !== null
    }
    case 'test':
      return compileTest(p, scope, env)
  }
}

function every<R>(of: readonly Holds<R>[]): Holds<R> {
  const [a, b] = of
  if (of.length === 2 && a && b) return (row) => a(row) && b(row)
  return (row) => {
    for (const p of of) if (!p(row)) return false
    return true
  }
}
function some<R>(of: readonly Holds<R>[]): Holds<R> {
  const [a, b] = of
  if (of.length === 2 && a && b) return (row) => a(row) || b(row)
  return (row) => {
    for (const p of of) if (p(row)) return true
    return false
  }
}

/** A text test as used by free text: one argument, never absent. */
export function compileTextTest(prim: string, consts: Consts): (text: string) => boolean {
  return knownPrim(prim, 'test').js(consts, primOf) as (text: string) => boolean
}
