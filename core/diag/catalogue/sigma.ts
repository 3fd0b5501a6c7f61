// Diagnostics of Sigma: documents, detections, correlations.
import { code } from '../diagnostic.ts'

export const sigmaNotYaml = code<{ readonly problem: string }>({
  id: 'SIG100',
  slug: 'sigma-not-yaml',
  severity: 'error',
  title: 'Not YAML',
  message: ({ problem }) => `not YAML: ${problem}`,
  why: 'A Sigma rule is a YAML document; one that cannot be read says nothing.',
  remedy: () => 'correct the YAML at this place',
})

export const sigmaNoRule = code<{ readonly has: readonly string[] }>({
  id: 'SIG101',
  slug: 'sigma-no-rule',
  severity: 'error',
  title: 'Neither a rule nor a correlation',
  message: ({ has }) =>
    has.length === 0 ? 'the document is empty' : `a document with neither detection nor correlation: ${has.join(', ')}`,
  why: 'A document of a Sigma file is a rule (logsource and detection) or a correlation.',
  remedy: () => 'add `detection:` with `logsource:`, or `correlation:`',
})

export const sigmaMissing = code<{ readonly key: string; readonly of: string }>({
  id: 'SIG102',
  slug: 'sigma-missing-key',
  severity: 'error',
  title: 'A required key is missing',
  message: ({ key, of }) => `${of} has no ${key}`,
  why: 'The JSON Schemas of the Sigma specification 2.1 require it.',
  remedy: ({ key }) => `add \`${key}:\``,
})

export const sigmaWrongValue = code<{ readonly key: string; readonly problem: string; readonly remedy: string }>({
  id: 'SIG103',
  slug: 'sigma-wrong-value',
  severity: 'error',
  title: 'A value that the specification does not allow',
  message: ({ key, problem }) => `${key}: ${problem}`,
  why: 'The JSON Schemas of the Sigma specification 2.1 do not allow it.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaUnknownKey = code<{ readonly key: string; readonly similar: string | undefined }>({
  id: 'SIG104',
  slug: 'sigma-unknown-key',
  severity: 'warning',
  title: 'A key that the specification does not know',
  message: ({ key }) => `the specification knows no key ${key}`,
  why: 'A mistyped key is ignored by every tool, and what it was to say is lost.',
  remedy: ({ similar }) =>
    similar ? `did you mean ${similar}?` : 'remove it, or put it under `custom:` if it is a note of yours',
})

export const sigmaFilter = code<Record<never, never>>({
  id: 'SIG105',
  slug: 'sigma-filter',
  severity: 'error',
  title: 'Filters are not applied yet',
  message: () => 'a filter document is not applied here yet',
  why: 'A rule without its filter finds more than its author meant.',
  remedy: () => 'write the exclusion into the rule: a selection and `and not` in its condition',
})

export const sigmaModifier = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SIG106',
  slug: 'sigma-modifier',
  severity: 'error',
  title: 'No such modifier',
  message: ({ name }) => `there is no modifier ${name}`,
  why: 'A backend must refuse what it cannot express, says the specification, rather than change the meaning.',
  remedy: ({ similar }) => (similar ? `did you mean ${similar}?` : 'use a modifier of the specification'),
})

export const sigmaModifierUse = code<{ readonly name: string; readonly problem: string; readonly remedy: string }>({
  id: 'SIG107',
  slug: 'sigma-modifier-use',
  severity: 'error',
  title: 'A modifier that does not fit',
  message: ({ name, problem }) => `the modifier ${name} ${problem}`,
  why: 'Modifiers take values of one kind and follow each other in an order that has a meaning.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaRegex = code<{ readonly reason: string; readonly pattern: string }>({
  id: 'SIG108',
  slug: 'sigma-regex',
  severity: 'error',
  title: 'The regular expression cannot be read',
  message: ({ reason }) => `the regular expression cannot be read: ${reason}`,
  why: 'A pattern that nobody can run matches nothing.',
  remedy: () => 'correct the pattern; Sigma takes the common part of PCRE',
})

export const sigmaCidr = code<{ readonly value: string }>({
  id: 'SIG109',
  slug: 'sigma-cidr',
  severity: 'error',
  title: 'Not a network',
  message: ({ value }) => `${value} is no network`,
  why: 'A network that cannot be read holds no address, so the selection would be silent.',
  remedy: () => 'write an address and a prefix length, such as 10.0.0.0/8 or fe80::/10',
})

export const sigmaPlaceholder = code<{ readonly name: string }>({
  id: 'SIG110',
  slug: 'sigma-placeholder',
  severity: 'error',
  title: 'A placeholder without values',
  message: ({ name }) => `nothing is given for the placeholder %${name}%`,
  why: 'The values of a placeholder are known to the organisation that runs the rule, not to the rule.',
  remedy: ({ name }) => `give them with --param ${name}=VALUE; commas separate several`,
})

export const sigmaEmptyList = code<{ readonly field: string }>({
  id: 'SIG111',
  slug: 'sigma-empty-list',
  severity: 'error',
  title: 'A list without values',
  message: ({ field }) => `${field} has no value to be compared with`,
  why: 'A list of no values matches nothing.',
  remedy: () => 'give a value; write null if the field must be missing',
})

export const sigmaCondition = code<{ readonly problem: string; readonly remedy: string }>({
  id: 'SIG120',
  slug: 'sigma-condition',
  severity: 'error',
  title: 'The condition cannot be read',
  message: ({ problem }) => problem,
  why: 'A condition is made of names of selections, `and`, `or`, `not`, brackets, `1 of` and `all of`.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaNoSelection = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SIG121',
  slug: 'sigma-no-selection',
  severity: 'error',
  title: 'No such selection',
  message: ({ name }) => `there is no selection ${name}`,
  why: 'A condition may only name what stands beside it under `detection:`.',
  remedy: ({ similar }) => (similar ? `did you mean ${similar}?` : 'define it under `detection:`'),
})

export const sigmaUnused = code<{ readonly name: string }>({
  id: 'SIG122',
  slug: 'sigma-unused-selection',
  severity: 'warning',
  title: 'A selection that the condition does not use',
  message: ({ name }) => `the condition does not use ${name}`,
  why: 'Most often a filter that was written and forgotten, so the rule finds more than its author meant.',
  remedy: ({ name }) => `use ${name} in the condition, or remove it; a leading underscore keeps it out of \`them\``,
})

export const sigmaAggregation = code<Record<never, never>>({
  id: 'SIG123',
  slug: 'sigma-aggregation',
  severity: 'error',
  title: 'Aggregations in conditions are gone',
  message: () => 'an aggregation behind `|` in a condition is no Sigma any more',
  why: 'The specification 2.0 replaced `| count() by …` with correlations.',
  remedy: () => 'keep the selection as a rule with a `name:`, and count it in a second document with `correlation:`',
})

export const sigmaLogsource = code<{ readonly logsource: string }>({
  id: 'SIG130',
  slug: 'sigma-logsource',
  severity: 'error',
  title: 'A log source that is not known here',
  message: ({ logsource }) => `which events are of the log source ${logsource} is not known here`,
  why: 'Without it the rule would be tried on events that it was not written for.',
  remedy: () =>
    'if the logs you give hold nothing else, say so: --semantics unknown-logsource=every-event; known are ' +
    'firewall, the categories of Sysmon, and the channels of Windows',
})

export const sigmaNoReference = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SIG140',
  slug: 'sigma-no-reference',
  severity: 'error',
  title: 'The correlated rule is not in this file',
  message: ({ name }) => `no rule of this file has the name or id ${name}`,
  why: 'A correlation counts what other rules of the same file find.',
  remedy: ({ similar }) =>
    similar ? `did you mean ${similar}?` : 'add the rule to this file as a document of its own, with this `name:`',
})

export const sigmaTwice = code<{ readonly what: string; readonly name: string }>({
  id: 'SIG141',
  slug: 'sigma-twice',
  severity: 'error',
  title: 'Two rules of one name',
  message: ({ what, name }) => `two rules have the ${what} ${name}`,
  why: 'A reference to it would not say which one is meant.',
  remedy: ({ what }) => `give one of them another ${what}`,
})

export const sigmaNotCorrelated = code<{ readonly what: string; readonly reason: string }>({
  id: 'SIG142',
  slug: 'sigma-not-correlated',
  severity: 'error',
  title: 'A correlation that is not run here yet',
  message: ({ what, reason }) => `${what} is not run here yet: ${reason}`,
  why: 'A backend must refuse what it cannot express, says the specification, rather than change the meaning.',
  remedy: () => 'use event_count, value_count or temporal over rules of this file',
})

export const sigmaNothing = code<Record<never, never>>({
  id: 'SIG143',
  slug: 'sigma-nothing',
  severity: 'error',
  title: 'No rule that finds anything',
  message: () => 'every rule of the file is only the base of another one',
  why: 'Correlated rules are silent by themselves unless their correlation says `generate: true`.',
  remedy: () => 'correlations must not refer to each other in a circle',
})
