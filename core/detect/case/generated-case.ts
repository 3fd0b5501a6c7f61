// A case on generated telemetry, as text for a page.
import { jsonLines } from '../../logs/readers/json/write.ts'
import type { Event } from '../../logs/format.ts'
import { formatNamed } from '../../logs/registry.ts'

export interface GeneratedCase {
  readonly title: string
  readonly events: readonly Event[]
  /** First word of the block of the query. */
  readonly language: string
  /** Path of the query from the page, or its text. */
  readonly query: { readonly file: string } | { readonly text: string }
  /** Word and body of the expectation: `fires`, `quiet`, `result` with a table. */
  readonly expectation: string
}

/** Messages that are no JSON are written as an answer of Sumo Logic's search job. */
export function caseText({ title, events, language, query, expectation }: GeneratedCase): string {
  const hasMessages = events.some((e) => e.raw !== undefined)
  const written = (hasMessages ? formatNamed('sumo-json')?.write?.(events) : undefined) ?? jsonLines(events)
  const block = 'file' in query ? `${language} file=${query.file}\n` : `${language}\n${query.text.trimEnd()}\n`
  return [
    `## ${title.replaceAll('`', "'").replace(/\s+/g, ' ').slice(0, 120)}`,
    `\`\`\`events\n${written}\`\`\``,
    `\`\`\`${block}\`\`\``,
    `\`\`\`${expectation.trimEnd()}\n\`\`\``,
    '',
  ].join('\n')
}
