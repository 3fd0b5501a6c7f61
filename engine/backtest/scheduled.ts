// The input of a backtest: a query, its schedule, and the entity of its findings.
import { fileGone, languageNeeded } from '../../core/diag/catalogue/cli.ts'
import { scheduleGaps, scheduleNeeded } from '../../core/diag/catalogue/backtest.ts'
import { platformNeeded } from '../../core/diag/catalogue/detection-folders.ts'
import { badInterval } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inLog, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
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
  /** A query to play instead of the platform's, with the detection's schedule. */
  readonly query?: string | undefined
  /** Frequency, length of the window, and time from the end of the window to the run. They override the detection's. */
  readonly every?: string | undefined
  readonly lookback?: string | undefined
  readonly delay?: string | undefined
}

export interface Candidate {
  /** A platform of the detection. Undefined: the query belongs to none. */
  readonly platform: string | undefined
  readonly query: QueryText
}

export interface Scheduled {
  readonly folder: DetectionFolder | undefined
  /** One query, or all supported queries of the detection if no option chooses. */
  readonly candidates: readonly Candidate[]
  readonly schedule: Schedule
  readonly declared: Pick<Detection, 'entity' | 'schedule' | 'suppression' | 'trigger'> | undefined
  /** Undefined: the group-by keys of the query name the findings. */
  readonly naming: Naming | undefined
}

/** Reports all problems of the options at once. */
export function readScheduled(o: ScheduledChoice): Result<Scheduled> {
  const found = o.lang === undefined ? folderOf(o.detection) : undefined
  if (found?.ok === false) return found
  const folder = found?.value
  if (folder && !folder.detection) return failure(...folder.diagnostics.filter((d) => d.severity === 'error'))
  const declared = folder?.detection
  const schedule = scheduleOf(o, declared)
  const candidates = candidatesOf(o, folder)
  if (!schedule.ok || !candidates.ok)
    return failure(...[schedule, candidates].flatMap((r) => (r.ok ? [] : r.diagnostics)))
  const naming = declared && {
    entity: declared.entity,
    suppression: { by: declared.suppression.by, for: Number(parseDuration(declared.suppression.for) ?? 0n) },
  }
  return ok({ folder, candidates: candidates.value, schedule: schedule.value, declared, naming })
}

/** Undefined: the argument names a query. */
function folderOf(argument: string): Result<DetectionFolder> | undefined {
  if (namesDetection(argument)) return findDetection(argument)
  const query = readQuery(argument, undefined)
  const code = query.ok ? undefined : query.diagnostics[0]?.code
  if (code !== fileGone.id && code !== languageNeeded.id) return undefined
  const detection = findDetection(argument)
  return !detection.ok && code === languageNeeded.id ? undefined : detection
}

function candidatesOf(o: ScheduledChoice, folder: DetectionFolder | undefined): Result<readonly Candidate[]> {
  // Texts that Assay only writes are of platforms where it runs nothing.
  const platforms = Object.entries(folder?.detection?.platforms ?? {}).filter(([p]) => isRead(p))
  const known = platforms.map(([p]) => p)
  const unknown = o.platform !== undefined && !known.includes(o.platform)
  if (folder && unknown)
    return failure(diagnostic(platformNeeded, inLog(folder.name), { name: folder.name, platform: o.platform, known }))
  const one = folder ? o.query : (o.query ?? o.detection)
  if (one !== undefined) {
    const query = readQuery(one, o.lang)
    if (!query.ok) return query
    const hasLanguage = (p: string) => languageOfPlatform(folder, p) === query.value.language
    return ok([{ platform: o.platform ?? known.find(hasLanguage), query: query.value }])
  }
  const wanted = platforms.filter(([p]) => o.platform === undefined || p === o.platform)
  if (wanted.length === 0)
    return failure(
      diagnostic(platformNeeded, inLog(folder?.name ?? ''), { name: folder?.name ?? '', platform: undefined, known }),
    )
  const candidates: Candidate[] = []
  for (const [platform, p] of wanted) {
    const query = readQueryOf(folder?.name ?? '', p?.query ?? '')
    if (!query.ok) return query
    candidates.push({ platform, query: query.value })
  }
  return ok(candidates)
}

const languageOfPlatform = (folder: DetectionFolder | undefined, platform: string): string | undefined => {
  const platforms: Record<string, { readonly query: string } | undefined> = folder?.detection?.platforms ?? {}
  return languageOfFile(platforms[platform]?.query ?? '')?.id
}
const isRead = (platform: string): boolean => languages.some((l) => l.platform.id === platform && l.read !== undefined)

function scheduleOf(o: ScheduledChoice, detection: Detection | undefined): Result<Schedule> {
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
  return wrong.length > 0 ? failure(...wrong) : ok({ lookback, frequency, delay })
}
