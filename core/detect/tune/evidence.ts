// Measured figures as detection.yml keeps them.
import type { Tuning, TuningEvidence } from '../folder/schema.ts'
import type { TuneCandidate } from './tune.ts'

/** The declared form of a candidate. `file`: the query with the change, in the folder. */
export function declaredTuning(c: TuneCandidate, file: string, evidence: TuningEvidence): Tuning {
  const { change } = c
  const isThreshold = change.kind === 'threshold'
  const lost = c.lost.map((l) => l.name)
  return {
    id: c.name,
    what: isThreshold ? `A higher threshold: ${c.what}.` : `An exclusion: ${c.what}.`,
    how: isThreshold
      ? `${file} is the query with \`${c.step}\`.`
      : `${file} is the query with the step \`${c.step}\` built in.`,
    cost: [
      isThreshold
        ? `What stays at or below ${change.value} is no longer seen.`
        : `Whatever else happens where ${c.what} is no longer seen.`,
      ...(lost.length > 0 ? [`It takes findings away from attack tests: ${lost.join('; ')}.`] : []),
    ].join(' '),
    tests: [],
    evidence: [evidence],
  }
}
