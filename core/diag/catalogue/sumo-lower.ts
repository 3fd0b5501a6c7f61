// Diagnostics of the Sumo Logic language: the meaning of a search.
import { code } from '../diagnostic.ts'
import { tableFile } from '../../text/table-file.ts'

export const sumoUnknownField = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SUM200',
  slug: 'sumo-unknown-field',
  severity: 'error',
  title: 'The field no longer exists at this stage',
  message: ({ name }) => `no field ${name} exists at this stage`,
  why: 'An aggregate keeps only its groups and results, and `fields` only the fields that it names. Sumo Logic refuses the search.',
  remedy: ({ similar }) =>
    similar ? `did you mean ${similar}?` : 'add the field after `by` of the aggregate, or to the list of `fields`',
})

export const sumoUnknownFunction = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SUM201',
  slug: 'sumo-unknown-function',
  severity: 'error',
  title: 'No such function',
  message: ({ name }) => `no such function: ${name}`,
  why: 'Sumo Logic has a fixed list of functions.',
  remedy: ({ similar }) => (similar ? `did you mean ${similar}?` : 'look up the name in docs/reference/sumo'),
})

export const sumoArguments = code<{ readonly name: string; readonly takes: string; readonly given: number }>({
  id: 'SUM202',
  slug: 'sumo-arguments',
  severity: 'error',
  title: 'Wrong arguments',
  message: ({ name, takes, given }) => `${name} takes ${takes}, but has ${given}`,
  why: 'Sumo Logic refuses a call with the wrong number of arguments.',
  remedy: ({ name, takes }) => `write ${name} with ${takes}`,
})

export const sumoNotRun = code<{ readonly name: string; readonly reason: string; readonly approximation?: string }>({
  id: 'SUM203',
  slug: 'sumo-not-run',
  severity: 'error',
  title: 'Valid in Sumo Logic, not supported by Assay',
  message: ({ name, reason }) => `Assay does not support ${name}: ${reason}`,
  why: 'A result that skips this stage would be wrong.',
  remedy: ({ name, approximation }) =>
    `remove ${name}, or end the search before it${approximation ? `; to explore, run it with \`--semantics ${approximation}=approximate\`` : ''}`,
})

export const sumoRegex = code<{ readonly reason: string; readonly pattern: string }>({
  id: 'SUM204',
  slug: 'sumo-regex',
  severity: 'error',
  title: 'A regular expression is invalid',
  message: ({ reason }) => `invalid regular expression: ${reason}`,
  why: 'Sumo Logic documents RE2 and Java syntax.',
  remedy: () => 'correct the pattern; to match a special character itself, put `\\` before it',
})

export const sumoNeverEqual = code<{ readonly left: string; readonly right: string }>({
  id: 'SUM205',
  slug: 'sumo-types-differ',
  severity: 'warning',
  title: 'Values of different types never match',
  message: ({ left, right }) => `${left} never matches ${right}`,
  why: 'Parsed fields are strings, and `in` does not convert. A string never equals a number of the list, or the reverse.',
  remedy: ({ right }) => `use one type on both sides: quote the numbers, or convert with num() (${right})`,
})

export const sumoDuplicate = code<{ readonly name: string }>({
  id: 'SUM206',
  slug: 'sumo-duplicate-column',
  severity: 'error',
  title: 'Two columns with the same name',
  message: ({ name }) => `two columns are named ${name}`,
  why: 'Sumo Logic refuses two columns with the same name. Two aggregates of one kind get the same default name.',
  remedy: () => 'rename one of them with `as`, such as `count as total`',
})

export const sumoIpDrops = code<{ readonly fn: string; readonly arg: string }>({
  id: 'SUM207',
  slug: 'sumo-ip-drops-rows',
  severity: 'info',
  title: 'Rows without an IPv4 address are dropped',
  message: ({ fn, arg }) => `${fn} drops rows whose ${arg} is not an IPv4 address, negated or not`,
  why: 'Sumo Logic drops such rows with a warning. Rows with IPv6 addresses, host names or missing values do not reach the next stage.',
  remedy: ({ arg }) => `if those rows matter, test isValidIPv4(${arg}) first`,
})

export const sumoDateFormat = code<{ readonly pattern: string; readonly letter: string }>({
  id: 'SUM208',
  slug: 'sumo-date-format',
  severity: 'error',
  title: 'A date pattern has an unknown letter',
  message: ({ letter }) => `Assay does not support the letter ${letter} in a date pattern`,
  why: 'Date patterns follow Java SimpleDateFormat. Text in a pattern needs single quotes.',
  remedy: () => 'use y M d H h m s S a E z Z X, or put text in single quotes',
})

export const sumoDouble = code<{ readonly name: string }>({
  id: 'SUM209',
  slug: 'sumo-format-date-double',
  severity: 'error',
  title: 'formatDate of a Double',
  message: ({ name }) => `formatDate refuses ${name}, because min and max give a Double`,
  why: 'Sumo Logic answers "Multiple definitions found" if the argument is neither Long nor Date.',
  remedy: ({ name }) => `write formatDate(toLong(${name}), …)`,
})

export const sumoRawLimit = code<{ readonly limit: number }>({
  id: 'SUM210',
  slug: 'sumo-raw-limit',
  severity: 'info',
  title: 'A search without an aggregate lists messages',
  message: ({ limit }) => `the result lists all messages, newest first; Sumo Logic stops at ${limit}`,
  why: 'A search without an aggregate lists messages. Assay applies no limit.',
  remedy: () => 'add `| limit 100` to list fewer',
})

export const sumoMixedIf = code<{ readonly left: string; readonly right: string }>({
  id: 'SUM211',
  slug: 'sumo-if-types',
  severity: 'warning',
  title: 'The branches of `if` differ in type',
  message: ({ left, right }) => `the branches of if are ${left} and ${right}`,
  why: 'Both branches must have the same type. A parsed field is a string.',
  remedy: () => 'convert one of them with toLong(x) or num(x), or quote the number',
})

export const sumoAnchorCount = code<{ readonly stars: number; readonly names: number }>({
  id: 'SUM212',
  slug: 'sumo-anchor-names',
  severity: 'error',
  title: 'A parse pattern needs one name for each `*`',
  message: ({ stars, names }) => `the pattern has ${stars} \`*\` and ${names} names`,
  why: 'Each `*` of a parse pattern becomes one field.',
  remedy: ({ stars }) => `write ${stars} names after \`as\`, separated by commas`,
})

export const sumoLookupMissing = code<{ readonly path: string }>({
  id: 'SUM213',
  slug: 'sumo-lookup-missing',
  severity: 'error',
  title: 'A lookup table was not found',
  message: ({ path }) => `lookup table ${path} not found`,
  why: 'The telemetry does not contain the tables of the tenant and of Sumo Logic (geo, asn, threat).',
  remedy: ({ path }) => `save the table as ${tableFile(path)}.csv in a folder and add --lookups FOLDER`,
})

export const sumoLimit = code<{ readonly name: string; readonly percent: number }>({
  id: 'SUM214',
  slug: 'sumo-limit',
  severity: 'error',
  title: 'Above a limit of Sumo Logic',
  message: ({ name, percent }) => `${name} ${percent} is above the maximum of Sumo Logic`,
  why: 'Sumo Logic allows at most 10,000.',
  remedy: () => 'write a number up to 10,000',
})

export const sumoNotWritten = code<{ readonly path: string }>({
  id: 'SUM215',
  slug: 'sumo-not-written',
  severity: 'info',
  title: '`save` writes nothing',
  message: ({ path }) => `Assay writes nothing to ${path}; the result shows the rows to save`,
  why: '`save` writes to a lookup table of the tenant. Assay has no tenant, so it only shows the rows.',
  remedy: () => 'write the rows to a file with `--format csv`, and name its folder with --lookups in other searches',
})

export const sumoRuledOut = code<{ readonly what: string; readonly remedy: string }>({
  id: 'SUM217',
  slug: 'sumo-ruled-out',
  severity: 'error',
  title: 'The documentation of Sumo Logic rules this out',
  message: ({ what }) => what,
  why: 'A rule on the page of the operator forbids it. Sumo Logic refuses the search.',
  remedy: ({ remedy }) => remedy,
})

export const sumoCompareBefore = code<{ readonly shift: string }>({
  id: 'SUM216',
  slug: 'sumo-compare-before',
  severity: 'info',
  title: '`compare` reads events before the interval',
  message: ({ shift }) => `compare reads events that are ${shift} older than the interval`,
  why: 'Assay runs the search again over an earlier interval. The compared columns are missing if the logs begin later.',
  remedy: ({ shift }) =>
    `name logs that begin ${shift} before the interval, and set the interval with --from or --last`,
})

export const sumoRange = code<{ readonly name: string; readonly least: number; readonly most: number }>({
  id: 'SUM218',
  slug: 'sumo-range',
  severity: 'error',
  title: 'A number outside its range',
  message: ({ name, least, most }) => `${name} takes a number from ${least} to ${most}`,
  why: 'Any other number has no meaning there.',
  remedy: ({ least, most }) => `write a number from ${least} to ${most}`,
})
