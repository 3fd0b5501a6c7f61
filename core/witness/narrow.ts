// From goals to hints: predicates are taken apart, and expressions are followed backwards to the variables that they read.
import { compileExpr, rowScope } from '../eval/compile.ts'
import { conjuncts, not, present } from '../plan/build.ts'
import type { Env, Expr, Pred, Row, Test, Value } from '../plan/plan.ts'
import { jsonText } from '../plan/json-text.ts'
import { byName } from '../text/by-name.ts'
import { escapeRegex } from '../text/escape-regex.ts'
import { textOf, sourceVariable } from './assignment.ts'
import { type Chain, type Goal, originOf } from './chain.ts'
import type { Hint, Range } from './hint.ts'
import { inverted } from './invert.ts'
import { isFound } from './pattern.ts'
import { onlyPresence } from './presence.ts'
import type { Random } from './random.ts'
import { against, AVOID, globShape, PRESENT, searchHint, shape, testHint } from './test-hints.ts'

export interface Wishes {
  readonly hints: Map<string, Hint[]>
  /** The tests that the goals come down to, with the branches that were chosen. */
  readonly atoms: Goal[]
}

export interface NarrowContext {
  readonly chain: Chain
  readonly env: Env
  /** Rows before each step, as the assignment gives them now. */
  readonly rows: readonly Row[]
  readonly holds: (goal: Goal) => boolean
  /** Undefined: the first choice that fits. */
  readonly random: Random | undefined
  /** Which of several choices is taken where none fits. */
  readonly turn?: number
  /** Alternatives that the goals deny are not chosen. */
  readonly said?: Said
}

/** Predicates that goals want to be true, and to be false, as texts. */
export interface Said {
  readonly true: ReadonlySet<string>
  readonly false: ReadonlySet<string>
}

export function saidBy(goals: readonly Goal[]): Said {
  const out = { true: new Set<string>(), false: new Set<string>() }
  for (const { pred, want } of goals) {
    const [of, is] = pred.kind === 'not' ? [pred.of, !want] : [pred, want]
    if (of.kind !== 'or' && of.kind !== 'and') out[String(is) as 'true' | 'false'].add(nameOf(of))
  }
  return out
}

/** A cache. */
const names = new WeakMap<Pred, string>()
function nameOf(pred: Pred): string {
  const name = names.get(pred) ?? jsonText(pred)
  names.set(pred, name)
  return name
}

const ABSENT: Hint = { kind: 'absent' }
const MOST_DEPTH = 60
/** Looks at parts, for one search. Choices that read choices have more ways through them than anything can follow. */
const MOST_LOOKS = 5000
/** Choices within choices, when a branch is sought that can have a value. */
const MOST_LOOKED_AT = 12

/** A cache. */
const values = new WeakMap<Expr, { readonly env: Env; readonly of: (row: Row) => Value }>()

function compiledValue(e: Expr, env: Env): (row: Row) => Value {
  const known = values.get(e)
  if (known?.env === env) return known.of
  const of = compileExpr(e, rowScope, env)
  values.set(e, { env, of })
  return of
}

/** The hints that goals come down to. */
export function narrow(goals: readonly Goal[], context: NarrowContext): Wishes {
  const n = new Narrowing(context)
  for (const goal of goals) n.goal(goal.pred, goal.want, goal.step, 0)
  return n.wishes
}

export class Narrowing {
  readonly wishes: Wishes = { hints: new Map(), atoms: [] }
  readonly context: NarrowContext
  #looks = 0

  constructor(context: NarrowContext) {
    this.context = context
  }

  #add(variable: string, hint: Hint): undefined {
    const known = this.wishes.hints.get(variable)
    if (known) known.push(hint)
    else this.wishes.hints.set(variable, [hint])
  }

  goal(pred: Pred, want: boolean, step: number, depth: number): undefined {
    if (depth > MOST_DEPTH || ++this.#looks > MOST_LOOKS) return
    switch (pred.kind) {
      case 'true':
      case 'false':
        return
      case 'not':
        return this.goal(pred.of, !want, step, depth + 1)
      case 'and':
      case 'or': {
        if ((pred.kind === 'and') === want) {
          for (const p of pred.of) this.goal(p, want, step, depth + 1)
          return
        }
        const open = pred.of.filter((p) => !this.#isDenied(p, want))
        const chosen = this.#choose(open.length > 0 ? open : pred.of, (p) =>
          this.context.holds({ step, pred: p, want }),
        )
        if (chosen) this.goal(chosen, want, step, depth + 1)
        return
      }
      case 'holds':
        if (pred.expr.kind === 'truth') return this.goal(pred.expr.of, want, step, depth + 1)
        this.wishes.atoms.push({ step, pred, want })
        return this.expr(pred.expr, { kind: 'texts', of: [String(want)] }, step, depth + 1)
      case 'present':
        this.wishes.atoms.push({ step, pred, want })
        return this.expr(pred.expr, want ? PRESENT : ABSENT, step, depth + 1)
      case 'test':
        this.wishes.atoms.push({ step, pred, want })
        return this.#test(pred, want, step, depth + 1)
    }
  }

  #isDenied(pred: Pred, want: boolean): boolean {
    const { said } = this.context
    if (!said) return false
    const [of, is] = pred.kind === 'not' ? [pred.of, !want] : [pred, want]
    const against = is ? said.false : said.true
    return against.size > 0 && against.has(nameOf(of))
  }

  /** One that already fits, else the first; with a random source, any. */
  #choose<T>(of: readonly T[], fits: (x: T) => boolean): T | undefined {
    const { random } = this.context
    if (random && random.next() < 0.6) return of[random.below(of.length)]
    return of.find(fits) ?? of[(this.context.turn ?? 0) % Math.max(1, of.length)]
  }

  /** The value of an expression in the row that the assignment gives now. */
  valueNow(e: Expr, step: number): Value {
    return compiledValue(e, this.context.env)(this.context.rows[step] ?? {})
  }

  expr(e: Expr, hint: Hint, step: number, depth: number): undefined {
    if (depth > MOST_DEPTH || ++this.#looks > MOST_LOOKS) return
    switch (e.kind) {
      case 'lit':
      case 'env':
        return
      case 'truth':
        return hint.kind === 'texts' ? this.goal(e.of, hint.of[0] === 'true', step, depth + 1) : undefined
      case 'if': {
        const branches = [
          { cond: true, of: e.then },
          { cond: false, of: e.else },
        ].filter(
          (b) => !(hint.kind === 'absent' && b.cond && asksFor(e.cond, b.of)) && this.#isPossible(b.of, hint, step),
        )
        const chosen = this.#choose(branches, (b) => this.context.holds({ step, pred: e.cond, want: b.cond }))
        if (!chosen) return
        this.goal(e.cond, chosen.cond, step, depth + 1)
        return this.expr(chosen.of, hint, step, depth + 1)
      }
      case 'col':
        return this.#column(e.id, e.ty, hint, step, depth)
      case 'call':
        for (const part of inverted(e, hint, (x) => this.valueNow(x, step)))
          this.expr(part.expr, part.hint, step, depth + 1)
    }
  }

  /** Can the expression have a value that the hint allows? Choices between constants are looked at, through the columns that hold them. */
  #isPossible(e: Expr, hint: Hint, step: number, depth = 0): boolean {
    if (depth > MOST_LOOKED_AT || ++this.#looks > MOST_LOOKS) return true
    if (e.kind === 'if')
      return this.#isPossible(e.then, hint, step, depth + 1) || this.#isPossible(e.else, hint, step, depth + 1)
    if (e.kind !== 'col') return e.kind !== 'lit' || allows(hint, textOf(e.value))
    const origin = originOf(this.context.chain, e.id, step, e.ty)
    return origin.kind !== 'expr' || this.#isPossible(origin.expr, hint, origin.at, depth + 1)
  }

  #column(id: string, ty: Expr['ty'], hint: Hint, step: number, depth: number): undefined {
    const origin = originOf(this.context.chain, id, step, ty)
    switch (origin.kind) {
      case 'none':
        return
      case 'expr':
        return this.expr(origin.expr, hint, origin.at, depth + 1)
      case 'element':
        return this.expr(origin.list, { kind: 'elements', count: 1, of: [hint] }, origin.at, depth + 1)
      case 'joined':
        if (hint.kind !== 'absent')
          for (const key of origin.keys) {
            const pred = present(key)
            this.wishes.atoms.push({ step: origin.at, pred, want: true })
            this.goal(pred, true, origin.at, depth + 1)
          }
        return this.#add(origin.name, hint)
      case 'computed': {
        const [arg] = origin.args
        if (arg && hint.kind === 'present' && origin.prim !== 'win.other')
          return this.expr(arg, isNumber(origin.ty) ? { kind: 'number' } : hint, origin.at, depth + 1)
        if (arg && PASSES.has(origin.prim) && !this.#isVariable(origin.name)) {
          this.expr(arg, hint, origin.at, depth + 1)
          return
        }
        return this.#add(origin.name, hint)
      }
      case 'source': {
        const variable = sourceVariable(origin.column)
        if (variable === undefined) return
        const { from } = origin.column
        if (from.kind === 'search') {
          const wanted = hint.kind === 'texts' && hint.of[0] === 'true'
          const of = wanted ? searchHint(from.test.prim, from.test.consts) : AVOID
          if (of) this.#add(variable, from.of === undefined ? of : { kind: 'elements', count: 2, of: [of] })
          return
        }
        return this.#add(variable, hint)
      }
    }
  }

  /** Numbers over several events may be computed, so every other attempt leaves them free. */
  #isVariable(_name: string): boolean {
    const { random } = this.context
    return random !== undefined && random.next() < 0.4
  }

  #test(t: Test, want: boolean, step: number, depth: number): undefined {
    const [a, b] = t.args
    if (!a) return
    const relation = RELATION.exec(t.prim)
    if (b && relation) return this.#relation(relation[1] as Family, relation[2] as Op, a, b, want, step, depth)
    // Only an absent value fails.
    const any = want ? undefined : onlyPresence(t)
    if (any) return this.expr(any, ABSENT, step, depth)
    const hint = testHint(t)
    if (hint) return this.expr(a, want ? hint : against(hint), step, depth)
    const part = b && PARTS[t.prim]
    if (part) {
      const text = textOf(this.valueNow(b, step))
      // A constant that must contain a field's value.
      if (a.kind === 'lit')
        return this.expr(b, want ? { kind: 'texts', of: partsOf(textOf(a.value) ?? '') } : AVOID, step, depth)
      if (text === null) return this.expr(b, PRESENT, step, depth)
      return this.expr(a, want ? shape(part(text), t.prim) : AVOID, step, depth)
    }
    if (t.prim === 'str.globOf' && b) {
      const pattern = textOf(this.valueNow(b, step))
      return this.expr(a, want && pattern !== null ? globShape(pattern, false) : AVOID, step, depth)
    }
    if (t.prim === 'list.contains' && b) {
      const text = textOf(this.valueNow(b, step))
      const of: Hint[] = text === null ? [] : [{ kind: 'texts', of: [text] }]
      return this.expr(a, want ? { kind: 'elements', count: 1, of } : AVOID, step, depth)
    }
    if (t.prim === 'ip.inCidrOf' && b) {
      const address = textOf(this.valueNow(a, step))
      if (address !== null)
        return this.expr(
          b,
          want ? { kind: 'texts', of: [`${address}/${address.includes(':') ? 128 : 32}`] } : AVOID,
          step,
          depth,
        )
    }
    for (const arg of t.args) this.expr(arg, want ? PRESENT : AVOID, step, depth)
  }

  #relation(family: Family, op: Op, a: Expr, b: Expr, want: boolean, step: number, depth: number): undefined {
    const [x, y] = [this.valueNow(a, step), this.valueNow(b, step)]
    const constant = (e: Expr): boolean => isConstant(e)
    // The side that is more easily moved is the one that reads the event.
    const onA = (): undefined => this.expr(a, relationHint(family, op, y, want), step, depth)
    const onB = (): undefined => this.expr(b, relationHint(family, FLIPPED[op], x, want), step, depth)
    if (constant(b)) return onA()
    if (constant(a)) return onB()
    if (y === null && want) this.expr(b, family === 'str' ? PRESENT : { kind: 'number' }, step, depth)
    if (this.context.random && this.context.random.next() < 0.5) return onB()
    return onA()
  }
}

/** Is the expression present wherever the predicate is true? */
const asksFor = (p: Pred, e: Expr): boolean =>
  conjuncts(p).some((c) => c.kind === 'present' && jsonText(c.expr) === jsonText(e))

const isNumber = (ty: Expr['ty']): boolean => ty === 'dec' || ty === 'num' || ty === 'int'

type Family = 'dec' | 'double' | 'int' | 'num' | 'str' | 'time'
type Op = 'eq' | 'ge' | 'gt' | 'le' | 'lt'
const RELATION = /^(str|num|int|dec|double|time)\.(eq|lt|le|gt|ge)$/
const FLIPPED: Readonly<Record<Op, Op>> = { eq: 'eq', lt: 'gt', gt: 'lt', le: 'ge', ge: 'le' }
const NEGATED: Readonly<Record<Exclude<Op, 'eq'>, Op>> = { lt: 'ge', ge: 'lt', gt: 'le', le: 'gt' }

function relationHint(family: Family, op: Op, than: Value, want: boolean): Hint {
  if (than === null) return want ? PRESENT : AVOID
  if (family === 'str') {
    const text = textOf(than) ?? ''
    if (op === 'eq') return want ? { kind: 'texts', of: [text] } : { kind: 'avoid', text }
    const after = want === (op === 'gt' || op === 'ge')
    return { kind: 'texts', of: after ? [`${text}a`, `${text}~`, text, '~'] : [text.slice(0, -1), text, '', ' '] }
  }
  const value = Number(than)
  const real = want || op === 'eq' ? op : NEGATED[op]
  if (real === 'eq') return want ? { kind: 'number', low: value, high: value } : { kind: 'number', not: value }
  return RANGES[real](value)
}
const RANGES: Readonly<Record<Exclude<Op, 'eq'>, (v: number) => Range>> = {
  lt: (high) => ({ kind: 'number', high, highOpen: true }),
  le: (high) => ({ kind: 'number', high }),
  gt: (low) => ({ kind: 'number', low, lowOpen: true }),
  ge: (low) => ({ kind: 'number', low }),
}

/** Results that equal their argument where all rows of the group have the same value. */
const PASSES: ReadonlySet<string> = new Set([
  'agg.any',
  'agg.latest',
  'agg.earliest',
  'agg.argMax',
  'agg.argMin',
  'agg.minText',
  'agg.maxText',
  'agg.minInt',
  'agg.maxInt',
  'agg.minTime',
  'agg.maxTime',
  'agg.minNum',
  'agg.maxNum',
  'agg.minDec',
  'agg.maxDec',
  'agg.avg',
  'agg.percentile',
  'agg.collect',
  'agg.joinInOrder',
])

const PARTS: Readonly<Record<string, (text: string) => string>> = byName({
  'str.contains': (t) => escapeRegex(t),
  'str.startsWith': (t) => `\\A${escapeRegex(t)}`,
  'str.endsWith': (t) => `${escapeRegex(t)}\\z`,
  'str.hasPhrase': (t) => t.split('\u0001').map(escapeRegex).join('.* '),
})
const partsOf = (text: string): string[] => [text, text.slice(0, 1), ...text.split(/[^\w.]+/).filter((w) => w !== '')]

/** Does the hint allow a constant? */
function allows(hint: Hint, text: string | null): boolean {
  switch (hint.kind) {
    case 'absent':
      return text === null
    case 'avoid':
      return hint.text === undefined || text !== hint.text
    case 'texts':
      return text !== null && hint.of.includes(text)
    case 'shape':
      return text !== null && isFound(hint.root, text)
    case 'number': {
      if (text === null || text.trim() === '') return false
      const x = Number(text)
      if (Number.isNaN(x)) return false
      if (hint.not === x) return false
      if (hint.low !== undefined && (x < hint.low || (hint.lowOpen === true && x === hint.low))) return false
      return !(hint.high !== undefined && (x > hint.high || (hint.highOpen === true && x === hint.high)))
    }
    default:
      return text !== null
  }
}

export function isConstant(e: Expr): boolean {
  switch (e.kind) {
    case 'lit':
    case 'env':
      return true
    case 'call':
      return e.args.every(isConstant)
    default:
      return false
  }
}

/** The negation of a conjunct, as goals of its own. */
export const negated = (pred: Pred): readonly Pred[] => conjuncts(not(pred))
