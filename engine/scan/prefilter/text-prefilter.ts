// The search over bytes for formats that are not JSON: lines that do not show what a matching event must show are not parsed.
import type { LogFormat } from '../../../core/logs/format.ts'
import type { SourceNode } from '../../../core/plan/plan.ts'
import type { LineFilter, Search } from './json-prefilter.ts'
import { type Clause, Demands, either, type Needs, patternOf } from './required-literals.ts'
import type { Tags } from '../../inputs/types.ts'

/** More clauses than this spare little that the others do not. */
const MOST_CLAUSES = 3

class TextFilter implements LineFilter {
  readonly #patterns: readonly string[]
  readonly #marks: readonly string[]

  constructor(clauses: readonly Clause[], marks: readonly string[]) {
    this.#patterns = clauses.map(patternOf)
    this.#marks = marks
  }

  search(text: string): Search {
    const finders = this.#patterns.map((p) => new Finder(text, p))
    const marks = this.#marks.map((mark) => ({ mark, at: -1 }))
    return {
      mayMatch: (from, to) => {
        for (let i = 0; i < finders.length; i++) {
          if ((finders[i] as Finder).at(from) < to) continue
          // What fails goes to the front: it is the best guess at what spares the others.
          if (i > 0) finders.unshift(...finders.splice(i, 1))
          return false
        }
        return true
      },
      // A line with the format's mark is taken for a record of it; any other line is read.
      isRecord: (from, to) => {
        for (const m of marks) {
          if (m.at < from) {
            const found = text.indexOf(m.mark, from)
            m.at = found < 0 ? Number.POSITIVE_INFINITY : found
          }
          if (m.at < to) return true
        }
        return false
      },
    }
  }
}

class Finder {
  readonly #text: string
  readonly #regex: RegExp
  #next = -1

  constructor(text: string, pattern: string) {
    this.#text = text
    this.#regex = new RegExp(pattern, 'gm')
  }

  /** The first place from `from` on; infinite: none. To be asked with growing `from`. */
  at(from: number): number {
    if (this.#next < from) {
      this.#regex.lastIndex = from
      this.#next = this.#regex.exec(this.#text)?.index ?? Number.POSITIVE_INFINITY
    }
    return this.#next
  }
}

/**
 * Undefined: every line has to be read. `fields`: names, as the query has them, of which it is to be found out whether any event has them.
 * `sample`: lines of the file.
 */
export function textFilter(
  sources: readonly SourceNode[],
  format: LogFormat,
  tags: Tags,
  sample: readonly string[] = [],
  fields: readonly string[] = [],
): LineFilter | undefined {
  const { plain } = format
  if (!plain || format.unit !== 'line' || format.sequential || sources.length + fields.length === 0) return undefined
  const needs = either([
    ...sources.map((s) => Demands.of(s, format, tags)),
    ...fields.map((f) => presence(f, format, tags)),
  ])
  return needs.length === 0 ? undefined : new TextFilter(best(needs, sample), plain.marks)
}

/** What a line shows if its event has the field; no clause: that cannot be told. */
export const presence = (field: string, format: LogFormat, tags: Tags): Needs =>
  new Demands([], format, tags).field(field, 'present')

/** Those that together let the fewest lines through, in that order. */
function best(needs: Needs, sample: readonly string[]): readonly Clause[] {
  let lines = sample.filter((l) => l !== '')
  const left = needs.map((clause) => ({ clause, regex: new RegExp(patternOf(clause), 'm') }))
  const chosen: Clause[] = []
  while (left.length > 0 && chosen.length < MOST_CLAUSES) {
    const shown = left.map(({ regex }) => lines.filter((l) => regex.test(l)))
    const counts = shown.map((s, i) => [s.length, left[i]?.clause.length ?? 0] as const)
    const [first] = counts.map((_, i) => i).sort((a, b) => less(counts[a], counts[b]))
    const at = first as number
    if (chosen.length > 0 && (shown[at]?.length ?? 0) === lines.length) break
    chosen.push((left[at] as (typeof left)[number]).clause)
    lines = shown[at] ?? []
    left.splice(at, 1)
  }
  return chosen
}

type Count = readonly [lines: number, alternatives: number]
const less = (a: Count | undefined, b: Count | undefined): number =>
  (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0)
