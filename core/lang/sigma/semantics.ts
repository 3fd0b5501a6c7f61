// What the specification leaves to whoever runs a rule. No other file decides it.
import type { Semantic } from '../shared/builtin.ts'

export const semantics: readonly Semantic[] = [
  {
    id: 'null-group-keys',
    question: 'Do findings that lack a field of group-by form a group?',
    choices: { drop: 'no: they are not counted', keep: 'yes, under the missing value' },
    default: 'drop',
    evidence:
      'The specification is silent; most backends group with the words of their system, and most of those drop them.',
  },
  {
    id: 'timespan-border',
    question: 'Are two findings exactly one timespan apart within it?',
    choices: { within: 'yes', outside: 'no' },
    default: 'within',
    evidence: 'The specification says only that events must lie within the timespan.',
  },
  {
    id: 'unknown-logsource',
    question: 'What does a rule do whose log source is not known here?',
    choices: { refuse: 'it is not run', 'every-event': 'it looks at every event of the logs that are given' },
    default: 'refuse',
    evidence:
      'A log source is matched by the pipeline of whoever converts the rule; the specification fixes only names.',
  },
]
