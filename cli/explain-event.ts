// assay explain QUERY LOGS --event FILE: why did this one not fire?
import type { Source } from '../core/text/source.ts'
import { type ExplainedEvent, explainEvent, type FalseTest } from '../engine/query/explain-event.ts'
import type { ExplainFlags } from './commands/explain.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'

export async function explainOneEvent(
  io: Io,
  query: { readonly source: Source; readonly language: string },
  logs: readonly string[],
  file: string,
  flags: ExplainFlags,
): Promise<number> {
  const options = { ...flags, ...engineOptions(flags), query: query.source, language: query.language, logs }
  const explained = await explainEvent(options, file)
  if (flags.format === 'json') printJson(io, { ...explained, diagnostics: diagnosticsToJson(explained.diagnostics) })
  else {
    say(io, explained.diagnostics)
    if (explained.ok) print(io.stdout, `${eventText(explained).join('\n')}\n`)
  }
  return explained.ok ? 0 : 2
}

/** The answer in lines: the verdict, the tests that were false, and how close the event came. */
export function eventText({ verdict, step, because, group, row }: ExplainedEvent): string[] {
  const place = `\`${(step ?? '').replace(/\s+/g, ' ')}\``
  const reasons = because.flatMap(testLines)
  const keys = group && valuesText(group)
  switch (verdict) {
    case 'fires':
      return [
        `the event fires${keys ? `, in the group ${keys}` : ''}`,
        ...(row ? [`  its row: ${valuesText(row)}`] : []),
      ]
    case 'outside':
      return ['the event is outside of the interval of the query']
    case 'out':
      return [`the event falls out at ${step?.startsWith('the search') ? step : place}`, ...reasons]
    case 'group out':
      return [
        `the event passes, and its group falls out at ${place}`,
        `  the group: ${keys || 'all events'}`,
        ...(row ? [`  its row: ${valuesText(row)}`] : []),
        ...reasons,
      ]
    default:
      return [`the event passes up to ${place}, which joins it with others; the steps after it see no single event`]
  }
}

const testLines = ({ test, values, nearest }: FalseTest): string[] => [
  test === null
    ? '  the join kept none'
    : `  ${test} is false${Object.keys(values).length > 0 ? `: ${valuesText(values)}` : ''}`,
  ...nearest.map((n) => `  nearest: ${n}`),
]

const valuesText = (values: Readonly<Record<string, string | null>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value === null ? 'is absent' : `= ${value}`}`)
    .join(', ')
