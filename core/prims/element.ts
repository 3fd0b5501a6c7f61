// Expressions over the elements of a list, as constants of list primitives: plain data, evaluated per element. They may read one
// column, ELEMENT. Nothing else of a row can be seen from inside a list.
import { type Const, ELEMENT, type Expr, type Pred, type Value } from '../plan/plan.ts'
import type { Prim } from './prim.ts'
import { prims } from './registry.ts'

type Read = (element: string) => Value
type Holds = (element: string) => boolean

/** From a constant to the function. Throws on what is no expression over the element: a bug of a lowering. */
export const elementExpr = (of: Const | undefined): Read => expr(of as unknown as Expr)
export const elementPred = (of: Const | undefined): Holds => pred(of as unknown as Pred)

function expr(e: Expr): Read {
  switch (e.kind) {
    case 'lit':
      return () => e.value
    case 'col':
      if (e.id !== ELEMENT) throw new RangeError(`internal: an element has no column ${e.id}`)
      return (element) => element
    case 'if': {
      const [cond, then, otherwise] = [pred(e.cond), expr(e.then), expr(e.else)]
      return (element) => (cond(element) ? then(element) : otherwise(element))
    }
    case 'truth':
      return pred(e.of)
    case 'call':
      return applied(known(e.prim), e.args, e.consts, null) as Read
    case 'env':
      throw new RangeError('internal: facts of the run are not seen from inside a list')
  }
}

function pred(p: Pred): Holds {
  switch (p.kind) {
    case 'true':
      return () => true
    case 'false':
      return () => false
    case 'and': {
      const all = p.of.map(pred)
      return (element) => all.every((f) => f(element))
    }
    case 'or': {
      const all = p.of.map(pred)
      return (element) => all.some((f) => f(element))
    }
    case 'not': {
      const of = pred(p.of)
      return (element) => !of(element)
    }
    case 'present': {
      const of = expr(p.expr)
      return (element) => of(element) !== null
    }
    case 'holds': {
      const of = expr(p.expr)
      return (element) => of(element) === true
    }
    case 'test':
      return applied(known(p.prim), p.args, p.consts, false) as Holds
  }
}

function known(id: string): Prim {
  const found = prims.get(id)
  if (!found || found.kind === 'aggregate') throw new RangeError(`internal: ${id} has no value`)
  return found
}

function applied(prim: Prim, args: readonly Expr[], consts: Parameters<Prim['js']>[0], absent: Value): Read {
  const run = prim.js(consts) as unknown as (...values: Value[]) => Value
  const reads = args.map(expr)
  const propagate = prim.nulls === 'propagate'
  return (element) => {
    const values = reads.map((r) => r(element))
    return propagate && values.includes(null) ? absent : run(...values)
  }
}
