import { inText } from '../../../diag/diagnostic.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly field: string
}

export const filterInBranch = textRule<Params>({
  id: 'LNT416',
  slug: 'filter-in-branch',
  severity: 'warning',
  title: 'A branch filters where the others assign',
  message: (p) => `this branch compares \`${p.field}\`, and the other branches give it a value`,
  why: '`=` compares, `:=` assigns. An event that fails the comparison goes on to the next branch.',
  remedy: (p) => `write \`${p.field} := …\``,
  checkText({ outline, source }) {
    return outline.pipelines.flatMap(({ steps }) =>
      steps.flatMap((s): Violation<Params>[] => {
        if (s.kind !== 'branches' || s.of.length < 2) return []
        const lasts = s.of.map((i) => outline.pipelines[i]?.steps.at(-1))
        const set = lasts.flatMap((l) => (l?.kind === 'set' ? [l.field] : []))
        const [field] = set
        if (field === undefined || set.length !== s.of.length - 1 || set.some((f) => f !== field)) return []
        return lasts.flatMap((l, i): Violation<Params>[] => {
          const count = outline.pipelines[s.of[i] ?? 0]?.steps.length ?? 0
          if (l?.kind !== 'filter' || (count < 2 && !s.hasGuards) || l.where.kind !== 'compare') return []
          const { field: compared, op, values, at } = l.where
          const [value] = values
          if (compared !== field || op !== '=' || value?.kind === 'hole' || value?.kind === 'regex') return []
          const between = source.text.slice(l.where.fieldAt.end, value?.at.start ?? 0)
          const equals = between.indexOf('=')
          const start = l.where.fieldAt.end + equals
          const edits = equals < 0 ? [] : [{ span: { start, end: start + 1 }, text: ':=' }]
          return [{ at: inText(source, at), params: { field }, fixes: [{ title: 'assign', edits, safety: 'unsafe' }] }]
        })
      }),
    )
  },
})
