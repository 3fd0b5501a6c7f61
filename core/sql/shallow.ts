// Deep expressions become several shallow ones. A form may write its argument twice (to say "the double if it is finite"), so the text of
// a sum of thirty fields would have a billion characters; with its inner sums computed by a SELECT before, it is short.
import { col } from '../plan/build.ts'
import { type Expr, HIDDEN, type Pred } from '../plan/plan.ts'
import { type Mapper, mapExpr, mapPred } from '../plan/walk.ts'

/** Calls within calls up to which an expression stays whole. */
const DEEPEST = 6

interface Inner {
  readonly id: string
  readonly expr: Expr
}

/** Collects inner expressions to compute before, in this order; `expr` and `pred` return the outer part, which reads their columns. */
export class Shallow {
  readonly inner: Inner[] = []
  readonly #depths = new WeakMap<Expr | Pred, number>()
  readonly #mapper: Mapper = {
    expr: (e) => {
      if (e.kind !== 'call' || this.#depth(e) < DEEPEST) return e
      const id = `${HIDDEN}deep ${this.inner.length}`
      this.inner.push({ id, expr: e })
      return col(id, e.ty)
    },
  }

  expr(e: Expr): Expr {
    return this.#depth(e) > DEEPEST ? mapExpr(e, this.#mapper) : e
  }
  pred(p: Pred): Pred {
    return this.#depth(p) > DEEPEST ? mapPred(p, this.#mapper) : p
  }

  #depth(node: Expr | Pred): number {
    const known = this.#depths.get(node)
    if (known !== undefined) return known
    const depth = this.#computed(node)
    this.#depths.set(node, depth)
    return depth
  }

  #computed(node: Expr | Pred): number {
    const most = (all: readonly (Expr | Pred)[]): number => all.reduce((n, x) => Math.max(n, this.#depth(x)), 0)
    switch (node.kind) {
      case 'and':
      case 'or':
        return most(node.of)
      case 'call':
      case 'test':
        return 1 + most(node.args)
      case 'if':
        return most([node.cond, node.then, node.else])
      case 'not':
      case 'truth':
        return this.#depth(node.of)
      case 'holds':
      case 'present':
        return this.#depth(node.expr)
      default:
        return 0
    }
  }
}
