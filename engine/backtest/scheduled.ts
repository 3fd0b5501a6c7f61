// What a caller wants to have played: a query, its schedule, and what its findings are about.
import { fileGone, languageNeeded } from '../../core/diag/catalogue/cli.ts'
import { scheduleGaps, scheduleNeeded } from '../../core/diag/catalogue/backtest.ts'
import { platformNeeded } from '../../core/diag/catalogue/detection-folders.ts'
import { badInterval } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inLog, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Naming } from '../../core/detect/backtest/findings.ts'
import type { Schedule } from '../../core/detect/backtest/schedule.ts'
import type { Detection } from '../../core/detect/folder/schema.ts'
import { languageOfFile, languages } from '../../core/workbench/compile.ts'
import { parseDuration } from '../../core/workbench/interval.ts'
import { findDetection } from '../project/detection-folders.ts'
import { namesDetection } from '../project/query-argument.ts'
import { type QueryText, readQuery, readQueryOf } from '../project/query-files.ts'
import type { DetectionFolder } from '../../core/detect/folder/folder-types.ts'

export interface ScheduledChoice {
  /** A detection (folder or id), a query file, or text with `lang`. */
  readonly detection: string
  readonly lang?: string | undefined
  readonly platform?: string | undefined
  /** Another query than that of the platform, with the detection's schedule. */
  readonly query?: string | undefined
  /** How often it runs, how far it looks back and how long before the run that ends, where the detection is not to decide. */
  readonly every?: string | undefined
  readonly lookback?: string | undefined
  readonly delay?: string | undefined
}

export interface Candidate {
  /** A platform of the detection; undefined: the query stands for itself. */
  readonly platform: string | undefined
  readonly query: QueryText
}

export interface Scheduled {
  readonly folder: DetectionFolder | undefined
  /** One, or where nothing chooses, all queries that have a language of ours. */
  readonly candidates: readonly Candidate[]
  readonly schedule: Schedule
  readonly declared: Pick<Detection, 'entity' | 'schedule' | 'suppression' | 'trigger'> | undefined
  /** Undefined: to be taken from the query's own groups. */
  readonly naming: Naming | undefined
}

const isDiagnostic = (x: Diagnostic | object): x is Diagnostic => 'code' in x

/** Everything wrong with the call at once. */
export function readScheduled(o: ScheduledChoice): readonly Diagnostic[] | Scheduled {
  const found = o.lang === undefined ? folderOf(o.detection) : undefined
  if (found && isDiagnostic(found)) return [found]
  if (found && !found.detection) return found.diagnostics.filter((d) => d.severity === 'error')
  const declared = found?.detection
  const schedule = scheduleOf(o, declared)
  const candidates = candidatesOf(o, found)
  const wrong = [...(Array.isArray(schedule) ? schedule : []), ...(isDiagnostic(candidates) ? [candidates] : [])]
  if (wrong.length > 0 || Array.isArray(schedule) || isDiagnostic(candidates)) return wrong
  const naming = declared && {
    entity: declared.entity,
    suppression: { by: declared.suppression.by, for: Number(parseDuration(declared.suppression.for) ?? 0n) },
  }
  return { folder: found, candidates, schedule: schedule as Schedule, declared, naming }
}

/** Undefined: the argument names a query. */
function folderOf(argument: string): Diagnostic | DetectionFolder | undefined {
  if (namesDetection(argument)) return findDetection(argument)
  const query = readQuery(argument, undefined)
  if (!('code' in query) || (query.code !== fileGone.id && query.code !== languageNeeded.id)) return undefined
  const detection = findDetection(argument)
  return 'code' in detection && query.code === languageNeeded.id ? undefined : detection
}

function candidatesOf(o: ScheduledChoice, folder: DetectionFolder | undefined): Diagnostic | readonly Candidate[] {
  const platforms = Object.entries(folder?.detection?.platforms ?? {})
  const known = platforms.map(([p]) => p)
  const unknown = o.platform !== undefined && !known.includes(o.platform)
  if (folder && unknown)
    return diagnostic(platformNeeded, inLog(folder.name), { name: folder.name, platform: o.platform, known })
  const one = folder ? o.query : (o.query ?? o.detection)
  if (one !== undefined) {
    const query = readQuery(one, o.lang)
    if ('code' in query) return query
    const speaks = (p: string) => languageOfPlatform(folder, p) === query.language
    return [{ platform: o.platform ?? known.find(speaks), query }]
  }
  const wanted = platforms.filter(([p]) => p === o.platform || (o.platform === undefined && runs(folder, p)))
  if (wanted.length === 0)
    return diagnostic(platformNeeded, inLog(folder?.name ?? ''), {
      name: folder?.name ?? '',
      platform: undefined,
      known,
    })
  const read = wanted.map(([platform, p]) => ({
    platform,
    query: readQueryOf(folder?.name ?? '', p?.query ?? ''),
  }))
  const wrong = read.map((r) => r.query).find((q) => 'code' in q)
  return wrong && 'code' in wrong ? wrong : (read as readonly Candidate[])
}

const languageOfPlatform = (folder: DetectionFolder | undefined, platform: string): string | undefined => {
  const platforms: Record<string, { readonly query: string } | undefined> = folder?.detection?.platforms ?? {}
  return languageOfFile(platforms[platform]?.query ?? '')?.id
}
const runs = (folder: DetectionFolder | undefined, platform: string): boolean =>
  languages.some((l) => l.id === languageOfPlatform(folder, platform))

function scheduleOf(o: ScheduledChoice, detection: Detection | undefined): Diagnostic[] | Schedule {
  const wrong: Diagnostic[] = []
  const read = (option: string, own: string | undefined, declared: string | undefined): number => {
    const text = own ?? declared
    if (text === undefined) return 0
    const micros = parseDuration(text)
    if (micros === undefined || (micros === 0n && option !== '--delay'))
      wrong.push(diagnostic(badInterval, noPlace, { option, text, expected: 'duration' }))
    return Number(micros ?? 0n)
  }
  const frequency = read('--every', o.every, detection?.schedule.frequency)
  const lookback = read('--lookback', o.lookback, detection?.schedule.lookback)
  const delay = read('--delay', o.delay, detection?.schedule.delay)
  const missing = [
    ...(frequency > 0 || wrong.length > 0 ? [] : ['--every']),
    ...(lookback > 0 || wrong.length > 0 ? [] : ['--lookback']),
  ]
  if (missing.length > 0) wrong.push(diagnostic(scheduleNeeded, noPlace, { missing }))
  if (wrong.length === 0 && lookback < frequency) {
    const [every, back] = [o.every ?? detection?.schedule.frequency, o.lookback ?? detection?.schedule.lookback]
    wrong.push(diagnostic(scheduleGaps, noPlace, { frequency: every ?? '', lookback: back ?? '' }))
  }
  return wrong.length > 0 ? wrong : { lookback, frequency, delay }
}
