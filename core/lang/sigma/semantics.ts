// Behaviour that the specification leaves to a backend. No other file decides it.
import type { Semantic } from '../shared/builtin.ts'

export const semantics: readonly Semantic[] = [
  {
    id: 'filter-condition',
    question: 'Does a filter document name the events that are no findings, or those that remain?',
    choices: {
      exclude: 'those that are no findings, unless its condition begins with `not`',
      keep: 'those that remain',
    },
    default: 'exclude',
    evidence:
      'The specification describes and shows filters as exclusions with `condition: selection`. pySigma adds the condition with `and`, so its ' +
      'filters say `not selection`; under both choices that excludes the selection.',
  },
  {
    id: 'null-group-keys',
    question: 'Does a correlation count findings that lack a field of group-by?',
    choices: { drop: 'no', keep: 'yes, in the group of the missing value' },
    default: 'drop',
    evidence:
      'The specification does not say. Most backends use the grouping of their system, and most systems drop such findings.',
  },
  {
    id: 'timespan-border',
    question: 'Are two findings exactly one timespan apart within the timespan?',
    choices: { within: 'yes', outside: 'no' },
    default: 'within',
    evidence: 'The specification says only that events must lie within the timespan.',
  },
  {
    id: 'unknown-logsource',
    question: 'Which events does a rule with an unknown log source read?',
    choices: { refuse: 'none: Assay refuses the rule', 'every-event': 'every event of the given logs' },
    default: 'refuse',
    evidence: 'The pipeline of a converter maps log sources to events. The specification only defines their names.',
  },
]
