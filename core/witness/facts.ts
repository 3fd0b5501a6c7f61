// Facts about an event, and the predicates that follow from them: true, or false, for every such event.
import { compileExpr, compilePred, rowScope } from '../eval/compile.ts'
import { conjuncts, lit, NO_ENV } from '../plan/build.ts'
import type { Call, Expr, If, Pred, Test, Value } from '../plan/plan.ts'
import { textConst } from '../prims/kit.ts'
import { prims } from '../prims/registry.ts'
import { byName } from '../text/by-name.ts'
import { captures, capturesElement, failsForCapture, isKept, textsOfCapture } from './captures.ts'
import { originOf } from './chain.ts'
import type { Forms } from './forms.ts'
import { onlyPresence, SURE, TOTAL } from './presence.ts'
import { isFoundEverywhere, MOST_VALUES, namedValues, withParts } from './says.ts'

const MOST_DEPTH = 40
/** Looks at parts, for one predicate. Choices that read choices have more ways through them than anything can follow. */
const MOST_LOOKS = 10_000
/** More alternatives are not compared. */
const MOST_ALTERNATIVES = 24

/** Tests that hold wherever a test holds. */
const WEAKER: Readonly<Record<string, readonly string[]>> = byName({
  'ip.isPrivateV4': ['ip.isV4', 'ip.isValid'],
  'ip.isV4': ['ip.isValid'],
  'ip.isV6': ['ip.isValid'],
})

export class Facts {
  readonly #forms: Forms
  readonly #outer: Facts | undefined
  readonly #present = new Map<string, boolean>()
  readonly #truths = new Map<string, boolean>()
  /** The only values that an expression can have. */
  readonly #values = new Map<string, readonly Value[]>()
  /** The same, in any case. */
  readonly #folded = new Map<string, readonly Value[]>()

  /** Tests of an expression, with constants, that are false. */
  readonly #refused = new Map<string, Test[]>()
  /** A cache, until the next fact. */
  readonly #possibles = new Map<string, readonly Value[] | undefined>()
  readonly #looks: { left: number }

  constructor(forms: Forms, outer?: Facts) {
    this.#forms = forms
    this.#outer = outer
    this.#looks = outer ? outer.#looks : { left: MOST_LOOKS }
  }

  /** Then nothing more is known, which is never wrong. */
  #isSpent(depth: number): boolean {
    if (depth === 0 && !this.#outer) this.#looks.left = MOST_LOOKS
    return depth > MOST_DEPTH || --this.#looks.left < 0
  }

  // ── facts ──

  assume(p: Pred, want: boolean, step: number, depth = 0): undefined {
    this.#possibles.clear()
    if (this.#isSpent(depth)) return
    switch (p.kind) {
      case 'true':
      case 'false':
        return
      case 'not':
        return this.assume(p.of, !want, step, depth + 1)
      case 'and':
      case 'or':
        this.#truths.set(this.#forms.ofPred(p, step), want)
        if ((p.kind === 'and') === want) for (const q of p.of) this.assume(q, want, step, depth + 1)
        else this.#assumeOne(p.of, want, step, depth + 1)
        return
      case 'present':
        return this.#assumePresent(p.expr, want, step)
      case 'holds': {
        const truth = this.#forms.truthOf(p.expr, step)
        if (truth) return this.assume(truth.pred, want, truth.step, depth + 1)
        this.#truths.set(this.#forms.ofPred(p, step), want)
        if (want) this.#assumePresent(p.expr, true, step)
        return
      }
      case 'test':
        return this.#assumeTest(p, want, step)
    }
  }

  /** One of the predicates is as wanted: what follows from each of them is a fact. */
  #assumeOne(of: readonly Pred[], want: boolean, step: number, depth: number): undefined {
    const open = of.filter((q) => this.decide(q, step, depth) !== !want)
    if (open.length > MOST_ALTERNATIVES) return
    const [first, ...others] = open.map((q) => {
      const facts = new Facts(this.#forms, this)
      facts.assume(q, want, step, depth)
      return facts
    })
    if (!first) return
    for (const [form, is] of first.#present)
      if (others.every((o) => o.#isPresent(form) === is)) this.#present.set(form, is)
    for (const [form, is] of first.#truths) if (others.every((o) => o.#truth(form) === is)) this.#truths.set(form, is)
    for (const [form, values] of first.#values) {
      const all = others.map((o) => o.#valuesOf(form))
      const together = [...new Set([values, ...all].flatMap((v) => v ?? []))]
      if (!all.includes(undefined) && together.length <= MOST_VALUES) this.#values.set(form, together)
    }
  }

  #assumePresent(e: Expr, want: boolean, step: number): undefined {
    if (!want) {
      this.#present.set(this.#forms.of(e, step), false)
      // A function that has a value for every text: then the text is absent.
      const open =
        e.kind === 'call' && TOTAL.has(e.prim) && !SURE.has(e.prim) ? e.args.filter((a) => a.kind !== 'lit') : []
      const [arg] = open
      if (arg && open.length === 1) this.#assumePresent(arg, false, step)
    } else for (const part of withParts(e)) this.#present.set(this.#forms.of(part, step), true)
  }

  #assumeTest(t: Test, want: boolean, step: number): undefined {
    this.#truths.set(this.#forms.ofPred(t, step), want)
    const any = onlyPresence(t)
    if (any) this.#assumePresent(any, want, step)
    if (!want) {
      const [of, ...others] = t.args
      if (!of || others.some((o) => o.kind !== 'lit')) return
      const form = this.#forms.of(of, step)
      this.#refused.set(form, [...(this.#refused.get(form) ?? []), t])
      return
    }
    if (prims.get(t.prim)?.nulls === 'propagate') for (const a of t.args) this.#assumePresent(a, true, step)
    for (const form of captures(this.#forms, t, step)) this.#present.set(form, true)
    for (const prim of WEAKER[t.prim] ?? []) this.#truths.set(this.#forms.ofPred({ ...t, prim }, step), true)
    const [arg] = t.args
    const named = namedValues(t)
    if (!arg || !named) return
    const form = this.#forms.of(arg, step)
    const hasCase = named.some((v) => typeof v === 'string' && v.toLowerCase() !== v.toUpperCase())
    if (t.consts['ignoreCase'] !== true || !hasCase) this.#values.set(form, named)
    else
      this.#folded.set(
        form,
        named.flatMap((v) => [v, String(v).toLowerCase(), String(v).toUpperCase()]),
      )
  }

  #isPresent(form: string): boolean | undefined {
    const own = this.#present.get(form)
    return own !== undefined || !this.#outer ? own : this.#outer.#isPresent(form)
  }
  #truth(form: string): boolean | undefined {
    const own = this.#truths.get(form)
    return own !== undefined || !this.#outer ? own : this.#outer.#truth(form)
  }
  #valuesOf(form: string): readonly Value[] | undefined {
    const own = this.#values.get(form)
    return own !== undefined || !this.#outer ? own : this.#outer.#valuesOf(form)
  }
  #foldedOf(form: string): readonly Value[] | undefined {
    const own = this.#folded.get(form)
    return own !== undefined || !this.#outer ? own : this.#outer.#foldedOf(form)
  }

  /** Is a test false that would be true of this value? */
  #isRefused(form: string, value: Value): boolean {
    const holds = (t: Test): boolean =>
      compilePred({ ...t, args: literals(t.args, [value, ...t.args.slice(1).map(constantOf)]) }, rowScope, NO_ENV)({})
    if ((this.#refused.get(form) ?? []).some(holds)) return true
    return this.#outer ? this.#outer.#isRefused(form, value) : false
  }

  #under(p: Pred, want: boolean, step: number, depth: number): Facts {
    const facts = new Facts(this.#forms, this)
    facts.assume(p, want, step, depth)
    return facts
  }

  // ── what follows ──

  /** Undefined: the facts do not decide it. */
  decide(p: Pred, step: number, depth = 0): boolean | undefined {
    if (this.#isSpent(depth)) return undefined
    switch (p.kind) {
      case 'true':
        return true
      case 'false':
        return false
      case 'not': {
        const of = this.decide(p.of, step, depth + 1)
        return of === undefined ? undefined : !of
      }
      case 'and':
      case 'or':
        return this.#truth(this.#forms.ofPred(p, step)) ?? this.#decideAll(p.of, p.kind === 'or', step, depth + 1)
      case 'present':
        return this.#presence(p.expr, step, depth + 1)
      case 'holds': {
        const truth = this.#forms.truthOf(p.expr, step)
        if (truth) return this.decide(truth.pred, truth.step, depth + 1)
        return (
          this.#truth(this.#forms.ofPred(p, step)) ?? same(this.#possible(p.expr, step, depth + 1), (v) => v === true)
        )
      }
      case 'test':
        return this.#truth(this.#forms.ofPred(p, step)) ?? this.#decideTest(p, step, depth + 1)
    }
  }

  /** `ends`: the value of one part that decides the whole. Each part counts only where the others do not decide. */
  #decideAll(of: readonly Pred[], ends: boolean, step: number, depth: number): boolean | undefined {
    const open: Pred[] = []
    for (const q of of) {
      const decided = this.decide(q, step, depth)
      if (decided === ends) return ends
      if (decided === undefined) open.push(q)
    }
    if (open.length === 0) return !ends
    if (open.length < 2 || open.length > MOST_ALTERNATIVES) return undefined
    const facts = new Facts(this.#forms, this)
    let never = true
    for (const [i, q] of open.entries()) {
      const decided = i === 0 ? undefined : facts.decide(q, step, depth)
      if (decided === ends) return ends
      never &&= decided === !ends
      facts.assume(q, !ends, step, depth)
    }
    return never ? !ends : undefined
  }

  #decideTest(t: Test, step: number, depth: number): boolean | undefined {
    const any = onlyPresence(t)
    if (any) return this.#presence(any, step, depth)
    const [first, second] = t.args
    const isStar =
      t.prim === 'str.globOf' && second !== undefined && this.#possible(second, step, depth)?.every(isStars)
    if (first && (isStar || isFoundEverywhere(t))) return this.#presence(first, step, depth)
    const propagates = prims.get(t.prim)?.nulls === 'propagate'
    if (propagates && t.args.some((a) => this.#presence(a, step, depth) === false)) return false
    if (failsForCapture(this.#forms.chain, t, step)) return false
    const form = first && this.#forms.of(first, step)
    if (form !== undefined && t.consts['ignoreCase'] !== true && namedValues(t)?.every((v) => this.#isRefused(form, v)))
      return false
    const isFolded = t.consts['ignoreCase'] === true || /i/.test(textConst(t.consts, 'flags'))
    const args = t.args.map(
      (a) => this.#possible(a, step, depth) ?? (isFolded ? this.#foldedOf(this.#forms.of(a, step)) : undefined),
    )
    return same(combinations(args), (values) =>
      compilePred({ ...t, args: literals(t.args, values) }, rowScope, NO_ENV)({}),
    )
  }

  /** Does the expression always, or never, have a value? */
  #presence(e: Expr, step: number, depth: number): boolean | undefined {
    if (this.#isSpent(depth)) return undefined
    const known = this.#isPresent(this.#forms.of(e, step))
    if (known !== undefined) return known
    const inner = (of: Expr): boolean | undefined => this.#presence(of, step, depth + 1)
    if (this.#isSurelyPresent(e, step)) return true
    switch (e.kind) {
      case 'truth':
      case 'env':
        return true
      case 'lit':
        return e.value !== null
      case 'if':
        return same(this.#branches(e, step, depth + 1), ([facts, of]) => facts.#presence(of, step, depth + 1))
      case 'call': {
        if (SURE.has(e.prim)) return true
        if (TOTAL.has(e.prim) && e.args.every((a) => inner(a) === true)) return true
        const prim = prims.get(e.prim)
        if (prim?.nulls === 'propagate' && e.args.some((a) => inner(a) === false)) return false
        return capturesElement(this.#forms.chain, e, step) ? true : undefined
      }
      case 'col': {
        const origin = originOf(this.#forms.chain, e.id, step, e.ty)
        if (origin.kind === 'expr') return this.#presence(origin.expr, origin.at, depth + 1)
        const always =
          (origin.kind === 'element' && !isKept(this.#forms.chain, origin.at)) ||
          // Products write no event without a time, and each has a text.
          (origin.kind === 'source' && origin.column.from.kind === 'meta' && ALWAYS.has(origin.column.from.name)) ||
          (origin.kind === 'computed' && TOTAL.has(origin.prim))
        return always ? true : undefined
      }
    }
  }

  /** It has a value whichever of its choices are taken. */
  #isSurelyPresent(e: Expr, step: number, depth = 0): boolean {
    if (depth > MOST_DEPTH) return false
    const inner = (of: Expr, at = step): boolean => this.#isSurelyPresent(of, at, depth + 1)
    switch (e.kind) {
      case 'truth':
      case 'env':
        return true
      case 'lit':
        return e.value !== null
      case 'if':
        return inner(e.else) && (inner(e.then) || this.#asksFor(e.cond, e.then, step))
      case 'call':
        return SURE.has(e.prim) || (TOTAL.has(e.prim) && e.args.every((a) => inner(a)))
      case 'col': {
        const origin = originOf(this.#forms.chain, e.id, step, e.ty)
        return origin.kind === 'expr' && inner(origin.expr, origin.at)
      }
    }
  }

  #asksFor(p: Pred, e: Expr, step: number): boolean {
    const form = this.#forms.of(e, step)
    return conjuncts(p).some((c) => c.kind === 'present' && this.#forms.of(c.expr, step) === form)
  }

  /** The branches that the expression can take, each with what is known there. */
  #branches(e: If, step: number, depth: number): [Facts, Expr][] {
    const cond = this.decide(e.cond, step, depth)
    if (cond !== undefined) return [[this, cond ? e.then : e.else]]
    return [
      [this.#under(e.cond, true, step, depth), e.then],
      [this.#under(e.cond, false, step, depth), e.else],
    ]
  }

  /** All values that the expression can have, if they are few: without those for which a known test would be wrong. */
  #possible(e: Expr, step: number, depth: number): readonly Value[] | undefined {
    if (this.#isSpent(depth)) return undefined
    const form = this.#forms.of(e, step)
    if (this.#isPresent(form) === false) return [null]
    if (this.#possibles.has(form)) return this.#possibles.get(form)
    const all = this.#valuesOf(form) ?? this.#computable(e, step, depth)
    const isPresent = this.#isPresent(form)
    const left = all?.filter((v) => !(v === null && isPresent) && !this.#isRefused(form, v))
    const found = all && all.length > 1 && left && left.length > 0 ? left : all
    this.#possibles.set(form, found)
    return found
  }

  #computable(e: Expr, step: number, depth: number): readonly Value[] | undefined {
    switch (e.kind) {
      case 'lit':
        return [e.value]
      case 'env':
        return undefined
      case 'truth': {
        const decided = this.decide(e.of, step, depth + 1)
        return decided === undefined ? [true, false] : [decided]
      }
      case 'if': {
        const all = this.#branches(e, step, depth + 1).map(([facts, of]) => facts.#possible(of, step, depth + 1))
        const together = [...new Set(all.flatMap((v) => v ?? []))]
        return all.includes(undefined) || together.length > MOST_VALUES ? undefined : together
      }
      case 'col': {
        const origin = originOf(this.#forms.chain, e.id, step, e.ty)
        return origin.kind === 'expr' ? this.#possible(origin.expr, origin.at, depth + 1) : undefined
      }
      case 'call':
        if (e.prim === 're.group') return captured(e, this.#presence(e, step, depth + 1) === true)
        return combinations(e.args.map((a) => this.#possible(a, step, depth + 1)))?.map((values) =>
          compileExpr({ ...e, args: literals(e.args, values) }, rowScope, NO_ENV)({}),
        )
    }
  }
}

/** The texts of a capture that has few. */
function captured(e: Call, isPresent: boolean): readonly Value[] | undefined {
  const texts = textsOfCapture(e, MOST_VALUES)
  return texts && (isPresent ? texts : [...texts, null])
}

const ALWAYS: ReadonlySet<string> = new Set(['raw', 'time'])

const isStars = (value: Value): boolean => typeof value === 'string' && /^\*+$/.test(value)

const constantOf = (e: Expr): Value => (e.kind === 'lit' ? e.value : null)

const literals = (args: readonly Expr[], values: readonly Value[]): Expr[] =>
  args.map((a, i) => lit(values[i] ?? null, a.ty))

/** Every choice of one value each; undefined: they are too many, or not known. */
function combinations(of: readonly (readonly Value[] | undefined)[]): (readonly Value[])[] | undefined {
  let out: (readonly Value[])[] = [[]]
  for (const values of of) {
    if (!values || out.length * values.length > MOST_VALUES) return undefined
    out = out.flatMap((before) => values.map((v) => [...before, v]))
  }
  return out
}

/** The one answer for all; undefined: they differ, one is not known, or there are none. */
function same<T>(of: readonly T[] | undefined, answer: (x: T) => boolean | undefined): boolean | undefined {
  const answers = new Set(of?.map(answer))
  return answers.size === 1 ? [...answers][0] : undefined
}
