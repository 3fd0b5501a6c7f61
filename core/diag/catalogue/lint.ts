// LNT: valid queries that cannot find what they look for. 1xx: absent fields.
import { code } from '../diagnostic.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const fieldInNoFeed = code<{ fields: readonly string[]; event: string }>({
  id: 'LNT101',
  slug: 'field-in-no-feed',
  severity: 'warning',
  title: 'No feed has this field on the event',
  message: (p) => `no feed has ${list(p.fields)} on ${p.event}`,
  why: 'The sensor never sends this field. Sums over it are 0, and comparisons with it are never true.',
  remedy: (p) =>
    `use telemetry that has it (firewall or proxy logs for byte counts), or remove ${list(p.fields)} from the query`,
})

export const fieldAbsentHere = code<{ fields: readonly string[]; subject: string; suppliedBy: string }>({
  id: 'LNT102',
  slug: 'field-absent',
  severity: 'warning',
  title: 'The query reads a field that none of its events has',
  message: (p) => `${list(p.fields)} ${p.fields.length > 1 ? 'are' : 'is'} absent on ${p.subject}`,
  why: 'A query that reads an absent field is valid, but it finds nothing, here and in the tenant.',
  remedy: (p) => p.suppliedBy || 'compare spelling and case with the fields that `assay sources LOGS` lists',
})

export const groupKeyAbsent = code<{ keys: readonly string[]; subject: string; suppliedBy: string }>({
  id: 'LNT103',
  slug: 'group-key-absent',
  severity: 'warning',
  title: 'A grouping key is always absent',
  message: (p) =>
    `the query forms no group: the grouping ${p.keys.length > 1 ? 'keys' : 'key'} ${list(p.keys)} ${p.keys.length > 1 ? 'are' : 'is'} absent on ${p.subject}`,
  why: 'An event without a grouping key is dropped. The result is empty, however many events match.',
  remedy: (p) =>
    p.suppliedBy || 'group by fields that the events have, or set the missing ones with default() before grouping',
})

export const constantColumn = code<{ column: string; value: string; because: readonly string[] }>({
  id: 'LNT104',
  slug: 'always-the-same',
  severity: 'warning',
  title: 'An aggregate over an absent field is constant',
  message: (p) =>
    `\`${p.column}\` is always ${p.value}, because ${list(p.because)} ${p.because.length > 1 ? 'are' : 'is'} absent`,
  why: 'Aggregates skip events that lack the field. With no event left, they give the value of an empty input.',
  remedy: () => 'remove the condition on this column: compare the count of events, or use telemetry that has the field',
})

export const outOfReach = code<{ column: string; values: readonly string[]; because: readonly string[] }>({
  id: 'LNT105',
  slug: 'out-of-reach',
  severity: 'warning',
  title: 'A branch can never be taken',
  message: (p) =>
    `the value${p.values.length > 1 ? 's' : ''} ${p.values.map((v) => `"${v}"`).join(' and ')} of \`${p.column}\` ${p.values.length > 1 ? 'are' : 'is'} impossible`,
  why: 'The branch needs a value that cannot occur, because a field is absent. The result never shows it.',
  remedy: (p) => `base the branch on something other than ${list(p.because)}`,
})

export const neverPasses = code<{ because: readonly string[] }>({
  id: 'LNT106',
  slug: 'never-passes',
  severity: 'warning',
  title: 'A filter that matches no event',
  message: (p) =>
    `no event can match this filter: it needs ${list(p.because)}, which ${p.because.length > 1 ? 'are' : 'is'} absent`,
  why: 'A comparison with an absent field is false, and this field is absent on every event.',
  remedy: () => 'compare a field that the events have; `assay sources LOGS` lists them',
})
