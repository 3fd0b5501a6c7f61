// Fields that the query reads and its events lack, from the catalogues and from counts of the telemetry.
import type { Diagnostic } from '../diag/diagnostic.ts'
import { checkRules } from '../lint/check.ts'
import { foreseen } from '../lint/foreseen.ts'
import type { AbsentField } from '../lint/rule.ts'
import { eventNames } from '../lint/event-names.ts'
import { all as catalogues } from '../logs/catalogues/_index.ts'
import { type EventCatalogue, feedOf, whatSupplies } from '../logs/catalogue.ts'
import { formats } from '../logs/registry.ts'
import { otherNames, vocabulary } from '../logs/vocabulary.ts'
import type { Plan, SourceNode } from '../plan/plan.ts'
import { editDistance } from '../text/edit-distance.ts'
import { nearest } from '../text/nearest.ts'
import type { Compiled } from './compile-in.ts'
import { PARSER_FORMAT } from './parser-script.ts'
import { thousands } from '../text/thousands.ts'

/** Names of event fields that the outer relation reads. */
export const fieldsRead = (source: SourceNode): string[] => [
  ...new Set(source.columns.flatMap((c) => (c.from.kind === 'field' ? [c.from.name] : []))),
]

/** Names that a scan counts for these checks: fields, and lists (`name[]`) if the query tests any of several values. */
export const profiledNames = (source: SourceNode): string[] => [
  ...fieldsRead(source),
  ...new Set(
    source.columns.flatMap(({ from }) => (from.kind === 'search' ? (from.of ?? []).map((name) => `${name}[]`) : [])),
  ),
]

export interface FieldProfile {
  /** Events that match the filters at the start of the query. */
  readonly events: number
  /** False: they passed only the first of those filters, and none passed the next. */
  readonly passedAll: boolean
  /** Field → number of these events that have it. */
  readonly fields: ReadonlyMap<string, number>
  /** Names of the fields of the telemetry, for suggestions. */
  readonly availableFields: readonly string[]
  /** Names of the formats of the telemetry. */
  readonly formats: readonly string[]
  /** Fields that a view supplied. */
  readonly supplied: readonly string[]
}

interface CataloguedEvents {
  readonly catalogue: EventCatalogue
  readonly events: readonly string[]
}

function cataloguedEvents(plan: Plan): CataloguedEvents | undefined {
  for (const catalogue of catalogues as readonly EventCatalogue[]) {
    const names = eventNames(plan.out, [catalogue.typeField, `#${catalogue.typeField}`])
    const events = names.filter((n) => catalogue.events.some((e) => e.name === n))
    if (events.length > 0) return { catalogue, events }
  }
  return undefined
}

function fact(
  catalogued: CataloguedEvents | undefined,
  field: string,
): { neverOn: string | undefined; suppliedBy: string; absentFrom: readonly string[] } {
  const supplies = catalogued?.events.map((e) => whatSupplies(catalogued.catalogue, e, field))
  const never = catalogued && supplies?.every((s) => s?.never) ? catalogued.events.join(', ') : undefined
  const suppliedBy = supplies?.find((s) => s?.suppliedBy !== undefined)?.suppliedBy ?? ''
  const feeds =
    catalogued && supplies?.every((s) => s !== undefined && s.inFeeds.length === 0)
      ? Object.keys(catalogued.catalogue.feeds)
      : []
  return { neverOn: never, suppliedBy, absentFrom: feeds }
}

export const isAnotherForm = ({ diagnostics, language }: Compiled): boolean =>
  diagnostics.some((d) => d.code === language.read.anotherForm)

/** The facts of a text that its rules look at. */
const textFacts = (compiled: Compiled) => ({
  source: compiled.source,
  language: compiled.language.id,
  isAnotherForm: isAnotherForm(compiled),
})

/** Without telemetry: fields that no feed has, by the catalogues. */
export function absentFieldsByCatalogue(compiled: Compiled): Diagnostic[] {
  const { plan } = compiled
  if (plan?.out.from.kind !== 'source') return []
  // A portable rule is not bound to the vendor of the catalogue.
  const catalogued = compiled.language.platform.portable ? undefined : cataloguedEvents(plan)
  if (!catalogued) return checkRules({ plan, ...textFacts(compiled), absent: [], subject: '' })
  const fields = fieldsRead(plan.out.from)
    .filter((f) => !compiled.fallbacks.includes(f))
    .flatMap((name): AbsentField[] => {
      const { neverOn, suppliedBy, absentFrom } = fact(catalogued, name)
      return neverOn !== undefined || absentFrom.length > 0 ? [{ name, neverOn, suppliedBy }] : []
    })
  return checkRules({
    plan,
    ...textFacts(compiled),
    absent: fields,
    subject: `${catalogued.events.join(', ')} in every feed`,
  })
}

/** With telemetry: fields that no event of the query has. */
export function absentFieldsInTelemetry(compiled: Compiled, profile: FieldProfile): Diagnostic[] {
  const { plan } = compiled
  if (plan?.out.from.kind !== 'source') return []
  const isOfVendor = !compiled.language.platform.portable || profile.formats.some(isFeed)
  const catalogued = isOfVendor ? cataloguedEvents(plan) : undefined
  const unknownParser =
    compiled.language.read.parsedNames === true &&
    !catalogued &&
    !profile.formats.some(isFeed) &&
    !profile.formats.includes(PARSER_FORMAT)
  const isAbsent = (f: string): boolean =>
    !profile.supplied.includes(f) && (profile.fields.get(f) ?? 0) === 0 && (profile.fields.get(`${f}[]`) ?? 0) === 0
  const alternatives = (f: string): readonly string[] => compiled.alternatives.get(f) ?? []
  const absent = fieldsRead(plan.out.from).filter(isAbsent)
  const expected = foreseen(plan, (f) => absent.includes(f))
  // Where no event passes, an alternative may be the reason. A constant hides that these events have another name.
  const isExpected = (f: string): boolean =>
    expected.optional.has(f) ||
    (expected.alternatives.has(f) && profile.passedAll && !isMisspelt(f, profile)) ||
    (expected.defaults.has(f) && !isMisspelt(f, profile) && otherNames(f, profile.availableFields).length === 0)
  const fields = absent
    .filter((f) => !compiled.fallbacks.includes(f) && alternatives(f).every(isAbsent) && !isExpected(f))
    .map((name): AbsentField => {
      const { neverOn, suppliedBy } = fact(catalogued, name)
      return {
        name,
        also: alternatives(name),
        neverOn,
        suppliedBy:
          (unknownParser
            ? parsedName(name, profile)
            : (inAnotherCase(catalogued, name) ??
              renamed(compiled, name, profile) ??
              (suppliedBy || similar(name, profile)))) || tagAdvice(name),
      }
    })
  const feeds = catalogued ? profile.formats.flatMap((f) => feedOf(catalogued.catalogue, f) ?? []) : []
  const feed = feeds.length > 0 ? ` (feed ${[...new Set(feeds)].join(', ')})` : ''
  const what = catalogued && profile.passedAll ? `${catalogued.events.join(', ')} ` : ''
  const which = profile.passedAll
    ? ' that pass its filters'
    : plan.out.stages[0]?.kind === 'filter'
      ? ' that were read'
      : ''
  const subject = `all ${thousands(profile.events)} ${what}events${which}${feed}`
  return checkRules({ plan, ...textFacts(compiled), absent: fields, subject, unknownParser })
}

/** The platform's own events: their names are those of a tenant. */
const isFeed = (format: string): boolean =>
  (catalogues as readonly EventCatalogue[]).some((c) => feedOf(c, format) !== undefined)

/** The name as the events of the query have it, wherever they come from. `assay lint` says the same without telemetry. */
function inAnotherCase(catalogued: CataloguedEvents | undefined, name: string): string | undefined {
  const names = catalogued?.catalogue.fieldNames ?? []
  const meant = names.includes(name) ? undefined : names.find((n) => n.toLowerCase() === name.toLowerCase())
  return meant === undefined ? undefined : `did you mean \`${meant}\`?`
}

function renamed({ language }: Compiled, name: string, profile: FieldProfile): string | undefined {
  const [other] = otherNames(name, profile.availableFields)
  return other === undefined
    ? undefined
    : `this telemetry calls it \`${other}\`: ${language.read.renameAdvice(other, name)}`
}

/** Is the name that of another field but for one letter? `dst_port` and `dstport` are the same name. */
function isMisspelt(name: string, { availableFields }: FieldProfile): boolean {
  const letters = (n: string): string => n.toLowerCase().replace(/[^a-z0-9]/g, '')
  const distances = availableFields.map((f) => editDistance(letters(name), letters(f), true))
  return name.length > 3 && otherNames(name, availableFields).length === 0 && Math.min(...distances, 2) === 1
}

function similar(name: string, profile: FieldProfile): string {
  const near = nearest(
    name,
    profile.availableFields.filter((f) => f !== name),
  )
  return near === undefined ? '' : `did you mean \`${near}\`?`
}

/** Metadata that a collector adds to each file: no log contains it. */
function tagAdvice(name: string): string {
  if (name === '_sourceCategory') return 'write it behind the path: `LOGS@CATEGORY`'
  if (name === '#repo') return 'write it behind the path: `LOGS#REPO`'
  const isTag = /^_(?:collector|index|source|sourceHost|sourceName|view)$/.test(name)
  return isTag ? `write it behind the path: \`LOGS@${name}=VALUE\`` : ''
}

/** The name that a parser gives the field or fact. Tags begin with `#`, elements of an array have a number. Nothing for a name of its own. */
function parsedName(name: string, profile: FieldProfile): string {
  const answered = (n: string): boolean => formats.some((f) => profile.formats.includes(f.name) && f.answers(n))
  if (answered(name)) return ''
  if (answered(`#${name}`)) return `a tag is written with \`#\`: \`#${name}\``
  if (answered(`${name}[0]`)) return `an array has numbered elements: \`${name}[0]\``
  const [other] = otherNames(name, [...vocabulary.values()].flat().filter(answered))
  return other === undefined ? '' : `a parser of the platform calls it \`${other}\``
}
