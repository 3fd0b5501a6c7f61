// From the names of Falcon's events back to Sigma's: a condition on the event is a log source, and its fields have Sigma's names.
import type { Condition, Logsource } from '../shared/portable.ts'
import { group } from '../../translate/groups.ts'
import { isPlain, plainText } from '../../translate/parts.ts'
import { vocabularyNamed } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary-kit.ts'

export interface KnownEvents {
  /** Undefined: the names stay as they are. */
  readonly vocabulary: string | undefined
  readonly logsource: Logsource | undefined
  readonly where: Condition
  /** The name of an event of Falcon stays as a condition. */
  readonly keepsEvent: boolean
  nameOf(field: string): string
}

const EVENT = 'event_simpleName'
const PLATFORM = 'event_platform'

export function knownEvents(where: Condition): KnownEvents {
  const falcon = vocabularyNamed('falcon')
  const parts = where.kind === 'all' ? where.of : [where]
  const [eventTest, platformTest] = [EVENT, PLATFORM].map((field) => parts.find((p) => isTestOf(p, field)))
  const [events, platforms] = [eventTest, platformTest].map((p) => p && valuesOf(p))
  const source = events && falcon?.sources?.find((s) => fits(s.where, events, platforms))
  if (!falcon || !source)
    return { vocabulary: undefined, logsource: undefined, where, keepsEvent: false, nameOf: (f) => f }
  const names = namesBack(falcon, source.category ?? '')
  const nameOf = (f: string): string => names.get(f) ?? f
  // A category has several events: the test stays where it names only some of them.
  const kept = parts.filter((p) => (p === eventTest ? !sameSet(events, source.where[EVENT]) : p !== platformTest))
  const { category, product } = source
  return {
    vocabulary: 'falcon-events',
    logsource: { ...(category && { category }), ...(product && { product }) },
    where: renamed(group('all', kept), nameOf),
    keepsEvent: eventTest !== undefined && kept.includes(eventTest),
    nameOf,
  }
}

const testsOf = (p: Condition): readonly Condition[] => (p.kind === 'any' ? p.of : [p])

/** The condition says nothing else than values of the field. */
const isTestOf = (p: Condition, field: string): boolean =>
  testsOf(p).length > 0 && testsOf(p).every((t) => t.kind === 'text' && t.field === field && isPlain(t.parts))

const valuesOf = (p: Condition): readonly string[] =>
  testsOf(p).flatMap((t) => (t.kind === 'text' ? [plainText(t.parts)] : []))

type Where = NonNullable<Vocabulary['sources']>[number]['where']

function fits(where: Where, events: readonly string[], platforms: readonly string[] | undefined): boolean {
  const [names, platform] = [where[EVENT], where[PLATFORM]]
  if (!Array.isArray(names) || !events.every((e) => names.includes(e))) return false
  return Array.isArray(platform) ? platforms?.every((p) => platform.includes(p)) === true : platforms === undefined
}

const sameSet = (a: readonly string[], b: Where[string] | undefined): boolean =>
  Array.isArray(b) && b.length === new Set(a).size

function namesBack(v: Vocabulary, category: string): Map<string, string> {
  const out = new Map<string, string>()
  for (const [sigma, names] of Object.entries(v.fields?.[category] ?? {}))
    for (const n of names) if (typeof n === 'string' && !out.has(n)) out.set(n, sigma)
  return out
}

function renamed(c: Condition, nameOf: (f: string) => string): Condition {
  switch (c.kind) {
    case 'all':
    case 'any':
      return { kind: c.kind, of: c.of.map((o) => renamed(o, nameOf)) }
    case 'not':
      return { kind: 'not', of: renamed(c.of, nameOf) }
    case 'fields':
      return { ...c, left: nameOf(c.left), right: nameOf(c.right) }
    case 'always':
    case 'keyword':
    case 'keyword-regex':
      return c
    default:
      return { ...c, field: nameOf(c.field) }
  }
}
