// What the telemetry cannot answer: fields that the query reads and its events lack, from the catalogues and from what was counted.
import type { Diagnostic } from '../diag/diagnostic.ts'
import { checkRules } from '../lint/check.ts'
import type { AbsentField } from '../lint/rule.ts'
import { eventNames } from '../lint/event-names.ts'
import { all as catalogues } from '../logs/catalogues/_index.ts'
import { type EventCatalogue, feedOf, whatSupplies } from '../logs/catalogue.ts'
import { formats } from '../logs/registry.ts'
import { otherNames, vocabulary } from '../logs/vocabulary.ts'
import type { Plan, SourceNode } from '../plan/plan.ts'
import { nearest } from '../text/nearest.ts'
import type { Compiled } from './compile.ts'
import { PARSER_FORMAT } from './parser-format.ts'

/** Names of event fields that the outer relation reads. */
export const fieldsRead = (source: SourceNode): string[] => [
  ...new Set(source.columns.flatMap((c) => (c.from.kind === 'field' ? [c.from.name] : []))),
]

/** What a scan counts for these checks: fields, and lists of values (`name[]`) where a query asks for any of several. */
export const profiledNames = (source: SourceNode): string[] => [
  ...fieldsRead(source),
  ...new Set(
    source.columns.flatMap((c) => (c.from.kind === 'search' && c.from.of !== undefined ? [`${c.from.of}[]`] : [])),
  ),
]

export interface FieldProfile {
  /** Events that passed the filters at the start of the query. */
  readonly events: number
  /** False: they passed only the first of those filters, and none passed the next. */
  readonly passedAll: boolean
  /** Field → how many of them have it. */
  readonly fields: ReadonlyMap<string, number>
  /** Names of fields that are there, for suggestions. */
  readonly availableFields: readonly string[]
  /** Names of the formats of the telemetry. */
  readonly formats: readonly string[]
  /** Fields that a view supplied. */
  readonly supplied: readonly string[]
}

interface Known {
  readonly catalogue: EventCatalogue
  readonly events: readonly string[]
}

function catalogued(plan: Plan): Known | undefined {
  for (const catalogue of catalogues as readonly EventCatalogue[]) {
    const names = eventNames(plan.out, [catalogue.typeField, `#${catalogue.typeField}`])
    const events = names.filter((n) => catalogue.events.some((e) => e.name === n))
    if (events.length > 0) return { catalogue, events }
  }
  return undefined
}

function fact(
  known: Known | undefined,
  field: string,
): { neverOn: string | undefined; suppliedBy: string; absentFrom: readonly string[] } {
  const supplies = known?.events.map((e) => whatSupplies(known.catalogue, e, field))
  const never = known && supplies?.every((s) => s?.never) ? known.events.join(', ') : undefined
  const suppliedBy = supplies?.find((s) => s?.suppliedBy !== undefined)?.suppliedBy ?? ''
  const feeds =
    known && supplies?.every((s) => s !== undefined && s.inFeeds.length === 0) ? Object.keys(known.catalogue.feeds) : []
  return { neverOn: never, suppliedBy, absentFrom: feeds }
}

/** Without telemetry: what the catalogues rule out for every feed. */
export function silenceByCatalogue(compiled: Compiled): Diagnostic[] {
  const { plan, source } = compiled
  if (plan?.out.from.kind !== 'source') return []
  // A portable rule is not bound to the vendor of the catalogue.
  const known = compiled.language.platform.portable ? undefined : catalogued(plan)
  if (!known) return checkRules({ plan, source, absent: [], subject: '' })
  const fields = fieldsRead(plan.out.from)
    .filter((f) => !compiled.fallbacks.includes(f))
    .flatMap((name): AbsentField[] => {
      const { neverOn, suppliedBy, absentFrom } = fact(known, name)
      return neverOn !== undefined || absentFrom.length > 0 ? [{ name, neverOn, suppliedBy }] : []
    })
  return checkRules({ plan, source, absent: fields, subject: `${known.events.join(', ')} in every feed` })
}

/** With telemetry: what was on none of the events that the query looks at. */
export function silenceBySight(compiled: Compiled, seen: FieldProfile): Diagnostic[] {
  const { plan, source } = compiled
  if (plan?.out.from.kind !== 'source') return []
  const isOfVendor = !compiled.language.platform.portable || seen.formats.some(isFeed)
  const known = isOfVendor ? catalogued(plan) : undefined
  const unknownParser =
    compiled.language.read.parsedNames === true &&
    !known &&
    !seen.formats.some(isFeed) &&
    !seen.formats.includes(PARSER_FORMAT)
  const isAbsent = (f: string): boolean =>
    !seen.supplied.includes(f) && (seen.fields.get(f) ?? 0) === 0 && (seen.fields.get(`${f}[]`) ?? 0) === 0
  const alternatives = (f: string): readonly string[] => compiled.alternatives.get(f) ?? []
  const fields = fieldsRead(plan.out.from)
    .filter((f) => !compiled.fallbacks.includes(f) && isAbsent(f) && alternatives(f).every(isAbsent))
    .map((name): AbsentField => {
      const { neverOn, suppliedBy } = fact(known, name)
      return {
        name,
        also: alternatives(name),
        neverOn,
        suppliedBy: unknownParser ? parsedName(name, seen) : (renamed(compiled, name, seen) ?? suppliedBy),
      }
    })
  const feeds = known ? seen.formats.flatMap((f) => feedOf(known.catalogue, f) ?? []) : []
  const feed = feeds.length > 0 ? ` (feed ${[...new Set(feeds)].join(', ')})` : ''
  const what = known && seen.passedAll ? `${known.events.join(', ')} ` : ''
  const which = seen.passedAll
    ? ' that pass its filters'
    : plan.out.stages[0]?.kind === 'filter'
      ? ' that were read'
      : ''
  const subject = `all ${seen.events.toLocaleString('en-US')} ${what}events${which}${feed}`
  return checkRules({ plan, source, absent: fields, subject, unknownParser })
}

/** The platform's own events: their names are those of a tenant. */
const isFeed = (format: string): boolean =>
  (catalogues as readonly EventCatalogue[]).some((c) => feedOf(c, format) !== undefined)

function renamed({ language }: Compiled, name: string, seen: FieldProfile): string | undefined {
  const [other] = otherNames(name, seen.availableFields)
  if (other !== undefined) return `this telemetry calls it \`${other}\`: ${language.read.renameAdvice(other, name)}`
  const similar = nearest(name, seen.availableFields)
  return similar === undefined ? undefined : `did you mean \`${similar}\`?`
}

/** The name that a parser gives the field or fact. Tags begin with `#`, elements of an array have a number. */
function parsedName(name: string, seen: FieldProfile): string {
  const answered = (n: string): boolean => formats.some((f) => seen.formats.includes(f.name) && f.answers(n))
  if (answered(`#${name}`)) return `a tag is written with \`#\`: \`#${name}\``
  if (answered(`${name}[0]`)) return `an array has numbered elements: \`${name}[0]\``
  const [other] = otherNames(name, [...vocabulary.values()].flat().filter(answered))
  return other === undefined ? '' : `a parser of the platform calls it \`${other}\``
}
