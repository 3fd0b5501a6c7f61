// Interval and zones from the command line.
import { badInterval, intervalClash, noChoice, noView } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { isZone } from '../../core/text/zone.ts'
import { parseDuration, parseInstant } from '../../core/workbench/interval.ts'
import type { ReadLanguage } from '../../core/workbench/language.ts'
import { viewNames } from '../../core/workbench/view.ts'
import type { IntervalSpec } from '../execute/interval.ts'

export interface TimeOptions {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly last?: string | undefined
  readonly now?: string | undefined
  readonly sinceIngest?: string | undefined
  readonly tz?: string | undefined
  readonly sourceTz?: string | undefined
  readonly view?: string | undefined
  readonly year?: number | string | undefined
}

export interface TimeContext {
  readonly interval: IntervalSpec
  /** Microseconds UTC. */
  readonly sinceIngest?: bigint | undefined
  readonly zone: string
  readonly sourceZone: string
  readonly diagnostics: readonly Diagnostic[]
}

export function parseTimeOptions(options: TimeOptions): TimeContext {
  const diagnostics: Diagnostic[] = []
  const zone = options.tz ?? 'UTC'
  const sourceZone = options.sourceTz ?? 'UTC'
  const wrong = (option: string, text: string, expected: string) =>
    diagnostics.push(diagnostic(badInterval, noPlace, { option, text, expected }))
  const clash = (what: string) => diagnostics.push(diagnostic(intervalClash, noPlace, { what }))
  if (!isZone(zone)) wrong('--tz', zone, 'zone')
  if (!isZone(sourceZone)) wrong('--source-tz', sourceZone, 'zone')
  const interval: { -readonly [K in keyof IntervalSpec]: bigint } = {}
  for (const name of ['from', 'to', 'now'] as const) {
    const text = options[name]
    if (text === undefined) continue
    const at = parseInstant(text, zone)
    if (at === undefined) wrong(`--${name}`, text, 'time')
    else interval[name] = at
  }
  if (options.last !== undefined) {
    const last = parseDuration(options.last)
    if (last === undefined || last === 0n) wrong('--last', options.last, 'duration')
    else interval.last = last
  }
  if (options.view !== undefined && !viewNames().includes(options.view))
    diagnostics.push(diagnostic(noView, noPlace, { name: options.view, known: viewNames() }))
  if (interval.from !== undefined && interval.to !== undefined && interval.from >= interval.to)
    clash(`--to ${options.to} is not after --from ${options.from}`)
  if (interval.from !== undefined && options.last !== undefined)
    clash('--from and --last both set the start of the interval')
  const { sinceIngest, year } = options
  const ingested = sinceIngest === undefined ? undefined : parseInstant(sinceIngest, zone)
  if (sinceIngest !== undefined && ingested === undefined) wrong('--since-ingest', sinceIngest, 'time')
  if (year !== undefined && !/^(?:19[7-9]|[2-9]\d\d)\d$/.test(String(year))) wrong('--year', String(year), 'year')
  return { interval, sinceIngest: ingested, zone, sourceZone, diagnostics }
}

/** Choices of `--semantics` that the language does not have. */
export function unknownChoices(language: ReadLanguage, choices: readonly string[] = []): Diagnostic[] {
  return choices.flatMap((text) => {
    const [id, choice] = text.split('=')
    const semantic = language.read.semantics.find((s) => s.id === id)
    if (semantic && choice !== undefined && Object.hasOwn(semantic.choices, choice)) return []
    const known = semantic
      ? Object.keys(semantic.choices).map((c) => `${semantic.id}=${c}`)
      : language.read.semantics.map((s) => s.id)
    return [diagnostic(noChoice, noPlace, { text, known })]
  })
}
