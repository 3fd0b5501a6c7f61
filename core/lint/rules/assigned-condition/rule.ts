import { inText } from '../../../diag/diagnostic.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly field: string
}

export const assignedCondition = textRule<Params>({
  id: 'LNT421',
  slug: 'assigned-condition',
  severity: 'warning',
  title: 'An assignment that looks like a condition',
  message: (p) => `\`${p.field}\` gets a value here, in every event`,
  why: '`:=` assigns and lets every event through, `=` compares. A query begins with conditions on tags, and a wildcard is of use in a condition only.',
  remedy: (p) => `write \`${p.field} = …\``,
  checkText({ outline, source }) {
    return outline.pipelines.flatMap(({ isMain, steps }) =>
      steps.flatMap((s, i): Violation<Params>[] => {
        if (s.kind !== 'set' || !isMain) return []
        const isWildcard =
          (s.value?.kind === 'text' || s.value?.kind === 'bare') && /^\*\S*$|^\S*\*$/.test(s.value.text)
        if (!isWildcard && !(s.field.startsWith('#') && steps.slice(0, i).every((x) => x.kind === 'filter'))) return []
        const sign = source.text.indexOf(':=', s.at.start)
        const edits = sign < 0 || sign >= s.at.end ? [] : [{ span: { start: sign, end: sign + 2 }, text: '=' }]
        const fixes = [{ title: 'compare', edits, safety: 'unsafe' as const }]
        return [{ at: inText(source, s.at), params: { field: s.field }, fixes }]
      }),
    )
  },
})
