// A predicate that an event does not meet, without what this event settles: beside the reason, the rest is noise.
import { compilePred, rowScope } from '../../core/eval/compile.ts'
import { and, not, or } from '../../core/plan/build.ts'
import type { Env, Expr, Pred, Row, Value } from '../../core/plan/plan.ts'
import { columnsOfPred, mapPred } from '../../core/plan/walk.ts'

/** An absent field, and the search in values that repeat where none matches. */
const NOTHING: ReadonlySet<Value> = new Set([null, false])

/**
 * A rule for logs of many vendors reads the first name that an event has: only that one is left. Of several conditions the false ones
 * are left, and of several alternatives the nearest: those that hold in part, or else those that read a field of the event.
 */
export function settled(pred: Pred, row: Row, env: Env): Pred {
  const holds = (p: Pred): boolean => compilePred(p, rowScope, env)(row)
  const chosen = (e: Expr): Expr => (e.kind === 'if' ? (holds(e.cond) ? e.then : e.else) : e)
  const readsEvent = (p: Pred): boolean => [...columnsOfPred(p)].some((id) => !NOTHING.has(row[id] ?? null))
  const holdsInPart = (p: Pred): boolean => p.kind === 'and' && p.of.some((q) => holds(q) && readsEvent(q))
  const reasons = (p: Pred): Pred => {
    if (p.kind === 'and') return and(...p.of.filter((q) => !holds(q)).map(reasons))
    if (p.kind === 'not' && p.of.kind === 'or') return not(or(...p.of.of.filter(holds)))
    if (p.kind !== 'or') return p
    const nearest = [p.of.filter(holdsInPart), p.of.filter(readsEvent)].find((some) => some.length > 0)
    return or(...(nearest ?? p.of).map(reasons))
  }
  return holds(pred) ? pred : reasons(mapPred(pred, { expr: chosen }))
}
