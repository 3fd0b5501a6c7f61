// Diagnostics of the Sumo Logic language: giving a text its meaning.
import { code } from '../diagnostic.ts'
import { tableFile } from '../../text/table-file.ts'

export const sumoUnknownField = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SUM200',
  slug: 'sumo-unknown-field',
  severity: 'error',
  title: 'A field that is not there any more',
  message: ({ name }) => `there is no field ${name} at this stage`,
  why: 'After an aggregate only its groups and results are left; `fields` keeps only what it names. The vendor refuses the search.',
  remedy: ({ similar }) =>
    similar ? `did you mean ${similar}?` : 'add the field to the group list or keep it with `fields`',
})

export const sumoUnknownFunction = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SUM201',
  slug: 'sumo-unknown-function',
  severity: 'error',
  title: 'No such function',
  message: ({ name }) => `there is no function ${name}`,
  why: 'Only the functions of the reference exist.',
  remedy: ({ similar }) => (similar ? `did you mean ${similar}?` : 'look the function up in the reference'),
})

export const sumoArguments = code<{ readonly name: string; readonly takes: string; readonly given: number }>({
  id: 'SUM202',
  slug: 'sumo-arguments',
  severity: 'error',
  title: 'Wrong arguments',
  message: ({ name, takes, given }) => `${name} takes ${takes}; ${given} given`,
  why: 'The vendor refuses a call with other arguments.',
  remedy: ({ name, takes }) => `give ${name} ${takes}`,
})

export const sumoNotRun = code<{ readonly name: string; readonly reason: string }>({
  id: 'SUM203',
  slug: 'sumo-not-run',
  severity: 'error',
  title: 'Valid, but not run here',
  message: ({ name, reason }) => `${name} is not run here: ${reason}`,
  why: 'A stage that is left out would make every row after it wrong.',
  remedy: ({ name }) => `remove ${name}, or stop the search before it`,
})

export const sumoRegex = code<{ readonly reason: string; readonly pattern: string }>({
  id: 'SUM204',
  slug: 'sumo-regex',
  severity: 'error',
  title: 'The regular expression cannot be read',
  message: ({ reason }) => `the regular expression cannot be read: ${reason}`,
  why: 'Patterns are RE2 or Java syntax.',
  remedy: () => 'correct the pattern',
})

export const sumoNeverEqual = code<{ readonly left: string; readonly right: string }>({
  id: 'SUM205',
  slug: 'sumo-types-differ',
  severity: 'warning',
  title: 'Values of different types never match',
  message: ({ left, right }) => `${left} never matches ${right}`,
  why: 'Parsed fields are strings. `in` does not convert: a string is in no list of numbers, a number in no list of strings.',
  remedy: ({ right }) => `make both the same: quote the numbers, or convert with num() (${right})`,
})

export const sumoDuplicate = code<{ readonly name: string }>({
  id: 'SUM206',
  slug: 'sumo-duplicate-column',
  severity: 'error',
  title: 'Two columns of one name',
  message: ({ name }) => `two columns are named ${name}`,
  why: 'Aggregates of the same kind need different names.',
  remedy: () => 'give one of them another name with `as`',
})

export const sumoIpDrops = code<{ readonly fn: string; readonly arg: string }>({
  id: 'SUM207',
  slug: 'sumo-ip-drops-rows',
  severity: 'info',
  title: 'Rows without an IPv4 address are dropped',
  message: ({ fn, arg }) => `${fn} drops rows whose ${arg} is no IPv4 address, negated or not`,
  why: 'The vendor drops such rows with a warning: IPv6 addresses, host names and missing values do not reach the next stage.',
  remedy: ({ arg }) => `test first with isValidIPv4(${arg}) if those rows matter`,
})

export const sumoDateFormat = code<{ readonly pattern: string; readonly letter: string }>({
  id: 'SUM208',
  slug: 'sumo-date-format',
  severity: 'error',
  title: 'A letter of the date pattern is not known',
  message: ({ letter }) => `the date pattern letter ${letter} is not supported`,
  why: 'Patterns are those of Java SimpleDateFormat; text in them stands in single quotes.',
  remedy: () => 'use y M d H h m s S a E z Z X, or quote the text',
})

export const sumoDouble = code<{ readonly name: string }>({
  id: 'SUM209',
  slug: 'sumo-format-date-double',
  severity: 'warning',
  title: 'formatDate of a Double',
  message: ({ name }) => `formatDate does not take ${name}: min and max give a Double`,
  why: 'The vendor answers "Multiple definitions found" where the argument is neither Long nor Date.',
  remedy: ({ name }) => `write formatDate(toLong(${name}), …)`,
})

export const sumoRawLimit = code<{ readonly limit: number }>({
  id: 'SUM210',
  slug: 'sumo-raw-limit',
  severity: 'info',
  title: 'Messages, newest first',
  message: ({ limit }) => `messages are shown newest first; the vendor stops at ${limit}`,
  why: 'A search without an aggregate lists messages. No limit is applied here.',
  remedy: () => 'add `limit` for fewer',
})

export const sumoMixedIf = code<{ readonly left: string; readonly right: string }>({
  id: 'SUM211',
  slug: 'sumo-if-types',
  severity: 'warning',
  title: 'The branches of `if` differ in type',
  message: ({ left, right }) => `the branches of if are ${left} and ${right}`,
  why: 'Both branches must have one type; a parsed field is a string.',
  remedy: () => 'convert one of them: toLong(x), num(x), or quote the number',
})

export const sumoAnchorCount = code<{ readonly stars: number; readonly names: number }>({
  id: 'SUM212',
  slug: 'sumo-anchor-names',
  severity: 'error',
  title: 'Not one name for each `*`',
  message: ({ stars, names }) => `the pattern has ${stars} \`*\` and ${names} names`,
  why: 'Every `*` of a parse pattern is one field.',
  remedy: () => 'give as many names as there are stars',
})

export const sumoLookupMissing = code<{ readonly path: string }>({
  id: 'SUM213',
  slug: 'sumo-lookup-missing',
  severity: 'error',
  title: 'A lookup table that is not at hand',
  message: ({ path }) => `the lookup table ${path} is not at hand`,
  why: 'Tables of the tenant and of the vendor (geo, asn, threat) are not in the telemetry.',
  remedy: ({ path }) => `put it as ${tableFile(path)}.csv into a folder given with --lookups`,
})

export const sumoLimit = code<{ readonly name: string; readonly percent: number }>({
  id: 'SUM214',
  slug: 'sumo-limit',
  severity: 'warning',
  title: 'Beyond a limit of the vendor',
  message: ({ name, percent }) => `${name} ${percent} is beyond what the vendor takes`,
  why: 'limit takes at most 10,000.',
  remedy: () => 'lower the number',
})

export const sumoNotWritten = code<{ readonly path: string }>({
  id: 'SUM215',
  slug: 'sumo-not-written',
  severity: 'info',
  title: 'Nothing is saved',
  message: ({ path }) => `nothing is written to ${path}: these are the rows that would be`,
  why: '`save` writes to a lookup table of the tenant. The search is run and its rows are shown.',
  remedy: () => 'keep the rows with `--format csv` and give the file to other searches with --lookups',
})

export const sumoCompareBefore = code<{ readonly shift: string }>({
  id: 'SUM216',
  slug: 'sumo-compare-before',
  severity: 'info',
  title: 'A comparison reads what was before',
  message: ({ shift }) => `compare reads events that are ${shift} older than the interval`,
  why: 'The search is run again over an earlier interval. Where the logs do not reach back so far, the compared columns are missing.',
  remedy: () => 'give logs that reach back far enough, and narrow the interval with --from or --last',
})
