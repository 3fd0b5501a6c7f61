// LNT: what a valid query cannot do. 1xx: fields that are not there.
import { code } from '../diagnostic.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const fieldInNoFeed = code<{ fields: readonly string[]; event: string }>({
  id: 'LNT101',
  slug: 'field-in-no-feed',
  severity: 'warning',
  title: 'The event has no such field in any feed',
  message: (p) => `${list(p.fields)} ${p.fields.length > 1 ? 'exist' : 'exists'} in no feed of ${p.event}`,
  why: 'A field that the sensor never sends is absent on every event: sums over it are 0 and comparisons with it are never true.',
  remedy: (p) =>
    `take the fact from telemetry that has it (firewall or proxy logs for byte counts), or drop ${list(p.fields)} from the query`,
})

export const fieldAbsentHere = code<{ fields: readonly string[]; subject: string; suppliedBy: string }>({
  id: 'LNT102',
  slug: 'field-absent',
  severity: 'warning',
  title: 'A field that the query reads is on none of its events',
  message: (p) => `${list(p.fields)} ${p.fields.length > 1 ? 'are' : 'is'} absent on ${p.subject}`,
  why: 'A query that reads an absent field is valid and stays silent, here and in the tenant.',
  remedy: (p) => p.suppliedBy || 'check the spelling and the case of the name against `assay sources`',
})

export const groupKeyAbsent = code<{ keys: readonly string[]; subject: string; suppliedBy: string }>({
  id: 'LNT103',
  slug: 'group-key-absent',
  severity: 'warning',
  title: 'A grouping key that is always absent forms no group',
  message: (p) =>
    `no group can form: the grouping ${p.keys.length > 1 ? 'keys' : 'key'} ${list(p.keys)} ${p.keys.length > 1 ? 'are' : 'is'} absent on ${p.subject}`,
  why: 'An event that lacks a grouping key belongs to no group, so the whole result is empty however many events match.',
  remedy: (p) =>
    p.suppliedBy || 'group by fields that the events carry, or give the missing ones a value with default() first',
})

export const constantColumn = code<{ column: string; value: string; because: readonly string[] }>({
  id: 'LNT104',
  slug: 'always-the-same',
  severity: 'warning',
  title: 'An aggregate over an absent field is always the same',
  message: (p) =>
    `\`${p.column}\` is always ${p.value}, because ${list(p.because)} ${p.because.length > 1 ? 'are' : 'is'} absent`,
  why: 'Aggregates skip events that lack the field; with none left they have the value of an empty input.',
  remedy: () => 'do not decide on this column: threshold on the count of events, or use telemetry that has the fact',
})

export const outOfReach = code<{ column: string; values: readonly string[]; because: readonly string[] }>({
  id: 'LNT105',
  slug: 'out-of-reach',
  severity: 'warning',
  title: 'A branch can never be taken',
  message: (p) =>
    `${p.values.map((v) => `"${v}"`).join(' and ')} of \`${p.column}\` ${p.values.length > 1 ? 'are' : 'is'} out of reach`,
  why: 'The branch asks for a value that cannot occur with the fields that exist, so the result never says it.',
  remedy: (p) => `base the branch on something other than ${list(p.because)}`,
})

export const neverPasses = code<{ because: readonly string[] }>({
  id: 'LNT106',
  slug: 'never-passes',
  severity: 'warning',
  title: 'A filter that no event can pass',
  message: (p) =>
    `no event can pass this step: it needs ${list(p.because)}, which ${p.because.length > 1 ? 'are' : 'is'} absent`,
  why: 'The comparison is false whenever the field is absent, and it always is.',
  remedy: () => 'compare a field that the events carry',
})
