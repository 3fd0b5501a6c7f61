// The byte search for formats that are not JSON: lines that show none of the numbers a matching event must have are not parsed.
// Sound where the format says that such numbers stand in its lines as they are, touching no digit, letter or dot (`plain`).
import { candidates } from '../core/eval/bind.ts'
import type { LogFormat } from '../core/logs/format.ts'
import type { Expr, Pred, SourceColumn, SourceNode } from '../core/plan/plan.ts'
import type { LineFilter, Search } from './prefilter.ts'
import type { Tags } from './types.ts'

const DIGITS = /^\d{1,18}$/
const MOST = 64

class TextFilter implements LineFilter {
  readonly #numbers: string
  readonly #marks: readonly string[]

  constructor(numbers: readonly string[], marks: readonly string[]) {
    this.#numbers = `(?<![\\w.])(?:${numbers.join('|')})(?![\\w.])`
    this.#marks = marks
  }

  search(text: string): Search {
    const numbers = new RegExp(this.#numbers, 'g')
    let next = -1
    const marks = this.#marks.map((mark) => ({ mark, at: -1 }))
    return {
      mayMatch: (from, to) => {
        if (next < from) {
          numbers.lastIndex = from
          next = numbers.exec(text)?.index ?? Number.POSITIVE_INFINITY
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
  const stands = (name: string): boolean => !Object.hasOwn(tags, name) && plain.stands(name)
  const all = new Set<string>()
  for (const source of sources) {
    const columns = new Map(source.columns.map((c) => [c.id, c]))
    const numbers = numbersOf(source.where, columns, format, stands)
    if (!numbers) return undefined
    for (const n of numbers) all.add(n)
  }
  return all.size > 0 && all.size <= MOST ? new TextFilter([...all], plain.marks) : undefined
}

type Columns = ReadonlyMap<string, SourceColumn>

/** Numbers of which a line must show one for the predicate to be true; undefined: not known. */
function numbersOf(
  p: Pred,
  columns: Columns,
  format: LogFormat,
  stands: (name: string) => boolean,
): readonly string[] | undefined {
  switch (p.kind) {
    case 'and': {
      const known = p.of.flatMap((q) => {
        const numbers = numbersOf(q, columns, format, stands)
        return numbers ? [numbers] : []
      })
      return known.sort((a, b) => a.length - b.length)[0]
    }
    case 'or': {
      const parts = p.of.map((q) => numbersOf(q, columns, format, stands))
      return parts.every((n) => n !== undefined) ? parts.flat() : undefined
    }
    case 'holds':
      return p.expr.kind === 'truth' ? numbersOf(p.expr.of, columns, format, stands) : undefined
    case 'false':
      return []
    case 'test': {
      const values = comparedWith(p)
      const [subject] = p.args
      if (!values?.every((v) => DIGITS.test(v)) || !subject) return undefined
      return isShown(subject, columns, format, stands, values) ? values : undefined
    }
    default:
      return undefined
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

/** Does every value that the expression can have, and that is among `values`, come out of the line as it is? */
function isShown(
  e: Expr,
  columns: Columns,
  format: LogFormat,
  stands: (name: string) => boolean,
  values: readonly string[],
): boolean {
  switch (e.kind) {
    case 'col': {
      const from = columns.get(e.id)?.from
      return from?.kind === 'field' && candidates(from.name, format.aliases).every(stands)
    }
    case 'if':
      return isShown(e.then, columns, format, stands, values) && isShown(e.else, columns, format, stands, values)
    case 'lit':
      return e.value === null || (typeof e.value === 'string' && !values.includes(e.value))
    default:
      return false
  }
}
