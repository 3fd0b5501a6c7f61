// Queries of one run of lint that ask for the same, or for nearly the same: what a folder with hundreds of rules gathers by copies.
import { nearDuplicate, sameLogic } from '../diag/catalogue/lint.ts'
import { type Diagnostic, diagnostic, inText } from '../diag/diagnostic.ts'
import type { Compare, Condition, Outline, Pipeline } from '../lang/shared/outline.ts'
import type { Source, Span } from '../text/source.ts'

interface Logic {
  /** Of all that is compared, with each value in its place. */
  readonly whole: string
  /** Fields, comparisons and steps without the values. */
  readonly shape: string
  /** Field, comparison and value. */
  readonly tests: ReadonlySet<string>
  readonly at: Span
}

interface Seen {
  readonly logic: Logic
  readonly file: string
}

/**
 * Share of the tests that only one of two queries may have. Road not taken: tests of its own on both sides. In the public rules those are other
 * queries with the same exceptions.
 */
const MOST_MORE = 0.2

/** The later query of a pair gets the message. */
export class Likeness {
  readonly #byWhole = new Map<string, Seen>()
  readonly #byShape = new Map<string, Seen[]>()

  /** Compares a query with the earlier ones, and remembers it. */
  check(outline: Outline, source: Source, language: string): Diagnostic[] {
    return outline.pipelines
      .filter((p) => p.isMain)
      .flatMap((p) => {
        const logic = logicOf(p, outline, source, language)
        return logic ? this.#compare({ logic, file: source.name }, source) : []
      })
  }

  #compare(seen: Seen, source: Source): Diagnostic[] {
    const { logic } = seen
    const at = inText(source, logic.at)
    const same = this.#byWhole.get(logic.whole)
    if (same) return [diagnostic(sameLogic, at, { other: same.file })]
    this.#byWhole.set(logic.whole, seen)
    const alike = this.#byShape.get(logic.shape) ?? []
    this.#byShape.set(logic.shape, [...alike, seen])
    for (const other of alike) {
      const only = [...logic.tests].filter((t) => !other.logic.tests.has(t))
      const lacks = [...other.logic.tests].filter((t) => !logic.tests.has(t))
      const all = logic.tests.size + lacks.length
      const more = only.length > 0 ? only : lacks
      if (more.length === only.length + lacks.length && more.length > 0 && more.length <= all * MOST_MORE)
        return [diagnostic(nearDuplicate, at, { other: other.file, more, of: all, isHere: more === only })]
    }
    return []
  }
}

/** Undefined: no conditions. */
function logicOf(pipeline: Pipeline, { traits }: Outline, { text }: Source, language: string): Logic | undefined {
  const tests = new Set<string>()
  const shapes: string[] = []
  const wholes: string[] = []
  const written = ({ start, end }: Span): string => text.slice(start, end).replace(/\s+/g, ' ')
  const folded = (value: string, c: Compare): string =>
    c.op !== 'regex' && (c.foldsCase ?? (traits.foldsCase && c.isCased === undefined)) ? value.toLowerCase() : value

  /** The condition with its values, and without. */
  const words = (c: Condition): readonly [string, string] => {
    switch (c.kind) {
      case 'and':
      case 'or': {
        const of = flat(c.kind, c.of).map(words)
        return [
          joined(
            c.kind,
            of.map(([w]) => w),
          ),
          joined(
            c.kind,
            of.map(([, s]) => s),
          ),
        ]
      }
      case 'not': {
        const [whole, shape] = words(c.of)
        return [`not ${whole}`, `not ${shape}`]
      }
      case 'compare': {
        const op = c.op === 'in' ? '=' : c.op
        const each = c.values.map((v) => `${c.field} ${c.isCased ? 'cased ' : ''}${op} ${folded(v.text, c)}`)
        for (const t of each) tests.add(t)
        return [joined('or', each), `${c.field} ${op}`]
      }
      case 'text':
        tests.add(c.value.text)
        return [`text ${c.value.text}`, 'text']
      case 'opaque': {
        const opaque = written(c.at)
        tests.add(opaque)
        return [opaque, opaque]
      }
    }
  }
  for (const step of pipeline.steps) {
    const [whole, shape] = step.kind === 'filter' ? words(step.where) : [written(step.at), written(step.at)]
    wholes.push(whole)
    shapes.push(shape)
  }
  const filter = pipeline.steps.find((s) => s.kind === 'filter')
  if (!filter || tests.size === 0) return undefined
  const head = `${language} ${pipeline.logs ?? ''}`
  return { whole: [head, ...wholes].join(' | '), shape: [head, ...shapes].join(' | '), tests, at: filter.at }
}

const flat = (kind: 'and' | 'or', of: readonly Condition[]): Condition[] =>
  of.flatMap((c) => (c.kind === kind ? flat(kind, c.of) : [c]))

const joined = (kind: string, of: readonly string[]): string => {
  const each = [...new Set(of)].sort()
  return each.length === 1 ? (each[0] as string) : `(${each.join(` ${kind} `)})`
}
