import { inText } from '../../../diag/diagnostic.ts'
import { textRule, type Violation } from '../../rule.ts'

export const lostParse = textRule<{ readonly field: string }>({
  id: 'LNT434',
  slug: 'lost-parse',
  severity: 'warning',
  title: 'A pattern of `parse` that is assigned as a text',
  message: (p) => `every event gets this text as \`${p.field}\``,
  why: 'A stage that begins with a text in quotes gives a field this text. Only `parse` reads the stars in it as places of values.',
  remedy: () => 'write `parse` before the text',
  checkText({ outline, source }) {
    if (!outline.traits.globTest) return []
    return outline.pipelines.flatMap(({ steps }) =>
      steps.flatMap((s): Violation<{ readonly field: string }>[] => {
        if (s.kind !== 'set' || s.value?.kind !== 'text' || !/(?:^|[^\w*-])\*(?!\*)/.test(s.value.text)) return []
        const start = s.value.at.start
        if (!/\|\s*$/.test(source.text.slice(0, start))) return []
        const edits = [{ span: { start, end: start }, text: 'parse ' }]
        return [
          {
            at: inText(source, s.value.at),
            params: { field: s.field },
            fixes: [{ title: 'parse the text', edits, safety: 'unsafe' }],
          },
        ]
      }),
    )
  },
})
