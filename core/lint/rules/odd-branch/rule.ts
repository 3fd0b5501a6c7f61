import { inText } from '../../../diag/diagnostic.ts'
import type { Compare, Outline, Pipeline, Set as Assignment } from '../../../lang/shared/outline.ts'
import { misspelt } from '../../../text/near-miss-name.ts'
import type { Span } from '../../../text/source.ts'
import { testsOf } from '../../conditions.ts'
import { isKnownField } from '../../known-fields.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly name: string
  readonly meant: string
}

export const oddBranch = textRule<Params>({
  id: 'LNT429',
  slug: 'odd-branch',
  severity: 'warning',
  yields: true,
  title: 'One branch with nearly the name of the others',
  message: (p) => `\`${p.name}\` is in this branch alone, and the others have \`${p.meant}\``,
  why: 'The branches of a choice test one field and give a value to one field. A name that differs in a letter is another field.',
  remedy: (p) => `write \`${p.meant}\``,
  checkText({ outline, source }) {
    return choices(outline).flatMap((branches) =>
      [conditionsOf, assignmentsOf].flatMap((namesOf) => {
        const each = branches.map((b) => namesOf(b, source.text))
        return each.flatMap((own, i) => {
          const others = new Set(each.flatMap((names, o) => (o === i ? [] : names.map((n) => n.name))))
          return own.flatMap(({ name, at }): Violation<Params>[] => {
            // Names that differ in a digit are different ones: `Hash1`, `Hash2`.
            if (others.has(name) || name.length < 5) return []
            const meant = near(name, [...others])
            if (meant === undefined || without(name) === without(meant)) return []
            if (times(each, name) > times(each, meant) || (isTie(each, name, meant) && isFirst(each, name, meant)))
              return []
            const edits = [{ span: at, text: meant }]
            const fixes = [{ title: `write ${meant}`, edits, safety: 'unsafe' as const }]
            return [{ at: inText(source, at), params: { name, meant }, fixes }]
          })
        })
      }),
    )
  },
})

interface Named {
  readonly name: string
  readonly at: Span
}

const times = (each: readonly (readonly Named[])[], name: string): number =>
  each.flat().filter((n) => n.name === name).length

const isTie = (each: readonly (readonly Named[])[], a: string, b: string): boolean => times(each, a) === times(each, b)

/** Of two names that occur equally often, the one of a catalogue is right, or the first. */
const isFirst = (each: readonly (readonly Named[])[], name: string, other: string): boolean =>
  isKnownField(name) !== isKnownField(other)
    ? isKnownField(name)
    : each.flat().find((n) => n.name === name || n.name === other)?.name === name

const without = (name: string): string => name.replace(/\d+/g, '')

const near = (name: string, others: readonly string[]): string | undefined =>
  misspelt(name, others) ?? others.find((o) => o.slice(0, -1) === name)

const choices = ({ pipelines }: Outline): (readonly Pipeline[])[] =>
  pipelines.flatMap((p) =>
    p.steps.flatMap((s) =>
      s.kind === 'branches' && !s.hasGuards && s.of.length > 1 ? [s.of.flatMap((n) => pipelines[n] ?? [])] : [],
    ),
  )

/** Fields of the first condition of a branch. */
const conditionsOf = ({ steps: [first] }: Pipeline): Named[] =>
  first?.kind === 'filter'
    ? testsOf(first.where).map(({ test }: { test: Compare }) => ({ name: test.field, at: test.fieldAt }))
    : []

const assignmentsOf = ({ steps }: Pipeline, text: string): Named[] =>
  steps.flatMap((s) => (s.kind === 'set' && text.startsWith(s.field, s.at.start) ? [target(s)] : []))

const target = ({ field, at: { start } }: Assignment): Named => ({
  name: field,
  at: { start, end: start + field.length },
})
