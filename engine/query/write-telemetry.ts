// Generated telemetry as a file of a log format, checked by reading it back.
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { changedByFormat } from '../../core/diag/catalogue/witness.ts'
import { type Diagnostic, diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import { readEvents } from '../../core/detect/case/read-events.ts'
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed, formats } from '../../core/logs/registry.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { outcomeOf } from '../../core/witness/outcome.ts'
import { type Reading, type Telemetry, WITNESS_ENV } from '../../core/witness/telemetry.ts'
import type { NearMiss, Witnesses } from '../../core/witness/witness.ts'
import { caseText } from '../../core/detect/case/generated-case.ts'
import { predicateText, type QueryText } from './witness-query.ts'

const NDJSON = 'json-lines'
export const writableFormats = (): string[] => [
  'ndjson',
  ...formats.flatMap((f) => (f.write && f.name !== NDJSON ? [f.name] : [])),
]

export { predicateText } from './witness-query.ts'

export interface Written {
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

/** `near`: of near-misses, which find nothing. A telemetry whose meaning the format changes is left out, and counted. */
export function writeTelemetry(
  plan: Plan,
  all: readonly Telemetry[],
  name: string,
  near: readonly NearMiss[] | undefined,
  reading: Reading,
): Written {
  const asked = formatNamed(name === 'ndjson' ? NDJSON : name)
  // A message with a text of its own is no JSON: an export of messages keeps it.
  const hasMessages = all.some((t) => t.events.some((e) => e.raw !== undefined))
  const format = name === 'ndjson' && hasMessages ? (formatNamed('sumo-json') ?? asked) : asked
  if (!format?.write) return { text: '', diagnostics: [] }
  const kept = all.filter((t) => keepsMeaning(plan, t, format, near !== undefined, reading))
  const events = kept.flatMap((t) => t.events)
  const lost = all.length - kept.length
  return {
    text: events.length === 0 ? '' : format.write(events),
    diagnostics: lost > 0 ? [diagnostic(changedByFormat, noPlace, { format: format.name, lost, all: all.length })] : [],
  }
}

/** Does the query say the same of the telemetry when it is read from a file of the format? */
function keepsMeaning(plan: Plan, telemetry: Telemetry, format: LogFormat, isNear: boolean, reading: Reading): boolean {
  const text = format.write?.(telemetry.events) ?? ''
  const read = readEvents(text, {
    file: 'witness',
    format: undefined,
    context: { zone: 'UTC', year: 2026 },
    tags: {},
    from: 0n,
  })
  const again = readAgain(
    read.format,
    read.events.map((e) => ({ ...e.event, raw: e.event.raw ?? e.meta.raw })),
    telemetry,
    read.tags,
  )
  if (!again) return false
  const own = outcomeOf(plan, telemetry, WITNESS_ENV, reading).result.rows.length
  const other = outcomeOf(plan, again.telemetry, WITNESS_ENV, again.reading).result.rows.length
  return isNear ? own === other : own > 0 === other > 0
}

function readAgain(
  format: LogFormat | undefined,
  events: Telemetry['events'],
  { lookups }: Telemetry,
  tags: Reading['tags'],
): { telemetry: Telemetry; reading: Reading } | undefined {
  if (!format) return undefined
  return { telemetry: { events, lookups }, reading: { aliases: format.aliases, ...(tags && { tags }) } }
}

/** A page of a detection lies in its `tests/`, any other one beside its query. */
const pageName = (path: string): string =>
  `${existsSync(join(dirname(path), DETECTION_FILE)) ? '../' : ''}${basename(path)}`

/** Cases for a page of tests: the query fires on the first events, and stays quiet on one near-miss of each predicate. */
export function casesText({ passing, reached }: Witnesses, query: QueryText, path: string | undefined): string {
  const of = path === undefined ? { text: query.source.text } : { file: pageName(path) }
  const common = { language: query.language, query: of }
  const [first] = passing
  const fires = first
    ? [
        caseText({
          ...common,
          title: 'generated: events that the query finds',
          events: first.events,
          expectation: 'fires',
        }),
      ]
    : []
  const quiet = reached.flatMap(({ condition, misses }) => {
    const miss = misses.find((m) => m.alone)
    if (!miss) return []
    const title = `generated: ${predicateText(condition.pred)}: ${miss.what}`
    return [caseText({ ...common, title, events: miss.telemetry.events, expectation: 'quiet' })]
  })
  return ['# Generated cases', '', ...fires, ...quiet].join('\n')
}
