// QIR: meaning, in any language.
import { code } from '../diagnostic.ts'

export const unknownLanguage = code<{ name: string; known: readonly string[] }>({
  id: 'QIR001',
  slug: 'unknown-language',
  severity: 'error',
  title: 'No such language',
  message: (p) => `there is no language \`${p.name}\``,
  why: 'A text means nothing before it is known in which language it is written.',
  remedy: (p) => `one of ${p.known.join(', ')}`,
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
  title: 'The result rests on a rule that no public text states',
  message: (p) => `no public text says: ${p.question.replace(/\?$/, '')}; taken here: ${p.meaning}`,
  why: 'Where the vendor is silent one meaning has to be chosen; the tenant may have the other one.',
  remedy: (p) => `check it in a tenant; \`--semantics ${p.id}=${p.others[0] ?? p.choice}\` runs the other choice`,
})

export const viewSupplied = code<{ fields: readonly string[]; view: string; did: readonly string[] }>({
  id: 'QIR301',
  slug: 'supplied-by-view',
  severity: 'warning',
  title: 'Fields come from a view, not from the events',
  message: (p) =>
    `${p.fields.map((f) => `\`${f}\``).join(', ')} ${p.fields.length > 1 ? 'are' : 'is'} not on the events; the view \`${p.view}\` looked ${p.fields.length > 1 ? 'them' : 'it'} up`,
  why: 'A tenant runs the query on the events as they are: without the same look-ups in the query it would find nothing there.',
  remedy: (p) =>
    `add the look-ups to the query, or run it with --view vendor to see what a tenant sees (${p.did.join('; ')})`,
})

export const unresolved = code<{ what: string; rows: string; of: string }>({
  id: 'QIR302',
  slug: 'unresolved',
  severity: 'warning',
  title: 'Events for which a look-up found nothing',
  message: (p) => `${p.rows} of ${p.of} events have no ${p.what} in this telemetry`,
  why: 'The record that would name it is missing: it was written before the telemetry begins, or it was not collected.',
  remedy: () => 'add the telemetry of an earlier time, or group by a field that every event has',
})

export const noIpv4 = code<{ field: string; events: number }>({
  id: 'QIR304',
  slug: 'no-ipv4-address',
  severity: 'warning',
  title: 'Events were dropped for an address that is no IPv4 address',
  message: (p) =>
    `${p.events.toLocaleString('en-US')} ${p.events === 1 ? 'event was' : 'events were'} dropped because \`${p.field}\` is no IPv4 address`,
  why: 'The vendor drops such rows at a function on IPv4 addresses, negated or not: whatever goes to an IPv6 address or a name is not seen.',
  remedy: (p) =>
    `if they matter, write a second query for \`isValidIPv6(${p.field})\`; if not, say so with \`isValidIPv4(${p.field})\``,
})

export const partlyAbsentKey = code<{ key: string; lacking: number; of: number }>({
  id: 'QIR303',
  slug: 'key-partly-absent',
  severity: 'warning',
  title: 'Some events lack a grouping key',
  message: (p) => `${p.lacking} of ${p.of} events lack the grouping key \`${p.key}\` and form no group`,
  why: 'An event without one of the keys belongs to no group, so its count is in no row.',
  remedy: (p) => `give it a value before grouping, such as default(field=${p.key}, value="-")`,
})

export const ranDry = code<{ step: string; rowsIn: number; what: string }>({
  id: 'QIR401',
  slug: 'ran-dry',
  severity: 'info',
  title: 'The step at which the events ran out',
  message: (p) => `nothing was found: ${p.rowsIn} ${p.what} reached \`${p.step}\` and none came through`,
  why: 'An empty result is only worth something when it is known where the events went.',
  remedy: () => '`assay explain QUERY LOGS` shows every step, and for some events the comparison that was false',
})

export const noEventsAtAll = code<{ lines: number }>({
  id: 'QIR402',
  slug: 'no-events',
  severity: 'warning',
  title: 'The telemetry holds no event',
  message: (p) => `there is no event in ${p.lines} ${p.lines === 1 ? 'line' : 'lines'} of telemetry`,
  why: 'A query over nothing finds nothing.',
  remedy: () => '`assay sources` says what was recognised and which lines could not be read',
})

export const outsideInterval = code<{ from: string; to: string; first: string; last: string }>({
  id: 'QIR403',
  slug: 'outside-interval',
  severity: 'warning',
  title: 'The telemetry lies outside the interval',
  message: (p) => `no event lies in the interval ${p.from} to ${p.to}; the telemetry spans ${p.first} to ${p.last}`,
  why: 'Only events with a time in the interval are looked at.',
  remedy: () => 'choose an interval that meets the telemetry, or leave out --from, --to and --last',
})

export const needMissing = code<{ kind: string; name: string; how: string }>({
  id: 'QIR501',
  slug: 'missing-need',
  severity: 'error',
  title: 'Something the query names was not given',
  message: (p) => `the ${p.kind} \`${p.name}\` is not known`,
  why: 'The query depends on content that its text does not hold.',
  remedy: (p) => p.how,
})

export const badInterval = code<{ option: string; text: string; expected: string }>({
  id: 'QIR502',
  slug: 'bad-interval',
  severity: 'error',
  title: 'Not a time or duration',
  message: (p) => `${p.option} is no ${p.expected}: ${p.text}`,
  why: 'The interval decides which events count.',
  remedy: (p) =>
    p.expected === 'time'
      ? 'write it as 2026-03-02, 2026-03-02T14:00, 2026-03-02T14:00:00Z or epoch seconds'
      : p.expected === 'year'
        ? 'write it with four digits, such as 2026'
        : p.expected === 'zone'
          ? 'write an IANA name such as Europe/Berlin, or an offset such as +02:00'
          : 'write it as 15m, 24h, 7d',
})

export const noView = code<{ name: string; known: readonly string[] }>({
  id: 'QIR503',
  slug: 'unknown-view',
  severity: 'error',
  title: 'No such view',
  message: (p) => `there is no view \`${p.name}\``,
  why: 'A view decides what an event means.',
  remedy: (p) => `one of ${p.known.join(', ')}`,
})

export const valuesThatOccur = code<{
  field: string
  values: readonly { value: string; events: number }[]
  near: readonly string[]
}>({
  id: 'QIR404',
  slug: 'values-that-occur',
  severity: 'warning',
  title: 'The values that the field has instead',
  message: (p) =>
    `here \`${p.field}\` is ${p.values.map((v) => `"${v.value}" (${v.events.toLocaleString('en-US')})`).join(', ')}`,
  why: 'None of the values that the comparison names occurs on the events that reach it.',
  remedy: (p) =>
    p.near.length > 0
      ? `values differ in case: compare with ${p.near.map((n) => `"${n}"`).join(', ')}`
      : 'compare with values that occur, or choose telemetry that has the ones named',
})

export const intervalClash = code<{ what: string }>({
  id: 'QIR504',
  slug: 'interval-clash',
  severity: 'error',
  title: 'The interval contradicts itself',
  message: (p) => p.what,
  why: 'The interval decides which events count, so none is guessed.',
  remedy: () => 'give --from and --to (the later one), or --last with --to or --now',
})

export const noChoice = code<{ text: string; known: readonly string[] }>({
  id: 'QIR505',
  slug: 'unknown-choice',
  severity: 'error',
  title: 'No such choice of meaning',
  message: (p) => `--semantics ${p.text} chooses nothing`,
  why: 'Choices exist only where the vendor is silent, and each has its values.',
  remedy: (p) => `one of ${p.known.join(', ')}`,
})
