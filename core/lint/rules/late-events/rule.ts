import { inText } from '../../../diag/diagnostic.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly time: string
  readonly arrival: string
}

/** The time of an event beside that of its arrival, by language: https://library.humio.com/data-analysis/searching-data-event-fields.html,
 * https://help.sumologic.com/docs/search/get-started-with-search/search-basics/built-in-metadata/ */
const TIMES: readonly (readonly [time: string, arrival: string])[] = [
  ['@timestamp', '@ingesttimestamp'],
  ['_messageTime', '_receiptTime'],
]

export const lateEvents = textRule<Params>({
  id: 'LNT422',
  slug: 'late-events',
  severity: 'warning',
  title: 'A condition on the age of an event leaves out late ones',
  message: (p) => `\`${p.time}\` is compared with now(), so an event that arrives late is left out`,
  why: 'A host that was offline sends its events hours later. Their time is old when a scheduled query first sees them, and no run finds them.',
  remedy: (p) => `compare \`${p.arrival}\`, the time of arrival, and let the schedule choose the interval`,
  checkText({ source }) {
    return TIMES.flatMap(([time, arrival]) => {
      const age = new RegExp(
        `\\b(?:test\\(|where\\b)\\s*(?:${time}\\s*>=?\\s*\\(?\\s*now\\(\\)\\s*-|now\\(\\)\\s*-\\s*${time}\\s*<=?)`,
        'gi',
      )
      return [...source.text.matchAll(age)].map((m): Violation<Params> => {
        const at = m.index + m[0].toLowerCase().indexOf(time.toLowerCase())
        const span = { start: at, end: at + time.length }
        const fixes = [{ title: `compare ${arrival}`, edits: [{ span, text: arrival }], safety: 'unsafe' as const }]
        return { at: inText(source, span), params: { time, arrival }, fixes }
      })
    })
  },
})
