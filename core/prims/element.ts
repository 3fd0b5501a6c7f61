// Expressions over the elements of a list, as constants of list primitives: plain data, evaluated per element. They may read the column
// ELEMENT, and the arguments of the primitive behind the list as OUTER and a number. They can read nothing else of a row.
import { type Call, type Const, ELEMENT, type Expr, OUTER, type Pred, type Test, type Value } from '../plan/plan.ts'
import type { Prim, PrimLookup } from './prim.ts'

type Read = (element: string, outer?: readonly Value[]) => Value
type Holds = (element: string, outer?: readonly Value[]) => boolean

/** Compiles the constant. Throws if it is not an expression over the element, which is a bug of a lowering. */
export const elementExpr = (of: Const | undefined, primOf: PrimLookup): Read => expr(of as unknown as Expr, primOf)
export const elementPred = (of: Const | undefined, primOf: PrimLookup): Holds => pred(of as unknown as Pred, primOf)

function expr(e: Expr, primOf: PrimLookup): Read {
  switch (e.kind) {
    case 'lit':
      return () => e.value
    case 'col':
      if (e.id.startsWith(OUTER)) {
        const at = Number(e.id.slice(OUTER.length))
        return (_, outer) => outer?.[at] ?? null
      }
      if (e.id !== ELEMENT) throw new RangeError(`internal: an element has no column ${e.id}`)
      return (element) => element
    case 'if': {
      const [cond, then, otherwise] = [pred(e.cond, primOf), expr(e.then, primOf), expr(e.else, primOf)]
      return (element, outer) => (cond(element, outer) ? then(element, outer) : otherwise(element, outer))
    }
    case 'truth':
      return pred(e.of, primOf)
    case 'call':
      return applyPrim(e, null, primOf) as Read
    case 'env':
      throw new RangeError('internal: facts of the run are not seen from inside a list')
  }
}

function pred(p: Pred, primOf: PrimLookup): Holds {
  switch (p.kind) {
    case 'true':
      return () => true
    case 'false':
      return () => false
    case 'and': {
      const all = p.of.map((q) => pred(q, primOf))
      return (element, outer) => all.every((f) => f(element, outer))
    }
    case 'or': {
      const all = p.of.map((q) => pred(q, primOf))
      return (element, outer) => all.some((f) => f(element, outer))
    }
    case 'not': {
      const of = pred(p.of, primOf)
      return (element, outer) => !of(element, outer)
    }
    case 'present': {
      const of = expr(p.expr, primOf)
      return (element, outer) => of(element, outer) !== null
    }
    case 'holds': {
      const of = expr(p.expr, primOf)
      return (element, outer) => of(element, outer) === true
    }
    case 'test':
      return applyPrim(p, false, primOf) as Holds
  }
}

function applyPrim({ prim, args, consts }: Call | Test, absent: Value, primOf: PrimLookup): Read {
  const found: Prim = primOf(prim)
  if (found.kind === 'aggregate') throw new RangeError(`internal: ${prim} has no value`)
  const run = found.js(consts, primOf) as unknown as (...values: Value[]) => Value
  const reads = args.map((a) => expr(a, primOf))
  const propagate = found.nulls === 'propagate'
  return (element, outer) => {
    const values = reads.map((r) => r(element, outer))
    return propagate && values.includes(null) ? absent : run(...values)
  }
}
