// A filter as the events of one shape meet it. Rules name a field in the ways of all feeds, and an event has one of them.
import { and, FALSE, lit, not, or, TRUE } from '../plan/build.ts'
import type { Expr, Pred, Value } from '../plan/plan.ts'
import { mapPred } from '../plan/walk.ts'
import { prims } from '../prims/registry.ts'

/** Of a column in all the events: it has a value; it has none, and this is read; or the event decides. */
export type Fate = { readonly none: Value } | 'open' | 'present'

/** The predicate with the same answer for events in which columns have these fates. */
export function narrowed(where: Pred, fateOf: (column: string) => Fate): Pred {
  const expr = (e: Expr): Expr => {
    if (e.kind === 'if' && e.cond.kind === 'true') return e.then
    if (e.kind === 'if' && e.cond.kind === 'false') return e.else
    if (e.kind !== 'col') return e
    const fate = fateOf(e.id)
    return typeof fate === 'object' ? lit(fate.none, e.ty) : e
  }
  const pred = (p: Pred): Pred => {
    switch (p.kind) {
      case 'and':
        return and(...p.of)
      case 'or':
        return or(...p.of)
      case 'not':
        return not(p.of)
      case 'holds':
        return p.expr.kind === 'lit' ? constant(p.expr.value === true) : p
      case 'present':
        if (p.expr.kind === 'lit') return constant(p.expr.value !== null)
        return p.expr.kind === 'col' && fateOf(p.expr.id) === 'present' ? TRUE : p
      case 'test':
        return p.args.some((a) => a.kind === 'lit' && a.value === null) && propagates(p.prim) ? FALSE : p
      default:
        return p
    }
  }
  return mapPred(where, { expr, pred })
}

const constant = (holds: boolean): Pred => (holds ? TRUE : FALSE)

function propagates(prim: string): boolean {
  const known = prims.get(prim)
  return known?.kind === 'test' && known.nulls === 'propagate'
}
