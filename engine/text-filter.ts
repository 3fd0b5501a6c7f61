// The byte search for formats that are not JSON: lines that show none of the numbers a matching event must have are not parsed.
// Sound where the format says what stands before such a number, and that nothing touches it behind (`plain`).
import { candidates } from '../core/eval/bind.ts'
import type { LogFormat } from '../core/logs/format.ts'
import type { Expr, Pred, SourceColumn, SourceNode } from '../core/plan/plan.ts'
import type { LineFilter, Search } from './prefilter.ts'
import type { Tags } from './types.ts'

const DIGITS = /^\d{1,18}$/
const MOST = 64

class TextFilter implements LineFilter {
  readonly #sights: string
  readonly #marks: readonly string[]

  constructor(sights: string, marks: readonly string[]) {
    this.#sights = sights
    this.#marks = marks
  }

  search(text: string): Search {
    const sights = new RegExp(this.#sights, 'g')
    let next = -1
    const marks = this.#marks.map((mark) => ({ mark, at: -1 }))
    return {
      mayMatch: (from, to) => {
        if (next < from) {
          sights.lastIndex = from
          next = sights.exec(text)?.index ?? Number.POSITIVE_INFINITY
        }
        return next < to
      },
      // A line with the format's mark is taken for a record of it; any other line is read.
      isRecord: (from, to) =>
        marks.some((m) => {
          if (m.at < from) {
            const found = text.indexOf(m.mark, from)
            m.at = found < 0 ? Number.POSITIVE_INFINITY : found
          }
          return m.at < to
        }),
    }
  }
}

/** Undefined: every line has to be read. */
export function textFilter(sources: readonly SourceNode[], format: LogFormat, tags: Tags): LineFilter | undefined {
  const { plain } = format
  if (!plain || format.unit !== 'line' || format.sequential || sources.length === 0) return undefined
  const all = new Set<string>()
  for (const source of sources) {
    const reader = new Reader(source, format, tags)
    const sights = reader.sightsOf(source.where)
    if (!sights) return undefined
    for (const s of sights) all.add(s)
  }
  return all.size <= MOST ? new TextFilter(patternOf([...all]), plain.marks) : undefined
}

/** What stands before a number, and the number. */
const sight = (before: string, number: string): string => `${before}\n${number}`

function patternOf(sights: readonly string[]): string {
  if (sights.length === 0) return '(?!)'
  const numbers = new Map<string, string[]>()
  for (const s of sights) {
    const [before = '', number = ''] = s.split('\n')
    numbers.set(before, [...(numbers.get(before) ?? []), number])
  }
  const befores = new Map<string, string[]>()
  for (const [before, of] of numbers) {
    const list = of.join('|')
    befores.set(list, [...(befores.get(list) ?? []), before])
  }
  return [...befores].map(([list, of]) => `(?:${of.join('|')})(?:${list})(?![\\w.])`).join('|')
}

class Reader {
  readonly #columns: ReadonlyMap<string, SourceColumn>
  readonly #format: LogFormat
  readonly #tags: Tags

  constructor(source: SourceNode, format: LogFormat, tags: Tags) {
    this.#columns = new Map(source.columns.map((c) => [c.id, c]))
    this.#format = format
    this.#tags = tags
  }

  /** Sights of which a line must show one for the predicate to be true; undefined: not known. */
  sightsOf(p: Pred): readonly string[] | undefined {
    switch (p.kind) {
      case 'and': {
        const known = p.of.flatMap((q) => {
          const sights = this.sightsOf(q)
          return sights ? [sights] : []
        })
        return known.sort((a, b) => a.length - b.length)[0]
      }
      case 'or': {
        const parts = p.of.map((q) => this.sightsOf(q))
        return parts.every((n) => n !== undefined) ? parts.flat() : undefined
      }
      case 'holds':
        return p.expr.kind === 'truth' ? this.sightsOf(p.expr.of) : undefined
      case 'false':
        return []
      case 'test': {
        const values = comparedWith(p)
        const [subject] = p.args
        if (!values?.every((v) => DIGITS.test(v)) || !subject) return undefined
        const befores = this.#befores(subject, values)
        return befores?.flatMap((b) => values.map((v) => sight(b, v)))
      }
      default:
        return undefined
    }
  }

  /** What may stand before a value of the expression that is among `values`; undefined: such a value need not stand in the line. */
  #befores(e: Expr, values: readonly string[]): readonly string[] | undefined {
    switch (e.kind) {
      case 'col': {
        const from = this.#columns.get(e.id)?.from
        if (from?.kind !== 'field') return undefined
        const befores = candidates(from.name, this.#format.aliases).map((name) =>
          Object.hasOwn(this.#tags, name) ? undefined : this.#format.plain?.before(name),
        )
        return befores.every((b) => b !== undefined) ? befores.filter((b) => b !== null) : undefined
      }
      case 'if': {
        const [a, b] = [this.#befores(e.then, values), this.#befores(e.else, values)]
        return a && b && [...a, ...b]
      }
      case 'lit':
        return e.value === null || (typeof e.value === 'string' && !values.includes(e.value)) ? [] : undefined
      default:
        return undefined
    }
  }
}

function comparedWith(p: Extract<Pred, { kind: 'test' }>): readonly string[] | undefined {
  const [, other] = p.args
  if (p.prim === 'str.eq') return other?.kind === 'lit' && typeof other.value === 'string' ? [other.value] : undefined
  const { values } = p.consts
  if (p.prim !== 'str.in' || !Array.isArray(values)) return undefined
  const texts = values.filter((v): v is string => typeof v === 'string')
  return texts.length === values.length ? texts : undefined
}
