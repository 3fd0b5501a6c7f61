import { inText } from '../../../diag/diagnostic.ts'
import { textRule } from '../../rule.ts'

/** Commands of SPL and operators of KQL and Sumo Logic that are no functions with the same arguments elsewhere. */
const COMMANDS =
  /^(?:transaction|lookup|inputlookup|outputlookup|tstats|timechart|chart|top|rare|dedup|eventstats|streamstats|spath|rex|eval|stats|summarize|project|extend|mv-expand|timeslice|transpose|fillnull|convert|abstract|collect|append|group|limit|take|order)$/i

export const otherLanguageStep = textRule<{ readonly word: string }>({
  id: 'LNT302',
  slug: 'other-language-step',
  severity: 'warning',
  title: 'A step that looks like a command of another language',
  message: (p) => `\`${p.word}\` is a word to search for here, and the rest of the step too`,
  why: 'A step of words is a filter: it keeps the events that contain all of them.',
  remedy: (p) => `write the function with its arguments in brackets, or \`"${p.word}"\` for the word`,
  checkText({ outline, source }) {
    return outline.pipelines.flatMap(({ steps }) =>
      steps.flatMap((s, i) => {
        const isAfterBar = i > 0 || source.text.slice(0, s.at.start).trimEnd().endsWith('|')
        if (s.kind !== 'filter' || !isAfterBar || s.where.kind !== 'and' || s.where.isWritten) return []
        const [first, second] = s.where.of
        if (first?.kind !== 'text' || first.value.kind !== 'bare' || !COMMANDS.test(first.value.text) || !second)
          return []
        return [{ at: inText(source, first.at), params: { word: first.value.text } }]
      }),
    )
  },
})
