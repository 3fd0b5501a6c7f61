// From the names of Falcon's events back to Sigma's: a condition on the event is a log source, and its fields have Sigma's names.
import type { Condition, Logsource } from '../shared/portable.ts'
import { group } from '../../translate/groups.ts'
import { isPlain, plainText } from '../../translate/parts.ts'
import { vocabularyNamed } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary-kit.ts'

export interface KnownEvents {
  readonly logsource: Logsource | undefined
  readonly where: Condition
  nameOf(field: string): string
}

const EVENT = 'event_simpleName'
const PLATFORM = 'event_platform'

export function knownEvents(where: Condition): KnownEvents {
  const falcon = vocabularyNamed('falcon')
  const parts = where.kind === 'all' ? where.of : [where]
  const events = valuesOf(parts, EVENT)
  const platforms = valuesOf(parts, PLATFORM)
  const source = events && falcon?.sources?.find((s) => fits(s.where, events, platforms))
  if (!falcon || !source) return { logsource: undefined, where, nameOf: (f) => f }
  const names = namesBack(falcon, source.category ?? '')
  const nameOf = (f: string): string => names.get(f) ?? f
  const kept = parts.filter((p) => {
    const tested = p.kind === 'any' ? p.of[0] : p
    if (tested?.kind !== 'text') return true
    // A category has several events: the test stays where it names only some of them.
    if (tested.field === EVENT) return !sameSet(events, source.where[EVENT])
    return tested.field !== PLATFORM
  })
  const { category, product } = source
  return {
    logsource: { ...(category && { category }), ...(product && { product }) },
    where: renamed(group('all', kept), nameOf),
    nameOf,
  }
}

/** The values of a field that one conjunct names. */
function valuesOf(parts: readonly Condition[], field: string): readonly string[] | undefined {
  for (const p of parts) {
    const tests = p.kind === 'any' ? p.of : [p]
    const values = tests.flatMap((t) =>
      t.kind === 'text' && t.field === field && isPlain(t.parts) ? [plainText(t.parts)] : [],
    )
    if (values.length > 0 && values.length === tests.length) return values
  }
  return undefined
}

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
