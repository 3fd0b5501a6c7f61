// RUN040–RUN059: backtests of a detection on its schedule, and tunings that make it quieter.
import { code } from '../diagnostic.ts'

export const scheduleNeeded = code<{ missing: readonly string[] }>({
  id: 'RUN040',
  slug: 'schedule-needed',
  severity: 'error',
  title: 'The frequency or the lookback of a query is missing',
  message: (p) => `no schedule: ${p.missing.join(' and ')} ${p.missing.length === 1 ? 'is' : 'are'} missing`,
  why: 'The findings of a schedule depend on where each run begins and ends.',
  remedy: (p) =>
    `add ${p.missing.join(' and ')}, such as --every 15m --lookback 1h, or name a detection that declares them`,
})

export const scheduleGaps = code<{ lookback: string; frequency: string }>({
  id: 'RUN041',
  slug: 'schedule-with-gaps',
  severity: 'error',
  title: 'The schedule leaves time that no run reads',
  message: (p) => `runs every ${p.frequency} with a lookback of ${p.lookback} leave gaps that no run reads`,
  why: 'No run reads an event in a gap. The figures of such a schedule would hide that.',
  remedy: (p) => `set --lookback to at least ${p.frequency}, or shorten --every`,
})

export const noTimes = code<{ events: number }>({
  id: 'RUN042',
  slug: 'events-without-times',
  severity: 'error',
  title: 'No event of the telemetry has a time',
  message: (p) => (p.events === 0 ? 'the telemetry has no events' : `none of ${p.events} events has a time`),
  why: 'A run reads only the events in its interval. An event without a time is in no interval.',
  remedy: () => 'run `assay sources LOGS` to see the format found for each file, then name logs that carry times',
})

export const emptyBacktest = code<{ first: string; last: string; from: string | undefined; to: string | undefined }>({
  id: 'RUN043',
  slug: 'no-events-in-interval',
  severity: 'error',
  title: 'The interval contains no events',
  message: (p) =>
    `no event ${[p.from && `from ${p.from}`, p.to && `before ${p.to}`].filter(Boolean).join(' ')}: the telemetry spans ${p.first} to ${p.last}`,
  why: 'A schedule over an interval without events finds nothing. The detection would look quiet.',
  remedy: () => 'set --from and --to within that span, or leave them out',
})

export const tooManyRuns = code<{ runs: number; limit: number; first: string; last: string }>({
  id: 'RUN044',
  slug: 'too-many-runs',
  severity: 'error',
  title: 'The backtest has too many runs',
  message: (p) =>
    `${p.runs.toLocaleString('en-US')} runs from ${p.first} to ${p.last}; a backtest allows at most ${p.limit.toLocaleString('en-US')}`,
  why: 'One event with a wrong year can stretch the interval to decades.',
  remedy: () => 'set --from and --to, or a longer --every',
})

export const platformChosen = code<{ platform: string; file: string; events: number; others: readonly string[] }>({
  id: 'RUN045',
  slug: 'platform-chosen',
  severity: 'info',
  title: 'The platform was chosen by the telemetry',
  message: (p) =>
    `${p.platform}: its query ${p.file} reads ${p.events.toLocaleString('en-US')} of the events, more than the query for ${p.others.join(' or ')}`,
  why: 'The queries of a detection read different telemetry, and the command has no --platform.',
  remedy: () => 'add --platform NAME to choose the platform yourself',
})

export const entityAbsent = code<{ entity: readonly string[]; columns: readonly string[] }>({
  id: 'RUN046',
  slug: 'no-entity-column',
  severity: 'warning',
  title: 'Findings have no entity column',
  message: (p) =>
    p.entity.length === 0
      ? 'the detection declares no entity, so all findings count as one entity'
      : `findings have none of the entity columns ${p.entity.join(', ')}, so all count as one entity`,
  why: 'The entity columns decide which findings are repeats and which are suppressed.',
  remedy: (p) =>
    p.columns.length > 0
      ? `name some of ${p.columns.join(', ')} under \`entity\``
      : 'name columns of the findings under `entity`',
})

export const outsideWindows = code<{ events: number }>({
  id: 'RUN047',
  slug: 'events-in-no-window',
  severity: 'warning',
  title: 'Events without a time were left out',
  message: (p) => `${p.events.toLocaleString('en-US')} events that the query reads have no time and were left out`,
  why: 'A run reads only the events in its interval. An event without a time is in no interval.',
  remedy: () => 'run `assay sources LOGS` to see which files have events without a time',
})

export const noCandidate = code<{ name: string; known: readonly string[] }>({
  id: 'RUN050',
  slug: 'no-such-candidate',
  severity: 'error',
  title: 'No such tuning candidate',
  message: (p) => `no tuning candidate is named ${p.name}`,
  why: '`--write` writes only a candidate that this run measured.',
  remedy: (p) =>
    p.known.length > 0
      ? `write --write with one of ${p.known.join(', ')}`
      : 'leave out --write: no candidate makes the detection quieter on this telemetry',
})

export const silencesAttack = code<{ name: string; cases: readonly string[] }>({
  id: 'RUN051',
  slug: 'tuning-silences-attack',
  severity: 'error',
  title: 'A tuning removes findings from the attack tests of the detection',
  message: (p) =>
    `${p.name} removes findings from ${p.cases.length === 1 ? 'an attack test' : `${p.cases.length} attack tests`}: ${p.cases.join('; ')}`,
  why: 'A tuning that hides the attack makes the detection quiet, not better.',
  remedy: () => 'choose a narrower candidate; or add --accept-loss, which is recorded with the tuning',
})

export const cannotDeclare = code<{ path: string; reason: string }>({
  id: 'RUN052',
  slug: 'cannot-declare-tuning',
  severity: 'error',
  title: 'The tuning was not written',
  message: (p) => `nothing was written to ${p.path}: ${p.reason}`,
  why: 'Assay changes a folder only if it can write the whole tuning and read it back.',
  remedy: () => 'fix the problem named above, then run the command again',
})

export const notDetection = code<{ name: string }>({
  id: 'RUN053',
  slug: 'tuning-needs-detection',
  severity: 'error',
  title: 'Only a detection can have a tuning',
  message: (p) => `${p.name} is a query, not a detection: it has no file for a tuning`,
  why: 'A tuning is written to detection.yml, beside the false positives that it removes.',
  remedy: () => 'name the folder of a detection, or leave out --write',
})
