// What a line of plain text must show for an event of a source to come out of it, told from the source's filter and from what the format
// says of its records (`LogFormat.plain`). Never more than is certain: a line that shows it need not match.
import { candidates } from '../../../core/eval/bind.ts'
import type { LogFormat, Shown } from '../../../core/logs/format.ts'
import type { Expr, Pred, SourceColumn, SourceNode } from '../../../core/plan/plan.ts'
import type { Tags } from '../../inputs/types.ts'

/** One of these regular expressions matches in the line. None: no line. */
export type Clause = readonly string[]
/** All clauses hold. None: any line will do. */
export type Needs = readonly Clause[]

const ANY: Needs = []
export const NEVER: Needs = [[]]
const DIGITS = /^\d{1,18}$/
const PRINTABLE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/
/** More alternatives than this cost more than they spare. */
const MOST = 64
/** Of each branch of an `or` so many clauses take part in the products. */
const MOST_FACTORS = 4

const isNever = (needs: Needs): boolean => needs.some((c) => c.length === 0)

function both(parts: readonly Needs[]): Needs {
  const all = parts.flat()
  return isNever(all) ? NEVER : all
}

/** (a and b) or (c and d): (a or c) and (a or d) and … */
export function either(parts: readonly Needs[]): Needs {
  const [first, ...others] = parts.filter((n) => !isNever(n))
  if (!first) return NEVER
  let made = first
  for (const other of others) {
    const product = made
      .slice(0, MOST_FACTORS)
      .flatMap((a) => other.slice(0, MOST_FACTORS).map((b) => [...new Set([...a, ...b])]))
    made = product.filter((c, i) => c.length <= MOST && !product.some((d, k) => k < i && same(c, d)))
  }
  return made
}

const same = (a: Clause, b: Clause): boolean => a.length === b.length && a.every((t) => b.includes(t))

export class Demands {
  readonly #columns: ReadonlyMap<string, SourceColumn>
  readonly #format: LogFormat
  readonly #tags: Tags

  constructor(columns: readonly SourceColumn[], format: LogFormat, tags: Tags) {
    this.#columns = new Map(columns.map((c) => [c.id, c]))
    this.#format = format
    this.#tags = tags
  }

  static of(source: SourceNode, format: LogFormat, tags: Tags): Needs {
    return new Demands(source.columns, format, tags).needs(source.where, true)
  }

  /** For the predicate to be true, or for it to be false. */
  needs(p: Pred, is: boolean): Needs {
    switch (p.kind) {
      case 'true':
        return is ? ANY : NEVER
      case 'false':
        return is ? NEVER : ANY
      case 'and':
        return is ? this.#all(p.of, true) : either(p.of.map((q) => this.needs(q, false)))
      case 'or':
        return is ? either(p.of.map((q) => this.needs(q, true))) : this.#all(p.of, false)
      case 'not':
        return this.needs(p.of, !is)
      case 'holds':
        return p.expr.kind === 'truth' ? this.needs(p.expr.of, is) : ANY
      case 'present':
        return is ? this.#valued(p.expr, 'present') : ANY
      case 'test': {
        const [subject] = p.args
        const values = is ? comparedWith(p) : undefined
        return subject && values ? this.#valued(subject, values) : ANY
      }
    }
  }

  #all(of: readonly Pred[], is: boolean): Needs {
    const literals = of.flatMap((p) => flat(p, is))
    const there = new Set(literals.flatMap((l) => (l.is && l.p.kind === 'present' ? columnOf(l.p.expr) : [])))
    const filled = literals.flatMap((l) =>
      !l.is && l.p.kind === 'test' && l.p.prim === 'str.eq' && comparedWith(l.p)?.[0] === ''
        ? columnOf(l.p.args[0]).filter((id) => there.has(id))
        : [],
    )
    return both([
      ...literals.map((l) => this.needs(l.p, l.is)),
      ...filled.map((id) => this.#valued({ kind: 'col', id, ty: 'str' }, 'filled')),
    ])
  }

  /** For the expression to have one of these values. */
  #valued(e: Expr, values: Shown): Needs {
    switch (e.kind) {
      case 'col': {
        const from = this.#columns.get(e.id)?.from
        return from?.kind === 'field' ? this.field(from.name, values) : ANY
      }
      case 'if':
        return either([both([this.needs(e.cond, true), this.#valued(e.then, values)]), this.#valued(e.else, values)])
      case 'lit':
        if (e.value === null) return NEVER
        if (typeof e.value !== 'string' || values === 'present') return ANY
        return (values === 'filled' ? e.value !== '' : values.includes(e.value)) ? ANY : NEVER
      default:
        return ANY
    }
  }

  field(name: string, values: Shown): Needs {
    const names = candidates(name, this.#format.aliases)
    if (names.some((n) => Object.hasOwn(this.#tags, n))) return ANY
    return either(names.map((n) => this.#shown(n, values)))
  }

  #shown(name: string, values: Shown): Needs {
    const { plain } = this.#format
    if (typeof values !== 'string' && values.every((v) => DIGITS.test(v))) {
      const before = plain?.before(name)
      if (before === null) return NEVER
      if (before !== undefined) return values.length <= MOST ? [values.map((v) => sight(before, v))] : ANY
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

function comparedWith(p: Extract<Pred, { kind: 'test' }>): readonly string[] | undefined {
  const [, other] = p.args
  if (p.prim === 'str.eq') return other?.kind === 'lit' && typeof other.value === 'string' ? [other.value] : undefined
  const { values, ignoreCase } = p.consts
  if (p.prim !== 'str.in' || !Array.isArray(values)) return undefined
  const texts = values.filter((v): v is string => typeof v === 'string')
  const isPlain = texts.length === values.length && (ignoreCase !== true || texts.every((t) => DIGITS.test(t)))
  return isPlain ? texts : undefined
}

/** What stands before a number, and the number: many share one or the other. */
const sight = (before: string, number: string): string => `${before}\n${number}`

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
