// The prefilter for formats that are not JSON: every matching line matches one of a few regular expressions.
import type { LogFormat } from '../../../core/logs/format.ts'
import type { SourceNode } from '../../../core/plan/plan.ts'
import type { Tags } from '../../inputs/input.ts'
import type { PrefilterInputs } from './json-prefilter.ts'
import {
  allHold,
  type BlockSearch,
  Finder,
  type LineCheck,
  type LineExpressions,
  type LinePrefilter,
} from './prefilter.ts'
import { anyClauses, type Clause, type Clauses, patternOf, RequiredLiterals } from './required-literals.ts'

/** Further clauses rule out few lines that the first ones do not. */
const MOST_CLAUSES = 3

class TextPrefilter implements LinePrefilter {
  readonly expressions: LineExpressions

  constructor(clauses: readonly Clause[], marks: readonly string[]) {
    this.expressions = { patterns: clauses.map(patternOf), marks }
  }

  search(text: string): BlockSearch {
    const { patterns } = this.expressions
    const checks = patterns.map((pattern): LineCheck => {
      const regex = new RegExp(pattern, 'gm')
      const finder = new Finder((from) => {
        regex.lastIndex = from
        return regex.exec(text)?.index ?? -1
      })
      return (from, to) => finder.at(from) < to
    })
    const marks = this.expressions.marks.map((mark) => new Finder((from) => text.indexOf(mark, from)))
    return {
      mayMatch: (from, to) => allHold(checks, from, to),
      // Every record of the format contains one of its marks. A line without a mark is parsed to find out.
      isRecord: (from, to) => {
        for (const mark of marks) if (mark.at(from) < to) return true
        return false
      },
    }
  }
}

/** Undefined: every line has to be parsed. `fields`: names of the query; lines that may have one of these fields pass too. */
export function textPrefilter(
  sources: readonly SourceNode[],
  { format, tags, sample = [] }: PrefilterInputs,
  fields: readonly string[] = [],
): LinePrefilter | undefined {
  const { plain } = format
  if (!plain || format.unit !== 'line' || format.sequential || sources.length + fields.length === 0) return undefined
  const clauses = anyClauses([
    ...sources.map((s) => RequiredLiterals.of(s, format, tags)),
    ...fields.map((f) => clausesForField(f, format, tags)),
  ])
  return clauses.length === 0 ? undefined : new TextPrefilter(bestClauses(clauses, sample), plain.marks)
}

/** Clauses for lines whose event has the field. No clause: any line may have it. */
export const clausesForField = (field: string, format: LogFormat, tags: Tags): Clauses =>
  new RequiredLiterals([], format, tags).field(field, 'present')

/** The clauses that together let the fewest lines of the sample through, the strictest first. */
function bestClauses(clauses: Clauses, sample: readonly string[]): readonly Clause[] {
  let lines = sample.filter((l) => l !== '')
  const left = clauses.map((clause) => ({ clause, regex: new RegExp(patternOf(clause), 'm') }))
  const chosen: Clause[] = []
  while (left.length > 0 && chosen.length < MOST_CLAUSES) {
    const matching = left.map(({ regex }) => lines.filter((l) => regex.test(l)))
    const sizes = matching.map((m, i) => ({ lines: m.length, alternatives: left[i]?.clause.length ?? 0, i }))
    const [best] = sizes.sort((a, b) => a.lines - b.lines || a.alternatives - b.alternatives)
    if (!best || (chosen.length > 0 && best.lines === lines.length)) break
    chosen.push((left[best.i] as (typeof left)[number]).clause)
    lines = matching[best.i] ?? []
    left.splice(best.i, 1)
  }
  return chosen
}
