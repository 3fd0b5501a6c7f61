// A predicate of a plan as a condition that every platform has. Computed values are pushed out of the tests: a test of
// `if c then a else b` becomes a test of `a` where `c` holds, and one of `b` where it does not.
import type { Condition } from '../lang/shared/portable.ts'
import type { Binding, Consts, Expr, Pred } from '../plan/plan.ts'
import type { Span } from '../text/source.ts'
import { ALWAYS, group, isNever, NEVER, notOf, sizeOf, Unsayable } from './groups.ts'
import { chained, double, keyword, META, replaced, type Shape, single, UNSAID_TEST, UNSAID_VALUE } from './tests.ts'

/** Where a column comes from: the source, or a computation in front of this step. */
export type Origin =
  | Binding
  | { readonly kind: 'expr'; readonly expr: Expr }
  | { readonly kind: 'named'; readonly name: string }
export type OriginOf = (id: string) => Origin | undefined

/** `placeOf`: where the text says this test. */
export function conditionOf(
  pred: Pred,
  originOf: OriginOf,
  placeOf: (test: Pred) => Span | undefined = () => undefined,
): Condition {
  return new Reader(originOf, placeOf).condition(pred)
}

/** The name of the field that an expression reads as it is; undefined: it computes something. */
export function fieldOf(expr: Expr, originOf: OriginOf): string | undefined {
  const forms = new Reader(originOf, () => undefined).forms(expr)
  const [form] = forms
  return forms.length === 1 && form?.value.kind === 'field' && !form.value.lower && form.value.zone !== true
    ? form.value.field
    : undefined
}

/** The name of the field whose text an expression reads as a number. */
export function numberFieldOf(expr: Expr, originOf: OriginOf): string | undefined {
  const [form, ...others] = new Reader(originOf, () => undefined).forms(expr)
  return others.length === 0 && form?.value.kind === 'number' ? form.value.field : undefined
}

interface Form {
  readonly when: Condition
  readonly value: Shape
}

const AS_NUMBER = new Set(['dec.parse', 'dec.toNum', 'int.parse', 'num.fromInt', 'num.parse', 'num.toInt'])
/** More ways through nested computations than this are not written. */
const MOST_FORMS = 24
/** Tests. Each step of nested computations may double a condition. */
const MOST_TESTS = 10_000

function bounded(c: Condition): Condition {
  if (sizeOf(c) > MOST_TESTS) throw new Unsayable('a value with too many cases')
  return c
}

class Reader {
  readonly #originOf: OriginOf
  readonly #placeOf: (test: Pred) => Span | undefined
  /** Nested computations share their parts, and each is read once. */
  readonly #known = { conditions: new Map<Pred, Condition>(), forms: new Map<Expr, Form[]>() }
  constructor(originOf: OriginOf, placeOf: (test: Pred) => Span | undefined) {
    this.#originOf = originOf
    this.#placeOf = placeOf
  }

  condition(p: Pred): Condition {
    const { conditions } = this.#known
    const found = conditions.get(p) ?? this.#condition(p)
    conditions.set(p, found)
    return found
  }

  #condition(p: Pred): Condition {
    switch (p.kind) {
      case 'true':
        return ALWAYS
      case 'false':
        return NEVER
      case 'and':
        return group(
          'all',
          p.of.map((o) => this.condition(o)),
        )
      case 'or':
        return (
          asNumber(p, this) ??
          group(
            'any',
            p.of.map((o) => this.condition(o)),
          )
        )
      case 'not':
        return notOf(this.condition(p.of))
      case 'present':
        return this.#each(p.expr, (v) => this.#present(v))
      case 'holds':
        return this.#holds(p.expr)
      case 'test': {
        const at = this.#placeOf(p)
        try {
          const found = this.#test(p.prim, p.args, p.consts, p)
          return at ? placed(found, at) : found
        } catch (e) {
          throw e instanceof Unsayable && at && !e.at ? new Unsayable(e.message, at) : e
        }
      }
    }
  }

  #each(expr: Expr, of: (v: Shape) => Condition): Condition {
    const forms = this.forms(expr)
    const found = group(
      'any',
      forms.map((f) => group('all', [f.when, of(f.value)])),
    )
    return forms.length > 1 ? bounded(found) : found
  }

  #present(v: Shape): Condition {
    switch (v.kind) {
      case 'absent':
        return NEVER
      case 'const':
        return v.value === null ? NEVER : ALWAYS
      case 'field':
      case 'around':
        return { kind: 'exists', field: v.field }
      case 'renamed':
        return this.#present(v.of)
      default:
        throw new Unsayable('a test whether a text is a number')
    }
  }

  #holds(e: Expr): Condition {
    if (e.kind === 'truth') return this.condition(e.of)
    if (e.kind === 'if')
      return bounded(
        group('any', [
          group('all', [this.condition(e.cond), this.#holds(e.then)]),
          group('all', [notOf(this.condition(e.cond)), this.#holds(e.else)]),
        ]),
      )
    if (e.kind === 'lit') return e.value === true ? ALWAYS : NEVER
    if (e.kind === 'col') {
      const from = this.#originOf(e.id)
      if (from?.kind === 'expr') return this.#holds(from.expr)
      if (from?.kind === 'search' && from.of === undefined) return keyword(from.test.prim, from.test.consts)
    }
    throw new Unsayable(UNSAID_TEST)
  }

  #test(prim: string, args: readonly Expr[], consts: Consts, p: Pred): Condition {
    const [left, right, ...others] = args
    if (!left || others.length > 0) throw new Unsayable(UNSAID_TEST)
    if (!right) return this.#each(left, (v) => single(prim, v, consts, p))
    const [lefts, rights] = [this.forms(left), this.forms(right)]
    const found = group(
      'any',
      lefts.flatMap((l) => rights.map((r) => group('all', [l.when, r.when, double(prim, l.value, r.value, p)]))),
    )
    return lefts.length * rights.length > 1 ? bounded(found) : found
  }

  /** The values that an expression can have, each with its condition. */
  forms(e: Expr): Form[] {
    const { forms } = this.#known
    const found = forms.get(e) ?? this.#forms(e)
    forms.set(e, found)
    if (found.length > MOST_FORMS) throw new Unsayable('a value with too many cases')
    return found
  }

  #forms(e: Expr): Form[] {
    switch (e.kind) {
      case 'lit':
        return [{ when: ALWAYS, value: e.value === null ? { kind: 'absent' } : { kind: 'const', value: e.value } }]
      case 'col':
        return this.#column(e.id)
      case 'if': {
        const [yes, no] = [this.condition(e.cond), notOf(this.condition(e.cond))]
        const under = (c: Condition, of: Expr): Form[] =>
          this.forms(of).map((f) => ({ when: bounded(group('all', [c, f.when])), value: f.value }))
        return [...under(yes, e.then), ...under(no, e.else)].filter((f) => !isNever(f.when))
      }
      case 'call':
        return this.#call(e.prim, e.args, e.consts)
      default:
        throw new Unsayable(UNSAID_VALUE)
    }
  }

  #column(id: string): Form[] {
    const from = this.#originOf(id)
    if (from?.kind === 'expr') return this.forms(from.expr)
    const field =
      from?.kind === 'field' || from?.kind === 'named' ? from.name : from?.kind === 'meta' ? META[from.name] : undefined
    if (field === undefined) throw new Unsayable(`the value \`${id.replace(/^\$:/, '')}\``)
    return [{ when: ALWAYS, value: { kind: 'field', field, lower: false } }]
  }

  #call(prim: string, args: readonly Expr[], consts: Consts): Form[] {
    const [of, by] = args
    if (!of) throw new Unsayable(UNSAID_VALUE)
    const mapped = (change: (v: Shape) => Shape): Form[] =>
      this.forms(of).map((f) => ({ when: f.when, value: f.value.kind === 'absent' ? f.value : change(f.value) }))
    if (prim === 'str.lower' && !by)
      return mapped((v) => {
        if (v.kind === 'field' || v.kind === 'around') return { ...v, lower: true }
        if (v.kind === 'const') return { kind: 'const', value: String(v.value).toLowerCase() }
        throw new Unsayable(UNSAID_VALUE)
      })
    if (AS_NUMBER.has(prim))
      return mapped((v) => {
        if (v.kind === 'field') return { kind: 'number', field: v.field }
        if (v.kind === 'const' || v.kind === 'number') return v
        throw new Unsayable(UNSAID_VALUE)
      })
    if (prim === 'str.concat') return this.#concat(args)
    if (prim === 'ip.network')
      return mapped((v) => {
        const bits = Number(consts['bits'])
        if (v.kind === 'field') return { kind: 'network', field: v.field, bits }
        if (v.kind === 'const') return v
        throw new Unsayable(UNSAID_VALUE)
      })
    if (prim === 're.replace') return mapped((v) => replaced(v, consts))
    throw new Unsayable(UNSAID_VALUE)
  }

  #concat(args: readonly Expr[]): Form[] {
    let out: Form[] = [{ when: ALWAYS, value: { kind: 'const', value: '' } }]
    for (const a of args) {
      const next = this.forms(a)
      out = out.flatMap((f) =>
        next.map((n) => ({ when: group('all', [f.when, n.when]), value: chained(f.value, n.value) })),
      )
      if (out.length > MOST_FORMS) throw new Unsayable('a value with too many cases')
    }
    return out.filter((f) => !isNever(f.when))
  }
}

function placed(c: Condition, at: Span): Condition {
  switch (c.kind) {
    case 'all':
    case 'any': {
      const of = c.of.map((o) => placed(o, at))
      return of.every((o, i) => o === c.of[i]) ? c : { kind: c.kind, of }
    }
    case 'not': {
      const of = placed(c.of, at)
      return of === c.of ? c : { kind: 'not', of }
    }
    case 'always':
      return c
    default:
      return c.at ? c : { ...c, at }
  }
}

/** `field = 1` of a language that compares numbers: the text, or a text of the same number. */
function asNumber(p: Extract<Pred, { kind: 'or' }>, reader: Reader): Condition | undefined {
  const [first, second, ...others] = p.of
  if (first?.kind !== 'test' || second?.kind !== 'test' || others.length > 0) return undefined
  const [of, value] = first.args
  if (!of || !isSame(of, second.args[0]) || first.prim !== 'str.eq') return undefined
  // Between two fields the number matters only where their texts differ.
  if (second.prim === 'str.sameNumber') return reader.condition(first)
  if (value?.kind !== 'lit' || second.prim !== 're.test') return undefined
  if (!String(second.consts['pattern']).startsWith('^\\+?0*')) return undefined
  const test = reader.condition({
    ...first,
    prim: 'num.eq',
    args: [of, { kind: 'lit', value: Number(value.value), ty: 'num' }],
  })
  return Number.isFinite(Number(value.value)) ? test : undefined
}

/** Nested computations share their parts, so these are compared first. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  const keys = Object.keys(a)
  const of = (x: object, k: string): unknown => (x as Record<string, unknown>)[k]
  return keys.length === Object.keys(b).length && keys.every((k) => isSame(of(a, k), of(b, k)))
}
