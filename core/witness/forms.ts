// Expressions and predicates as texts with their columns followed to the source: equal texts have equal values for every event.
import { jsonText } from '../plan/json-text.ts'
import type { Consts, Expr, Pred } from '../plan/plan.ts'
import { type Chain, originOf } from './chain.ts'

/** Longer texts get a number. */
const SHORT = 80

export class Forms {
  readonly chain: Chain
  readonly #numbers = new Map<string, string>()
  /** A cache: by node and step. */
  readonly #known = new WeakMap<Expr | Pred, Map<number, string>>()

  constructor(chain: Chain) {
    this.chain = chain
  }

  of(e: Expr, step: number): string {
    return this.#remember(e, step, () => this.#expr(e, step))
  }

  ofPred(p: Pred, step: number): string {
    return this.#remember(p, step, () => this.#pred(p, step))
  }

  /** The form of a call, from the forms of its arguments. */
  ofCall(prim: string, args: readonly string[], consts: Consts): string {
    const sorted = Object.entries(consts).sort(([a], [b]) => (a < b ? -1 : 1))
    return this.#short(`${prim}(${args.join(', ')}; ${jsonText(sorted)})`)
  }

  /** The predicate whose truth is the expression, and its step. */
  truthOf(e: Expr, step: number): { readonly pred: Pred; readonly step: number } | undefined {
    if (e.kind === 'truth') return { pred: e.of, step }
    if (e.kind !== 'col') return undefined
    const origin = originOf(this.chain, e.id, step, e.ty)
    return origin.kind === 'expr' ? this.truthOf(origin.expr, origin.at) : undefined
  }

  #remember(node: Expr | Pred, step: number, form: () => string): string {
    const steps = this.#known.get(node) ?? new Map<number, string>()
    this.#known.set(node, steps)
    const known = steps.get(step)
    if (known !== undefined) return known
    const text = form()
    steps.set(step, text)
    return text
  }

  #short(text: string): string {
    if (text.length <= SHORT) return text
    const known = this.#numbers.get(text) ?? `#${this.#numbers.size}`
    this.#numbers.set(text, known)
    return known
  }

  #expr(e: Expr, step: number): string {
    switch (e.kind) {
      case 'col': {
        const origin = originOf(this.chain, e.id, step, e.ty)
        if (origin.kind === 'expr') return this.of(origin.expr, origin.at)
        if (origin.kind === 'source') return `source ${origin.column.id}`
        if (origin.kind === 'element') return `element ${origin.at}`
        return origin.kind === 'none' ? `${e.id} before ${step}` : `of another event ${origin.name}`
      }
      case 'call':
        return this.ofCall(
          e.prim,
          e.args.map((a) => this.of(a, step)),
          e.consts,
        )
      case 'if':
        return this.#short(`if(${this.ofPred(e.cond, step)}, ${this.of(e.then, step)}, ${this.of(e.else, step)})`)
      case 'truth':
        return this.#short(`truth(${this.ofPred(e.of, step)})`)
      default:
        return this.#short(jsonText(e))
    }
  }

  #pred(p: Pred, step: number): string {
    switch (p.kind) {
      case 'true':
      case 'false':
        return p.kind
      case 'and':
      case 'or':
        return this.#short(`${p.kind}(${p.of.map((q) => this.ofPred(q, step)).join(', ')})`)
      case 'not':
        return this.#short(`not(${this.ofPred(p.of, step)})`)
      case 'present':
        return this.#short(`present(${this.of(p.expr, step)})`)
      case 'holds': {
        const truth = this.truthOf(p.expr, step)
        return truth ? this.ofPred(truth.pred, truth.step) : this.#short(`holds(${this.of(p.expr, step)})`)
      }
      case 'test':
        return this.ofCall(
          p.prim,
          p.args.map((a) => this.of(a, step)),
          p.consts,
        )
    }
  }
}
