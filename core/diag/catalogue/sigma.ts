// Diagnostics of Sigma: documents, detections, correlations.
import { code } from '../diagnostic.ts'

export const sigmaNotYaml = code<{ readonly problem: string; readonly remedy?: string }>({
  id: 'SIG100',
  slug: 'sigma-not-yaml',
  severity: 'error',
  title: 'The rule is not valid YAML',
  message: ({ problem }) => `invalid YAML: ${problem}`,
  why: 'A Sigma rule is a YAML document.',
  remedy: ({ remedy }) =>
    remedy ?? 'correct the YAML here; put a text in quotes if it contains `: ` or ` #`, or starts with `*`',
})

export const sigmaTooLarge = code<{ readonly most: number }>({
  id: 'SIG114',
  slug: 'sigma-too-many-values',
  severity: 'error',
  title: 'A rule file has too many values',
  message: ({ most }) => `more than ${most} values in one file`,
  why: 'Each value is a test of its own. So many of them fit into no query of a SIEM.',
  remedy: () => 'split the file, or keep the values in a lookup file of the SIEM',
})

export const sigmaNoRule = code<{ readonly has: readonly string[] }>({
  id: 'SIG101',
  slug: 'sigma-no-rule',
  severity: 'error',
  title: 'Neither a rule nor a correlation',
  message: ({ has }) =>
    has.length === 0
      ? 'the document is empty'
      : `the document has neither detection nor correlation, only ${has.join(', ')}`,
  why: 'Each document of a Sigma file is a rule (logsource and detection) or a correlation.',
  remedy: () => 'add `detection:` with `logsource:`, or `correlation:`',
})

export const sigmaMissing = code<{ readonly key: string; readonly of: string }>({
  id: 'SIG102',
  slug: 'sigma-missing-key',
  severity: 'error',
  title: 'A required key is missing',
  message: ({ key, of }) => `${of} has no ${key}`,
  why: 'The JSON Schemas of the Sigma specification 2.1 require this key.',
  remedy: ({ key }) => `add \`${key}:\``,
})

export const sigmaWrongValue = code<{ readonly key: string; readonly problem: string; readonly remedy: string }>({
  id: 'SIG103',
  slug: 'sigma-wrong-value',
  severity: 'error',
  title: 'A value that the specification does not allow',
  message: ({ key, problem }) => `${key}: ${problem}`,
  why: 'The JSON Schemas of the Sigma specification 2.1 do not allow this value.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaUnknownKey = code<{ readonly key: string; readonly similar: string | undefined }>({
  id: 'SIG104',
  slug: 'sigma-unknown-key',
  severity: 'warning',
  title: 'A key that the specification does not define',
  message: ({ key }) => `the specification has no key ${key}`,
  why: 'Tools ignore a mistyped key, so its setting is lost.',
  remedy: ({ similar }) =>
    similar ? `did you mean ${similar}?` : 'remove it, or move it under `custom:` if it is your own note',
})

export const sigmaLostBar = code<{ readonly field: string; readonly meant: string }>({
  id: 'SIG115',
  slug: 'sigma-lost-bar',
  severity: 'warning',
  title: 'A modifier without its bar',
  message: ({ field }) => `\`${field}\` is the name of a field here`,
  why: 'A modifier follows `|`. Without it, it is a part of the name, and no event has such a field.',
  remedy: ({ meant }) => `write \`${meant}\``,
})

export const sigmaSlip = code<{ readonly problem: string; readonly remedy: string }>({
  id: 'SIG116',
  slug: 'sigma-slip',
  severity: 'warning',
  title: 'A text that YAML reads otherwise',
  message: ({ problem }) => problem,
  why: 'A lost colon, quote or blank is valid YAML with another text, and the rule searches for that text.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaLostSeparator = code<{ readonly meant: string; readonly sign: string }>({
  id: 'SIG117',
  slug: 'sigma-lost-separator',
  severity: 'warning',
  title: 'A path that loses a backslash',
  message: ({ sign, meant }) => `\`\\${sign}\` is the character \`${sign}\` alone: the rule looks for \`${meant}\``,
  why: 'A backslash in front of a wildcard makes it a plain character, and is then no part of the path.',
  remedy: ({ sign }) =>
    `write \`\\\\${sign}\` for a backslash and a wildcard, \`\\\\\\${sign}\` for both characters as they are`,
})

export const sigmaTwoComparisons = code<{ readonly first: string; readonly second: string }>({
  id: 'SIG119',
  slug: 'sigma-two-comparisons',
  severity: 'warning',
  title: 'Two comparisons in one key',
  message: ({ first, second }) => `${first} and ${second} are two comparisons, and the key makes one of them`,
  why: 'Modifiers change the value in turn, so the wider comparison is what remains.',
  remedy: ({ first, second }) => `write ${first} or ${second}, or a key for each`,
})

export const sigmaIdleFilter = code<{ readonly title: string }>({
  id: 'SIG113',
  slug: 'sigma-idle-filter',
  severity: 'warning',
  title: 'A filter without a rule',
  message: ({ title }) => `the filter ${title} applies to no rule here`,
  why: 'A filter changes the rules that it names, and only those of its log source.',
  remedy: () => 'run it together with its rules: one file, or a folder of rules; compare rules and logsource of both',
})

export const sigmaModifier = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SIG106',
  slug: 'sigma-modifier',
  severity: 'error',
  title: 'No such modifier',
  message: ({ name }) => `no such modifier: ${name}`,
  why: 'The specification says that a backend must refuse a rule that it cannot express.',
  remedy: ({ similar }) =>
    similar ? `did you mean ${similar}?` : 'use a modifier of the specification, such as contains, startswith or re',
})

export const sigmaModifierUse = code<{ readonly name: string; readonly problem: string; readonly remedy: string }>({
  id: 'SIG107',
  slug: 'sigma-modifier-use',
  severity: 'error',
  title: 'A modifier that cannot be used here',
  message: ({ name, problem }) => `the modifier ${name} ${problem}`,
  why: 'Each modifier takes values of one kind. The order of modifiers matters.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaRegex = code<{ readonly reason: string; readonly pattern: string }>({
  id: 'SIG108',
  slug: 'sigma-regex',
  severity: 'error',
  title: 'A regular expression is invalid',
  message: ({ reason }) => `invalid regular expression: ${reason}`,
  why: 'A rule with an invalid pattern would find nothing.',
  remedy: () => 'correct the pattern; Sigma allows a common subset of PCRE',
})

export const sigmaCidr = code<{ readonly value: string }>({
  id: 'SIG109',
  slug: 'sigma-cidr',
  severity: 'error',
  title: 'Not a network',
  message: ({ value }) => `${value} is not a network`,
  why: 'An invalid network contains no address, so the selection would match nothing.',
  remedy: () => 'write an address and a prefix length, such as 10.0.0.0/8 or fe80::/10',
})

export const sigmaPlaceholder = code<{ readonly name: string }>({
  id: 'SIG110',
  slug: 'sigma-placeholder',
  severity: 'error',
  title: 'A placeholder without values',
  message: ({ name }) => `the placeholder %${name}% has no value`,
  why: 'The organisation that runs the rule knows the values of a placeholder. The rule does not.',
  remedy: ({ name }) => `add --param ${name}=VALUE; separate several values with commas`,
})

export const sigmaEmptyList = code<{ readonly field: string }>({
  id: 'SIG111',
  slug: 'sigma-empty-list',
  severity: 'error',
  title: 'A list without values',
  message: ({ field }) => `${field} has an empty list of values`,
  why: 'An empty list matches nothing.',
  remedy: () => 'add a value to the list; write null if the field must be missing',
})

export const sigmaBytes = code<{ readonly field: string }>({
  id: 'SIG112',
  slug: 'sigma-bytes',
  severity: 'warning',
  title: 'Bytes that no text contains',
  message: ({ field }) => `${field} is compared with UTF-16 bytes, and events hold text`,
  why: 'utf16, utf16le, utf16be and wide turn the value into bytes. Only Base64 makes text of them again.',
  remedy: () => 'put `base64` or `base64offset` behind it (`wide|base64offset|contains`), or remove it',
})

export const sigmaPipeline = code<{ readonly problem: string; readonly remedy: string }>({
  id: 'SIG150',
  slug: 'sigma-pipeline',
  severity: 'error',
  title: 'A pipeline that cannot be used',
  message: ({ problem }) => `pipeline: ${problem}`,
  why: 'A pipeline in part would change what the rules find.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaCondition = code<{ readonly problem: string; readonly remedy: string }>({
  id: 'SIG120',
  slug: 'sigma-condition',
  severity: 'error',
  title: 'The condition is invalid',
  message: ({ problem }) => problem,
  why: 'A condition consists of names of selections, `and`, `or`, `not`, brackets, `1 of` and `all of`.',
  remedy: ({ remedy }) => remedy,
})

export const sigmaNoSelection = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SIG121',
  slug: 'sigma-no-selection',
  severity: 'error',
  title: 'No such selection',
  message: ({ name }) => `no such selection: ${name}`,
  why: 'A condition can name only the selections under `detection:`.',
  remedy: ({ name, similar }) =>
    similar
      ? `did you mean ${similar}?`
      : name.includes('*')
        ? `add a selection whose name ${name} matches, or write the names that exist`
        : `add \`${name}:\` under \`detection:\``,
})

export const sigmaUnused = code<{ readonly name: string }>({
  id: 'SIG122',
  slug: 'sigma-unused-selection',
  severity: 'warning',
  title: 'A selection that the condition does not use',
  message: ({ name }) => `the condition does not use ${name}`,
  why: 'Most often it is a forgotten filter, so the rule finds more than its author intended.',
  remedy: ({ name }) =>
    `use ${name} in the condition, or remove it; a name with a leading underscore is not part of \`them\``,
})

export const sigmaAggregation = code<Record<never, never>>({
  id: 'SIG123',
  slug: 'sigma-aggregation',
  severity: 'error',
  title: 'Sigma no longer has aggregations in conditions',
  message: () => 'an aggregation after `|` in a condition is no longer valid Sigma',
  why: 'The specification 2.0 replaced `| count() by …` with correlations.',
  remedy: () => 'keep the selection as a rule with a `name:`, and count it in a second document with `correlation:`',
})

export const sigmaLogsource = code<{ readonly logsource: string; readonly similar?: string | undefined }>({
  id: 'SIG130',
  slug: 'sigma-logsource',
  severity: 'error',
  title: 'An unknown log source',
  message: ({ logsource }) => `unknown log source ${logsource}`,
  why: 'Assay does not know which events belong to this log source, so it does not run the rule.',
  remedy: ({ similar }) =>
    similar
      ? `did you mean \`category: ${similar}\`?`
      : 'if your logs contain only this log source, add --semantics unknown-logsource=every-event; Assay knows ' +
        'firewall, the categories of Sysmon, and the channels of Windows',
})

export const sigmaNoReference = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SIG140',
  slug: 'sigma-no-reference',
  severity: 'error',
  title: 'The rule is missing',
  message: ({ name }) => `no rule here has the name or id ${name}`,
  why: 'A correlation counts the findings of other rules, and a filter changes other rules: of the same file, or of the folder that is read.',
  remedy: ({ name, similar }) =>
    similar
      ? `did you mean ${similar}?`
      : `name the folder that has the rule, or add it to this file as a separate document with \`name: ${name}\``,
})

export const sigmaTwice = code<{ readonly what: string; readonly name: string; readonly other?: string }>({
  id: 'SIG141',
  slug: 'sigma-twice',
  severity: 'error',
  title: 'Two rules with the same name',
  message: ({ what, name, other }) =>
    other === undefined ? `two rules have the same ${what} ${name}` : `a rule in ${other} has the same ${what} ${name}`,
  why: 'A reference to this rule would be ambiguous.',
  remedy: ({ what }) => `give one of them another ${what}`,
})

export const sigmaNotCorrelated = code<{ readonly what: string; readonly reason: string }>({
  id: 'SIG142',
  slug: 'sigma-not-correlated',
  severity: 'error',
  title: 'A correlation that cannot run',
  message: ({ what, reason }) => `${what} cannot be counted: ${reason}`,
  why: 'Findings of a correlation can only be counted by another one.',
  remedy: () => 'remove this reference',
})

export const sigmaExtended = code<Record<never, never>>({
  id: 'SIG144',
  slug: 'sigma-extended-condition',
  severity: 'error',
  title: 'A condition over names of rules is not Sigma',
  message: () => 'the condition of a correlation is a bound, not an expression over names of rules',
  why: 'Only pySigma has extended temporal conditions. The specification 2.1 does not define them.',
  remedy: () =>
    'for `a and b` use type temporal without a condition; for an order use temporal_ordered; for one of several use event_count with `gte: 1`',
})

export const sigmaNothing = code<Record<never, never>>({
  id: 'SIG143',
  slug: 'sigma-nothing',
  severity: 'error',
  title: 'No rule of the file runs',
  message: () => 'every rule in this file is only used by a correlation',
  why: 'A rule that a correlation uses gives no findings unless the correlation has `generate: true`.',
  remedy: () =>
    'add `generate: true` to a correlation; if correlations refer to each other in a circle, remove one reference',
})

export const sigmaNoField = code<{
  readonly field: string
  readonly vocabulary: string
  readonly value: string | undefined
}>({
  id: 'SIG145',
  slug: 'sigma-no-field',
  severity: 'error',
  title: 'The telemetry of the target does not have this field',
  message: ({ field, vocabulary, value }) =>
    value === undefined
      ? `${field} has no counterpart in ${vocabulary}`
      : `${field} with the value ${JSON.stringify(value)} has no counterpart in ${vocabulary}`,
  why: 'A rule with a field that no event has never fires, and under `not` it always does.',
  remedy: () => 'use --fields with another vocabulary, or --pipeline with a mapping of this field',
})

export const sigmaNoEvents = code<{ readonly logsource: string; readonly vocabulary: string }>({
  id: 'SIG146',
  slug: 'sigma-no-events',
  severity: 'warning',
  title: 'No condition on the events of the log source',
  message: ({ logsource, vocabulary }) => `${vocabulary} has no condition for the events of ${logsource}`,
  why: 'The names of repositories, indexes and source categories are the site’s own. Without one, the query reads all events.',
  remedy: () => 'add the scope of these events at the beginning of the query',
})

export const sigmaEventsLeftOut = code<{
  readonly events: string
  readonly field: string
  readonly why: 'another-form' | 'another-log' | 'another-name' | 'lacking'
}>({
  id: 'SIG147',
  slug: 'sigma-events-left-out',
  severity: 'warning',
  title: 'Events of the log source that the query does not read',
  message: ({ events, field, why }) => `events ${events} are left out: ${LEFT_OUT[why](field)}`,
  why: 'Several logs record the same activity, each with its own fields. A query reads those whose fields can meet the rule.',
  remedy: ({ events, why }) => (why === 'lacking' ? 'nothing to do' : `write a query of its own for ${events}`),
})

const LEFT_OUT = {
  'another-form': (field: string) => `they have ${field} in another form`,
  'another-log': () => 'the translation reads the events of Sysmon only',
  'another-name': (field: string) => `they have ${field} under another name, and a group has one name`,
  lacking: (field: string) => `they have no ${field}, so none of them can be a finding`,
}
