// Literals that a line of plain text must show if its event passes a source's filter, derived from the filter and from `LogFormat.plain`.
// They are necessary, not sufficient: a line that shows them need not match.
import { candidates } from '../../../core/eval/bind.ts'
import type { LogFormat, Shown } from '../../../core/logs/format.ts'
import type { Expr, Pred, SourceColumn, SourceNode } from '../../../core/plan/plan.ts'
import type { Tags } from '../../inputs/input.ts'
import { areDigits, comparedTexts, PRINTABLE } from './prefilter.ts'

/** A disjunction: one of these regular expressions matches in the line. Empty: no line passes. */
export type Clause = readonly string[]
/** A conjunction: all clauses hold. Empty: every line passes. */
export type Clauses = readonly Clause[]

const ANY: Clauses = []
export const NEVER: Clauses = [[]]
/** More alternatives cost more than they save. */
const MOST = 64
/** Clauses of each branch of an `or` that take part in the products. */
const MOST_FACTORS = 4

const isNever = (clauses: Clauses): boolean => clauses.some((c) => c.length === 0)

function allClauses(parts: readonly Clauses[]): Clauses {
  const all = parts.flat()
  return isNever(all) ? NEVER : all
}

/** The clauses of a disjunction: (a and b) or (c and d) is (a or c) and (a or d) and (b or c) and (b or d). */
export function anyClauses(parts: readonly Clauses[]): Clauses {
  const [first, ...others] = parts.filter((clauses) => !isNever(clauses))
  if (!first) return NEVER
  return others.reduce((clauses, other) => {
    const product = clauses
      .slice(0, MOST_FACTORS)
      .flatMap((a) => other.slice(0, MOST_FACTORS).map((b) => [...new Set([...a, ...b])]))
    return product.filter((c, i) => c.length <= MOST && !product.some((d, k) => k < i && same(c, d)))
  }, first)
}

const same = (a: Clause, b: Clause): boolean => a.length === b.length && a.every((t) => b.includes(t))

/** Derives clauses from predicates over the columns of a source. */
export class RequiredLiterals {
  readonly #columns: ReadonlyMap<string, SourceColumn>
  readonly #format: LogFormat
  readonly #tags: Tags

  constructor(columns: readonly SourceColumn[], format: LogFormat, tags: Tags) {
    this.#columns = new Map(columns.map((c) => [c.id, c]))
    this.#format = format
    this.#tags = tags
  }

  static of(source: SourceNode, format: LogFormat, tags: Tags): Clauses {
    return new RequiredLiterals(source.columns, format, tags).clausesOf(source.where, true)
  }

  /** Clauses for lines whose event gives the predicate the value `is`. */
  clausesOf(p: Pred, is: boolean): Clauses {
    switch (p.kind) {
      case 'true':
        return is ? ANY : NEVER
      case 'false':
        return is ? NEVER : ANY
      case 'and':
        return is ? this.#all(p.of, true) : anyClauses(p.of.map((q) => this.clausesOf(q, false)))
      case 'or':
        return is ? anyClauses(p.of.map((q) => this.clausesOf(q, true))) : this.#all(p.of, false)
      case 'not':
        return this.clausesOf(p.of, !is)
      case 'holds':
        return p.expr.kind === 'truth' ? this.clausesOf(p.expr.of, is) : ANY
      case 'present':
        return is ? this.#withValue(p.expr, 'present') : ANY
      case 'test': {
        const [subject] = p.args
        const values = is ? comparedTexts(p) : undefined
        return subject && values ? this.#withValue(subject, values) : ANY
      }
    }
  }

  #all(of: readonly Pred[], is: boolean): Clauses {
    const literals = of.flatMap((p) => flat(p, is))
    const present = new Set(literals.flatMap((l) => (l.is && l.p.kind === 'present' ? columnOf(l.p.expr) : [])))
    const filled = literals.flatMap((l) =>
      !l.is && l.p.kind === 'test' && l.p.prim === 'str.eq' && comparedTexts(l.p)?.[0] === ''
        ? columnOf(l.p.args[0]).filter((id) => present.has(id))
        : [],
    )
    return allClauses([
      ...literals.map((l) => this.clausesOf(l.p, l.is)),
      ...filled.map((id) => this.#withValue({ kind: 'col', id, ty: 'str' }, 'filled')),
    ])
  }

  /** Clauses for lines whose event gives the expression one of these values. */
  #withValue(e: Expr, values: Shown): Clauses {
    switch (e.kind) {
      case 'col': {
        const from = this.#columns.get(e.id)?.from
        return from?.kind === 'field' ? this.field(from.name, values) : ANY
      }
      case 'if':
        return anyClauses([
          allClauses([this.clausesOf(e.cond, true), this.#withValue(e.then, values)]),
          this.#withValue(e.else, values),
        ])
      case 'lit':
        if (e.value === null) return NEVER
        if (typeof e.value !== 'string' || values === 'present') return ANY
        return (values === 'filled' ? e.value !== '' : values.includes(e.value)) ? ANY : NEVER
      default:
        return ANY
    }
  }

  field(name: string, values: Shown): Clauses {
    const names = candidates(name, this.#format.aliases)
    if (names.some((n) => Object.hasOwn(this.#tags, n))) return ANY
    return anyClauses(names.map((n) => this.#shown(n, values)))
  }

  #shown(name: string, values: Shown): Clauses {
    const { plain } = this.#format
    if (typeof values !== 'string' && areDigits(values)) {
      const before = plain?.before(name)
      if (before === null) return NEVER
      if (before !== undefined) return values.length <= MOST ? [values.map((v) => numberAfter(before, v))] : ANY
    }
    if (typeof values !== 'string' && !values.every((v) => PRINTABLE.test(v))) return ANY
    const texts = plain?.shows?.(name, values)
    return texts && texts.length <= MOST ? [texts] : ANY
  }
}

interface Literal {
  readonly p: Pred
  readonly is: boolean
}

function flat(p: Pred, is: boolean): Literal[] {
  if (p.kind === 'not') return flat(p.of, !is)
  if (p.kind === (is ? 'and' : 'or')) return (p as Extract<Pred, { kind: 'and' | 'or' }>).of.flatMap((q) => flat(q, is))
  return [{ p, is }]
}

const columnOf = (e: Expr | undefined): readonly string[] => (e?.kind === 'col' ? [e.id] : [])

/** The text before a number and the number, apart: many numbers share the text, and many texts the numbers. */
const numberAfter = (before: string, number: string): string => `${before}\n${number}`

/** One regular expression for all of a clause. */
export function patternOf(clause: Clause): string {
  if (clause.length === 0) return '(?!)'
  const numbers = new Map<string, string[]>()
  for (const s of clause.filter((c) => c.includes('\n'))) {
    const [before = '', number = ''] = s.split('\n')
    numbers.set(before, [...(numbers.get(before) ?? []), number])
  }
  const befores = new Map<string, string[]>()
  for (const [before, of] of numbers) {
    const list = of.join('|')
    befores.set(list, [...(befores.get(list) ?? []), before])
  }
  return [
    ...[...befores].map(([list, of]) => `(?:${of.join('|')})(?:${list})(?![\\w.])`),
    ...clause.filter((c) => !c.includes('\n')),
  ].join('|')
}
