import { type Edit, inText } from '../../../diag/diagnostic.ts'
import type { Branches, Outline } from '../../../lang/shared/outline.ts'
import { isEquality } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

export const noDefaultBranch = textRule<{ readonly branch: string }>({
  id: 'LNT403',
  slug: 'no-default-branch',
  severity: 'warning',
  title: 'Branches that give a value, without one for the other events',
  message: () => 'events that meet no branch are dropped',
  why: 'The first branch that an event meets gives it values. An event that meets none leaves the query.',
  remedy: (p) => `add the branch \`${p.branch}\` at the end, or filter before this step if the others are not wanted`,
  checkText({ outline, source, hasErrors }) {
    const branch = outline.traits.defaultBranch
    // Behind an error the branches may be others, and so may be the place for one more.
    if (branch === undefined || hasErrors) return []
    return outline.pipelines.flatMap(({ steps }) =>
      steps.flatMap((s) => {
        if (s.kind !== 'branches' || s.hasDefault || !onlyGivesValues(s, outline)) return []
        const end = s.at.end - 1
        const before = source.text.slice(s.at.start, end).trimEnd()
        const edits: Edit[] = [{ span: { start: end, end }, text: `${before.endsWith(';') ? '' : '; '}${branch} ` }]
        return [
          {
            at: inText(source, { start: s.at.start, end: s.at.start + 4 }),
            params: { branch },
            ...(isList(s, outline) && { severity: 'info' as const }),
            fixes: [{ title: 'keep the other events', edits, safety: 'unsafe' as const }],
          },
        ]
      }),
    )
  },
})

/** Four branches or more, each for a value of the same field: a list of values, perhaps of all that there are. */
function isList({ of }: Branches, { pipelines }: Outline): boolean {
  const fields = of.map((i) => {
    const first = pipelines[i]?.steps[0]
    return first?.kind === 'filter' && first.where.kind === 'compare' && isEquality(first.where)
      ? first.where.field
      : undefined
  })
  return fields.length > 3 && fields[0] !== undefined && fields.every((f) => f === fields[0])
}

/** Two branches or more, and each ends with a value for the same field. */
function onlyGivesValues({ of }: Branches, { pipelines }: Outline): boolean {
  const fields = of.map((i) => {
    const last = pipelines[i]?.steps.at(-1)
    return last?.kind === 'set' ? last.field : undefined
  })
  return fields.length > 1 && fields[0] !== undefined && fields.every((f) => f === fields[0])
}
