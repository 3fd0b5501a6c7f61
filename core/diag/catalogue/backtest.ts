// RUN040–RUN059: detections over telemetry as if they were scheduled, and what would make them quieter.
import { code } from '../diagnostic.ts'

export const scheduleNeeded = code<{ missing: readonly string[] }>({
  id: 'RUN040',
  slug: 'schedule-needed',
  severity: 'error',
  title: 'Nothing says how often a query runs or how far it looks back',
  message: (p) => `no schedule: ${p.missing.join(' and ')} ${p.missing.length === 1 ? 'is' : 'are'} not given`,
  why: 'What a schedule would have found depends on where its windows begin and end.',
  remedy: (p) =>
    `add ${p.missing.join(' and ')}, such as --every 15m --lookback 1h, or name a detection that declares them`,
})

export const scheduleGaps = code<{ lookback: string; frequency: string }>({
  id: 'RUN041',
  slug: 'schedule-with-gaps',
  severity: 'error',
  title: 'Time passes that no run looks at',
  message: (p) => `runs every ${p.frequency} that look back ${p.lookback} leave time that nobody looks at`,
  why: 'An event in the gap is never part of any run, and figures over such a schedule would hide it.',
  remedy: (p) => `give a --lookback of at least ${p.frequency}, or a shorter --every`,
})

export const noTimes = code<{ events: number }>({
  id: 'RUN042',
  slug: 'events-without-times',
  severity: 'error',
  title: 'No event of the telemetry tells when it happened',
  message: (p) => (p.events === 0 ? 'the telemetry holds no event' : `none of ${p.events} events has a time`),
  why: 'A run looks at the events of its window; an event without a time lies in none.',
  remedy: () => '`assay sources LOGS` shows what each file was taken for; give logs that carry their times',
})

export const emptyBacktest = code<{ first: string; last: string; from: string | undefined; to: string | undefined }>({
  id: 'RUN043',
  slug: 'no-events-in-interval',
  severity: 'error',
  title: 'The interval holds none of the telemetry',
  message: (p) =>
    `no event ${[p.from && `from ${p.from}`, p.to && `before ${p.to}`].filter(Boolean).join(' ')}: the telemetry spans ${p.first} to ${p.last}`,
  why: 'A schedule over time without events finds nothing, which would look like a quiet detection.',
  remedy: () => 'give --from and --to within that span, or leave them out',
})

export const tooManyRuns = code<{ runs: number; limit: number; first: string; last: string }>({
  id: 'RUN044',
  slug: 'too-many-runs',
  severity: 'error',
  title: 'The interval takes more runs than are played',
  message: (p) =>
    `${p.runs.toLocaleString('en-US')} runs from ${p.first} to ${p.last}; at most ${p.limit.toLocaleString('en-US')} are played`,
  why: 'A single event with a wrong year makes an interval of decades.',
  remedy: () => 'give --from and --to, or a longer --every',
})

export const platformChosen = code<{ platform: string; file: string; events: number; others: readonly string[] }>({
  id: 'RUN045',
  slug: 'platform-chosen',
  severity: 'info',
  title: 'The query was chosen by what it finds in the telemetry to look at',
  message: (p) =>
    `${p.platform}: its query ${p.file} takes ${p.events.toLocaleString('en-US')} of the events, more than that of ${p.others.join(' or ')}`,
  why: 'The queries of a detection read different telemetry, and no --platform was given.',
  remedy: () => 'give --platform to choose for yourself',
})

export const entityAbsent = code<{ entity: readonly string[]; columns: readonly string[] }>({
  id: 'RUN046',
  slug: 'no-entity-column',
  severity: 'warning',
  title: 'Findings have none of the columns that say what they are about',
  message: (p) =>
    p.entity.length === 0
      ? 'nothing says what a finding is about, so all findings count as one entity'
      : `findings have none of the entity columns ${p.entity.join(', ')}, so all count as one entity`,
  why: 'Entities, repeats and suppression are told by these columns.',
  remedy: (p) =>
    p.columns.length > 0
      ? `name some of ${p.columns.join(', ')} under \`entity\``
      : 'name columns of the findings under `entity`',
})

export const outsideWindows = code<{ events: number }>({
  id: 'RUN047',
  slug: 'events-in-no-window',
  severity: 'warning',
  title: 'Events without a time lie in no window',
  message: (p) => `${p.events.toLocaleString('en-US')} events that the query looks at have no time and were left out`,
  why: 'A run looks at the events of its window; an event without a time lies in none.',
  remedy: () => '`assay sources LOGS` shows which files are concerned',
})

export const noCandidate = code<{ name: string; known: readonly string[] }>({
  id: 'RUN050',
  slug: 'no-such-candidate',
  severity: 'error',
  title: 'No candidate has this name',
  message: (p) => `--write ${p.name} names no candidate`,
  why: 'Only what was measured in this run is written.',
  remedy: (p) =>
    p.known.length > 0
      ? `one of ${p.known.join(', ')}`
      : 'no candidate would make the detection quieter on this telemetry',
})

export const silencesAttack = code<{ name: string; cases: readonly string[] }>({
  id: 'RUN051',
  slug: 'tuning-silences-attack',
  severity: 'error',
  title: 'A tuning takes findings away from the detection’s own attack tests',
  message: (p) =>
    `${p.name} takes findings away from ${p.cases.length === 1 ? 'an attack test' : `${p.cases.length} attack tests`}: ${p.cases.join('; ')}`,
  why: 'A tuning that silences what the detection is for makes it quiet, not better.',
  remedy: () =>
    'choose a narrower candidate; or, knowing what is lost, add --accept-loss, which is written down with the tuning',
})

export const cannotDeclare = code<{ path: string; reason: string }>({
  id: 'RUN052',
  slug: 'cannot-declare-tuning',
  severity: 'error',
  title: 'The tuning was not written',
  message: (p) => `nothing was written to ${p.path}: ${p.reason}`,
  why: 'A folder stays as it was unless the whole of a tuning can be written and read again.',
  remedy: () => 'mend what is said, then run the command again',
})

export const notDetection = code<{ name: string }>({
  id: 'RUN053',
  slug: 'tuning-needs-detection',
  severity: 'error',
  title: 'Only a detection’s folder can hold a tuning',
  message: (p) => `${p.name} is a query, not a detection, so there is nowhere to write to`,
  why: 'A tuning stands in detection.yml, beside the false positives that it silences.',
  remedy: () => 'name the folder of the detection, or leave out --write',
})
