import { inText } from '../../../diag/diagnostic.ts'
import { textRule } from '../../rule.ts'

export const emptyStep = textRule<Record<string, never>>({
  id: 'LNT410',
  slug: 'empty-step',
  severity: 'warning',
  title: 'Nothing between two bars',
  message: () => 'there is no step between these bars',
  why: 'The vendor takes it, and it does nothing: a step may have been lost here.',
  remedy: () => 'write the missing step, or remove one `|`',
  checkText({ outline, source }) {
    return outline.pipelines.flatMap(({ steps }) =>
      steps.slice(1).flatMap((s, i) => {
        const start = steps[i]?.at.end ?? 0
        const between = source.text.slice(start, s.at.start).replace(COMMENT, (c) => ' '.repeat(c.length))
        const bars = [...between.matchAll(/\|/g)].map((m) => start + m.index)
        const [first] = bars
        const last = bars.at(-1)
        if (first === undefined || last === undefined || bars.length < 2 || /[^\s|]/.test(between)) return []
        // `||` is an `or` of another language more often than a lost step, and has a diagnostic as such.
        if (/^\s*\|\|\s*$/.test(between)) return []
        const edits = bars.slice(1).map((b) => {
          const space = /^\|[ \t]*/.exec(source.text.slice(b))?.[0].length ?? 1
          return { span: { start: b, end: b + space }, text: '' }
        })
        return [
          {
            at: inText(source, { start: first, end: last + 1 }),
            params: {},
            fixes: [{ title: 'remove the bar', edits, safety: 'safe' as const }],
          },
        ]
      }),
    )
  },
})

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//g
