// QIR: meaning of a query, in any language.
import { code } from '../diagnostic.ts'
import { thousands } from '../../text/thousands.ts'

export const unknownLanguage = code<{ name: string; known: readonly string[] }>({
  id: 'QIR001',
  slug: 'unknown-language',
  severity: 'error',
  title: 'No such language',
  message: (p) => `no such language: \`${p.name}\``,
  why: 'The meaning of a text depends on its language.',
  remedy: (p) => `use --lang with one of ${p.known.join(', ')}`,
})

export const cannotRun = code<{ language: string }>({
  id: 'QIR002',
  slug: 'cannot-run',
  severity: 'error',
  title: 'Assay checks texts of this language and does not run them',
  message: (p) => `Assay does not run ${p.language}`,
  why: 'The language has no translation to a plan.',
  remedy: () => 'use `assay lint`, or write the query in another language',
})

export const parserNeeds = code<{ files: readonly string[]; script: string }>({
  id: 'QIR003',
  slug: 'parser-lookups',
  severity: 'warning',
  title: 'A parser reads lookup files that are empty here',
  message: (p) => `the parser ${p.script} reads ${p.files.map((f) => `\`${f}\``).join(', ')}, empty here`,
  why: 'A lookup of a parser is a file of the platform. Without its rows, `match()` finds nothing.',
  remedy: () => 'test the detection with fields that do not come from the lookup',
})

export const noParser = code<{ path: string; problem: string }>({
  id: 'QIR004',
  slug: 'no-parser',
  severity: 'error',
  title: 'The file holds no parser script',
  message: (p) => `${p.path} holds no parser script: ${p.problem}`,
  why: 'A parser is a CQL script, or the YAML file of a package with its `script`. A rule for fields is a parse expression of Sumo Logic.',
  remedy: () =>
    'name a file with the script alone (.cql), a parser file of a LogScale package (.yaml), or the parse expression of a rule alone (.sumo)',
})

export const restsOn = code<{
  id: string
  question: string
  choice: string
  meaning: string
  others: readonly string[]
}>({
  id: 'QIR201',
  slug: 'undocumented-rule',
  severity: 'info',
  title: 'The result depends on undocumented behaviour',
  message: (p) =>
    `not documented: ${p.question.charAt(0).toLowerCase()}${p.question.slice(1)} Assay assumes: ${p.meaning}`,
  why: 'The public documentation does not answer this question, so the tenant may behave differently.',
  remedy: (p) => `test it in a tenant; add --semantics ${p.id}=${p.others[0] ?? p.choice} to run another choice`,
})

export const viewSupplied = code<{ fields: readonly string[]; view: string; did: readonly string[] }>({
  id: 'QIR301',
  slug: 'supplied-by-view',
  severity: 'warning',
  title: 'Fields come from a view, not from the events',
  message: (p) =>
    `${p.fields.map((f) => `\`${f}\``).join(', ')} ${p.fields.length > 1 ? 'are' : 'is'} not on the events; the view \`${p.view}\` added ${p.fields.length > 1 ? 'them' : 'it'}`,
  why: 'A tenant has no views. There the query finds nothing unless it contains the same joins.',
  remedy: (p) =>
    `add the joins to the query, or run it with --view vendor for the result of a tenant (${p.did.join('; ')})`,
})

export const unresolved = code<{ what: string; rows: string; of: string }>({
  id: 'QIR302',
  slug: 'unresolved',
  severity: 'warning',
  title: 'A view found no match for some events',
  message: (p) => `${p.rows} of ${p.of} events have no ${p.what} in this telemetry`,
  why: 'The record that has it is missing. It is older than the telemetry, or it was not collected.',
  remedy: () => 'add telemetry of an earlier time, or group by a field that every event has',
})

export const viewWithoutTelemetry = code<{ view: string; formats: readonly string[]; known: readonly string[] }>({
  id: 'QIR305',
  slug: 'view-without-telemetry',
  severity: 'warning',
  title: 'A view knows none of the formats',
  message: (p) =>
    `the view \`${p.view}\` has no rows: it knows none of the formats of this telemetry (${p.formats.join(', ')})`,
  why: 'A view makes its rows from the records of formats that take part in it. Records of other formats are in none of its rows.',
  remedy: (p) => `run without the view (--view vendor), or add telemetry of one of ${p.known.join(', ')}`,
})

export const noIpv4 = code<{ field: string; events: number }>({
  id: 'QIR304',
  slug: 'no-ipv4-address',
  severity: 'warning',
  title: 'Events without an IPv4 address were dropped',
  message: (p) =>
    `${thousands(p.events)} ${p.events === 1 ? 'event was' : 'events were'} dropped because \`${p.field}\` is not an IPv4 address`,
  why: 'Sumo Logic drops such rows at a function on IPv4 addresses, negated or not. The query misses IPv6 addresses and names.',
  remedy: (p) =>
    `if they matter, write a second query with \`isValidIPv6(${p.field})\`; if not, add \`isValidIPv4(${p.field})\` to this query`,
})

export const partlyAbsentKey = code<{ key: string; lacking: number; of: number }>({
  id: 'QIR303',
  slug: 'key-partly-absent',
  severity: 'warning',
  title: 'Some events lack a grouping key',
  message: (p) => `${p.lacking} of ${p.of} events lack the grouping key \`${p.key}\` and are dropped`,
  why: 'No row of the result counts an event that lacks a grouping key.',
  remedy: (p) => `set a value before grouping, such as default(field=${p.key}, value="-")`,
})

export const ranDry = code<{ step: string; rowsIn: number; what: string }>({
  id: 'QIR401',
  slug: 'ran-dry',
  severity: 'info',
  title: 'The step that let no event pass',
  message: (p) =>
    `no findings: ${p.rowsIn} ${p.rowsIn === 1 ? p.what.replace(/s$/, '') : p.what} reached \`${p.step}\` and none passed`,
  why: 'An empty result is useful only if you know which step dropped the events.',
  remedy: () => 'run `assay explain QUERY LOGS` to see every step and, for some events, the comparison that was false',
})

export const noEventsAtAll = code<{ lines: number }>({
  id: 'QIR402',
  slug: 'no-events',
  severity: 'warning',
  title: 'The telemetry has no events',
  message: (p) => `no event in ${p.lines} ${p.lines === 1 ? 'line' : 'lines'} of telemetry`,
  why: 'A query over no events finds nothing.',
  remedy: () => 'run `assay sources LOGS` to see the format of each file and the lines that could not be read',
})

export const outsideInterval = code<{ from: string; to: string; first: string; last: string }>({
  id: 'QIR403',
  slug: 'outside-interval',
  severity: 'warning',
  title: 'The telemetry is outside the interval',
  message: (p) => `no event is in the interval ${p.from} to ${p.to}; the telemetry spans ${p.first} to ${p.last}`,
  why: 'A query reads only events with a time in the interval.',
  remedy: () => 'set --from and --to within the span of the telemetry, or leave out --from, --to and --last',
})

export const needMissing = code<{ kind: string; names: readonly string[]; how: string }>({
  id: 'QIR501',
  slug: 'missing-need',
  severity: 'error',
  title: 'The query needs content that was not found',
  message: (p) => `${p.kind} ${p.names.map((n) => `\`${n}\``).join(', ')} not found`,
  why: 'The text of the query names content that is stored elsewhere.',
  remedy: (p) => p.how,
})

export const badInterval = code<{ option: string; text: string; expected: string }>({
  id: 'QIR502',
  slug: 'bad-interval',
  severity: 'error',
  title: 'Not a time, duration, zone or year',
  message: (p) => `invalid ${p.option} \`${p.text}\`: expected a ${p.expected}`,
  why: 'The interval decides which events the query reads.',
  remedy: (p) =>
    p.expected === 'time'
      ? 'write a time such as 2026-03-02, 2026-03-02T14:00, 2026-03-02T14:00:00Z, or epoch seconds'
      : p.expected === 'year'
        ? 'write four digits, such as 2026'
        : p.expected === 'zone'
          ? 'write an IANA name such as Europe/Berlin, or an offset such as +02:00'
          : 'write a duration such as 15m, 24h or 7d',
})

export const noView = code<{ name: string; known: readonly string[] }>({
  id: 'QIR503',
  slug: 'unknown-view',
  severity: 'error',
  title: 'No such view',
  message: (p) => `no such view: \`${p.name}\``,
  why: 'A view adds fields to events, so it changes the result.',
  remedy: (p) => `use --view with one of ${p.known.join(', ')}`,
})

export const valuesThatOccur = code<{
  field: string
  values: readonly { value: string; events: number }[]
  near: readonly string[]
  /** The field tells where events are from; by the mark that the command line has for it: `@`, `#`, `@name=`. */
  tag?: string
}>({
  id: 'QIR404',
  slug: 'values-that-occur',
  severity: 'warning',
  title: 'The field has other values',
  message: (p) =>
    `the events have other values of \`${p.field}\`: ${p.values.map((v) => `"${v.value}" (${thousands(v.events)})`).join(', ')}`,
  why: 'No event that reaches this comparison has a value that it names.',
  remedy: (p) =>
    p.near.length > 0
      ? `did you mean ${p.near.map((n) => `"${n}"`).join(', ')}`
      : p.tag !== undefined
        ? `give the logs the value that they have in your tenant: PATH${p.tag}VALUE; or compare with a value that occurs`
        : 'compare with a value that occurs, or use telemetry that has the value',
})

export const intervalClash = code<{ what: string }>({
  id: 'QIR504',
  slug: 'interval-clash',
  severity: 'error',
  title: 'The interval contradicts itself',
  message: (p) => p.what,
  why: 'The interval decides which events the query reads, so Assay does not guess it.',
  remedy: () => 'write --from and a later --to, or --last with --to or --now',
})

export const noChoice = code<{ text: string; known: readonly string[] }>({
  id: 'QIR505',
  slug: 'unknown-choice',
  severity: 'error',
  title: 'No such choice of semantics',
  message: (p) => `unknown --semantics ${p.text}`,
  why: 'Choices exist only for undocumented behaviour. Each choice has a list of values.',
  remedy: (p) => `use one of ${p.known.join(', ')}`,
})
